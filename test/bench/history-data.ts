/**
 * A history as a city has after a long time, made by SQL: 500 series, a value a minute. `--full` makes a whole year of it,
 * else it is a tenth. The same figures lie in a plain table of DuckDB and in VictoriaMetrics.
 */

import { join } from "node:path";
import { startOfDay } from "../../shared/city-time.ts";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import type { Engine } from "../../server/history/engine.ts";
import { openDuckDb } from "../../server/history/duckdb.ts";
import { openHistory } from "../../server/history/sql-history.ts";
import type { VictoriaMetrics } from "./victoria-metrics.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
export const seriesCount = 500;
export const days = process.argv.includes("--full") ? 365 : 36;
/** The end of what there is: today's midnight. A city asks about yesterday more than about a day of last year. */
export const endAt = Math.floor(Date.now() / dayMs) * dayMs;
export const startAt = endAt - days * dayMs;
export const indicator = "transport.stations";
export const dimension = "name";

/** The group that stands for series number `i`. */
export function seriesName(i: number): string {
  return `${indicator}{${dimension}:d${i}}`;
}

/** A day and a night of a figure with two decimals and some chance, the same wherever it is made. */
function valueOf(series: string, minute: string): string {
  const chance = `((hash(${series} * 1000003 + ${minute}) % 500) / 100.0)`;
  return `round(50 + ${series} % 40 + 30 * sin(${minute} / 1440.0 * 6.283185307) + ${chance}, 2)`;
}

function rows(day: number): string {
  return `
    SELECT s AS series, ${startAt} + m * ${minuteMs} AS valid_at, ${valueOf("s", "m")} AS value
    FROM range(${day * 1440}, ${(day + 1) * 1440}) minutes(m), range(${seriesCount}) all_series(s)`;
}

export interface FilledHistory {
  readonly series: readonly string[];
  readonly startAt: number;
  readonly days: number;
  readonly zone: string;
}

/** Fills a history with a value a minute of each series, as a city would have after so many days. */
export async function fillMinutes(path: string, filled: FilledHistory): Promise<void> {
  const { series, startAt: fromAt, days: length, zone } = filled;
  const tidy = async (now: number): Promise<void> => {
    const history = await openHistory(await openDuckDb(path), { zone });
    await history.maintain(now);
    await history.close();
  };
  await tidy(fromAt);
  for (let day = 0; day < length; day += 15) {
    const engine = await openDuckDb(path);
    if (day === 0) {
      await engine.append("series", { number: series.map((_, i) => i), text: [...series] });
      await engine.append("revisions", { number: [0], text: ["1"] });
      await engine.append("recorded", {
        from_at: [fromAt],
        to_at: [fromAt + length * dayMs],
        generation: [0],
      });
    }
    const until = Math.min(length, day + 15);
    await engine.run(`
      INSERT INTO minutes (series, valid_at, known_at, low, fresh_seconds, code, revision)
      SELECT s, ${fromAt} + m * ${minuteMs}, ${fromAt} + (m + 1) * ${minuteMs}, ${valueOf("s", "m")}, 60, 0, 0
      FROM range(${day * 1440}, ${until * 1440}) minutes(m), range(${series.length}) all_series(s) ORDER BY m, s`);
    const hours = Array.from(
      { length: (until - day) * 24 },
      (_, hour) => fromAt + day * dayMs + hour * 3_600_000,
    );
    await engine.append("unknown_hours", { valid_at: hours });
    await engine.append("unknown_days", {
      valid_at: Array.from({ length: until - day }, (_, i) =>
        startOfDay(fromAt + (day + i) * dayMs + dayMs / 2, zone),
      ),
    });
    await engine.close();
    await tidy(fromAt + until * dayMs + 3_600_000);
  }
}

/** Days that come before the history tidies up; a city's does so every day. */
const daysAtOnce = 4;

/** Fills a data folder with our history, which tidies up as it grows. */
export async function makeHistory(dataDir: string): Promise<void> {
  const path = join(dataDir, "history", "history.duckdb");
  await tidied(path, startAt);
  for (let day = 0; day < days; day += daysAtOnce) {
    const engine = await openDuckDb(path);
    if (day === 0) await nameSeries(engine);
    for (let one = day; one < Math.min(days, day + daysAtOnce); one++) await fillDay(engine, one);
    await engine.close();
    await tidied(path, startAt + (day + daysAtOnce) * dayMs + 3_600_000);
  }
}

async function tidied(path: string, now: number): Promise<void> {
  const history = await openHistory(await openDuckDb(path), { zone: "UTC" });
  await history.maintain(now);
  await history.close();
}

async function nameSeries(engine: Engine): Promise<void> {
  const numbers = Array.from({ length: seriesCount }, (_, i) => i);
  await engine.append("series", { number: numbers, text: numbers.map(seriesName) });
  await engine.append("revisions", { number: [0], text: ["1"] });
  await engine.append("recorded", { from_at: [startAt], to_at: [endAt], generation: [0] });
}

async function fillDay(engine: Engine, day: number): Promise<void> {
  await engine.run(`
    INSERT INTO minutes (series, valid_at, known_at, low, fresh_seconds, code, revision)
    SELECT series, valid_at, valid_at + ${minuteMs}, value, 60, 0, 0 FROM (${rows(day)})
    ORDER BY valid_at, series`);
  const midnight = startAt + day * dayMs;
  const hours = Array.from({ length: 24 }, (_, hour) => midnight + hour * 3_600_000);
  await engine.append("unknown_hours", { valid_at: hours });
  await engine.append("unknown_days", { valid_at: [midnight] });
}

export interface RawTable {
  /** Resolves to how many rows came. */
  ask(sql: string): Promise<number>;
  close(): void;
}

/** The figures as they come, in one table `raw` in the order of time, for somebody who asks DuckDB by hand. */
export async function makeRawTable(dir: string): Promise<RawTable> {
  const instance = await DuckDBInstance.create(join(dir, "raw.duckdb"), { threads: "2" });
  const connection: DuckDBConnection = await instance.connect();
  await connection.run("CREATE TABLE raw (series INTEGER, valid_at BIGINT, value DOUBLE)");
  for (let day = 0; day < days; day++)
    await connection.run(`INSERT INTO raw SELECT * FROM (${rows(day)}) ORDER BY valid_at, series`);
  await connection.run("CHECKPOINT");
  return {
    ask: async (sql) => (await connection.runAndReadAll(sql)).currentRowCount,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Loads the same figures, a series at a time. */
export async function fillVictoriaMetrics(metrics: VictoriaMetrics): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  for (let i = 0; i < seriesCount; i++) {
    const all = await connection.runAndReadAll(`
      SELECT ${valueOf(String(i), "m")} AS value FROM range(0, ${days * 1440}) minutes(m) ORDER BY m`);
    const values = all.getColumns()[0] as number[];
    let lines = "";
    for (let from = 0; from < values.length; from += 1440) {
      const some = values.slice(from, from + 1440);
      const timestamps = some.map((_, minute) => startAt + (from + minute) * minuteMs);
      lines += `${JSON.stringify({ metric: { __name__: "figure", series: `d${i}` }, values: some, timestamps })}\n`;
    }
    await metrics.load(lines);
  }
  await metrics.settle();
  connection.closeSync();
  instance.closeSync();
}
