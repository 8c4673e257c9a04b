/** The indicators' values: a row per series and minute, and one more for each later word about the same minute. */

import { parseSeriesId } from "../../shared/city.ts";
import { Buckets, SumColumns } from "./buckets.ts";
import { Dictionary } from "./dictionary.ts";
import type { ColumnTypes, Engine, Read, Rows } from "./engine.ts";
import { levels, type Grid, type Level, type Stretch, type Unknown } from "./grid.ts";
import { Held, type HeldWords } from "./held.ts";
import type { HourColumns } from "./extract.ts";
import { eachMinute, type MinuteColumns, type PointColumns, type PointsQuery, type Span } from "./history.ts";
import { StoredMinutes } from "./stored-minutes.ts";
import { learntAfter, newestWords, Rollups, rollupTables, unknownIn } from "./rollups.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

export const figureTables: Readonly<Record<string, ColumnTypes>> = {
  series: { number: "u32", text: "text" },
  revisions: { number: "u16", text: "text" },
  minutes: {
    series: "u32",
    valid_at: "at",
    known_at: "at",
    /** NULL where no second was fresh. */
    low: "number",
    /** NULL where it is `low`, as it mostly is. */
    high: "number",
    /** Where the mean lies between them, in thousandths of the way; NULL with `high`. */
    mean_share: "u16",
    fresh_seconds: "u8",
    code: "u8",
    revision: "u16",
  },
  /** Days of minutes that were moved into a file of the archive. */
  closed_days: { from_at: "at", to_at: "at", file: "text" },
  ...rollupTables,
};

/** What is read into memory at the start: so many units in one question, and so many questions. */
const heldPieces: Readonly<
  Record<Level, { readonly unitMs: number; readonly atOnce: number; readonly pieces: number }>
> = {
  minutes: { unitMs: minuteMs, atOnce: 60, pieces: 49 },
  hours: { unitMs: 60 * minuteMs, atOnce: 48, pieces: 16 },
  days: { unitMs: dayMs, atOnce: 64, pieces: 6 },
};

export class Figures {
  readonly #engine: Engine;
  readonly #series: Dictionary;
  readonly #revisions: Dictionary;

  readonly #grid: Grid;
  readonly #rollups: Rollups;
  readonly #minutes: StoredMinutes;
  readonly #held: Held;

  private constructor(
    engine: Engine,
    grid: Grid,
    series: Dictionary,
    revisions: Dictionary,
    rollups: Rollups,
    minutes: StoredMinutes,
    held: Held,
  ) {
    this.#engine = engine;
    this.#grid = grid;
    this.#rollups = rollups;
    this.#minutes = minutes;
    this.#series = series;
    this.#revisions = revisions;
    this.#held = held;
  }

  /** `heldBytes`: what may be held in memory of the newest figures. */
  static async open(engine: Engine, grid: Grid, heldBytes: number): Promise<Figures> {
    // Before the roll-ups are: what it finds is to be put together.
    const minutes = await StoredMinutes.open(engine, grid);
    return new Figures(
      engine,
      grid,
      await Dictionary.read(engine, "series"),
      await Dictionary.read(engine, "revisions"),
      await Rollups.open(engine, grid),
      minutes,
      new Held(grid, heldBytes),
    );
  }

  numberOfSeries(id: string): number {
    return this.#series.numberOf(id);
  }

  /** Calls of `append` and of `numberOfSeries` are on disk when the transaction is; then `written` is to be called. */
  async append(rows: MinuteColumns): Promise<() => void> {
    const minutes = eachMinute(rows);
    this.#minutes.take(minutes.at);
    const seriesNumbers = minutes.series.map((id) => this.#series.numberOf(id));
    const revisionNumbers = minutes.revisions.map((revision) => this.#revisions.numberOf(revision));
    const written = [
      await this.#series.append(),
      await this.#revisions.append(),
      await this.#rollups.mark(minutes.at),
    ];
    const series = minutes.seriesOf.map((place) => seriesNumbers[place]!);
    const shares = minutes.mean.map((mean, row) => shareOf(mean, minutes.min[row]!, minutes.max[row]!));
    await this.#engine.append("minutes", {
      series,
      valid_at: minutes.at,
      known_at: minutes.knownAt,
      low: minutes.min,
      high: minutes.max.map((max, row) => (max === minutes.min[row] ? Number.NaN : max)),
      mean_share: shares,
      fresh_seconds: minutes.freshSeconds,
      code: minutes.code,
      revision: minutes.revisionOf.map((place) => revisionNumbers[place]!),
    });
    return () => {
      for (const done of written) done();
      const mean = shares.map((share, row) => meanOf(share, minutes.min[row]!, minutes.max[row]!));
      this.#held.put("minutes", { ...minutes, series, mean });
    };
  }

  /** As `append`, of hours whose minutes nobody has. */
  async appendHours(hours: HourColumns): Promise<() => void> {
    const seriesNumbers = hours.series.map((id) => this.#series.numberOf(id));
    const series = hours.seriesOf.map((place) => seriesNumbers[place]!);
    const written = [await this.#series.append(), await this.#rollups.markDays(hours.at)];
    await this.#engine.append("hours", {
      series,
      valid_at: hours.at,
      known_at: hours.knownAt,
      mean: hours.mean,
      // The mean is all that is known.
      min: hours.mean,
      max: hours.mean,
      fresh_seconds: hours.freshSeconds,
      code: hours.code,
    });
    return () => {
      for (const done of written) done();
      this.#held.put("hours", { ...hours, series, min: hours.mean, max: hours.mean });
    };
  }

  /** Ids by their numbers. */
  get series(): readonly string[] {
    return this.#series.texts;
  }

  seriesOf(indicator: string): readonly string[] {
    return this.series.filter((id) => parseSeriesId(id).indicator === indicator);
  }

  /** The answer, where all of it is held in memory. */
  heldPoints({ series, edges, asOf }: PointsQuery): readonly PointColumns[] | null {
    refuseOddEdges(edges);
    if (asOf !== null) return null;
    const { buckets, places } = this.#bucketsOf(series, edges);
    const stretches =
      places.size > 0 && edges.length > 1 ? this.#grid.stretches(edges, this.#rollups.unknown) : [];
    const sums = Array.from(places, ([number, place]) => [number, buckets[place]!] as const);
    return this.#held.add(stretches, edges, sums) ? buckets.map((one) => one.columns()) : null;
  }

  /** `refuseOver` is told how many sums the engine would have to hand over, and throws where they are too many. */
  async points(
    read: Read,
    { series, edges, asOf }: PointsQuery,
    refuseOver: (sums: number, what: string) => void,
  ): Promise<readonly PointColumns[]> {
    refuseOddEdges(edges);
    const { buckets, places } = this.#bucketsOf(series, edges);
    const bucketsOf = (series: number): Buckets => buckets[places.get(series)!]!;
    const closed = asOf === null ? this.#selectClosed([...places.keys()], edges) : null;
    if (closed !== null) {
      addNewest(wordsOfClosed(await read(closed)), bucketsOf);
    } else if (places.size > 0 && edges.length > 1) {
      const stretches = this.#grid.stretches(edges, await unknownTo(read, edges, asOf));
      const numbers = [...places.keys()];
      const units = stretches.reduce((sum, { fromAt, toAt, unitMs }) => sum + (toAt - fromAt) / unitMs, 0);
      refuseOver(numbers.length * units, `${numbers.length} series in buckets of uneven lengths`);
      const areFew = numbers.length * wordsIn(stretches) <= mostWords;
      const selects: string[] = [];
      for (const stretch of stretches) {
        const source =
          stretch.level === "minutes" ? await this.#minutes.source(read, stretch) : stretch.level;
        const where = whereOf(stretch, numbers, asOf);
        selects.push(areFew ? wordsFrom(source, where) : this.#sumsOf(stretch, source, where));
      }
      const rows = await read(selects.join("\nUNION ALL\n"));
      if (areFew) addNewest(wordsOf(rows), bucketsOf);
      else addSums(rows, bucketsOf);
    }
    return buckets.map((one) => one.columns());
  }

  /** One statement where that answers: a few words, all about minutes of closed days. */
  #selectClosed(series: readonly number[], edges: Float64Array): string | null {
    const [fromAt = 0, toAt = 0] = [edges[0], edges.at(-1)];
    if (series.length === 0 || !(fromAt < toAt)) return null;
    if ((series.length * (toAt - fromAt)) / minuteMs > mostWords) return null;
    // Whatever else is unknown by now, a bucket that is made of minutes stays one.
    const stretches = this.#grid.stretches(edges, this.#rollups.unknown);
    if (stretches.some(({ level }) => level !== "minutes")) return null;
    return this.#minutes.selectClosed({ fromAt, toAt }, series);
  }

  /** Reads into memory what is held of the newest figures, the newest first. Questions may be asked meanwhile. */
  async hold(signal: AbortSignal): Promise<void> {
    for (const level of levels.toReversed()) await this.#hold(level, signal);
  }

  async #hold(level: Level, signal: AbortSignal): Promise<void> {
    const { unitMs, atOnce, pieces } = heldPieces[level];
    let toAt = await this.#engine.ask(signal, async (read) => {
      if (level === "minutes") return this.#minutes.end(read);
      const rows = await read(`SELECT max(valid_at) + ${unitMs} AS end_at FROM ${level}`);
      return rows.numbers("end_at")[0]!;
    });
    // An empty table has no end, or one near 1970.
    if (!(toAt > dayMs)) return this.#held.isWholeFrom(level, null);
    for (let piece = 0; piece < pieces && !signal.aborted; piece++) {
      const fromAt = this.#startOf(level, toAt - atOnce * unitMs);
      this.#held.put(level, await this.#wordsIn(level, { fromAt, toAt }, signal));
      this.#held.isWholeFrom(level, fromAt);
      toAt = fromAt;
    }
  }

  /** Hours or days were put together, or put together again. */
  async #holdAgain(level: "hours" | "days", starts: readonly number[]): Promise<void> {
    const held = starts.filter((at) => this.#held.hasPlaceFor(level, at));
    if (held.length === 0) return;
    const where = `valid_at IN (${held.join(", ")})`;
    const rows = await this.#engine.ask(new AbortController().signal, (read) =>
      read(inOrderOfLearning(wordsFrom(level, where))),
    );
    this.#held.replace(level, held, wordsOf(rows));
  }

  #startOf(level: Level, at: number): number {
    return level === "days" ? this.#grid.startOfDay(at) : at;
  }

  async #wordsIn(level: Level, span: Span, signal: AbortSignal): Promise<HeldWords> {
    const where = `valid_at >= ${span.fromAt} AND valid_at < ${span.toAt}`;
    const rows = await this.#engine.ask(signal, async (read) =>
      read(
        inOrderOfLearning(
          wordsFrom(level === "minutes" ? await this.#minutes.source(read, span) : level, where),
        ),
      ),
    );
    return wordsOf(rows);
  }

  /** All words about the minutes that begin in a span. */
  async minutesIn(read: Read, span: Span): Promise<HeldWords> {
    const where = `valid_at >= ${span.fromAt} AND valid_at < ${span.toAt}`;
    return wordsOf(await read(wordsFrom(await this.#minutes.source(read, span), where)));
  }

  #bucketsOf(
    series: readonly string[],
    edges: Float64Array,
  ): { readonly buckets: readonly Buckets[]; readonly places: ReadonlyMap<number, number> } {
    const places = new Map<number, number>();
    series.forEach((id, place) => {
      const number = this.#series.find(id);
      if (number !== undefined) places.set(number, place);
    });
    return { buckets: series.map((id) => new Buckets(id, edges)), places };
  }

  /** Brings the roll-ups up to date, closes days that are over and forgets minutes that are older than `keptDays`. */
  async maintain(now: number, keptDays: number): Promise<void> {
    await this.#rollups.make(
      now,
      (span) => this.#engine.ask(new AbortController().signal, (read) => this.#minutes.source(read, span)),
      (level, starts) => this.#holdAgain(level, starts),
    );
    await this.#minutes.forget(now - keptDays * dayMs);
    this.#held.forgetMinutes(now - keptDays * dayMs);
    await this.#minutes.close(now, this.#grid);
  }

  /** A row per series and unit of the stretch. */
  #sumsOf({ level, fromAt, unitMs }: Stretch, source: string, where: string): string {
    const { dialect } = this.#engine;
    // Days are of 23 to 25 hours and stand for themselves.
    const start =
      level === "days"
        ? "valid_at"
        : `${fromAt} + ${dialect.quotient(`valid_at - ${fromAt}`, unitMs)} * ${unitMs}`;
    return `
      SELECT
        series,
        start_at,
        sum(mean * fresh) AS weighted,
        min(low) AS lowest,
        max(high) AS highest,
        sum(fresh) AS fresh_sum,
        max(unit_at) AS last_at,
        ${dialect.argMax("last_code", "unit_at")} AS code
      FROM (${newestWords(dialect, source, `${start} AS start_at`, where)}) newest
      GROUP BY series, start_at`;
  }
}

/** Words that a question may have fetched one by one, which is quicker than to have a few of them added up. */
const mostWords = 20_000;

/** Of one series, as long as each unit has one word. */
function wordsIn(stretches: readonly Stretch[]): number {
  return stretches.reduce(
    (sum, { level, fromAt, toAt }) => sum + (toAt - fromAt) / heldPieces[level].unitMs,
    0,
  );
}

function whereOf({ fromAt, toAt }: Stretch, series: readonly number[], asOf: number | null): string {
  const known = asOf === null ? "" : ` AND known_at <= ${asOf}`;
  return `valid_at >= ${fromAt} AND valid_at < ${toAt} AND series IN (${series.join(", ")})${known}`;
}

function wordsFrom(source: string, where: string): string {
  return `SELECT series, valid_at, known_at, mean, min, max, fresh_seconds, code FROM ${source} WHERE ${where}`;
}

function inOrderOfLearning(words: string): string {
  return `${words} ORDER BY known_at`;
}

function wordsOf(rows: Rows): HeldWords {
  return {
    series: rows.numbers("series"),
    at: rows.numbers("valid_at"),
    knownAt: rows.numbers("known_at"),
    mean: rows.numbers("mean"),
    min: rows.numbers("min"),
    max: rows.numbers("max"),
    freshSeconds: rows.numbers("fresh_seconds"),
    code: rows.numbers("code"),
  };
}

/** As `StoredMinutes.selectClosed` has them. */
function wordsOfClosed(rows: Rows): HeldWords {
  const min = rows.numbers("low");
  const max = rows.numbers("high").map((high, row) => (Number.isNaN(high) ? min[row]! : high));
  return {
    series: rows.numbers("series"),
    at: rows.numbers("valid_at"),
    knownAt: rows.numbers("known_at"),
    mean: rows.numbers("mean_share").map((share, row) => meanOf(share, min[row]!, max[row]!)),
    min,
    max,
    freshSeconds: rows.numbers("fresh_seconds"),
    code: rows.numbers("code"),
  };
}

/** Adds up the newest word of each unit. */
function addNewest(words: HeldWords, bucketsOf: (series: number) => Buckets): void {
  const { series, at, knownAt, mean, min, max, freshSeconds, code } = words;
  /** Rows by series and unit. */
  const newest = new Map<number, Map<number, number>>();
  for (let row = 0; row < series.length; row++) {
    let ofSeries = newest.get(series[row]!);
    if (!ofSeries) newest.set(series[row]!, (ofSeries = new Map<number, number>()));
    const known = ofSeries.get(at[row]!);
    if (known === undefined || knownAt[known]! < knownAt[row]!) ofSeries.set(at[row]!, row);
  }
  for (const [number, rows] of newest) {
    const buckets = bucketsOf(number);
    for (const row of rows.values())
      buckets.add(
        buckets.bucketOf(at[row]!),
        at[row]!,
        mean[row]!,
        min[row]!,
        max[row]!,
        freshSeconds[row]!,
        code[row]!,
      );
  }
}

function addSums(rows: Rows, bucketsOf: (series: number) => Buckets): void {
  const seriesOf = rows.numbers("series");
  const sums = new SumColumns(rows);
  for (let row = 0; row < rows.length; row++) bucketsOf(seriesOf[row]!).addSums(sums, row);
}

async function unknownTo(read: Read, edges: Float64Array, asOf: number | null): Promise<Unknown> {
  const span = { fromAt: edges[0]!, toAt: edges.at(-1)! };
  const unknown = await unknownIn(read, span);
  if (asOf === null) return unknown;
  const later = await learntAfter(read, asOf, span);
  return {
    hours: new Set([...unknown.hours, ...later.hours]),
    days: new Set([...unknown.days, ...later.days]),
  };
}

/** As `stored-minutes.ts` reads it. */
function meanOf(share: number, min: number, max: number): number {
  return Number.isNaN(share) ? min : min + share * 1e-3 * (max - min);
}

function shareOf(mean: number, min: number, max: number): number {
  return max === min
    ? Number.NaN
    : Math.min(1000, Math.max(0, Math.round((1000 * (mean - min)) / (max - min))));
}

function refuseOddEdges(edges: Float64Array): void {
  edges.forEach((edge, place) => {
    if (!Number.isSafeInteger(edge / minuteMs)) throw new RangeError(`edge ${edge} is not a whole minute`);
    if (place > 0 && edge <= edges[place - 1]!)
      throw new RangeError(`edge ${edge} does not come after ${edges[place - 1]!}`);
  });
}
