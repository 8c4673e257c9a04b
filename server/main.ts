/** Builds everything in reading order: the table of contents of the server. */

import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import type { CityClock, ClockKind } from "../shared/clock.ts";
import type { FeedStatus, Spec } from "../shared/feed.ts";
import { pulseEveryMs } from "../shared/protocol.ts";
import { readCityFolder, type CityFolder, type ReadOptions } from "./city-folder/city-folder.ts";
import type { Simulator } from "./city-folder/feed-file.ts";
import { faultLine, firstFaultLines, type Fault } from "./city-folder/fault.ts";
import { FolderEditor } from "./city-folder/editor.ts";
import { watchCityFolder } from "./city-folder/watch.ts";
import { connectorFor } from "./core/feeds/index.ts";
import { startEpoch, type Epoch } from "./epoch.ts";
import { feedQualities, lastBody, replayBody } from "./feed-desk.ts";
import { createAccess, readAccessToken } from "./http/access.ts";
import { openKeyedHash } from "./keyed-hash.ts";
import { createApp, type ServedCity } from "./http/app.ts";
import type { Push, PushAnswer } from "./ingest/receive.ts";
import { startCityClock, type CityClockStart } from "./live/city-clock.ts";
import { kindOfTopic } from "./live/broadcast.ts";
import { Kept } from "./live/kept.ts";
import { Moments } from "./live/moments.ts";
import { Notes } from "./live/notes.ts";
import { Recent } from "./live/recent.ts";
import { startTicker, type Ticker } from "./live/ticker.ts";
import { playPast } from "./play-past.ts";
import { startSockets, type CitySockets } from "./socket.ts";

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
  readonly clockKind: ClockKind;
  /** The access token, when this start made it: to be printed once. */
  readonly newToken: string | null;
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
  const first = openFolder(options);
  const clock = startCityClock(clockOf(first, options));
  const token = await readAccessToken(dataDir);
  const access = createAccess({ host, token: token.token });
  const keyedHash = await openKeyedHash(dataDir);
  const recent = new Recent(join(dataDir, "recent"), log);
  await recent.restore(clock.now());
  const kept = new Kept(join(dataDir, "kept"), log);
  await kept.restore();
  const moments = new Moments(join(dataDir, "moments.jsonl"), log);
  await moments.restore(clock.now());
  const notes = new Notes(join(dataDir, "notes.json"), log);
  await notes.restore(clock.now());

  let sockets: CitySockets | null = null;
  let ticker: Ticker | null = null;
  const memory = everyTenSeconds(() => process.memoryUsage.rss() / 2 ** 20);
  let epoch: Epoch | null = null;
  const begin = async (folder: CityFolder): Promise<Epoch> => {
    const begun: Epoch = startEpoch({
      folder,
      dataDir,
      keyedHash,
      recent,
      moments,
      notes,
      log,
      now: clock.now,
      clock: clock.read,
      figures: () => ({ clients: sockets?.clients ?? 0, memory: memory(), ...sockets?.figures() }),
      // Frames of an epoch that is still being begun would only make every client ask again.
      send: (frames) => epoch === begun && sockets?.send(frames),
      wake: () => ticker?.wake(),
    });
    try {
      await playPast(begun, recent, clock.now());
      return begun;
    } catch (error) {
      await end(begun);
      throw error;
    }
  };
  const end = (ended: Epoch): Promise<void> =>
    ended.stop().catch((error: unknown) => {
      log.error({ event: "epoch-not-ended-well", error: String(error) });
    });
  epoch = await begin(first);
  const current = (): Epoch => epoch!;
  let refused: RefusedChange = noRefusal;

  const statusesOf = (of: Epoch): readonly FeedStatus[] =>
    of.feedStatuses().map((feed) => withRefusal(feed, refused.faults, clock.now()));
  const tellNotes = (): void => sockets?.send([current().live.broadcast.noteFrame(clock.now())]);
  const app = createApp({
    city: () =>
      servedCity({ epoch: current(), refused, clock: clock.read(), clients: sockets?.clients ?? 0, recent }),
    access,
    feedDesk: {
      list: () => feedQualities(current(), statusesOf(current()), kept, clock.now()),
      kindsOf(id) {
        const entry = current().folder.feeds.find((feed) => feed.id === id);
        return entry ? connectorFor(entry.spec).gives(entry.options) : null;
      },
      body: (id, part) => lastBody(current(), id, part),
      replay: (id, part) => replayBody(current(), id, part),
    },
    notes: {
      list: () => notes.inForce(clock.now()),
      now: clock.now,
      knows: (id) => current().folder.indicators.some((indicator) => indicator.id === id),
      set(note) {
        notes.set(note);
        tellNotes();
      },
      clear(id) {
        const had = notes.clear(id);
        if (had) tellNotes();
        return had;
      },
    },
    editor: new FolderEditor(cityDir, join(dataDir, "previous"), readOptions(options)),
    receive: (feedId, push, spec) => receivePush(current(), feedId, push, spec),
    clientDir: options.clientDir,
  });
  const answer = getRequestListener(app.fetch);
  const server = createServer((request, response) => void answer(request, response));
  sockets = startSockets({
    server,
    broadcast: () => current().live.broadcast,
    clock: clock.read,
    allowsOrigin: (origin, name) => access.allowsHost(name) && access.allowsOrigin(origin, name),
    allowsTopic: (topic, from) => {
      const kind = kindOfTopic(topic);
      return kind === undefined || access.allowsKind(kind, from);
    },
  });
  ticker = startTicker(() => {
    const now = clock.now();
    const wasBusy = current().live.tick(now);
    kept.sample(now, current().folder.settings.zone, () => statusesOf(current()));
    return wasBusy;
  });
  const pulse = setInterval(() => sockets?.pulse(), pulseEveryMs);

  let reloading = Promise.resolve();
  const notBegun = (what: string, error: unknown): void => {
    const line = `${what} could not be begun: ${String(error)}`;
    refused = { ...refused, lines: [...refused.lines, line] };
    log.error({ event: "city-folder-not-taken-over", error: line });
  };
  const takeOver = async (folder: CityFolder): Promise<void> => {
    const before = current();
    await end(before);
    refused = noRefusal;
    try {
      epoch = await begin(folder);
      log.info({ event: "city-folder-taken-over", city: folder.settings.id });
    } catch (error) {
      notBegun("the changed city folder", error);
      // A city without feeds would be worse than one with yesterday's settings.
      await begin(before.folder).then(
        (begun) => (epoch = begun),
        (again: unknown) => {
          notBegun("the city folder as it was", again);
        },
      );
    }
    sockets?.restart();
  };
  const refuse = (faults: readonly Fault[]): void => {
    refused = { faults, lines: firstFaultLines(faults) };
    log.error({ event: "city-folder-refused", faults: faults.map(faultLine) });
  };
  const stopWatching = watchCityFolder(
    cityDir,
    readOptions(options),
    (folder) => {
      const kind = clockOf(folder, options).kind;
      if (kind !== clock.read().kind) return refuse([clockFault(kind)]);
      reloading = reloading.then(() => takeOver(folder));
    },
    refuse,
  );
  const stop = async (): Promise<void> => {
    stopWatching();
    await reloading;
    clearInterval(pulse);
    ticker?.stop();
    await end(current());
    current().live.tick(clock.now());
    await sockets?.stop();
    await recent.flushed();
    await kept.flushed();
    await moments.flushed();
    await notes.flushed();
    log.info({ event: "stopped" });
  };
  const url = await listen(server, host, options.port).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  log.info({ event: "started", url, city: first.settings.id, feeds: first.feeds.length });

  return {
    url,
    walls: first.walls.map((wall) => wall.id),
    clockKind: clock.read().kind,
    newToken: token.isNew ? token.token : null,
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
  if (!read.ok) throw new UnusableFolder(cityDir, read.failure.map(faultLine));
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

/** Why the folder's last change was not taken over; empty when it was. */
interface RefusedChange {
  readonly faults: readonly Fault[];
  readonly lines: readonly string[];
}

const noRefusal: RefusedChange = { faults: [], lines: [] };

interface Serving {
  readonly epoch: Epoch;
  readonly refused: RefusedChange;
  readonly clock: CityClock;
  readonly clients: number;
  readonly recent: Recent;
}

function servedCity({ epoch, refused, clock, clients, recent }: Serving): ServedCity {
  const { folder, live } = epoch;
  return {
    settings: folder.settings,
    areas: folder.areas,
    basemapPath: folder.basemapPath,
    get body() {
      return live.broadcast.cityBody();
    },
    get feeds() {
      return epoch.feedStatuses().map((feed) => withRefusal(feed, refused.faults, clock.cityAt));
    },
    readings: live.city.readings,
    clock,
    clients,
    refusedChange: refused.lines,
    *entities(kind) {
      for (const [, { entity }] of live.city.table(kind).entries()) yield entity;
    },
    points: (id, fromAt, toAt, bucketSeconds) => recent.points(id, fromAt, toAt, bucketSeconds),
  };
}

/** A feed runs on with its old settings when its changed ones were refused, and says so. */
function withRefusal(feed: FeedStatus, refused: readonly Fault[], at: number): FeedStatus {
  const faults = refused.filter(({ file }) => file === `feeds/${feed.id}.json`);
  if (faults.length === 0) return feed;
  return { ...feed, error: { class: "settings", message: firstFaultLines(faults).join("; "), at } };
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const inUse = `${host}:${port} is in use by another program; choose another port with --port`;
      reject(error.code === "EADDRINUSE" ? new Error(inUse, { cause: error }) : error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      resolve(`http://${host.includes(":") ? `[${host}]` : host}:${bound}`);
    });
  });
}
