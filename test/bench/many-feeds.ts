/**
 * A city of 500 small feeds that are polled each 15 s: the processor time of its server, and how much later than their
 * pace the others are asked for while some suppliers take requests and never answer.
 */

import { fork } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryDir, writeJsonFiles } from "../city-files.ts";
import type { Benchmark } from "./benchmark.ts";
import { processorSeconds, startServer } from "./start-live.ts";

const feedCount = 500;
const hungCount = 10;
const everySeconds = 15;
const watchedMs = 60_000;
const budgetPercent = 50;
const budgetLateMs = 100;

const both = (text: string) => ({ en: text, zh: text });

const specs = [
  { spec: "gbfs", options: {} },
  { spec: "table", options: { rows: "readings", ...sensorRule("id") } },
  { spec: "table", options: { ...sensorRule("id") } },
];

function sensorRule(id: string): object {
  const fields = { property: { value: "level" }, value: "value" };
  return {
    entities: [
      { kind: "Sensor", id: [id], fields, observedAt: ["at"], position: { lon: "lon", lat: "lat" } },
    ],
  };
}

function city(origin: string): Record<string, unknown> {
  const feeds = Array.from({ length: feedCount }, (_, n) => {
    const id = `feed-${n}`;
    const { spec, options } = specs[n % specs.length]!;
    const feed = {
      version: 1,
      id,
      title: both(id),
      spec,
      department: "digital",
      licence: "CC0-1.0",
      cadenceSeconds: everySeconds,
      staleAfterSeconds: 4 * everySeconds,
      transport: { type: "poll", url: `${origin}/${n}`, everySeconds },
      options,
    };
    return [`feeds/${id}.json`, feed] as const;
  });
  const indicator = { version: 1, department: "digital", better: "neither", staleAfterSeconds: 60 };
  return {
    "city.json": {
      version: 1,
      id: "bench",
      title: both("Bench"),
      zone: "Europe/Berlin",
      bounds: [13, 52, 14, 53],
      allowHosts: ["127.0.0.1"],
    },
    "departments.json": { version: 1, departments: [{ id: "digital", title: both("Digital") }] },
    ...Object.fromEntries(feeds),
    "indicators/platform.bikes.json": {
      ...indicator,
      id: "platform.bikes",
      title: both("Bikes"),
      definition: both("Bikes"),
      unit: "count",
      reads: "StationStatus",
      measure: { sum: "numVehiclesAvailable" },
    },
    "indicators/platform.level.json": {
      ...indicator,
      id: "platform.level",
      title: both("Level"),
      definition: both("Level"),
      unit: "metres",
      reads: "Sensor",
      measure: { mean: "value" },
    },
  };
}

/** What the suppliers have seen since they were last asked: for each request how long after the one before it came. */
interface Seen {
  readonly gapsMs: readonly number[];
}

async function startSuppliers() {
  const child = fork(join(import.meta.dirname, "many-feeds-suppliers.ts"));
  const [{ origin }] = (await once(child, "message")) as [{ origin: string }];
  return {
    origin,
    /** From now on the first `hung` feeds hang; tells what was seen until now. */
    async seen(hung: number): Promise<Seen> {
      child.send({ hung });
      const [seen] = (await once(child, "message")) as [Seen];
      return seen;
    },
    stop: () => void child.kill(),
  };
}

interface Watched {
  readonly percent: number;
  readonly lateMs: number;
  readonly lateMsWhileHung: number;
}

/** One server watched twice: while all suppliers answer, and while some hang. */
async function watch(): Promise<Watched> {
  const suppliers = await startSuppliers();
  const dir = await temporaryDir("bench-many-feeds");
  await writeJsonFiles(dir, city(suppliers.origin));
  const { server, stop } = await startServer(["start", "--city", dir]).catch((error: unknown) => {
    suppliers.stop();
    throw error;
  });
  try {
    await sleep(2_000 * everySeconds);
    await suppliers.seen(0);
    const before = await processorSeconds(server.pid!);
    await sleep(watchedMs);
    const percent = (((await processorSeconds(server.pid!)) - before) / (watchedMs / 1000)) * 100;
    const calm = await suppliers.seen(hungCount);
    await sleep(watchedMs);
    const hung = await suppliers.seen(0);
    return { percent, lateMs: latest(calm), lateMsWhileHung: latest(hung) };
  } finally {
    await stop();
    suppliers.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

function latest({ gapsMs }: Seen): number {
  if (gapsMs.length < ((feedCount - hungCount) * watchedMs) / 1000 / everySeconds / 2)
    throw new Error(`only ${gapsMs.length} requests came`);
  return Math.max(...gapsMs) - everySeconds * 1000;
}

let watched: Promise<Watched> | null = null;

function row(
  name: string,
  unit: string,
  baselineName: string,
  ours: (found: Watched) => number,
  baseline: (found: Watched) => number,
): Benchmark {
  return {
    name,
    unit,
    baselineName,
    target: 1,
    rounds: 1,
    async prepare() {
      if (process.platform !== "linux") return { notHere: "processor time is read from /proc" };
      const found = await (watched ??= watch());
      return { ours: () => ours(found), baseline: () => baseline(found) };
    },
  };
}

export const manyFeeds: readonly Benchmark[] = [
  row(
    "many-feeds",
    "% of one core",
    "budget",
    ({ percent }) => percent,
    () => budgetPercent,
  ),
  row(
    "many-feeds-hung",
    "ms late at worst",
    `none hung + ${budgetLateMs} ms`,
    ({ lateMsWhileHung }) => lateMsWhileHung,
    ({ lateMs }) => lateMs + budgetLateMs,
  ),
];
