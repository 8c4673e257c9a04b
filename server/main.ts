/** Builds everything in reading order: the table of contents of the server. */

import { createServer } from "node:http";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import type { ClockKind } from "../shared/clock.ts";
import { pulseEveryMs } from "../shared/protocol.ts";
import { alarmDeskOf } from "./alarm-desk.ts";
import { copyHistory } from "./backup/copy-history.ts";
import type { HistoryCopy } from "./backup/make-backup.ts";
import { startBriefings, type Briefings } from "./briefing-desk.ts";
import type { BriefingQuestion } from "./briefing/briefing-file.ts";
import { BriefingLinks } from "./briefing/links.ts";
import { Printer } from "./briefing/print/printer.ts";
import { FolderEditor } from "./city-folder/editor.ts";
import { folderPrint } from "./city-folder/folder-files.ts";
import { watchCityFolder } from "./city-folder/watch.ts";
import { fillDemoPast, type DemoPast, type DemoPastOptions } from "./demo-past.ts";
import { receivePush, startEpoch, type Epoch } from "./epoch.ts";
import { Epochs } from "./epochs.ts";
import { feedDeskOf } from "./feed-desk.ts";
import { freedMemory } from "./freed-memory.ts";
import { lostSpanOf } from "./history/lost.ts";
import { AccessToken } from "./http/access-token.ts";
import { createAccess } from "./http/access.ts";
import { briefingReaders } from "./http/briefing-readers.ts";
import { createApp } from "./http/app.ts";
import { listen } from "./listen.ts";
import { kindOfTopic } from "./live/broadcast.ts";
import { startCityClock } from "./live/city-clock.ts";
import { recordedWithinMs, type PastReader } from "./live/past-session.ts";
import { startTicker, type Ticker } from "./live/ticker.ts";
import { WallScreens } from "./live/wall-screens.ts";
import { openMemory } from "./memory.ts";
import { noteDeskOf } from "./note-desk.ts";
import { startNotifying, type Notifying } from "./notifying.ts";
import { clockFault, clockOf, openFolder, readOptions, type FolderOptions } from "./open-folder.ts";
import { openPastOf } from "./open-past.ts";
import { playPast } from "./play-past.ts";
import { historyFigures, settledInTime } from "./recording.ts";
import { servedCity } from "./served-city.ts";
import { shiftDeskOf } from "./shift-desk.ts";
import { startSockets, type CitySockets } from "./socket.ts";
import { startUsual, usualContextOf } from "./usual.ts";
import { sentTo, wallDeskOf } from "./wall-desk.ts";

export interface CitydeckOptions extends FolderOptions {
  readonly dataDir: string;
  readonly clientDir: string;
  readonly host: string;
  /** 0 chooses a free one. */
  readonly port: number;
  /** For the demo city: which of its days; its past is filled in once it is live, and `tell` hears how far that is. */
  readonly demoPast?: Pick<DemoPastOptions, "seed" | "tell">;
  /** What is asked about the past, where that is not what the data folder remembers. */
  readonly history?: PastReader;
  readonly log: Logger;
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
   * Copies the history of all that is known by now into a folder that is not there or empty: the database of the data
   * folder, or the tables of a server of its own (ClickHouse).
   */
  backUpHistory(dir: string): Promise<HistoryCopy>;
  /** A briefing as a file. Rejects with what a person can do about it. */
  briefingFile(question: BriefingQuestion): Promise<Buffer>;
  stop(): Promise<void>;
}

/** What is built after those that ask it. */
interface Later {
  sockets: CitySockets | null;
  ticker: Ticker | null;
  demoPast: DemoPast | null;
  notifying: Notifying | null;
  /** When the city last went on, by `performance.now()`. */
  tickedAt: number;
}

/** Starts Citydeck. Throws `UnusableFolder`, or what listening on the port throws. */
export async function startCitydeck(options: CitydeckOptions): Promise<RunningCitydeck> {
  const { cityDir, dataDir, log, host } = options;
  // Before the folder is read: what changes from now on is a change.
  const print = folderPrint(cityDir);
  const first = openFolder(options);
  let newest = first;
  const clock = startCityClock(clockOf(first, options));
  const token = await AccessToken.open(dataDir);
  const access = createAccess({ host, isToken: (given) => token.matches(given) });
  const memory = await openMemory({
    dataDir,
    zone: first.settings.zone,
    speed: options.speed,
    hasRules: first.rules.length > 0,
    alarmLogDays: () => newest.alarmLogDays,
    clock,
    log,
  });
  const { recent, moments, notes, alarms, records, history, recorder, recording, past } = memory;
  const screens = new WallScreens();

  const later: Later = {
    sockets: null,
    ticker: null,
    demoPast: null,
    notifying: null,
    tickedAt: performance.now(),
  };
  const freed = freedMemory();
  const residentMegabytes = everyTenSeconds(() => process.memoryUsage.rss() / 2 ** 20);
  const epochs = new Epochs({
    start(folder) {
      newest = folder;
      const started: Epoch = startEpoch({
        folder,
        dataDir,
        keyedHash: memory.keyedHash,
        recent,
        moments,
        notes,
        alarms,
        unreached: () => later.notifying?.unreached() ?? [],
        shift: () => shifts.body,
        walls: {
          screensOf: (wall) => screens.of(wall),
          sentTo: (wall, now) => sentTo(memory.sent, wall, now),
        },
        recorder,
        log,
        now: clock.now,
        clock: clock.read,
        figures: () => ({
          clients: later.sockets?.clients ?? 0,
          memory: residentMegabytes(),
          "past-filled": later.demoPast?.percent ?? null,
          ...later.sockets?.figures(),
          ...historyFigures(history.health),
        }),
        // Frames of an epoch that is still being begun would only make every client ask again.
        send: (frames) => epochs.isCurrent(started) && later.sockets?.send(frames),
        wake: () => later.ticker?.wake(),
      });
      return started;
    },
    prepare: (epoch) => playPast(epoch, recent, clock.now(), () => history.room()),
    restarted() {
      later.sockets?.restart();
      freed.begin();
    },
    log,
  });
  const alarmDesk = alarmDeskOf(epochs, alarms, records, clock.now);
  const shifts = shiftDeskOf({
    epochs,
    records,
    alarms: () => alarmDesk.list(),
    notes,
    now: clock.now,
    tell: () => later.sockets?.send([epochs.current.live.broadcast.shiftFrame(clock.now())]),
  });
  await epochs.begin(first).catch(async (error: unknown) => {
    await recording.stop();
    throw error;
  });
  freed.begin();
  alarms.onRead = (late) => epochs.current.live.restoreAlarms(late, clock.now());
  alarms.onTrouble = () => epochs.current.live.tellAlarmSystem(clock.now());

  const links = await BriefingLinks.open(dataDir);
  const printer = new Printer({
    onFailure: (failure, error) => log.warn({ event: "briefing-not-printed", failure, error: String(error) }),
  });
  const office = Promise.withResolvers<Briefings>();
  const notifying = startNotifying({
    current: () => epochs.current,
    clock,
    records,
    sinceTickMs: () => performance.now() - later.tickedAt,
    linkTo: (briefing, to) => links.make(briefing, to),
    paperOf: async (...asked) => (await office.promise).paperOf(...asked),
    onUnreached: () => epochs.current.live.tellAlarmSystem(clock.now()),
    log,
  });
  later.notifying = notifying;
  const briefings = await startBriefings({ epochs, past, records, clock, dataDir, notifying, printer, log });
  office.resolve(briefings);

  const app = createApp({
    past,
    city: () => servedCity(epochs, clock.read(), later.sockets?.clients ?? 0, history.health),
    access,
    feedDesk: feedDeskOf(epochs, memory.promises, clock.now),
    alarms: alarmDesk,
    shifts,
    notifications: notifying,
    briefings,
    readers: briefingReaders(links, () => epochs.current.folder.areBriefingsByLink, clock.now, access),
    printer,
    notes: noteDeskOf(epochs, notes, clock.now, (frame) => later.sockets?.send([frame])),
    walls: wallDeskOf({ epochs, sent: memory.sent, screens, now: clock.now, sockets: () => later.sockets }),
    records: () => records.open(),
    editor: new FolderEditor(cityDir, join(dataDir, "previous"), readOptions(options)),
    listLost: () => history.lostStretches.map(lostSpanOf),
    listRecorded: (signal) => (options.history ?? history).recorded(recordedWithinMs, signal),
    receive: (feedId, push, spec) => receivePush(epochs.current, feedId, push, spec),
    clientDir: options.clientDir,
  });
  const answer = getRequestListener(app.fetch);
  const server = createServer((request, response) => void answer(request, response));
  later.sockets = startSockets({
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
    openPast: openPastOf(options.history ?? history, { epochs, notes, clock, log }),
  });
  later.ticker = startTicker(() => {
    const now = clock.now();
    const { live, folder } = epochs.current;
    const wasBusy = live.tick(now);
    later.tickedAt = performance.now();
    memory.promises.sample(now, folder.settings.zone, () => epochs.feedStatuses(now));
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
  const pulse = setInterval(() => later.sockets?.pulse(), pulseEveryMs);
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
  const stop = async (): Promise<void> => {
    stopWatching();
    stopUsual();
    printer.stop();
    await briefings.stop();
    await later.demoPast?.stop();
    await epochs.stop();
    freed.stop();
    clearInterval(pulse);
    later.ticker?.stop();
    screens.stop();
    epochs.current.live.tick(clock.now());
    await later.sockets?.stop();
    await Promise.all([memory.flushed(), notifying.stop()]);
    await records.close();
    log.info({ event: "stopped" });
  };
  const url = await listen(server, host, options.port).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  log.info({ event: "started", url, city: first.settings.id, feeds: first.feeds.length });
  if (options.demoPast)
    later.demoPast = fillDemoPast({
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
      later.sockets?.disconnectAll();
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
