/** The indicators' values: a row per series and minute, and one more for each later word about the same minute. */

import { parseSeriesId } from "../../shared/city.ts";
import { Dictionary } from "./dictionary.ts";
import type { ColumnTypes, Engine, Read, Rows } from "./engine.ts";
import type { MinuteColumns, PointColumns, PointsQuery } from "./history.ts";

const minuteMs = 60_000;

export const figureTables: Readonly<Record<string, ColumnTypes>> = {
  series: { number: "u32", text: "text" },
  revisions: { number: "u16", text: "text" },
  minutes: {
    series: "u32",
    valid_at: "at",
    known_at: "at",
    /** NULL where no second was fresh. */
    mean: "number",
    /** NULL where it is the mean, which it mostly is, and so is `max`. */
    min: "number",
    max: "number",
    fresh_seconds: "u8",
    code: "u8",
    revision: "u16",
  },
};

/** In `PointColumns.code`: nothing was recorded. */
export const nothingRecorded = 255;

export class Figures {
  readonly #engine: Engine;
  readonly #series: Dictionary;
  readonly #revisions: Dictionary;

  private constructor(engine: Engine, series: Dictionary, revisions: Dictionary) {
    this.#engine = engine;
    this.#series = series;
    this.#revisions = revisions;
  }

  static async open(engine: Engine): Promise<Figures> {
    return new Figures(
      engine,
      await Dictionary.read(engine, "series"),
      await Dictionary.read(engine, "revisions"),
    );
  }

  numberOfSeries(id: string): number {
    return this.#series.numberOf(id);
  }

  /** Calls of `append` and of `numberOfSeries` are on disk when the transaction is; then `written` is to be called. */
  async append(minutes: MinuteColumns): Promise<() => void> {
    const seriesNumbers = minutes.series.map((id) => this.#series.numberOf(id));
    const revisionNumbers = minutes.revisions.map((revision) => this.#revisions.numberOf(revision));
    const { mean } = minutes;
    const unlessMean = (bound: Float64Array): Float64Array =>
      bound.map((value, row) => (value === mean[row] ? Number.NaN : value));
    const written = [await this.#series.append(), await this.#revisions.append()];
    await this.#engine.append("minutes", {
      series: minutes.seriesOf.map((place) => seriesNumbers[place]!),
      valid_at: minutes.at,
      known_at: minutes.knownAt,
      mean,
      min: unlessMean(minutes.min),
      max: unlessMean(minutes.max),
      fresh_seconds: minutes.freshSeconds,
      code: minutes.code,
      revision: minutes.revisionOf.map((place) => revisionNumbers[place]!),
    });
    return () => {
      for (const done of written) done();
    };
  }

  /** Ids by their numbers. */
  get series(): readonly string[] {
    return this.#series.texts;
  }

  seriesOf(indicator: string): readonly string[] {
    return this.series.filter((id) => parseSeriesId(id).indicator === indicator);
  }

  async points(read: Read, { series, edges, asOf }: PointsQuery): Promise<readonly PointColumns[]> {
    refuseOddEdges(edges);
    const buckets = series.map((id) => new Buckets(id, edges));
    const places = new Map(
      series.flatMap((id, place) => {
        const number = this.#series.find(id);
        return number === undefined ? [] : [[number, place] as const];
      }),
    );
    if (places.size > 0 && edges.length > 1) {
      const rows = await read(this.#sumsOfMinutes([...places.keys()], edges, asOf));
      const seriesOf = rows.numbers("series");
      const sums = new SumColumns(rows);
      for (let row = 0; row < rows.length; row++) buckets[places.get(seriesOf[row]!)!]!.add(sums, row);
    }
    return buckets.map((one) => one.columns());
  }

  /** A row per series and unit: the longest stretch of time that every edge lies on the borders of. */
  #sumsOfMinutes(series: readonly number[], edges: Float64Array, asOf: number | null): string {
    const from = edges[0]!;
    const unit = edges.reduce((common, edge) => greatestCommonDivisor(common, edge - from), 0);
    const known = asOf === null ? "" : `AND known_at <= ${asOf}`;
    const newest = (value: string): string => this.#engine.dialect.argMax(value, "known_at");
    return `
      SELECT
        series,
        ${from} + ${this.#engine.dialect.quotient(`valid_at - ${from}`, unit)} * ${unit} AS unit_at,
        sum(mean * fresh_seconds) AS weighted,
        min(low) AS low,
        max(high) AS high,
        sum(fresh_seconds) AS fresh,
        max(valid_at) AS last_at,
        ${this.#engine.dialect.argMax("code", "valid_at")} AS last_code
      FROM (
        SELECT
          series,
          valid_at,
          ${newest("coalesce(mean, 0)")} AS mean,
          ${newest("coalesce(min, mean, 1e999)")} AS low,
          ${newest("coalesce(max, mean, -1e999)")} AS high,
          ${newest("fresh_seconds")} AS fresh_seconds,
          ${newest("code")} AS code
        FROM minutes
        WHERE valid_at >= ${from} AND valid_at < ${edges.at(-1)!} AND series IN (${series.join(", ")}) ${known}
        GROUP BY series, valid_at
      ) newest
      GROUP BY series, unit_at`;
  }
}

class SumColumns {
  readonly unitAt: Float64Array;
  readonly weighted: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly fresh: Float64Array;
  readonly lastAt: Float64Array;
  readonly lastCode: Float64Array;

  constructor(rows: Rows) {
    this.unitAt = rows.numbers("unit_at");
    this.weighted = rows.numbers("weighted");
    this.low = rows.numbers("low");
    this.high = rows.numbers("high");
    this.fresh = rows.numbers("fresh");
    this.lastAt = rows.numbers("last_at");
    this.lastCode = rows.numbers("last_code");
  }
}

/** Sums of one series that come in no order, added up by bucket. */
class Buckets {
  readonly #series: string;
  readonly #edges: Float64Array;
  readonly #weighted: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #fresh: Float64Array;
  readonly #lastAt: Float64Array;
  readonly #code: Uint8Array;

  constructor(series: string, edges: Float64Array) {
    const length = Math.max(0, edges.length - 1);
    this.#series = series;
    this.#edges = edges;
    this.#weighted = new Float64Array(length);
    this.#min = new Float64Array(length).fill(Number.POSITIVE_INFINITY);
    this.#max = new Float64Array(length).fill(Number.NEGATIVE_INFINITY);
    this.#fresh = new Float64Array(length);
    this.#lastAt = new Float64Array(length).fill(Number.NEGATIVE_INFINITY);
    this.#code = new Uint8Array(length).fill(nothingRecorded);
  }

  add(sums: SumColumns, row: number): void {
    const bucket = this.#bucketOf(sums.unitAt[row]!);
    this.#weighted[bucket]! += sums.weighted[row]!;
    this.#fresh[bucket]! += sums.fresh[row]!;
    this.#min[bucket] = Math.min(this.#min[bucket]!, sums.low[row]!);
    this.#max[bucket] = Math.max(this.#max[bucket]!, sums.high[row]!);
    if (sums.lastAt[row]! < this.#lastAt[bucket]!) return;
    this.#lastAt[bucket] = sums.lastAt[row]!;
    this.#code[bucket] = sums.lastCode[row]!;
  }

  columns(): PointColumns {
    const whereFresh = (values: Float64Array): Float64Array =>
      values.map((value, bucket) => (this.#fresh[bucket] === 0 ? Number.NaN : value));
    return {
      series: this.#series,
      mean: whereFresh(this.#weighted.map((sum, bucket) => sum / this.#fresh[bucket]!)),
      min: whereFresh(this.#min),
      max: whereFresh(this.#max),
      freshSeconds: this.#fresh,
      code: this.#code,
    };
  }

  #bucketOf(at: number): number {
    let from = 0;
    let to = this.#edges.length - 1;
    while (to - from > 1) {
      const middle = (from + to) >>> 1;
      if (this.#edges[middle]! <= at) from = middle;
      else to = middle;
    }
    return from;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

function refuseOddEdges(edges: Float64Array): void {
  edges.forEach((edge, place) => {
    if (!Number.isSafeInteger(edge / minuteMs)) throw new RangeError(`edge ${edge} is not a whole minute`);
    if (place > 0 && edge <= edges[place - 1]!)
      throw new RangeError(`edge ${edge} does not come after ${edges[place - 1]!}`);
  });
}
