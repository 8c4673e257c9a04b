/**
 * The last 24 hours of every series, minute by minute, in memory and on disk. A minute begins as a sample and becomes what
 * was measured in it when it is over; where no history runs, and for what it does not hold yet, `/api/v1/series` is this.
 */

import { appendFile, mkdir, readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Reading } from "../../shared/protocol.ts";
import { freshCode, notRecorded, stateCode } from "../../shared/state-code.ts";
import {
  eachRun,
  minuteOf,
  noRuns,
  unrecorded,
  withMinutes,
  type HeldMinute,
  type MinuteRuns,
  type TakeRun,
} from "./minute-runs.ts";

const minuteMs = 60_000;
/** A day of minutes. */
const kept = 1440;
/** Hours that have minutes of a day that begins and ends within one. */
const hoursKept = 25;
/** Earlier versions wrote this for every value that is none. */
const formerlyNone = 2;

interface Series {
  /** A place for each hour of `#hours`. */
  readonly runs: MinuteRuns[];
  /** The newest minute that was sampled. */
  newest: number;
  /** What was last written to disk, so that only changes are. */
  written: string;
}

/** What was measured in minutes, a row for `count` of them from `at` on: the columns of `MinuteColumns` (`server/history`) that are held here. */
export interface MeasuredMinutes {
  readonly series: readonly string[];
  readonly seriesOf: Uint32Array;
  readonly at: Float64Array;
  readonly count: Uint16Array;
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly freshSeconds: Uint8Array;
  readonly code: Uint8Array;
}

/** A question and its answer as of the history (`PointsQuery`, `PointColumns`). */
interface BucketsQuery {
  readonly series: readonly string[];
  readonly edges: Float64Array;
  readonly asOf: number | null;
}

interface BucketColumns {
  readonly series: string;
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly freshSeconds: Float64Array;
  readonly code: Uint8Array;
}

/** A value and the code of its state. */
type Word = readonly [number | null, number];

/** One line on disk: the series that read otherwise than in the line before. */
interface MinuteLine {
  readonly minute: number;
  readonly readings: Readonly<Record<string, Word>>;
}

export class Recent {
  readonly #folder: string;
  readonly #log: Pick<Logger, "warn">;
  readonly #series = new Map<string, Series>();
  /** Which hours (epoch hours) are held; −1: none there. */
  readonly #hours = new Float64Array(hoursKept).fill(-1);
  #newest = -1;
  #writing: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(folder: string, log: Pick<Logger, "warn">) {
    this.#folder = folder;
    this.#log = log;
  }

  /** The newest minute (epoch minutes) that was sampled, −1 before the first. */
  get newestMinute(): number {
    return this.#newest;
  }

  /** Takes a sample when `at` is in another minute than the last one; says whether it did. */
  sample(readings: Iterable<Reading>, at: number): boolean {
    const minute = Math.floor(at / minuteMs);
    if (minute === this.#newest) return false;
    // A clock that was ahead and was set right again goes on from now, instead of waiting for that time to come.
    if (minute < this.#newest) this.#forgetFrom(minute);
    this.#startMinute(minute);
    const changed: Record<string, Word> = {};
    for (const reading of readings) {
      const word = [reading.value, stateCode(reading)] as const;
      noteChange(changed, reading.id, this.#put(reading.id, minute, minute + 1, word), word);
    }
    this.#append({ minute, readings: changed });
    if (minute % 60 === 0) this.#forgetUnsampled(minute - kept);
    return true;
  }

  #forgetFrom(minute: number): void {
    const until = (Math.floor(minute / 60) + 1) * 60;
    for (const series of this.#series.values()) this.#set(series, minute, until, unrecorded);
    for (const [place, hour] of this.#hours.entries()) if (hour * 60 >= until) this.#hours[place] = -1;
  }

  /** Of what was last sampled at `minute` or before, every point has been overwritten. */
  #forgetUnsampled(minute: number): void {
    for (const [id, { newest }] of this.#series) if (newest <= minute) this.#series.delete(id);
  }

  /** Holds the newest sample for the minutes before `at`: for a past that was asked about in longer steps. */
  hold(at: number): void {
    if (this.#newest < 0) return;
    const until = Math.floor(at / minuteMs);
    for (let minute = this.#newest + 1; minute < until; minute++) {
      this.#startMinute(minute);
      const changed: Record<string, Word> = {};
      for (const [id, series] of this.#series) {
        const { mean, freshSeconds, code } = this.#minuteOf(series, minute - 1);
        if (code === notRecorded) continue;
        this.#set(series, minute, minute + 1, { mean, min: mean, max: mean, freshSeconds, code });
        noteChange(changed, id, series, [Number.isNaN(mean) ? null : mean, code]);
      }
      this.#append({ minute, readings: changed });
    }
  }

  /** Takes what was measured in minutes that are over, for those that are still held. */
  put({ series, seriesOf, at, count, mean, min, max, freshSeconds, code }: MeasuredMinutes): void {
    for (const [row, place] of seriesOf.entries()) {
      const first = at[row]! / minuteMs;
      const from = Math.max(first, this.#newest - kept + 1);
      const to = Math.min(first + count[row]!, this.#newest + 1);
      if (from >= to) continue;
      const held = this.#series.get(series[place]!) ?? this.#begin(series[place]!, from);
      const [fresh, state] = [freshSeconds[row]!, code[row]!];
      if (fresh > 0) {
        const value = { mean: mean[row]!, min: min[row]!, max: max[row]! };
        this.#set(held, from, to, { ...value, freshSeconds: fresh, code: state });
        continue;
      }
      // What was sampled is the last that was known.
      for (let minute = from; minute < to; minute++)
        this.#set(held, minute, minute + 1, {
          ...this.#minuteOf(held, minute),
          freshSeconds: 0,
          code: state,
        });
    }
  }

  /** What the history answers to the same question; of what is later than `asOf`, minutes are known when they are over. */
  points({ series, edges, asOf }: BucketsQuery): BucketColumns[] {
    const knownTo = asOf === null ? Number.POSITIVE_INFINITY : Math.floor(asOf / minuteMs);
    return series.map((id) => this.#pointsOf(id, edges, knownTo));
  }

  has(id: string): boolean {
    return this.#series.has(id);
  }

  /** Reads back what an earlier run wrote. A torn last line is what a crash leaves; it is passed over. */
  async restore(now: number): Promise<void> {
    const today = Math.floor(now / minuteMs / kept);
    for (const day of [today - 1, today]) {
      // Each day's file begins with all there was: what it does not name is no more.
      const last = new Map<string, { readonly word: Word; readonly from: number }>();
      for (const line of await this.#linesOf(day)) {
        if (line.minute <= this.#newest || line.minute > now / minuteMs) continue;
        const reached = this.#newest + 1;
        // Of minutes that have no line, nothing is known.
        if (line.minute > reached)
          for (const [id, { word, from }] of last) {
            this.#put(id, from, reached, word);
            last.set(id, { word, from: line.minute });
          }
        this.#startMinute(line.minute);
        for (const [id, word] of Object.entries(line.readings)) {
          const before = last.get(id);
          if (before) this.#put(id, before.from, line.minute, before.word);
          last.set(id, { word: nowWritten(word), from: line.minute });
        }
      }
      for (const [id, { word, from }] of last) this.#put(id, from, this.#newest + 1, word);
    }
  }

  /** Resolves when everything sampled so far is on disk, or known not to be. */
  flushed(): Promise<void> {
    return this.#writing;
  }

  #startMinute(minute: number): void {
    // Each day's file can be read without the one before.
    if (Math.floor(minute / kept) !== Math.floor(this.#newest / kept))
      for (const series of this.#series.values()) series.written = "";
    this.#beginHour(Math.floor(minute / 60));
    this.#newest = minute;
  }

  /** Makes place for an hour where one of a day ago was. */
  #beginHour(hour: number): void {
    const place = hour % hoursKept;
    if (this.#hours[place] === hour) return;
    for (const series of this.#series.values()) series.runs[place] = noRuns;
    this.#hours[place] = hour;
  }

  /** Minutes [`from`, `to`), as far as they are held, were as one sample says. */
  #put(id: string, from: number, to: number, [value, code]: Word): Series {
    const series = this.#series.get(id) ?? this.#begin(id, from);
    const mean = value ?? Number.NaN;
    const freshSeconds = code === freshCode ? 60 : 0;
    const first = Math.max(from, this.#newest - kept + 1);
    this.#set(series, first, to, { mean, min: mean, max: mean, freshSeconds, code });
    series.newest = to - 1;
    return series;
  }

  #begin(id: string, minute: number): Series {
    const series = { runs: Array.from({ length: hoursKept }, () => noRuns), newest: minute, written: "" };
    this.#series.set(id, series);
    return series;
  }

  #set({ runs }: Series, from: number, to: number, held: HeldMinute): void {
    for (const [hour, first, end] of hoursOf(from, to)) {
      this.#beginHour(hour);
      runs[hour % hoursKept] = withMinutes(runs[hour % hoursKept]!, first, end, held);
    }
  }

  #minuteOf({ runs }: Series, minute: number): HeldMinute {
    const hour = Math.floor(minute / 60);
    return this.#hours[hour % hoursKept] === hour
      ? minuteOf(runs[hour % hoursKept]!, minute % 60)
      : unrecorded;
  }

  #pointsOf(id: string, edges: Float64Array, knownTo: number): BucketColumns {
    const points = emptyPoints(id, Math.max(0, edges.length - 1));
    const series = this.#series.get(id);
    if (!series) return points;
    for (let bucket = 0; bucket < points.mean.length; bucket++) {
      const from = Math.max(edges[bucket]! / minuteMs, this.#newest - kept + 1);
      const to = Math.min(edges[bucket + 1]! / minuteMs, this.#newest + 1, knownTo);
      this.#addUp(series, from, to, points, bucket);
    }
    return points;
  }

  #addUp({ runs }: Series, from: number, to: number, points: BucketColumns, bucket: number): void {
    let [weighted, fresh, least, greatest] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const add: TakeRun = ({ mean, min, max, freshSeconds, code }, start, end) => {
      points.code[bucket] = code;
      if (freshSeconds === 0) return;
      weighted += mean * freshSeconds * (end - start);
      fresh += freshSeconds * (end - start);
      least = Math.min(least, min);
      greatest = Math.max(greatest, max);
    };
    for (const [hour, first, end] of hoursOf(from, to))
      if (this.#hours[hour % hoursKept] === hour) eachRun(runs[hour % hoursKept]!, first, end, add);
    if (fresh === 0) return;
    points.mean[bucket] = weighted / fresh;
    points.min[bucket] = least;
    points.max[bucket] = greatest;
    points.freshSeconds[bucket] = fresh;
  }

  #fileOf(day: number): string {
    return join(this.#folder, `${day}.ndjson`);
  }

  #append(line: MinuteLine): void {
    const day = Math.floor(line.minute / kept);
    this.#writing = this.#writing
      .then(async () => {
        await mkdir(this.#folder, { recursive: true });
        await appendFile(this.#fileOf(day), `${JSON.stringify(line)}\n`);
        if (line.minute % 60 === 0) await this.#forgetBefore(day - 1);
        this.#failed = false;
      })
      .catch((error: unknown) => {
        // Said once per outage: the disk being full must not fill the log too.
        if (!this.#failed) this.#log.warn({ event: "recent-not-written", error: String(error) });
        this.#failed = true;
      });
  }

  async #forgetBefore(day: number): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      if (Number.parseInt(name, 10) < day) await unlink(join(this.#folder, name));
    }
  }

  async #linesOf(day: number): Promise<MinuteLine[]> {
    const text = await readFile(this.#fileOf(day), "utf8").catch(() => "");
    return text.split("\n").flatMap((line) => {
      try {
        if (line === "") return [];
        const read = JSON.parse(line) as Partial<MinuteLine> | null;
        return Number.isInteger(read?.minute) && read?.readings ? [read as MinuteLine] : [];
      } catch {
        return [];
      }
    });
  }
}

/** The hours of minutes [`from`, `to`), each with the minutes of it that are meant: from the first to before the last. */
function* hoursOf(from: number, to: number): Generator<[hour: number, first: number, end: number]> {
  for (let minute = from; minute < to;) {
    const hour = Math.floor(minute / 60);
    const end = Math.min(to, (hour + 1) * 60);
    yield [hour, minute - hour * 60, end - hour * 60];
    minute = end;
  }
}

function emptyPoints(series: string, length: number): BucketColumns {
  const unknown = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  return {
    series,
    mean: unknown(),
    min: unknown(),
    max: unknown(),
    freshSeconds: new Float64Array(length),
    code: new Uint8Array(length).fill(notRecorded),
  };
}

/** Puts what a series says into `changed` when that is not what was last written of it. */
function noteChange(changed: Record<string, Word>, id: string, series: Series, word: Word): void {
  const written = word.join(" ");
  if (series.written === written) return;
  series.written = written;
  changed[id] = word;
}

/** A word as this version writes it: a state that is none says why. */
function nowWritten([value, code]: Word): Word {
  const isFormer = value === null && code === formerlyNone;
  return isFormer ? [null, stateCode({ state: "none", reason: "no-data" })] : [value, code];
}
