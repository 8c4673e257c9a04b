/**
 * A past of 1,000 vehicles on the road over the socket of a whole server: how long a client waits for a second of it, from
 * its hello to the last snapshot, and whether it keeps its pace at 600 times its speed. The recording is made by SQL: 30 days of it with `--full`, else two.
 */

import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { io as connect, type Socket } from "socket.io-client";
import * as parser from "socket.io-msgpack-parser";
import { keyframeEveryMs } from "../../server/history/history.ts";
import type { Engine } from "../../server/history/engine.ts";
import { openDuckDb } from "../../server/history/duckdb.ts";
import { openHistory } from "../../server/history/sql-history.ts";
import { PieceJoiner } from "../../shared/pieces.ts";
import {
  protocolVersion,
  type ClientToServer,
  type Frame,
  type PastRequest,
  type ServerToClient,
  type Topic,
} from "../../shared/protocol.ts";
import { walkCity, writeJsonFiles } from "../city-files.ts";
import { startCity } from "../running-city.ts";
import type { Benchmark } from "./benchmark.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const days = process.argv.includes("--full") ? 30 : 2;
/** Yesterday's end: nothing of it is on its way to disk, all of it is within what is kept. */
const endAt = Math.floor(Date.now() / dayMs) * dayMs;
const startAt = endAt - days * dayMs;
const vehicles = 1_000;
const reportEveryMs = 15_000;
const series = 200;
const topics: readonly Topic[] = ["city", "indicators", "feeds", "moments", "entities/VehiclePosition"];

async function record(dataDir: string): Promise<void> {
  const path = join(dataDir, "history", "history.duckdb");
  await (await openHistory(await openDuckDb(path), { zone: "UTC" })).close();
  const engine = await openDuckDb(path, { memoryMegabytes: 1024 });
  const numbers = Array.from({ length: series }, (_, i) => i);
  const name = (i: number): string =>
    i === 0 ? "transport.stations" : `transport.stations{area.district:d${i}}`;
  await engine.append("series", { number: numbers, text: numbers.map(name) });
  for (let at = startAt; at < endAt; at += dayMs) await recordDay(engine, at);
  const keyframes = Array.from(
    { length: (endAt - startAt) / keyframeEveryMs },
    (_, i) => startAt + i * keyframeEveryMs,
  );
  for (const kind of ["Reading", "VehiclePosition"])
    await engine.append("keyframes", { kind: keyframes.map(() => kind), known_at: keyframes });
  await engine.append("recorded", { from_at: [startAt], to_at: [endAt], generation: [0] });
  await engine.close();
}

/** Every vehicle each 15 seconds, each figure each minute, as the recorder would have written them, in the order of time. */
async function recordDay(engine: Engine, from: number): Promise<void> {
  const isKeyframe = (at: string): string => `(${at} - ${startAt}) % ${keyframeEveryMs} = 0`;
  await engine.run(`
    INSERT INTO entities_VehiclePosition (id, known_at, valid_at, is_keyframe, is_removed, observed_at, received_at,
      lon, lat, is_estimated, label, "routeName", bearing)
    SELECT 'bikes/VehiclePosition/' || v, told_at, told_at - 4000, ${isKeyframe("told_at")}, false, told_at - 4000, told_at,
      -122.5 + (hash(v) % 1000) / 10000.0 + sin(told_at / 6e5 + v) / 100, 37.75 + cos(told_at / 6e5 + v) / 100, false,
      'Bus ' || v, CAST(v % 80 AS VARCHAR), (v * 31 + told_at / 15000) % 360
    FROM (
      SELECT ${from} + (i // ${vehicles}) * ${reportEveryMs} AS told_at, i % ${vehicles} AS v
      FROM range(${(vehicles * dayMs) / reportEveryMs}) reports(i))`);
  await engine.run(`
    INSERT INTO readings (series, known_at, valid_at, is_keyframe, is_removed, value, code, quality, observed_at)
    SELECT r, told_at, told_at, ${isKeyframe("told_at")}, false, (hash(r * 7919 + told_at) % 1000) / 10.0, 0, 0, told_at
    FROM (
      SELECT ${from} + (i // ${series}) * ${minuteMs} AS told_at, i % ${series} AS r
      FROM range(${(series * dayMs) / minuteMs}) words(i))`);
}

type ClientSocket = Socket<ServerToClient, ClientToServer>;

function ask(socket: ClientSocket, past: PastRequest): void {
  socket.emit("hello", { protocol: protocolVersion, topics, have: { epoch: null, seq: {} }, past });
}

/** Resolves when everything that was asked for has come. */
function look(socket: ClientSocket, request: number, at: number): Promise<Frame[]> {
  return new Promise((resolve, reject) => {
    const frames = new Map<Topic, Frame>();
    const decoder = new parser.Decoder();
    const pieces = new PieceJoiner();
    const take = (frame: Frame): void => {
      if (!frame.epoch.startsWith("past:") || frame.cityAt !== at) return;
      frames.set(frame.topic, frame);
      if (frames.size < topics.length) return;
      socket.removeAllListeners();
      resolve(Array.from(frames.values()));
    };
    decoder.on("decoded", ({ data: [, frame] }: { data: [string, Frame] }) => {
      take(frame);
    });
    socket.on("frame", take);
    socket.on("piece", (piece) => {
      const whole = pieces.add(piece);
      if (whole) decoder.add(Buffer.from(whole.buffer));
    });
    socket.on("refused", (refusal) => reject(new Error(JSON.stringify(refusal))));
    ask(socket, { request, at, speed: 0, known: "then" });
  });
}

/** The recording, made once for all benchmarks of a run. */
let recorded: Promise<string> | null = null;

function recordedDir(): Promise<string> {
  return (recorded ??= (async () => {
    const dir = await mkdtemp(join(tmpdir(), "citydeck-time-machine-"));
    process.once("exit", () => {
      rmSync(dir, { recursive: true, force: true });
    });
    await writeJsonFiles(join(dir, "city"), {
      "city.json": { ...walkCity["city.json"], zone: "UTC" },
      "departments.json": walkCity["departments.json"],
      "feeds/bikes.json": walkCity["feeds/bikes.json"],
      "indicators/transport.stations.json": walkCity["indicators/transport.stations.json"],
    });
    await record(join(dir, "data"));
    return dir;
  })());
}

/** A server of the recorded city and a client of it, which has asked for nothing yet. */
async function visited(): Promise<{ socket: ClientSocket; close(): Promise<void> }> {
  const dir = await recordedDir();
  const running = await startCity({ cityDir: join(dir, "city"), dataDir: join(dir, "data") });
  while (!(await fetch(`${running.url}/api/v1/recorded`)).ok) await pause(100);
  const socket: ClientSocket = connect(running.url, { parser, transports: ["websocket"] });
  await new Promise<void>((done) => socket.on("connect", done));
  return {
    socket,
    async close() {
      socket.close();
      await running.stop();
    },
  };
}

export const timeMachine: Benchmark = {
  name: "time-machine",
  unit: "ms",
  baselineName: "budget",
  target: 1,
  rounds: 1,
  async prepare() {
    const { socket, close } = await visited();
    let request = 0;
    return {
      /** The slowest but one of twenty seconds all over the recording. */
      async ours() {
        const times: number[] = [];
        for (let i = 0; i < 20; i++) {
          const at =
            startAt + Math.floor(((i * 0.618_034 + 0.1) % 1) * (endAt - startAt - minuteMs)) + minuteMs;
          const began = performance.now();
          const frames = await look(socket, ++request, at);
          times.push(performance.now() - began);
          const seen = frames.find(({ topic }) => topic === "entities/VehiclePosition")!.body;
          if (!("count" in seen && seen.count === vehicles)) throw new Error(`not all vehicles at ${at}`);
        }
        return times.toSorted((a, b) => a - b).at(-2)!;
      },
      baseline: () => 500,
      close,
    };
  },
};

const playedSpeed = 600;
const playedMs = 2 * 3_600_000;

/** How long two hours of the recording take at 600 times their speed, from their first frame of vehicles to their last. */
export const timeMachinePace: Benchmark = {
  name: "time-machine-pace",
  unit: "s",
  baselineName: "at 600×",
  target: 1.05,
  rounds: 3,
  async prepare() {
    const { socket, close } = await visited();
    let request = 0;
    return {
      ours: () => playTwoHours(socket, ++request, startAt + dayMs / 2 + request),
      baseline: () => playedMs / playedSpeed / 1000,
      close,
    };
  },
};

/** Fails where frames are left out: there are four a second. */
async function playTwoHours(socket: ClientSocket, request: number, at: number): Promise<number> {
  let frames = 0;
  const took = await new Promise<number>((resolve, reject) => {
    let began = 0;
    // Frames of what was played before may still come.
    let own: string | null = null;
    const take = ({ epoch, topic, cityAt }: Frame): void => {
      if (topic !== "entities/VehiclePosition") return;
      if (cityAt === at) own = epoch;
      if (epoch !== own) return;
      if (frames++ === 0) began = performance.now();
      if (cityAt >= at + playedMs) resolve((performance.now() - began) / 1000);
    };
    const pieces = new PieceJoiner();
    const decoder = new parser.Decoder();
    decoder.on("decoded", ({ data: [, frame] }: { data: [string, Frame] }) => take(frame));
    socket.on("frame", take);
    socket.on("piece", (piece) => {
      const whole = pieces.add(piece);
      if (whole) decoder.add(Buffer.from(whole.buffer));
    });
    socket.on("refused", (refusal) => reject(new Error(JSON.stringify(refusal))));
    ask(socket, { request, at, speed: playedSpeed, known: "then" });
  });
  socket.removeAllListeners();
  const wanted = (playedMs / playedSpeed / 1000) * 4;
  if (frames < 0.9 * wanted) throw new Error(`${frames} frames of ${wanted}`);
  return took;
}
