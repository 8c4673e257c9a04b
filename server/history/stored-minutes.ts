/**
 * Where minutes lie: in the table `minutes` while their day may still change much, then in one file a day, sorted by series.
 * A word that comes later lies in the table beside the file and wins, for it was learnt later.
 */

import type { Engine, Read } from "./engine.ts";
import type { Grid } from "./grid.ts";
import type { Span } from "./history.ts";
import { markAll } from "./rollups.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** A day stays in the table so long after its end, for words that come late. */
const openForMs = 2 * dayMs;

/** The dictionaries, kept with the days: without them a file of numbers says nothing. */
const dictionaries = ["series", "revisions"] as const;
const dictionaryFile = (table: string): string => `${table}.parquet`;

/** A closed day's file; those of earlier versions have no form in their name, and `low` as the table has it. */
const file = /^minutes-(\d+)-(\d+)(-2)?\.parquet$/;
const fileOf = (fromAt: number, toAt: number): string => `minutes-${fromAt}-${toAt}-2.parquet`;

/** In a file, `low` is hundredths where it is whole ones exactly, as figures mostly are: a number in half the room. */
const hundredths = "DECIMAL(18, 2)";
const isHundredths = `low = CAST(TRY_CAST(low AS ${hundredths}) AS DOUBLE)`;
const inFile = `
  series,
  valid_at,
  known_at,
  CASE WHEN ${isHundredths} THEN CAST(low AS ${hundredths}) END AS low_hundredths,
  CASE WHEN ${isHundredths} THEN NULL ELSE low END AS low,
  high,
  mean_share,
  fresh_seconds,
  code,
  revision`;
const lowInFile = "coalesce(low, CAST(low_hundredths AS DOUBLE))";

/** Thousandths of the way from `low` to `high` are good enough for a mean, and take a third of the room of a number. */
function asValues(low: string): string {
  return `
  series,
  valid_at,
  known_at,
  ${low} + coalesce(mean_share, 0) * 1e-3 * (coalesce(high, ${low}) - ${low}) AS mean,
  ${low} AS min,
  coalesce(high, ${low}) AS max,
  fresh_seconds,
  code`;
}

interface ClosedDay extends Span {
  readonly file: string;
  /** A word about it may lie in the table too. */
  hasLater: boolean;
}

export class StoredMinutes {
  readonly #engine: Engine;
  /** As in `closed_days`, by start. */
  readonly #closed = new Map<number, ClosedDay>();

  private constructor(engine: Engine) {
    this.#engine = engine;
  }

  static async open(engine: Engine, grid: Grid): Promise<StoredMinutes> {
    const minutes = new StoredMinutes(engine);
    await minutes.#matchFiles(grid);
    await minutes.#findClosed();
    return minutes;
  }

  /** Words come, and are committed after this: those about closed days will lie in the table beside the file. */
  take(at: Float64Array): void {
    let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const minute of at) {
      if (minute < from) from = minute;
      if (minute > to) to = minute;
    }
    for (const day of this.#closed.values()) if (day.fromAt <= to && from < day.toAt) day.hasLater = true;
  }

  /**
   * A SELECT of all words about minutes of some series in a span, as the files have them: `low`, `high` and `mean_share`.
   * `null` where the span does not lie in closed days that say everything by themselves.
   */
  selectClosed({ fromAt, toAt }: Span, series: readonly number[]): string | null {
    const files: string[] = [];
    let reached = fromAt;
    for (const day of this.#closed.values()) {
      if (day.toAt <= reached || day.fromAt > reached || reached >= toAt) continue;
      if (day.hasLater || file.exec(day.file)![3] === undefined) return null;
      files.push(day.file);
      reached = day.toAt;
    }
    if (reached < toAt || !this.#engine.archive) return null;
    return `
      SELECT series, valid_at, known_at, ${lowInFile} AS low, high, mean_share, fresh_seconds, code
      FROM ${this.#engine.archive.source(files)}
      WHERE valid_at >= ${fromAt} AND valid_at < ${toAt} AND series IN (${series.join(", ")})`;
  }

  /** What stands after FROM for minutes with `mean`, `min` and `max`, of at least the span. */
  async source(read: Read, { fromAt, toAt }: Span): Promise<string> {
    const { archive } = this.#engine;
    const parts = [
      `SELECT ${asValues("low")} FROM minutes WHERE valid_at >= ${fromAt} AND valid_at < ${toAt}`,
    ];
    if (archive) {
      const closed = await read(`SELECT file FROM closed_days WHERE to_at > ${fromAt} AND from_at < ${toAt}`);
      for (const [form, files] of Map.groupBy(closed.texts("file"), (name) => file.exec(name!)?.[3]))
        parts.push(
          `SELECT ${asValues(form === undefined ? "low" : lowInFile)} FROM ${archive.source(files as string[])}`,
        );
    }
    return `(${parts.join(" UNION ALL ")}) words`;
  }

  /** Where the newest of them ends, or later; of no meaning where there are none. */
  async end(read: Read): Promise<number> {
    const rows = await read(`
      SELECT max(end_at) AS end_at
      FROM (SELECT max(valid_at) + ${minuteMs} AS end_at FROM minutes UNION ALL SELECT max(to_at) FROM closed_days) ends`);
    return rows.numbers("end_at")[0]!;
  }

  /** Moves days that are over into files. */
  async close(now: number, grid: Grid): Promise<void> {
    const { archive } = this.#engine;
    if (!archive) return;
    for (const day of await this.#daysToClose(now - openForMs, grid)) {
      const end = grid.startOfNextDay(day);
      const where = `valid_at >= ${day} AND valid_at < ${end}`;
      const name = fileOf(day, end);
      for (const table of dictionaries)
        await archive.write(dictionaryFile(table), `SELECT number, text FROM ${table}`);
      await archive.write(
        name,
        `SELECT ${inFile} FROM minutes WHERE ${where} ORDER BY series, valid_at, known_at`,
      );
      await this.#engine.together(async () => {
        await this.#engine.append("closed_days", { from_at: [day], to_at: [end], file: [name] });
        await this.#engine.run(`DELETE FROM minutes WHERE ${where}`);
      });
      this.#closed.set(day, { fromAt: day, toAt: end, file: name, hasLater: false });
    }
  }

  /** Minutes that began before `before` go, a closed day when all of it did. */
  async forget(before: number): Promise<void> {
    const old = await this.#ask((read) => read(`SELECT file FROM closed_days WHERE to_at <= ${before}`));
    for (const { fromAt, toAt } of this.#closed.values()) if (toAt <= before) this.#closed.delete(fromAt);
    await this.#engine.together(async () => {
      await this.#engine.run(`DELETE FROM minutes WHERE valid_at < ${before}`);
      await this.#engine.run(`DELETE FROM closed_days WHERE to_at <= ${before}`);
    });
    for (const name of old.texts("file")) await this.#engine.archive?.remove(name!);
  }

  /**
   * A file that is not there any more is forgotten. Of files that the database does not know: an empty one stands in the place of one that was lost: it takes them in, with
   * the dictionaries beside them. Any other has their rows still, and closes the day again.
   */
  async #matchFiles(grid: Grid): Promise<void> {
    const { archive } = this.#engine;
    if (!archive) return;
    const names = await archive.list();
    const [known, series] = await this.#ask(async (read) => [
      new Set((await read("SELECT file FROM closed_days")).texts("file")),
      (await read("SELECT count(*) AS series FROM series")).numbers("series")[0]!,
    ]);
    const gone = [...known].filter((name) => !names.includes(name!));
    for (const name of gone) {
      const [, fromAt] = file.exec(name!)!;
      await this.#engine.run(`DELETE FROM closed_days WHERE from_at = ${Number(fromAt)}`);
    }
    const orphans = names.flatMap((name) => {
      const days = file.exec(name);
      return days && !known.has(name) ? [{ name, fromAt: Number(days[1]), toAt: Number(days[2]) }] : [];
    });
    if (series > 0 || orphans.length === 0) {
      for (const { name } of orphans) await archive.remove(name);
      return;
    }
    await this.#engine.together(async () => {
      for (const table of dictionaries)
        await this.#engine.run(
          `INSERT INTO ${table} SELECT number, text FROM ${archive.source([dictionaryFile(table)])}`,
        );
      await this.#engine.append("closed_days", {
        from_at: orphans.map(({ fromAt }) => fromAt),
        to_at: orphans.map(({ toAt }) => toAt),
        file: orphans.map(({ name }) => name),
      });
      await markAll(this.#engine, grid, orphans);
    });
  }

  async #findClosed(): Promise<void> {
    const [days, later] = await this.#ask(async (read) => [
      await read("SELECT from_at, to_at, file FROM closed_days ORDER BY from_at"),
      await read(
        "SELECT DISTINCT valid_at FROM minutes WHERE valid_at < (SELECT max(to_at) FROM closed_days) ORDER BY valid_at",
      ),
    ]);
    const [fromAt, toAt, files] = [days.numbers("from_at"), days.numbers("to_at"), days.texts("file")];
    const laterAt = later.numbers("valid_at");
    let next = 0;
    for (let day = 0; day < days.length; day++) {
      while (next < laterAt.length && laterAt[next]! < fromAt[day]!) next++;
      this.#closed.set(fromAt[day]!, {
        fromAt: fromAt[day]!,
        toAt: toAt[day]!,
        file: files[day]!,
        hasLater: next < laterAt.length && laterAt[next]! < toAt[day]!,
      });
    }
  }

  /** Days that ended before `before`, that have rows in the table and no file yet. */
  #daysToClose(before: number, grid: Grid): Promise<number[]> {
    return this.#ask(async (read) => {
      const closed = new Set((await read("SELECT from_at FROM closed_days")).numbers("from_at"));
      const days: number[] = [];
      for (let from = 0; ;) {
        const sql = `SELECT min(valid_at) AS at FROM minutes WHERE valid_at >= ${from} AND valid_at < ${before}`;
        const first = (await read(sql)).numbers("at")[0]!;
        if (!(first > 0)) return days;
        const day = grid.startOfDay(first);
        from = grid.startOfNextDay(day);
        if (from <= before && !closed.has(day)) days.push(day);
      }
    });
  }

  #ask<T>(questions: (read: Read) => Promise<T>): Promise<T> {
    return this.#engine.ask(new AbortController().signal, questions);
  }
}
