/**
 * Hours and city days, made of the minutes once they are over, and made again when a later word comes about one of them:
 * the earlier version stays, as with minutes. Until it is made (again) an hour is in `unknown_hours` and its day in
 * `unknown_days`, marked in the same transaction as the minutes that came.
 */

import type { ColumnTypes, Engine, Read } from "./engine.ts";
import { Grid, type Unknown } from "./grid.ts";
import type { Span } from "./history.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How long after its end an hour waits for its last minutes. */
const waitMs = 2 * minuteMs;
/** Hours that are made in one go, and days. */
const hoursAtOnce = 48;

const rollupColumns = {
  series: "u32",
  valid_at: "at",
  /** When the last word that it is made of was learnt. */
  known_at: "at",
  mean: "number",
  min: "number",
  max: "number",
  fresh_seconds: "u32",
  code: "u8",
} as const satisfies ColumnTypes;

export const rollupTables: Readonly<Record<string, ColumnTypes>> = {
  hours: rollupColumns,
  days: rollupColumns,
  unknown_hours: { valid_at: "at" },
  unknown_days: { valid_at: "at" },
  /** The zone that the roll-ups were made for. */
  zones: { name: "text", number: "u32" },
};

export class Rollups {
  readonly #engine: Engine;
  readonly #grid: Grid;
  /** As in the tables. */
  readonly #hours: Set<number>;
  readonly #days: Set<number>;

  private constructor(engine: Engine, grid: Grid, unknown: Unknown) {
    this.#engine = engine;
    this.#grid = grid;
    this.#hours = new Set(unknown.hours);
    this.#days = new Set(unknown.days);
  }

  static async open(engine: Engine, grid: Grid): Promise<Rollups> {
    await beginAnewInAnotherZone(engine, grid);
    const unknown = await engine.ask(new AbortController().signal, (read) => unknownIn(read, null));
    return new Rollups(engine, grid, unknown);
  }

  /** Minutes have come: what is made of them is to be made again. */
  async mark(minutes: Float64Array): Promise<() => void> {
    const hours = new Set<number>();
    for (const at of minutes) hours.add(this.#grid.startOfHour(at));
    const newHours = [...hours].filter((hour) => !this.#hours.has(hour));
    await this.#engine.append("unknown_hours", { valid_at: newHours });
    const marked = await this.markDays(newHours);
    return () => {
      for (const hour of newHours) this.#hours.add(hour);
      marked();
    };
  }

  /** Hours have come: the days that are made of them are to be made again. */
  async markDays(hours: Iterable<number>): Promise<() => void> {
    const days = new Set(
      [...new Set(hours)].flatMap((hour) => [
        this.#grid.startOfDay(hour),
        this.#grid.startOfDay(hour + hourMs - 1),
      ]),
    );
    const newDays = [...days].filter((day) => !this.#days.has(day));
    await this.#engine.append("unknown_days", { valid_at: newDays });
    return () => {
      for (const day of newDays) this.#days.add(day);
    };
  }

  /** The hours and days that are not made, or not again, of what was committed. */
  get unknown(): Unknown {
    return { hours: this.#hours, days: this.#days };
  }

  /**
   * Makes every hour and day that is over and unknown. `minutes`: what stands for the minutes of a stretch of time; `made`
   * hears of units before they are known.
   */
  async make(
    now: number,
    minutes: (span: Span) => Promise<string>,
    made: (level: "hours" | "days", starts: readonly number[]) => Promise<void>,
  ): Promise<void> {
    const hours = [...this.#hours].filter((hour) => hour + hourMs + waitMs <= now).toSorted((a, b) => a - b);
    for (let from = 0; from < hours.length; from += hoursAtOnce) {
      const some = hours.slice(from, from + hoursAtOnce);
      const source = await minutes({ fromAt: some[0]!, toAt: some.at(-1)! + hourMs });
      const start = `${this.#engine.dialect.quotient(`valid_at - ${this.#grid.hourOffsetMs}`, hourMs)} * ${hourMs} + ${this.#grid.hourOffsetMs}`;
      await this.#make("hours", source, start, `${start} IN (${some.join(", ")})`, some);
      await made("hours", some);
      for (const hour of some) this.#hours.delete(hour);
    }
    for (const day of [...this.#days].toSorted((a, b) => a - b)) {
      const end = this.#grid.startOfNextDay(day);
      if (end + waitMs > now || this.#hasUnknownHour(day, end)) continue;
      const source = this.#grid.hasWholeHours(day, end) ? "hours" : await minutes({ fromAt: day, toAt: end });
      await this.#make("days", source, String(day), `valid_at >= ${day} AND valid_at < ${end}`, [day]);
      await made("days", [day]);
      this.#days.delete(day);
    }
  }

  #hasUnknownHour(day: number, end: number): boolean {
    for (let hour = this.#grid.startOfHour(day); hour < end; hour += hourMs)
      if (this.#hours.has(hour)) return true;
    return false;
  }

  async #make(
    table: string,
    source: string,
    start: string,
    where: string,
    made: readonly number[],
  ): Promise<void> {
    const { dialect } = this.#engine;
    await this.#engine.together(async () => {
      await this.#engine.run(`
        INSERT INTO ${table} (series, valid_at, known_at, mean, min, max, fresh_seconds, code)
        SELECT
          series,
          start_at,
          max(known_at),
          CASE WHEN sum(fresh) = 0 THEN NULL ELSE sum(mean * fresh) / sum(fresh) END,
          CASE WHEN sum(fresh) = 0 THEN NULL ELSE min(low) END,
          CASE WHEN sum(fresh) = 0 THEN NULL ELSE max(high) END,
          sum(fresh),
          ${dialect.argMax("last_code", "unit_at")}
        FROM (${newestWords(dialect, source, `${start} AS start_at`, where)}) newest
        GROUP BY series, start_at`);
      await this.#engine.run(`DELETE FROM unknown_${table} WHERE valid_at IN (${made.join(", ")})`);
    });
  }
}

/**
 * A row per series and `valid_at`: its newest word. `extra`: another column, of `valid_at` alone. Where nothing was fresh,
 * `low` and `high` are infinite.
 */
export function newestWords(
  dialect: Engine["dialect"],
  source: string,
  extra: string,
  where: string,
): string {
  const newest = (value: string): string => dialect.argMax(value, "known_at");
  return `
    SELECT
      series,
      valid_at AS unit_at,
      ${extra},
      max(known_at) AS known_at,
      ${newest("coalesce(mean, 0)")} AS mean,
      ${newest(`coalesce(min, ${Number.MAX_VALUE})`)} AS low,
      ${newest(`coalesce(max, ${-Number.MAX_VALUE})`)} AS high,
      ${newest("fresh_seconds")} AS fresh,
      ${newest("code")} AS last_code
    FROM ${source}
    WHERE ${where}
    GROUP BY series, valid_at`;
}

/** The unknown hours and days in a stretch of time, `null`: all. */
export async function unknownIn(read: Read, span: Span | null): Promise<Unknown> {
  const where = span ? ` WHERE valid_at >= ${span.fromAt - 24 * hourMs} AND valid_at < ${span.toAt}` : "";
  const rows = await read(
    `SELECT 0 AS is_day, valid_at FROM unknown_hours${where} UNION ALL SELECT 1, valid_at FROM unknown_days${where}`,
  );
  const isDay = rows.numbers("is_day");
  const at = rows.numbers("valid_at");
  return {
    hours: new Set(at.filter((_, row) => isDay[row] === 0)),
    days: new Set(at.filter((_, row) => isDay[row] === 1)),
  };
}

/** Hours and days of which something was learnt after `asOf`: what was known then must be read from the minutes. */
export async function learntAfter(read: Read, asOf: number, { fromAt, toAt }: Span): Promise<Unknown> {
  const of = async (table: string): Promise<ReadonlySet<number>> => {
    const rows = await read(
      `SELECT DISTINCT valid_at FROM ${table} WHERE known_at > ${asOf} AND valid_at >= ${fromAt} AND valid_at < ${toAt}`,
    );
    return new Set(rows.numbers("valid_at"));
  };
  return { hours: await of("hours"), days: await of("days") };
}

/** Nothing is made yet of the minutes in these stretches of time. */
export async function markAll(engine: Engine, grid: Grid, spans: readonly Span[]): Promise<void> {
  const hours = new Set<number>();
  const days = new Set<number>();
  for (const { fromAt, toAt } of spans) {
    for (let hour = grid.startOfHour(fromAt); hour < toAt; hour += hourMs) hours.add(hour);
    for (let day = grid.startOfDay(fromAt); day < toAt; day = grid.startOfNextDay(day)) days.add(day);
  }
  await engine.append("unknown_hours", { valid_at: [...hours] });
  await engine.append("unknown_days", { valid_at: [...days] });
}

/** When the city has moved to another zone, its days are others, and perhaps its hours. */
async function beginAnewInAnotherZone(engine: Engine, grid: Grid): Promise<void> {
  const zones = await engine.ask(new AbortController().signal, (read) =>
    read("SELECT name, number FROM zones ORDER BY number"),
  );
  const last = zones.texts("name").at(-1);
  if (last === grid.zone) return;
  await engine.together(async () => {
    if (last !== undefined) {
      const hours = await engine.ask(new AbortController().signal, (read) =>
        read("SELECT DISTINCT valid_at FROM hours"),
      );
      const isOtherGrid = new Grid(last!).hourOffsetMs !== grid.hourOffsetMs;
      const starts = [...hours.numbers("valid_at")];
      const under = (at: number): number[] => [grid.startOfHour(at), grid.startOfHour(at + hourMs - 1)];
      await engine.run("DELETE FROM days WHERE true");
      await engine.run("DELETE FROM unknown_days WHERE true");
      await engine.append("unknown_days", {
        valid_at: [
          ...new Set(starts.flatMap((at) => [grid.startOfDay(at), grid.startOfDay(at + hourMs - 1)])),
        ],
      });
      if (isOtherGrid) {
        await engine.run("DELETE FROM hours WHERE true");
        await engine.run("DELETE FROM unknown_hours WHERE true");
        await engine.append("unknown_hours", { valid_at: [...new Set(starts.flatMap(under))] });
      }
    }
    await engine.append("zones", { name: [grid.zone], number: [zones.length] });
  });
}
