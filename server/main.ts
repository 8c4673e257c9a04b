/** Builds everything in reading order: the table of contents of the server. */

import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import type { ClockKind } from "../shared/clock.ts";
import type { CityBody } from "../shared/protocol.ts";
import { readCityFolder, type CityFolder } from "./city-folder/city-folder.ts";
import { faultLine } from "./city-folder/fault.ts";
import { startEpoch, type Epoch } from "./epoch.ts";
import { createAccess, readAccessToken } from "./http/access.ts";
import { createApp, type ServedCity } from "./http/app.ts";
import { startCityClock } from "./live/city-clock.ts";
import { kindOfTopic } from "./live/broadcast.ts";
import { Recent } from "./live/recent.ts";
import { startTicker } from "./live/ticker.ts";
import { playPast } from "./play-past.ts";
import { pulseEveryMs } from "../shared/protocol.ts";
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
  readonly log: Logger;
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
  const { dataDir, log, host } = options;
  const folder = openFolder(options);
  const clock = startCityClock(clockOf(folder, options.speed));
  const access = await readAccessToken(dataDir);
  const guard = createAccess({ host, token: access.token });
  const recent = new Recent(join(dataDir, "recent"), log);
  await recent.restore(clock.now());

  let sockets: CitySockets | null = null;
  const ticker = startTicker(() => epoch.live.tick(clock.now()));
  const epoch: Epoch = startEpoch({
    folder,
    dataDir,
    recent,
    log,
    now: clock.now,
    clock: clock.read,
    figures: () => ({ clients: sockets?.clients ?? 0, memory: process.memoryUsage.rss() / 2 ** 20 }),
    send: (frames) => sockets?.send(frames),
    wake: () => {
      ticker.wake();
    },
  });
  await playPast(epoch, recent, clock.now());

  const app = createApp({
    city: () => servedCity(epoch, clock.read(), sockets?.clients ?? 0, recent),
    access: guard,
    receive: () => Promise.resolve({ status: 404, detail: "no feed of this city receives pushes" }),
    clientDir: options.clientDir,
  });
  const answer = getRequestListener(app.fetch);
  const server = createServer((request, response) => void answer(request, response));
  sockets = startSockets({
    server,
    broadcast: () => epoch.live.broadcast,
    clock: clock.read,
    allowsOrigin: (origin, name) => guard.allowsHost(name) && guard.allowsOrigin(origin, name),
    allowsTopic: (topic, from) => {
      const kind = kindOfTopic(topic);
      return kind === undefined || guard.allowsKind(kind, from);
    },
  });
  const pulse = setInterval(() => sockets?.pulse(), pulseEveryMs);
  const url = await listen(server, host, options.port);
  log.info({ event: "started", url, city: folder.settings.id, feeds: folder.feeds.length });

  return {
    url,
    walls: folder.walls.map((wall) => wall.id),
    clockKind: clock.read().kind,
    newToken: access.isNew ? access.token : null,
    async stop() {
      clearInterval(pulse);
      ticker.stop();
      await epoch.stop();
      epoch.live.tick(clock.now());
      await sockets?.stop();
      await recent.flushed();
      log.info({ event: "stopped" });
    },
  };
}

function openFolder({ cityDir, recordings }: CitydeckOptions): CityFolder {
  const read = readCityFolder(cityDir, { recordings, env: process.env });
  if (!read.ok) throw new UnusableFolder(cityDir, read.failure.map(faultLine));
  return read.value;
}

/** A city with a recorded feed never says that it is live. */
function clockOf(folder: CityFolder, speed: number): { kind: ClockKind; speed?: number } {
  if (folder.feeds.some((feed) => feed.transport.type === "replay")) return { kind: "replay", speed };
  return speed === 1 ? { kind: "live" } : { kind: "simulated", speed };
}

function servedCity(epoch: Epoch, clock: ServedCity["clock"], clients: number, recent: Recent): ServedCity {
  const { folder, live } = epoch;
  return {
    settings: folder.settings,
    areas: folder.areas,
    basemapPath: folder.basemapPath,
    get body() {
      return live.broadcast.findStream("city")!.framesSince({ epoch: null, seq: undefined }, clock.cityAt)[0]!
        .body as CityBody;
    },
    get feeds() {
      return epoch.feedStatuses();
    },
    readings: live.city.readings,
    clock,
    clients,
    refusedChange: [],
    *entities(kind) {
      for (const [, { entity }] of live.city.table(kind).entries()) yield entity;
    },
    points: (id, fromAt, toAt, bucketSeconds) => recent.points(id, fromAt, toAt, bucketSeconds),
  };
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      resolve(`http://${host.includes(":") ? `[${host}]` : host}:${bound}`);
    });
  });
}
