/** What a question about figures is answered with: one series' minutes, hours or days, added up by bucket. */

import type { Rows } from "./engine.ts";
import type { HeldSums } from "./held.ts";
import type { PointColumns } from "./history.ts";

/** In `PointColumns.code`: nothing was recorded. */
export const nothingRecorded = 255;

/** An answer of the engine: a row per series and unit, as `figures.ts` asks for. */
export class SumColumns {
  readonly startAt: Float64Array;
  readonly weighted: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly fresh: Float64Array;
  readonly lastAt: Float64Array;
  readonly lastCode: Float64Array;

  constructor(rows: Rows) {
    this.startAt = rows.numbers("start_at");
    this.weighted = rows.numbers("weighted");
    this.low = rows.numbers("lowest");
    this.high = rows.numbers("highest");
    this.fresh = rows.numbers("fresh_sum");
    this.lastAt = rows.numbers("last_at");
    this.lastCode = rows.numbers("code");
  }
}

/** Sums of one series that come in no order, added up by bucket. */
export class Buckets implements HeldSums {
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

  add(
    bucket: number,
    unitAt: number,
    mean: number,
    min: number,
    max: number,
    freshSeconds: number,
    code: number,
  ): void {
    if (freshSeconds > 0) this.#addFresh(bucket, mean * freshSeconds, min, max, freshSeconds);
    this.#lastWord(bucket, unitAt, code);
  }

  addSums(sums: SumColumns, row: number): void {
    const bucket = this.bucketOf(sums.startAt[row]!);
    this.#addFresh(bucket, sums.weighted[row]!, sums.low[row]!, sums.high[row]!, sums.fresh[row]!);
    this.#lastWord(bucket, sums.lastAt[row]!, sums.lastCode[row]!);
  }

  columns(): PointColumns {
    const mean = this.#weighted;
    for (let bucket = 0; bucket < mean.length; bucket++) {
      const fresh = this.#fresh[bucket]!;
      if (fresh > 0) {
        // Rounding must not make a mean of equal values another value.
        const [min, max] = [this.#min[bucket]!, this.#max[bucket]!];
        mean[bucket] = Math.min(Math.max(mean[bucket]! / fresh, min), max);
      } else {
        mean[bucket] = this.#min[bucket] = this.#max[bucket] = Number.NaN;
      }
    }
    return {
      series: this.#series,
      mean,
      min: this.#min,
      max: this.#max,
      freshSeconds: this.#fresh,
      code: this.#code,
    };
  }

  #addFresh(bucket: number, weighted: number, min: number, max: number, freshSeconds: number): void {
    this.#weighted[bucket]! += weighted;
    this.#fresh[bucket]! += freshSeconds;
    if (min < this.#min[bucket]!) this.#min[bucket] = min;
    if (max > this.#max[bucket]!) this.#max[bucket] = max;
  }

  #lastWord(bucket: number, at: number, code: number): void {
    if (at < this.#lastAt[bucket]!) return;
    this.#lastAt[bucket] = at;
    this.#code[bucket] = code;
  }

  bucketOf(at: number): number {
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
