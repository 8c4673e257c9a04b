/** What the recorder and the history's own process cost: beside a bare appender, in memory, and in the frames of the city. */

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Reading } from "../../shared/protocol.ts";
import { noObservations, type HistoryBatch, type MinuteColumns } from "../../server/history/history.ts";
import { startHistory, type HistoryHost } from "../../server/history/host.ts";
import { Minutes } from "../../server/history/minutes.ts";
import { temporaryDir } from "../city-files.ts";
import { entity, indicator } from "../planned-city.ts";
import type { Benchmark } from "./benchmark.ts";
import { processorSeconds } from "./start-live.ts";

const minuteMs = 60_000;
const seriesCount = 500;
const startAt = Date.UTC(2026, 0, 1);
const silent = { info: () => undefined, warn: () => undefined };
const nobodyLeaves = new AbortController().signal;
const figure = indicator({ id: "transport.stations", revision: "r" });

interface Kept {
  readonly host: HistoryHost;
  close(): Promise<void>;
}

async function startKept(): Promise<Kept> {
  const dir = await temporaryDir("bench");
  const host = await startHistory({ dir, zone: "UTC", log: silent });
  return {
    host,
    async close() {
      await host.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Two readings of each of 500 series. */
const readings = [0, 1].map((turn) =>
  Array.from({ length: seriesCount }, (_, i): Reading => ({
    id: `${figure.id}{area.district:d${i}}`,
    value: (i * 7919 + turn * 104_729) % 1000,
    state: "fresh",
    reason: null,
    quality: "good",
    observedAt: startAt,
    oldestAt: startAt,
  })),
);

/** Series that change twice a minute, as the recorder makes rows of them. */
function recordedMinutes(): (count: number) => MinuteColumns {
  const minutes = new Minutes();
  minutes.begin([figure]);
  let at = startAt;
  return (count) => {
    for (let half = 0; half < 2 * count; half++, at += minuteMs / 2)
      minutes.take(readings[half % 2]!, at, () => true, minuteMs);
    return minutes.drain();
  };
}

function batch(minutes: MinuteColumns, entities: HistoryBatch["entities"] = []): HistoryBatch {
  return { minutes, readings: [], observations: noObservations(), entities, feeds: [], moments: [] };
}

/** Rows by DuckDB's appender and nothing else, in the process that has them. */
async function startBare(): Promise<{ append(rows: MinuteColumns): Promise<void>; close(): Promise<void> }> {
  const dir = await temporaryDir("bench");
  const instance = await DuckDBInstance.create(join(dir, "bare.duckdb"), { threads: "2" });
  const connection = await instance.connect();
  await connection.run(`
    CREATE TABLE minutes (series INTEGER, valid_at BIGINT, known_at BIGINT, mean DOUBLE, min DOUBLE, max DOUBLE,
      fresh_seconds UTINYINT, code UTINYINT, revision INTEGER)`);
  return {
    async append(rows) {
      const appender = await connection.createAppender("minutes");
      for (let row = 0; row < rows.at.length; row++) {
        appender.appendInteger(rows.seriesOf[row]!);
        appender.appendBigInt(BigInt(rows.at[row]!));
        appender.appendBigInt(BigInt(rows.knownAt[row]!));
        appender.appendDouble(rows.mean[row]!);
        appender.appendDouble(rows.min[row]!);
        appender.appendDouble(rows.max[row]!);
        appender.appendUTinyInt(rows.freshSeconds[row]!);
        appender.appendUTinyInt(rows.code[row]!);
        appender.appendInteger(rows.revisionOf[row]!);
        appender.endRow();
      }
      appender.closeSync();
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

const minutesAtOnce = 60;
const batches = 4;
const rowsMeasured = batches * minutesAtOnce * seriesCount;

/**
 * From readings to rows on disk, in both processes; the bare appender has its rows already. At least 0.4 times as many rows
 * for the same work: by the clock, the lower priority of the history's process would count as slowness.
 */
export const recorderSpeed: Benchmark = {
  name: "recorder",
  unit: "µs CPU/row",
  baselineName: "the bare appender",
  target: 2.5,
  async prepare() {
    if (process.platform !== "linux") return { notHere: "processor time is read from /proc" };
    const [{ host, close }, bare] = [await startKept(), await startBare()];
    const record = recordedMinutes();
    const rows = Array.from({ length: batches }, () => recordedMinutes()(minutesAtOnce));
    await host.append(batch(record(1)));
    return {
      async ours() {
        const before = (await processorSeconds(process.pid)) + (await processorSeconds(host.pid!));
        await Promise.all(rows.map(() => host.append(batch(record(minutesAtOnce)))));
        const after = (await processorSeconds(process.pid)) + (await processorSeconds(host.pid!));
        return ((after - before) * 1e6) / rowsMeasured;
      },
      async baseline() {
        const before = await processorSeconds(process.pid);
        for (const some of rows) await bare.append(some);
        return (((await processorSeconds(process.pid)) - before) * 1e6) / rowsMeasured;
      },
      async close() {
        await close();
        await bare.close();
      },
    };
  },
};

/** The most that a process ever held, resident megabytes, as Linux tells it. */
async function mostMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)![1]) / 1024;
}

const thingsInBurst = 10_000;

/** A burst of rows as fast as they can be handed over, and a question about all of them while it lasts. */
export const historyMemory: Benchmark = {
  name: "history-memory",
  unit: "MB",
  baselineName: "budget",
  target: 1,
  rounds: 1,
  prepare() {
    if (process.platform !== "linux")
      return Promise.resolve({ notHere: "resident memory is read from /proc" });
    return Promise.resolve({
      async ours() {
        const { host, close } = await startKept();
        const record = recordedMinutes();
        let given = 0;
        for (let i = 0; i < 20; i++) {
          const knownAt = startAt + i * minuteMs;
          const changed = Array.from({ length: thingsInBurst }, (_, thing) =>
            entity("StationStatus", `${thing}`, {
              observedAt: knownAt,
              fields: { name: `Station ${thing}`, numVehiclesAvailable: (thing * 7 + i) % 40 },
            }),
          );
          const rows = batch(record(minutesAtOnce), [
            { kind: "StationStatus", knownAt, isKeyframe: i === 0, changed, removed: [] },
          ]);
          // What finds no room is given up; that is what keeps the server's own memory bounded.
          const kept = host.append(rows).catch(() => given++);
          if (i % 5 === 4) await Promise.all([kept, askForAll(host)]);
        }
        await host.maintain(startAt + 86_400_000);
        const megabytes = await mostMegabytes(host.pid!);
        await close();
        return megabytes;
      },
      baseline: () => 400,
    });
  },
};

const minutesAsked = 1_000;

/** Every minute of every series: half a million buckets, the largest answer there is. */
async function askForAll(host: HistoryHost): Promise<void> {
  const series = Array.from({ length: seriesCount }, (_, i) => `${figure.id}{area.district:d${i}}`);
  const edges = Float64Array.from({ length: minutesAsked + 1 }, (_, i) => startAt + i * minuteMs);
  await host.points({ series, edges, asOf: null }, nobodyLeaves);
}

const frameEveryMs = 250;
const framesMeasured = 24;

/** How much later than it should the latest of some frames comes. */
async function latestFrame(): Promise<number> {
  let latest = 0;
  let due = performance.now();
  for (let frame = 0; frame < framesMeasured; frame++) {
    due += frameEveryMs;
    await sleep(Math.max(0, due - performance.now()));
    latest = Math.max(latest, performance.now() - due);
  }
  return latest;
}

/** How much later the latest frame is while monstrous questions are answered, than in the same time without them. */
export const historyIsolation: Benchmark = {
  name: "history-isolation",
  unit: "ms",
  baselineName: "budget",
  target: 1,
  rounds: 3,
  async prepare() {
    const { host, close } = await startKept();
    const record = recordedMinutes();
    for (let minutes = 0; minutes < minutesAsked; minutes += minutesAtOnce)
      await host.append(batch(record(minutesAtOnce)));
    return {
      async ours() {
        const without = await latestFrame();
        let isOver = false;
        const asking = (async () => {
          while (!isOver) await askForAll(host);
        })();
        const beside = await latestFrame();
        isOver = true;
        await asking;
        return Math.max(0, beside - without);
      },
      baseline: () => 50,
      close,
    };
  },
};
