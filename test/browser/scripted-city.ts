/**
 * A city whose every word is scripted: serves the built client and speaks shared/protocol.ts, so that a browser test or
 * a screenshot can put the wall into any state, lose frames on purpose, restart or fall silent.
 */

import { createServer, type Server as HttpServer, type ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { extname, join, normalize } from "node:path";
import { Server, type Socket } from "socket.io";
import parser from "socket.io-msgpack-parser";
import { encodeEvent } from "../../server/live/fan-out.ts";
import type { AlarmsBody } from "../../shared/alarms.ts";
import type { CityClock } from "../../shared/clock.ts";
import type { AreaCollection } from "../../shared/areas.ts";
import type { WallDefinition } from "../../shared/wall.ts";
import type { Sent } from "../../shared/wall-show.ts";
import type { EntityFrame } from "../../shared/entity-frame.ts";
import type { Note } from "../../shared/note.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import { cut } from "../../shared/pieces.ts";
import type { Kind } from "../../shared/kinds.ts";
import {
  protocolVersion,
  pulseEveryMs,
  type Body,
  type CityBody,
  type ClientToServer,
  type Frame,
  type Hello,
  type Reading,
  type ServerToClient,
  type Topic,
} from "../../shared/protocol.ts";

export interface Script {
  city: Omit<CityBody, "clock">;
  wall: WallDefinition;
  feeds: FeedStatus[];
  readings: Reading[];
  clock: Omit<CityClock, "cityAt">;
  /** What is on the map; without it the server refuses the topic. */
  entities?: EntityFrame[];
  /** What operators say about figures. */
  notes?: Note[];
  /** What an operator sent to the wall. */
  sent?: Sent;
  /** Its alarms; without them the server refuses the topic. */
  alarms?: AlarmsBody;
  /** Whether alarms are judged; unless said, nobody knows. */
  judged?: "now" | "long-ago";
  /** The polygons of the city's only level, for `/api/v1/areas/{level}`. */
  areas?: AreaCollection;
  /** Another number than the client's makes it reload. */
  protocol?: number;
  /** City time when the script starts. */
  startAt: number;
  /** The last minutes of a series, as `/api/v1/series` answers them. */
  series: (
    id: string,
    fromAt: number,
    toAt: number,
    bucketMs: number,
  ) => { at: number; value: number | null; state: string }[];
}

export interface ScriptedCity {
  readonly url: string;
  readonly hellos: Hello[];
  /** Changes readings and sends them as one delta. `lose` counts the frame but does not send it. */
  read: (readings: Reading[], options?: { lose?: boolean }) => void;
  /** Sends readings over a link that needs `seconds` for them: one piece each second, and no pulse for want of room. */
  readSlowly: (readings: Reading[], seconds: number) => Promise<void>;
  /** Changes feeds and sends them. */
  tell: (feeds: FeedStatus[]) => void;
  /** Changes alarms and sends them. */
  alarm: (body: AlarmsBody) => void;
  /** Gives all things of a kind new columns and sends them; their ids and texts are those of the script. */
  move: (kind: Kind, columns: ArrayBuffer) => void;
  /** Stops pulses and frames while the socket stays open. */
  fallSilent: () => void;
  speakAgain: () => void;
  /** A new epoch, as after a restart. */
  restart: () => void;
  cityNow: () => number;
  close: () => Promise<void>;
}

/** The policy a strict server sends; the client must work under it. */
export const strictPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob: data:; " +
  "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".woff2": "font/woff2",
  ".svg": "image/svg+xml",
};

export async function startScriptedCity(script: Script, clientDir: string, port = 0): Promise<ScriptedCity> {
  const startedAt = performance.now();
  const cityNow = (): number => script.startAt + (performance.now() - startedAt) * script.clock.speed;
  const http = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://city");
    if (url.pathname === "/api/v1/series") answerSeries(script, url, response);
    else if (url.pathname.startsWith("/api/v1/areas/") && script.areas)
      response.end(JSON.stringify(script.areas));
    else void serveClient(clientDir, url.pathname, response);
  });
  const io = new Server<ClientToServer, ServerToClient>(http, { parser, transports: ["websocket"] });
  const hellos: Hello[] = [];
  const seq = new Map<Topic, number>();
  let epoch = 1;
  let silent = false;

  const frame = (topic: Topic, mode: Frame["mode"], body: Body): Frame => ({
    topic,
    mode,
    epoch: `epoch-${epoch}`,
    seq: seq.get(topic) ?? 0,
    cityAt: cityNow(),
    body,
  });
  const bodyOf = (topic: Topic): Body | null => {
    if (topic === "city") return { ...script.city, clock: { ...script.clock, cityAt: cityNow() } };
    if (topic === "indicators") return { readings: script.readings };
    if (topic === "feeds") return { feeds: script.feeds };
    if (topic === "alarms") return script.alarms ?? null;
    if (topic === "notes") return { notes: script.notes ?? [] };
    if (topic.startsWith("entities/"))
      return script.entities?.find(({ kind }) => topic === `entities/${kind}`) ?? null;
    if (topic.startsWith("wall/"))
      return { wall: topic === `wall/${script.wall.id}` ? script.wall : null, sent: script.sent ?? null };
    return null;
  };
  const delta = (topic: Topic, body: Body, lose: boolean): void => {
    seq.set(topic, (seq.get(topic) ?? 0) + 1);
    if (!lose && !silent) io.emit("frame", frame(topic, "delta", body));
  };
  const pulse = (to: { emit: Socket<ClientToServer, ServerToClient>["emit"] }): void => {
    const clock = { ...script.clock, cityAt: cityNow() };
    const judgedAt = script.judged ? cityNow() - (script.judged === "now" ? 0 : 60_000) : null;
    to.emit("pulse", { epoch: `epoch-${epoch}`, clock, seq: Object.fromEntries(seq), judgedAt });
  };
  io.on("connection", (socket) => {
    socket.on("hello", (hello) => {
      hellos.push(hello);
      if (silent) return;
      const protocol = script.protocol ?? protocolVersion;
      if (hello.protocol !== protocol) return void socket.emit("refused", { reason: "protocol", protocol });
      pulse(socket);
      for (const topic of hello.topics) {
        const upToDate =
          hello.have.epoch === `epoch-${epoch}` && hello.have.seq[topic] === (seq.get(topic) ?? 0);
        const body = bodyOf(topic);
        if (body === null) socket.emit("refused", { reason: "topic", topic });
        else if (!upToDate) socket.emit("frame", frame(topic, "snapshot", body));
      }
    });
  });
  const pulsing = setInterval(() => {
    if (!silent) pulse(io);
  }, pulseEveryMs);
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  const { port: bound } = http.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${bound}`,
    hellos,
    cityNow,
    read: (readings, options) => {
      const changed = new Map(readings.map((reading) => [reading.id, reading]));
      script.readings = script.readings.map((reading) => changed.get(reading.id) ?? reading);
      delta("indicators", { readings }, options?.lose ?? false);
    },
    readSlowly: async (readings, seconds) => {
      silent = true;
      seq.set("indicators", (seq.get("indicators") ?? 0) + 1);
      const { packet } = encodeEvent("frame", frame("indicators", "delta", { readings }));
      for (const piece of cut(packet, Math.ceil(packet.length / seconds))) {
        await pause(1_000);
        io.emit("piece", piece);
      }
      silent = false;
    },
    tell: (feeds) => {
      const changed = new Map(feeds.map((feed) => [feed.id, feed]));
      script.feeds = script.feeds.map((feed) => changed.get(feed.id) ?? feed);
      delta("feeds", { feeds }, false);
    },
    alarm: (body) => {
      const changed = new Map(body.alarms.map((alarm) => [alarm.id, alarm]));
      const kept = (script.alarms?.alarms ?? []).filter(({ id }) => !changed.has(id));
      const alarms = [...kept, ...body.alarms].filter(({ state }) => state !== "normal");
      script.alarms = { alarms, system: body.system };
      delta("alarms", body, false);
    },
    move: (kind, columns) => {
      const frames = script.entities ?? [];
      const moved = frames.find((frame) => frame.kind === kind);
      if (moved === undefined) throw new Error(`the script has no ${kind}`);
      const next: EntityFrame = { ...moved, columns };
      script.entities = frames.map((frame) => (frame === moved ? next : frame));
      delta(`entities/${kind}`, { ...next, ids: [], firstText: moved.texts.length + 1, texts: [] }, false);
    },
    fallSilent: () => {
      silent = true;
    },
    speakAgain: () => {
      silent = false;
    },
    restart: () => {
      epoch++;
      seq.clear();
      io.disconnectSockets(true);
    },
    close: async () => {
      clearInterval(pulsing);
      await io.close();
      closeNow(http);
    },
  };
}

function closeNow(http: HttpServer): void {
  http.closeAllConnections();
  http.close();
}

function answerSeries(script: Script, url: URL, response: ServerResponse): void {
  const id = url.searchParams.get("indicator") ?? "";
  const [from, to, bucket] = ["from", "to", "bucket"].map((name) => Number(url.searchParams.get(name)));
  const unit = script.city.indicators.find((indicator) => indicator.id === id)?.unit;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify([{ id, unit, points: script.series(id, from!, to!, bucket! * 1_000) }]));
}

async function serveClient(dir: string, path: string, response: ServerResponse): Promise<void> {
  const asset = normalize(path);
  const file = extname(asset) === "" ? join(dir, "index.html") : join(dir, asset);
  try {
    const bytes = await readFile(file);
    response.setHeader("content-type", contentTypes[extname(file)] ?? "application/octet-stream");
    response.setHeader("content-security-policy", strictPolicy);
    response.end(bytes);
  } catch {
    response.statusCode = 404;
    response.end();
  }
}
