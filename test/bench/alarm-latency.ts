/**
 * How long an observation takes to 2,000 desks: from before the request that brings it is sent until each client has the
 * frame that carries it, as an alarm and as a figure and a sensor on the map, 99th percentile over clients and rounds.
 *
 * Everything between is in it: HTTP, the journal on disk, the wait for the next tick, the city, the rule, 2,000 sockets, and
 * the clients themselves, which share the machine's cores with the server.
 */

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryDir, writeJsonFiles } from "../city-files.ts";
import type { Benchmark } from "./benchmark.ts";
import { steadyMs, type Arrivals, type Carrier, type Observed } from "./desk-arrivals.ts";
import { startServer } from "./start-live.ts";

const clients = 2_000;
const processes = 2;
const rounds = 20;
/** The first ones find nothing compiled. */
const warmUpRounds = 3;
const alarmBudgetMs = 150;
const otherBudgetMs = 400;
const giveUpMs = 20_000;
export const secretName = "CITYDECK_BENCH_LEVELS";
export const secret = "bench";
const limit = 50;

const both = (text: string) => ({ en: text, zh: text });

/** A gauge whose levels are pushed, the highest of them, and an alarm. */
export const city = {
  "city.json": {
    version: 1,
    id: "bench",
    title: both("Bench"),
    zone: "Europe/Berlin",
    bounds: [13, 52, 14, 53],
  },
  "departments.json": { version: 1, departments: [{ id: "digital", title: both("Digital") }] },
  "feeds/levels.json": {
    version: 1,
    id: "levels",
    title: both("Levels"),
    spec: "line",
    department: "digital",
    licence: "CC0-1.0",
    cadenceSeconds: 60,
    staleAfterSeconds: 600,
    transport: { type: "receive", bearer: { env: secretName } },
    options: { measurements: [{ measurement: "level", id: ["gauge"], fields: { metres: "metres" } }] },
  },
  "indicators/platform.level.json": {
    version: 1,
    id: "platform.level",
    title: both("Level"),
    definition: both("The highest level."),
    department: "digital",
    reads: "Sensor",
    where: { property: "metres" },
    measure: { max: "value" },
    unit: "metres",
    better: "neither",
    staleAfterSeconds: 600,
  },
  "rules/platform.high-water.json": {
    version: 1,
    id: "platform.high-water",
    title: both("High water"),
    consequence: both("Cellars fill."),
    indicator: "platform.level",
    when: { above: limit, clearBelow: limit },
    priority: "critical",
    response: { text: both("Close the gate."), checklist: [], withinSeconds: 600 },
    owner: "digital",
    tests: [{ series: "10 60 10", everySeconds: 60, activeAtSeconds: 60, clearAtSeconds: 120 }],
  },
};

const observedAs = {
  alarm: "platform.high-water",
  series: "platform.level",
  thing: "levels/Sensor/quay%7Cmetres",
};

/** The next thing that a process of clients says; rejects when it ends or says nothing for long. */
async function word(child: ChildProcess): Promise<unknown> {
  const done = new AbortController();
  const { signal } = done;
  const ended = once(child, "exit", { signal }).then(() => {
    throw new Error("a process of clients ended");
  });
  const late = sleep(giveUpMs, undefined, { signal }).then(() => {
    throw new Error("not every client heard of it");
  });
  ended.catch(() => undefined);
  late.catch(() => undefined);
  try {
    const [said] = (await Promise.race([once(child, "message", { signal }), ended, late])) as [unknown];
    return said;
  } finally {
    done.abort();
  }
}

interface Latencies {
  readonly alarm: number;
  /** The later of the figure and the sensor. */
  readonly other: number;
}

async function watch(): Promise<Latencies> {
  const dir = await temporaryDir("bench-alarm-latency");
  await writeJsonFiles(dir, city);
  const { url, stop } = await startServer(["start", "--city", dir], { secrets: { [secretName]: secret } });
  const program = join(import.meta.dirname, "alarm-latency-clients.ts");
  const ofEach = [url.replace("http", "ws"), String(clients / processes)];
  const children: ChildProcess[] = [];
  try {
    const observe = async (metres: number): Promise<void> => {
      const answer = await fetch(`${url}/api/v1/feeds/levels/data`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}` },
        body: `level,gauge=quay metres=${metres} ${Date.now()}000000`,
      });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    };
    await observe(0);
    for (let i = 0; i < processes; i++) children.push(fork(program, ofEach));
    await Promise.all(children.map(word));
    const tookMs: Record<Carrier, number[]> = { alarm: [], figure: [], place: [] };
    for (let round = -warmUpRounds; round < rounds; round++) {
      const { sentAt, arrivals } = await oneRound(children, observe, 100 + round);
      if (round < 0) continue;
      for (const of of arrivals)
        for (const [carrier, at] of Object.entries(of) as [Carrier, number[]][])
          for (const one of at) tookMs[carrier].push(one - sentAt);
    }
    return { alarm: p99(tookMs.alarm), other: Math.max(p99(tookMs.figure), p99(tookMs.place)) };
  } finally {
    for (const child of children) child.kill();
    await stop();
    await rm(dir, { recursive: true, force: true });
  }
}

/** One value beyond the limit, and back again before the next. */
async function oneRound(
  children: readonly ChildProcess[],
  observe: (metres: number) => Promise<void>,
  value: number,
): Promise<{ readonly sentAt: number; readonly arrivals: readonly Arrivals[] }> {
  for (const child of children) child.send({ ...observedAs, value } satisfies Observed);
  await Promise.all(children.map(word));
  // Not always at the same time of a tick.
  await sleep(500 + ((value * 37) % 250));
  const heard = Promise.all(children.map(word));
  const sentAt = steadyMs();
  await Promise.all([observe(value), heard]);
  const arrivals = (await heard) as Arrivals[];
  await observe(0);
  await sleep(500);
  return { sentAt, arrivals };
}

function p99(values: number[]): number {
  if (values.length !== clients * rounds) throw new Error(`${values.length} arrivals were noted`);
  return Float64Array.from(values).sort()[Math.ceil(values.length * 0.99) - 1]!;
}

let latencies: Promise<Latencies> | null = null;

function row(name: string, budgetMs: number, ours: (found: Latencies) => number): Benchmark {
  return {
    name,
    unit: "ms p99 from observation to client",
    baselineName: "budget",
    target: 1,
    rounds: 1,
    async prepare() {
      const found = await (latencies ??= watch());
      return { ours: () => ours(found), baseline: () => budgetMs };
    },
  };
}

export const alarmLatency: readonly Benchmark[] = [
  row("alarm-latency", alarmBudgetMs, ({ alarm }) => alarm),
  row("value-latency", otherBudgetMs, ({ other }) => other),
];
