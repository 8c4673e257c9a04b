/**
 * An analyst's five questions of a long history: as we answer them, beside the best SQL by hand over the plain figures in
 * DuckDB, and beside VictoriaMetrics with the same figures. Each asking is about other series, so that nothing is at hand.
 */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openDuckDb } from "../../server/history/duckdb.ts";
import type { SeriesItemInColumns } from "../../shared/series-columns.ts";
import type { PointsQuery } from "../../server/history/history.ts";
import { openHistory } from "../../server/history/sql-history.ts";
import { temporaryDir, walkCity, writeJsonFiles } from "../city-files.ts";
import { startCity } from "../running-city.ts";
import type { Benchmark, Contest, NotHere } from "./benchmark.ts";
import {
  days,
  dimension,
  endAt,
  fillVictoriaMetrics,
  indicator,
  makeHistory,
  makeRawTable,
  seriesCount,
  seriesName,
  startAt,
  type RawTable,
} from "./history-data.ts";
import { startVictoriaMetrics, type VictoriaMetrics } from "./victoria-metrics.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const month = Math.min(30, days);
/** Askings of one measurement. */
const askings = 10;

interface Question {
  readonly name: string;
  readonly series: (asking: number) => readonly number[];
  readonly days: number;
  /** Ends so many days before what there is ends. */
  readonly daysBack?: number;
  readonly stepMs: number;
}

const forty = (asking: number): number[] =>
  Array.from({ length: 40 }, (_, i) => (asking * 41 + i) % seriesCount);
const questions: readonly Question[] = [
  { name: "year-by-day", series: (asking) => [(asking * 37) % seriesCount], days, stepMs: dayMs },
  { name: "month-by-hour", series: (asking) => [(asking * 37) % seriesCount], days: month, stepMs: hourMs },
  { name: "day-by-minute", series: (asking) => [(asking * 37) % seriesCount], days: 1, stepMs: minuteMs },
  {
    name: "old-day-by-minute",
    series: (asking) => [(asking * 37) % seriesCount],
    days: 1,
    daysBack: 14,
    stepMs: minuteMs,
  },
  { name: "forty-areas", series: forty, days: month, stepMs: dayMs },
  {
    name: "top-ten",
    series: () => Array.from({ length: seriesCount }, (_, i) => i),
    days: Math.min(90, days),
    stepMs: Math.min(90, days) * dayMs,
  },
];

function spanOf({ days: length, daysBack = 0 }: Question): {
  readonly fromAt: number;
  readonly toAt: number;
} {
  const toAt = endAt - daysBack * dayMs;
  return { fromAt: toAt - length * dayMs, toAt };
}

function queryOf(question: Question, asking: number): PointsQuery {
  const { series, days: length, stepMs } = question;
  const { fromAt } = spanOf(question);
  const buckets = Math.round((length * dayMs) / stepMs);
  const edges = Float64Array.from({ length: buckets + 1 }, (_, i) => fromAt + i * stepMs);
  return { series: series(asking).map(seriesName), edges, asOf: null };
}

function sqlOf(question: Question, asking: number): string {
  const { name, series, stepMs } = question;
  const { fromAt, toAt } = spanOf(question);
  const which = name === "top-ten" ? "" : `series IN (${series(asking).join(", ")}) AND`;
  const answer = `
    SELECT series, (valid_at - ${fromAt}) // ${stepMs} AS bucket, avg(value) AS mean, min(value), max(value)
    FROM raw WHERE ${which} valid_at >= ${fromAt} AND valid_at < ${toAt} GROUP BY ALL`;
  return name === "top-ten" ? `${answer} ORDER BY mean DESC LIMIT 10` : `${answer} ORDER BY series, bucket`;
}

function metricsQl({ name, series, stepMs }: Question, asking: number): string {
  const which =
    name === "top-ten"
      ? ""
      : `{series=~"${series(asking)
          .map((i) => `d${i}`)
          .join("|")}"}`;
  const mean = stepMs === minuteMs ? `figure${which}` : `avg_over_time(figure${which}[${stepMs / 1000}s])`;
  return name === "top-ten" ? `topk(10, ${mean})` : mean;
}

/** Made once for all rows, when the first is measured. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

const dataDir = once(async () => {
  const dir = await temporaryDir("history");
  process.once("exit", () => void rm(dir, { recursive: true, force: true }));
  await makeHistory(join(dir, "data"));
  return dir;
});
const rawTable = once(async () => makeRawTable(await temporaryDir("raw")));
const victoriaMetrics = once(async () => {
  const metrics = await startVictoriaMetrics();
  if (!("notHere" in metrics)) await fillVictoriaMetrics(metrics);
  return metrics;
});

/** Milliseconds of one asking, the mean of several. No two askings of all rounds are the same. */
function timed(ask: (asking: number) => Promise<unknown>): () => Promise<number> {
  let asking = 0;
  return async () => {
    const startedAt = performance.now();
    for (let i = 0; i < askings; i++) await ask(asking++);
    return (performance.now() - startedAt) / askings;
  };
}

function besideSql(question: Question): Benchmark {
  return {
    name: `history-${question.name}`,
    unit: "ms",
    baselineName: "SQL by hand",
    target: 1,
    async prepare(): Promise<Contest> {
      const engine = await openDuckDb(join(await dataDir(), "data/history/history.duckdb"));
      const history = await openHistory(engine, { zone: "UTC" });
      // As a city does once a minute; what it holds in memory has been read by then.
      await history.maintain(endAt + hourMs);
      const raw: RawTable = await rawTable();
      const never = new AbortController().signal;
      return {
        ours: timed((asking) => history.points(queryOf(question, asking), never)),
        baseline: timed((asking) => raw.ask(sqlOf(question, asking))),
        close: () => history.close(),
      };
    },
  };
}

interface Served {
  ask(question: Question, asking: number): Promise<void>;
  stop(): Promise<void>;
}

/** The whole server over the same history: questions go over HTTP. */
async function serve(): Promise<Served> {
  const dir = await dataDir();
  const stations = walkCity["indicators/transport.stations.json"];
  await writeJsonFiles(join(dir, "city"), {
    "city.json": { ...walkCity["city.json"], zone: "UTC" },
    "departments.json": walkCity["departments.json"],
    "feeds/bikes.json": walkCity["feeds/bikes.json"],
    "indicators/transport.stations.json": { ...stations, by: [dimension] },
  });
  const running = await startCity({ cityDir: join(dir, "city"), dataDir: join(dir, "data") });
  // A city that has just begun reads what it holds in memory.
  await sleep(10_000);
  return {
    async ask(question, asking) {
      const { series, edges } = queryOf(question, asking);
      const parameters = new URLSearchParams({
        // All groups are asked for as such: their names would be more than an address may hold.
        ...(question.name === "top-ten" ? { indicator, by: dimension } : { indicator: series.join(",") }),
        from: String(edges[0]),
        to: String(edges.at(-1)),
        bucket: String(Math.min(86_400, question.stepMs / 1000)),
        form: "columns",
      });
      if (question.name === "top-ten") parameters.set("bucket", "month");
      const answer = await fetch(`${running.url}/api/v1/series?${parameters}`);
      const items = (await answer.json()) as readonly SeriesItemInColumns[];
      if (items[0]?.columns.value[0] == null)
        throw new Error(`no figures: ${JSON.stringify(items).slice(0, 300)}`);
    },
    stop: () => running.stop(),
  };
}

function besideVictoriaMetrics(question: Question): Benchmark {
  return {
    name: `history-${question.name}-http`,
    unit: "ms",
    baselineName: "VictoriaMetrics",
    target: 1,
    async prepare(): Promise<Contest | NotHere> {
      const metrics = await victoriaMetrics();
      if ("notHere" in metrics) return metrics;
      const served = await serve();
      return {
        ours: timed((asking) => served.ask(question, asking)),
        baseline: timed((asking) => askMetrics(metrics, question, asking)),
        close: () => served.stop(),
      };
    },
  };
}

function askMetrics(metrics: VictoriaMetrics, question: Question, asking: number): Promise<number> {
  const step = question.stepMs / 1000;
  const { fromAt, toAt } = spanOf(question);
  return metrics.range(metricsQl(question, asking), fromAt / 1000 + step, toAt / 1000, step);
}

/** The slowest but one of twenty askings of each question, over HTTP. */
const p95: Benchmark = {
  name: "history-p95",
  unit: "ms",
  baselineName: "budget",
  target: 1,
  rounds: 1,
  async prepare() {
    const served = await serve();
    return {
      async ours() {
        const times: number[] = [];
        for (let asking = 0; asking < 20; asking++)
          for (const question of questions) {
            const startedAt = performance.now();
            await served.ask(question, asking);
            times.push(performance.now() - startedAt);
          }
        return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)]!;
      },
      baseline: () => 100,
      close: () => served.stop(),
    };
  },
};

/** What a figure of a minute takes on disk, roll-ups and all. */
const bytesPerPoint: Benchmark = {
  name: "history-bytes",
  unit: "bytes/point",
  baselineName: "budget",
  target: 1,
  rounds: 1,
  async prepare() {
    const engine = await openDuckDb(join(await dataDir(), "data/history/history.duckdb"));
    return {
      ours: async () => (await engine.bytes()) / (((endAt - startAt) / minuteMs) * seriesCount),
      baseline: () => 3,
      close: () => engine.close(),
    };
  },
};

export const historyQuestions: readonly Benchmark[] = [
  ...questions.map(besideSql),
  p95,
  ...questions.map(besideVictoriaMetrics),
  bytesPerPoint,
];
