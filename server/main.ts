/** Builds everything in reading order: the table of contents of the server. */

import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import type { CityClock, ClockKind } from "../shared/clock.ts";
import type { Spec } from "../shared/feed.ts";
import type { LostSpan } from "../shared/lost.ts";
import { pulseEveryMs, type Frame } from "../shared/protocol.ts";
import { copyHistory } from "./backup/copy-history.ts";
import type { HistoryCopy } from "./backup/make-backup.ts";
import { alarmDeskOf } from "./alarm-desk.ts";
import { startBriefings, type Briefings } from "./briefing-desk.ts";
import type { BriefingQuestion } from "./briefing/briefing-file.ts";
import { Printer } from "./briefing/print/printer.ts";
import { faultLines } from "./city-folder/check.ts";
import { readCityFolder, type CityFolder, type ReadOptions } from "./city-folder/city-folder.ts";
import type { Simulator } from "./city-folder/feed-file.ts";
import type { Fault } from "./city-folder/fault.ts";
import { folderPrint } from "./city-folder/folder-files.ts";
import { FolderEditor } from "./city-folder/editor.ts";
import { watchCityFolder } from "./city-folder/watch.ts";
import { connectorFor } from "./core/feeds/index.ts";
import { startEpoch, type Epoch } from "./epoch.ts";
import { Epochs } from "./epochs.ts";
import { feedQualities, lastBody, replayBody } from "./feed-desk.ts";
import { fillDemoPast, type DemoPast, type DemoPastOptions } from "./demo-past.ts";
import { HistoryAway, HistoryBusy, QueryTimedOut } from "./history/history.ts";
import { startHistory, type HistoryHealth } from "./history/host.ts";
import type { LostStretch } from "./history/lost.ts";
import { Recorder } from "./history/recorder.ts";
import { createAccess } from "./http/access.ts";
import { AccessToken } from "./http/access-token.ts";
import { freedMemory } from "./freed-memory.ts";
import { openKeyedHash } from "./keyed-hash.ts";
import { createApp, type ServedCity } from "./http/app.ts";
import type { FeedDesk } from "./http/feed-desk.ts";
import type { NoteDesk } from "./http/notes.ts";
import type { Push, PushAnswer } from "./ingest/push.ts";
import { startCityClock, type CityClockStart, type RunningCityClock } from "./live/city-clock.ts";
import { kindOfTopic } from "./live/broadcast.ts";
import { AlarmKeeper } from "./live/alarm-keeper.ts";
import { Kept } from "./live/kept.ts";
import { Moments } from "./live/moments.ts";
import { Notes } from "./live/notes.ts";
import { Recent } from "./live/recent.ts";
import { PastSession, recordedWithinMs, type PastReader } from "./live/past-session.ts";
import type { OpenPast } from "./live/past-view.ts";
import { WallScreens } from "./live/wall-screens.ts";
import { startTicker, type Ticker } from "./live/ticker.ts";
import { recordDesk } from "./records/record-desk.ts";
import { shiftDeskOf } from "./shift-desk.ts";
import { startNotifying } from "./notifying.ts";
import { CityPast } from "./past.ts";
import { playPast } from "./play-past.ts";
import { historyFigures, startRecording, type Recording } from "./recording.ts";
import { startUsual, type UsualContext } from "./usual.ts";
import { openSentToWalls, sentTo, wallDeskOf } from "./wall-desk.ts";
import { startSockets, type CitySockets } from "./socket.ts";

/** The start does not wait for longer for what the last run knew of alarms. */
const alarmsWithinMs = 5_000;

/** For so long, in wall time, what was learnt may not be on disk yet. */
const unwrittenMs = 15_000;

/** Before a backup, what is recorded has so long to reach the disk. */
const settledWithinMs = 30_000;

export interface CitydeckOptions {
  readonly cityDir: string;
  readonly dataDir: string;
  readonly recordings: string;
  readonly clientDir: string;
  readonly host: string;
  /** 0 chooses a free one. */
  readonly port: number;
  /** City seconds per wall second; anything but 1 is for simulations and replays. */
  readonly speed: number;
  /** For a folder whose feeds name a simulator: where it is, and the city's time at its start. */
  readonly simulated?: Simulated;
  /** For the demo city: which of its days; its past is filled in once it is live, and `tell` hears how far that is. */
  readonly demoPast?: Pick<DemoPastOptions, "seed" | "tell">;
  /** What is asked about the past, where that is not what the data folder remembers. */
  readonly history?: PastReader;
  readonly log: Logger;
}

export interface Simulated extends Simulator {
  readonly cityAt: number;
  /** Wall time at `cityAt`, epoch milliseconds. */
  readonly wallAt: number;
}

export interface RunningCitydeck {
  readonly url: string;
  readonly walls: readonly string[];
  /** Where a simulated city's mail is read. */
  readonly mailbox: string | null;
  readonly clockKind: ClockKind;
  /** The access token, when this start made it: to be printed once. */
  readonly newToken: string | null;
  /** Makes another access token; whoever has the one before has to sign in again. */
  renewToken(): Promise<string>;
  /**
   * Copies the history of all that is known by now into a folder that is not there or empty. Where a server of its own
   * has the history, nothing is copied.
   */
  backUpHistory(dir: string): Promise<HistoryCopy>;
  /** A briefing as a file. Rejects with what a person can do about it. */
  briefingFile(question: BriefingQuestion): Promise<Buffer>;
  stop(): Promise<void>;
}

/** The city folder cannot be used; `lines` say why, one fault a line. */
export class UnusableFolder extends Error {
  readonly lines: readonly string[];

  constructor(dir: string, lines: readonly string[]) {
    super(`${dir} cannot be used:\n${lines.join("\n")}`);
    this.lines = lines;
  }
}

/** Starts Citydeck. Throws `UnusableFolder`, or what listening on the port throws. */
export async function startCitydeck(options: CitydeckOptions): Promise<RunningCitydeck> {
  const { cityDir, dataDir, log, host } = options;
  // Before the folder is read: what changes from now on is a change.
  const print = folderPrint(cityDir);
  const first = openFolder(options);
  const clock = startCityClock(clockOf(first, options));
  const token = await AccessToken.open(dataDir);
  const access = createAccess({ host, isToken: (given) => token.matches(given) });
  const keyedHash = await openKeyedHash(dataDir);
  const records = recordDesk(join(dataDir, "records.sqlite"));
  const kept = await openKept(dataDir, clock.now(), log);
  // It is read, and old alarms are forgotten, before the first epoch begins.
  let { alarmLogDays } = first;
  const alarms = new AlarmKeeper({
    open: async () => (await records.open()).alarms,
    now: clock.now,
    keptMs: () => alarmLogDays * 86_400_000,
    log,
  });
  if (first.rules.length > 0) await alarms.restore(alarmsWithinMs);
  const history = await startHistory({ dir: join(dataDir, "history"), zone: first.settings.zone, log });
  const recorder = new Recorder(options.speed);
  const past = new CityPast({
    recent: kept.recent,
    history,
    handOverMinutes: () => recording.handOverMinutes(),
    moments: () => kept.moments.all,
  });
  const recording: Recording = startRecording(recorder, history, past, clock.now);

  const screens = new WallScreens();
  const sent = await openSentToWalls(dataDir, clock.now(), log);

  let sockets: CitySockets | null = null;
  let ticker: Ticker | null = null;
  let demoPast: DemoPast | null = null;
  const memory = everyTenSeconds(() => process.memoryUsage.rss() / 2 ** 20);
  const freed = freedMemory();
  const epochs = new Epochs({
    start(folder) {
      ({ alarmLogDays } = folder);
      const started: Epoch = startEpoch({
        folder,
        dataDir,
        keyedHash,
        ...kept,
        alarms,
        shift: () => shifts.body,
        walls: { screensOf: (wall) => screens.of(wall), sentTo: (wall, now) => sentTo(sent, wall, now) },
        recorder,
        log,
        now: clock.now,
        clock: clock.read,
        figures: () => ({
          clients: sockets?.clients ?? 0,
          memory: memory(),
          "past-filled": demoPast?.percent ?? null,
          ...sockets?.figures(),
          ...historyFigures(history.health),
        }),
        // Frames of an epoch that is still being begun would only make every client ask again.
        send: (frames) => epochs.isCurrent(started) && sockets?.send(frames),
        wake: () => ticker?.wake(),
      });
      return started;
    },
    prepare: (epoch) => playPast(epoch, kept.recent, clock.now(), () => history.room()),
    restarted() {
      sockets?.restart();
      freed.begin();
    },
    log,
  });
  const alarmDesk = alarmDeskOf(epochs, alarms, records, clock.now);
  const shifts = shiftDeskOf({
    epochs,
    records,
    alarms: () => alarmDesk.list(),
    notes: kept.notes,
    now: clock.now,
    tell: () => sockets?.send([epochs.current.live.broadcast.shiftFrame(clock.now())]),
  });
  await epochs.begin(first).catch(async (error: unknown) => {
    await recording.stop();
    throw error;
  });
  freed.begin();
  alarms.onRead = (late) => epochs.current.live.restoreAlarms(late, clock.now());
  alarms.onTrouble = () => epochs.current.live.tellAlarmSystem(clock.now());

  let tickedAt = performance.now();
  const printer = new Printer({
    onFailure: (failure, error) => log.warn({ event: "briefing-not-printed", failure, error: String(error) }),
  });
  const office = Promise.withResolvers<Briefings>();
  const notifying = startNotifying({
    current: () => epochs.current,
    clock,
    records,
    sinceTickMs: () => performance.now() - tickedAt,
    paperOf: async (...asked) => (await office.promise).paperOf(...asked),
    log,
  });
  const briefings = await startBriefings({ epochs, past, records, clock, dataDir, notifying, printer, log });
  office.resolve(briefings);

  const app = createApp({
    past,
    city: () => servedCity(epochs, clock.read(), sockets?.clients ?? 0, history.health),
    access,
    feedDesk: feedDeskOf(epochs, kept.promises, clock.now),
    alarms: alarmDesk,
    shifts,
    notifications: notifying,
    briefings,
    printer,
    notes: noteDeskOf(epochs, kept.notes, clock.now, (frame) => sockets?.send([frame])),
    walls: wallDeskOf({ epochs, sent, screens, now: clock.now, sockets: () => sockets }),
    records: () => records.open(),
    editor: new FolderEditor(cityDir, join(dataDir, "previous"), readOptions(options)),
    listLost: () => history.lostStretches.map(lostSpanOf),
    listRecorded: (signal) => (options.history ?? history).recorded(recordedWithinMs, signal),
    receive: (feedId, push, spec) => receivePush(epochs.current, feedId, push, spec),
    clientDir: options.clientDir,
  });
  const answer = getRequestListener(app.fetch);
  const server = createServer((request, response) => void answer(request, response));
  sockets = startSockets({
    server,
    broadcast: () => epochs.current.live.broadcast,
    clock: clock.read,
    screens,
    allowsOrigin: (origin, name) => access.allowsHost(name) && access.allowsOrigin(origin, name),
    allowsTopic: (topic, from) => {
      const kind = kindOfTopic(topic);
      return kind === undefined || access.allowsKind(kind, from);
    },
    holdUp: async (from) => {
      if (from.token !== null && !access.allowsChange(from)) await access.holdUp();
    },
    openPast: pastOf(options.history ?? history, { epochs, notes: kept.notes, clock, log }),
  });
  ticker = startTicker(() => {
    const now = clock.now();
    const { live, folder } = epochs.current;
    const wasBusy = live.tick(now);
    tickedAt = performance.now();
    kept.promises.sample(now, folder.settings.zone, () => epochs.feedStatuses(now));
    return wasBusy;
  });
  const stopUsual = startUsual({
    context: () => ({ past, ...usualContextOf(epochs.current) }),
    now: clock.now,
    tell: (usual) => epochs.current.live.setUsual(usual),
    onFailure: (error) => log.warn({ event: "usual-not-known", error: String(error) }),
  });
  shifts.restore().catch((error: unknown) => {
    log.warn({ event: "shifts-not-read", error: String(error) });
  });
  const pulse = setInterval(() => sockets?.pulse(), pulseEveryMs);
  const stopWatching = watchCityFolder(
    cityDir,
    { ...readOptions(options), known: print },
    (folder) => {
      const kind = clockOf(folder, options).kind;
      if (kind === clock.read().kind) epochs.change(folder);
      else epochs.refuse([clockFault(kind)]);
    },
    (faults) => {
      epochs.refuse(faults);
    },
  );
  const closed = async (): Promise<void> => {
    await Promise.all([alarms.close(), notifying.stop()]);
    await records.close();
  };
  const stop = async (): Promise<void> => {
    stopWatching();
    stopUsual();
    printer.stop();
    await briefings.stop();
    await demoPast?.stop();
    await epochs.stop();
    freed.stop();
    clearInterval(pulse);
    ticker?.stop();
    screens.stop();
    epochs.current.live.tick(clock.now());
    await sockets?.stop();
    await Promise.all([flushed(kept), sent.flushed(), recording.stop(), closed()]);
    log.info({ event: "stopped" });
  };
  const url = await listen(server, host, options.port).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  log.info({ event: "started", url, city: first.settings.id, feeds: first.feeds.length });
  if (options.demoPast)
    demoPast = fillDemoPast({
      history,
      ...options.demoPast,
      now: clock.now(),
      dir: join(dataDir, "history"),
      revisions: Object.fromEntries(first.indicators.map(({ id, revision }) => [id, revision])),
      log,
    });

  return {
    url,
    walls: first.walls.map((wall) => wall.id),
    mailbox: first.mailbox,
    clockKind: clock.read().kind,
    newToken: token.made,
    async renewToken() {
      const renewed = await token.renew();
      sockets?.disconnectAll();
      return renewed;
    },
    async backUpHistory(dir) {
      const knownTo = clock.now();
      await settledInTime(recording);
      return { knownTo, ...(await copyHistory(history, dir)), city: epochs.current.folder.settings.id };
    },
    briefingFile: (question) => briefings.fileOf(question, url),
    stop,
  };
}

/** What outlives epochs and starts, in memory and in the data folder. */
interface KeptOverStarts {
  readonly recent: Recent;
  readonly promises: Kept;
  readonly moments: Moments;
  readonly notes: Notes;
}

async function openKept(dataDir: string, now: number, log: Logger): Promise<KeptOverStarts> {
  const recent = new Recent(join(dataDir, "recent"), log);
  await recent.restore(now);
  const promises = new Kept(join(dataDir, "kept"), log);
  await promises.restore();
  const moments = new Moments(join(dataDir, "moments.jsonl"), log);
  await moments.restore(now);
  const notes = new Notes(join(dataDir, "notes.json"), log);
  await notes.restore(now);
  return { recent, promises, moments, notes };
}

/** Resolves when everything is on disk, or known not to be. */
async function flushed({ recent, promises, moments, notes }: KeptOverStarts): Promise<void> {
  await Promise.all([recent, promises, moments, notes].map((one) => one.flushed()));
}

function lostSpanOf({ fromAt, toAt, rows, recovered }: LostStretch): LostSpan {
  return {
    fromAt,
    toAt,
    rows: Object.values(rows).reduce((sum, count) => sum + count, 0),
    recovered: recovered ?? null,
  };
}

/** A backup says up to when it knows: it begins when all of that is on disk. */
async function settledInTime(recording: Recording): Promise<void> {
  const late = sleep(settledWithinMs, "late", { ref: false });
  if ((await Promise.race([recording.settled(), late])) === "late")
    throw new Error(
      `the history's disk does not keep up: what waits for it was not written within ${settledWithinMs / 1000} s`,
    );
}

function feedDeskOf(epochs: Epochs, promises: Kept, now: () => number): FeedDesk {
  return {
    list: () => feedQualities(epochs.current, epochs.feedStatuses(now()), promises, now()),
    kindsOf(id) {
      const entry = epochs.current.folder.feeds.find((feed) => feed.id === id);
      return entry ? connectorFor(entry.spec).gives(entry.options) : null;
    },
    body: (id, part) => lastBody(epochs.current, id, part),
    replay: (id, part) => replayBody(epochs.current, id, part),
  };
}

/** Past instants of the city as its folder is now. */
function pastOf(
  history: PastReader,
  { epochs, notes, clock, log }: { epochs: Epochs; notes: Notes; clock: RunningCityClock; log: Logger },
): OpenPast {
  const noteFailure = (error: unknown): void => {
    log.warn({ event: "past-not-shown", error: String(error) });
  };
  return async (request, kinds, events, signal) => {
    const { folder, live } = epochs.current;
    const options = {
      history,
      isPassing: (error: unknown) =>
        error instanceof HistoryAway || error instanceof HistoryBusy || error instanceof QueryTimedOut,
      plan: live.city.plan,
      about: folder,
      notes: (at: number) => notes.inForce(at).filter(({ setAt }) => setAt <= at),
      until: () => clock.now() - unwrittenMs * clock.read().speed,
      steadyNow: performance.now.bind(performance),
      ...events,
      onFailure(error: unknown) {
        noteFailure(error);
        events.onFailure(error);
      },
    };
    try {
      return await PastSession.open(request, kinds, options, signal);
    } catch (error) {
      if (!signal.aborted) noteFailure(error);
      throw error;
    }
  };
}

function usualContextOf({ folder, live }: Epoch): Omit<UsualContext, "past"> {
  return {
    rules: folder.rules,
    series: live.city.readings.keys(),
    zone: folder.settings.zone,
    holidays: new Set(folder.holidays.map(({ date }) => date)),
  };
}

function noteDeskOf(epochs: Epochs, notes: Notes, now: () => number, send: (frame: Frame) => void): NoteDesk {
  const tell = (): void => send(epochs.current.live.broadcast.noteFrame(now()));
  return {
    list: () => notes.inForce(now()),
    now,
    knows: (id) => epochs.current.folder.indicators.some((indicator) => indicator.id === id),
    set(note) {
      notes.set(note);
      tell();
    },
    clear(id) {
      const had = notes.clear(id);
      if (had) tell();
      return had;
    },
  };
}

/** Asks `figure` at most every ten seconds: some figures cost more than a tick may. */
function everyTenSeconds(figure: () => number): () => number {
  let askedAt = Number.NEGATIVE_INFINITY;
  let last = 0;
  return () => {
    if (performance.now() - askedAt >= 10_000) {
      askedAt = performance.now();
      last = figure();
    }
    return last;
  };
}

/** Hands a push to its feed; a feed that receives none answers as if it were not there. */
function receivePush(epoch: Epoch, feedId: string, push: Push, spec?: Spec): Promise<PushAnswer | null> {
  const i = epoch.feeds.findIndex(({ id }) => id === feedId);
  const feed = epoch.feeds[i];
  const isMeant = spec === undefined || epoch.folder.feeds[i]?.spec === spec;
  return isMeant && feed?.receive ? feed.receive(push) : Promise.resolve(null);
}

function openFolder(options: CitydeckOptions): CityFolder {
  const { cityDir } = options;
  const read = readCityFolder(cityDir, readOptions(options));
  if (!read.ok) throw new UnusableFolder(cityDir, faultLines(read.failure, options));
  return read.value;
}

function readOptions({ recordings, simulated }: CitydeckOptions): ReadOptions {
  return { recordings, env: process.env, ...(simulated ? { simulator: simulated } : {}) };
}

/** A city with a recorded or a simulated feed never says that it is live. */
function clockOf(
  folder: CityFolder,
  { speed, simulated }: CitydeckOptions,
): CityClockStart & { kind: ClockKind } {
  if (folder.isSimulated && simulated) {
    const { cityAt, wallAt } = simulated;
    return { kind: "simulated", speed, startAt: cityAt + (Date.now() - wallAt) * speed };
  }
  if (folder.feeds.some((feed) => feed.transport.type === "replay")) return { kind: "replay", speed };
  return speed === 1 ? { kind: "live" } : { kind: "simulated", speed };
}

/** Nobody must see recordings under a clock that says live, or the other way round: that takes a new start. */
function clockFault(kind: ClockKind): Fault {
  const expected = "feeds of the kind the city was started with (recordings or not), or a new start";
  return { kind: "setting", file: "feeds", line: null, key: "transport", value: kind, expected };
}

function servedCity(epochs: Epochs, clock: CityClock, clients: number, history: HistoryHealth): ServedCity {
  const { folder, live } = epochs.current;
  return {
    settings: folder.settings,
    holidays: folder.holidays,
    areas: folder.areas,
    areaIndex: live.city.plan.areas,
    basemapPath: folder.basemapPath,
    get body() {
      return live.broadcast.cityBody();
    },
    get feeds() {
      return epochs.feedStatuses(clock.cityAt);
    },
    readings: live.city.readings,
    clock,
    clients,
    history,
    refusedChange: epochs.refusedLines,
    *entities(kind) {
      for (const [, { entity }] of live.city.table(kind).entries()) yield entity;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, host, port)));
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      resolve(`http://${host.includes(":") ? `[${host}]` : host}:${bound}`);
    });
  });
}

/** What a person can do about it, where there is something. */
function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const { code } = error;
  if (code === "EADDRINUSE")
    return new Error(`${host}:${port} is in use by another program; choose another port with --port`, {
      cause: error,
    });
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "EADDRNOTAVAIL")
    return new Error(
      `--host "${host}": expected an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them`,
      { cause: error },
    );
  return error;
}
