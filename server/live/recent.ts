/** The last 24 hours of every series, minute by minute, in memory and on disk: for trends and `/api/v1/series`. */

import { appendFile, mkdir, readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Reading } from "../../shared/protocol.ts";
import type { SeriesPoint } from "../../shared/series.ts";
import { codedState, freshCode, notRecorded, stateCode } from "../../shared/state-code.ts";

const minuteMs = 60_000;
/** A day of minutes. */
const kept = 1440;
/** Earlier versions wrote this for every value that is none. */
const formerlyNone = 2;

interface Series {
  readonly values: Float64Array;
  readonly codes: Uint8Array;
  /** The newest minute that was sampled. */
  newest: number;
  /** What was last written to disk, so that only changes are. */
  written: string;
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
  readonly #minutes = new Float64Array(kept).fill(-1);
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
    if (minute < this.#newest) this.#forgetAfter(minute);
    this.#startMinute(minute);
    const changed: Record<string, Word> = {};
    for (const reading of readings) {
      const word = [reading.value, stateCode(reading)] as const;
      noteChange(changed, reading.id, this.#put(reading.id, minute, word), word);
    }
    this.#append({ minute, readings: changed });
    if (minute % 60 === 0) this.#forgetUnsampled(minute - kept);
    return true;
  }

  #forgetAfter(minute: number): void {
    for (const [slot, sampled] of this.#minutes.entries()) if (sampled > minute) this.#minutes[slot] = -1;
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
      const before = (minute - 1) % kept;
      this.#startMinute(minute);
      const changed: Record<string, Word> = {};
      for (const [id, series] of this.#series) {
        const { values, codes } = series;
        const value = (values[minute % kept] = values[before]!);
        const code = (codes[minute % kept] = codes[before]!);
        if (code !== notRecorded) noteChange(changed, id, series, [Number.isNaN(value) ? null : value, code]);
      }
      this.#append({ minute, readings: changed });
    }
  }

  /** Points of a series over [`fromAt`, `toAt`) in buckets of whole minutes. */
  points(id: string, fromAt: number, toAt: number, bucketSeconds: number): SeriesPoint[] {
    const bucketMinutes = Math.max(1, Math.round(bucketSeconds / 60));
    const from = Math.floor(fromAt / minuteMs / bucketMinutes) * bucketMinutes;
    const to = Math.min(Math.ceil(toAt / minuteMs), this.#newest + 1);
    const points: SeriesPoint[] = [];
    const series = this.#series.get(id);
    for (
      let minute = Math.max(from, this.#newest - kept + 1 - ((this.#newest + 1 - from) % bucketMinutes));
      minute < to;
      minute += bucketMinutes
    ) {
      points.push(this.#bucket(series, minute, Math.min(minute + bucketMinutes, to)));
    }
    return points;
  }

  has(id: string): boolean {
    return this.#series.has(id);
  }

  /** Reads back what an earlier run wrote. A torn last line is what a crash leaves; it is passed over. */
  async restore(now: number): Promise<void> {
    const today = Math.floor(now / minuteMs / kept);
    for (const day of [today - 1, today]) {
      // Each day's file begins with all there was: what it does not name is no more.
      const last = new Map<string, Word>();
      for (const line of await this.#linesOf(day)) {
        if (line.minute <= this.#newest || line.minute > now / minuteMs) continue;
        this.#startMinute(line.minute);
        for (const [id, word] of Object.entries(line.readings)) last.set(id, nowWritten(word));
        for (const [id, word] of last) this.#put(id, line.minute, word);
      }
    }
  }

  /** Resolves when everything sampled so far is on disk, or known not to be. */
  flushed(): Promise<void> {
    return this.#writing;
  }

  #startMinute(minute: number): void {
    const isNewDay = Math.floor(minute / kept) !== Math.floor(this.#newest / kept);
    for (const series of this.#series.values()) {
      // Who is not sampled now must not be read from the same minute of yesterday.
      series.codes[minute % kept] = notRecorded;
      // Each day's file can be read without the one before.
      if (isNewDay) series.written = "";
    }
    this.#minutes[minute % kept] = minute;
    this.#newest = minute;
  }

  #put(id: string, minute: number, [value, code]: Word): Series {
    let series = this.#series.get(id);
    if (!series) {
      series = {
        values: new Float64Array(kept).fill(Number.NaN),
        codes: new Uint8Array(kept).fill(notRecorded),
        newest: minute,
        written: "",
      };
      this.#series.set(id, series);
    }
    series.values[minute % kept] = value ?? Number.NaN;
    series.codes[minute % kept] = code;
    series.newest = minute;
    return series;
  }

  #bucket(series: Series | undefined, from: number, to: number): SeriesPoint {
    const [at, seen] = [from * minuteMs, { sum: 0, count: 0, min: Infinity, max: -Infinity }];
    let [lastCode, lastValue] = [notRecorded, Number.NaN];
    for (let minute = from; series && minute < to; minute++) {
      const slot = minute % kept;
      if (this.#minutes[slot] !== minute || series.codes[slot] === notRecorded) continue;
      [lastCode, lastValue] = [series.codes[slot]!, series.values[slot]!];
      if (lastCode !== freshCode) continue;
      seen.sum += lastValue;
      seen.count++;
      seen.min = Math.min(seen.min, lastValue);
      seen.max = Math.max(seen.max, lastValue);
    }
    if (seen.count > 0) {
      const { min, max } = seen;
      return { at, value: seen.sum / seen.count, min, max, state: "fresh", reason: null };
    }
    const value = Number.isNaN(lastValue) ? null : lastValue;
    const last = codedState(lastCode) ?? ({ state: "missing", reason: "not-recorded" } as const);
    return { at, value, min: null, max: null, ...last };
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
        return line === "" ? [] : [JSON.parse(line) as MinuteLine];
      } catch {
        return [];
      }
    });
  }
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
