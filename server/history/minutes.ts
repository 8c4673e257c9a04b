/** Figures as they change become one row per series and minute, or for several minutes that were alike. */

import { parseSeriesId, type IndicatorDefinition } from "../../shared/city.ts";
import type { Reading } from "../../shared/protocol.ts";
import { stateCode, type MinuteColumns } from "./history.ts";
import { Places } from "./places.ts";

const minuteMs = 60_000;

/** One series in the minute that runs. Milliseconds and instants of city time. */
interface Gauge {
  readonly id: string;
  revision: string;
  /** NaN unless fresh. */
  value: number;
  code: number;
  /** Up to when the value is added up below. */
  addedTo: number;
  /** Value × milliseconds, and the milliseconds, over which it was fresh. */
  sum: number;
  freshMs: number;
  min: number;
  max: number;
  /** Whether the city still has the series. One that it has no more is told of once, for the minute of its end. */
  isHad: boolean;
}

export class Minutes {
  readonly #gauges = new Map<string, Gauge>();
  #revisions: ReadonlyMap<string, string> = new Map();
  #rows = new MinuteRows();
  /** Of the newest tick, and the start of its minute; −1 before the first. */
  #at = -1;
  #minute = -1;
  /** No row is known before the ones that were there already, whatever the clock does: the newest word stands. */
  #knownAt = 0;

  get rowCount(): number {
    return this.#rows.count;
  }

  /** Another epoch's figures from now on: nobody has the ones before until they are read again. */
  begin(indicators: readonly IndicatorDefinition[]): void {
    this.#revisions = new Map(indicators.map(({ id, revision }) => [id, revision]));
    for (const gauge of this.#gauges.values()) {
      add(gauge, this.#at);
      gauge.value = Number.NaN;
      gauge.isHad = false;
    }
  }

  /**
   * Takes in what changed at `at`; `has` says whether the city still has a series. What did not change goes on, unless
   * more than `longestStepMs` have passed since the tick before: then nobody looked, and nothing is known in between.
   */
  take(
    readings: readonly Reading[],
    at: number,
    has: (series: string) => boolean,
    longestStepMs: number,
  ): void {
    this.#goTo(at, has, longestStepMs);
    for (const reading of readings) this.#read(reading, at);
    this.#at = at;
  }

  /** Ends the minute that runs where it is: the last word before a stop. */
  end(has: (series: string) => boolean): void {
    this.#close(this.#at, has);
  }

  /** The rows of the minutes that ended since the last call. */
  drain(): MinuteColumns {
    const rows = this.#rows;
    this.#rows = new MinuteRows();
    return rows.columns();
  }

  /** Ends the minutes that are over at `at`; nothing changed in those after the first. Of a clock that was set back, the minute that ran ends where it is. */
  #goTo(at: number, has: (series: string) => boolean, longestStepMs: number): void {
    const minute = Math.floor(at / minuteMs) * minuteMs;
    if (this.#minute < 0) this.#minute = minute;
    this.#knownAt = Math.max(at, this.#knownAt + 1);
    if (at < this.#at || (this.#at >= 0 && at - this.#at > longestStepMs)) {
      this.#close(this.#at, has);
      this.#minute = minute;
      for (const gauge of this.#gauges.values()) gauge.addedTo = at;
    }
    if (this.#minute < minute)
      this.#close(this.#minute + minuteMs, has, (minute - this.#minute) / minuteMs - 1);
    this.#minute = minute;
  }

  #read(reading: Reading, at: number): void {
    const { id, value, state } = reading;
    let gauge = this.#gauges.get(id);
    const revision = this.#revisions.get(parseSeriesId(id).indicator) ?? "";
    // What is measured otherwise than before cannot be added to it.
    if (gauge?.revision !== revision) this.#gauges.set(id, (gauge = gaugeOf(id, revision, at)));
    add(gauge, at);
    gauge.value = state === "fresh" ? value! : Number.NaN;
    gauge.code = stateCode(reading);
    gauge.isHad = true;
  }

  /**
   * Rows for every series of the minute that runs, which is known up to `endAt`, and of so many whole ones after it in
   * which nothing changed.
   */
  #close(endAt: number, has: (series: string) => boolean, after = 0): void {
    for (const gauge of this.#gauges.values()) {
      if (gauge.isHad && !has(gauge.id)) gauge.isHad = false;
      add(gauge, endAt);
      if (!gauge.isHad) this.#gauges.delete(gauge.id);
      const more = gauge.isHad ? after : 0;
      const isSteady = wasSteady(gauge);
      if (endAt > this.#minute) this.#rows.push(gauge, this.#minute, isSteady ? 1 + more : 1, this.#knownAt);
      if (more > 0 && !isSteady) {
        beginMinute(gauge, endAt);
        add(gauge, endAt + minuteMs);
        this.#rows.push(gauge, endAt, more, this.#knownAt);
      }
      beginMinute(gauge, endAt + more * minuteMs);
    }
  }
}

function beginMinute(gauge: Gauge, from: number): void {
  gauge.addedTo = from;
  gauge.sum = 0;
  gauge.freshMs = 0;
  gauge.min = Number.POSITIVE_INFINITY;
  gauge.max = Number.NEGATIVE_INFINITY;
}

/** Whether the whole minute was as its end is. */
function wasSteady({ value, freshMs, min, max }: Gauge): boolean {
  return Number.isNaN(value) ? freshMs === 0 : freshMs === minuteMs && min === max;
}

function gaugeOf(id: string, revision: string, at: number): Gauge {
  const none = {
    addedTo: at,
    sum: 0,
    freshMs: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
  };
  return { ...none, id, revision, value: 0, code: 0, isHad: true };
}

/** Adds the value for the time up to `until`. */
function add(gauge: Gauge, until: number): void {
  const ms = until - gauge.addedTo;
  gauge.addedTo = until;
  if (!(ms > 0) || Number.isNaN(gauge.value)) return;
  gauge.sum += gauge.value * ms;
  gauge.freshMs += ms;
  gauge.min = Math.min(gauge.min, gauge.value);
  gauge.max = Math.max(gauge.max, gauge.value);
}

/** Grows by rows; becomes columns at once. */
class MinuteRows {
  readonly #series = new Places();
  readonly #revisions = new Places();
  readonly #seriesOf: number[] = [];
  readonly #revisionOf: number[] = [];
  readonly #at: number[] = [];
  readonly #count: number[] = [];
  readonly #knownAt: number[] = [];
  readonly #mean: number[] = [];
  readonly #min: number[] = [];
  readonly #max: number[] = [];
  readonly #freshSeconds: number[] = [];
  readonly #code: number[] = [];

  get count(): number {
    return this.#at.length;
  }

  push(
    { id, revision, sum, freshMs, min, max, code }: Gauge,
    at: number,
    count: number,
    knownAt: number,
  ): void {
    const isFresh = freshMs > 0;
    this.#seriesOf.push(this.#series.of(id));
    this.#revisionOf.push(this.#revisions.of(revision));
    this.#at.push(at);
    this.#count.push(count);
    this.#knownAt.push(knownAt);
    // Rounding must not make a mean of equal values another value.
    this.#mean.push(isFresh ? Math.min(Math.max(sum / freshMs, min), max) : Number.NaN);
    this.#min.push(isFresh ? min : Number.NaN);
    this.#max.push(isFresh ? max : Number.NaN);
    this.#freshSeconds.push(isFresh ? Math.min(Math.max(Math.round(freshMs / 1000), 1), 60) : 0);
    this.#code.push(code);
  }

  columns(): MinuteColumns {
    return {
      series: this.#series.all,
      seriesOf: Uint32Array.from(this.#seriesOf),
      at: Float64Array.from(this.#at),
      count: Uint16Array.from(this.#count),
      knownAt: Float64Array.from(this.#knownAt),
      mean: Float64Array.from(this.#mean),
      min: Float64Array.from(this.#min),
      max: Float64Array.from(this.#max),
      freshSeconds: Uint8Array.from(this.#freshSeconds),
      code: Uint8Array.from(this.#code),
      revisions: this.#revisions.all,
      revisionOf: Uint32Array.from(this.#revisionOf),
    };
  }
}
