/**
 * An hour of one series as runs of minutes that are alike: where nothing moves, that is one. A run is two or four numbers of a
 * plain array: its heading, its mean, and its least and greatest where they are not the mean.
 */

import { notRecorded } from "../../shared/state-code.ts";

/** What is held of a minute; NaN where no value is known. */
export interface HeldMinute {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** 0 to 60. */
  readonly freshSeconds: number;
  /** A place in `stateCodes`, or `notRecorded`. */
  readonly code: number;
}

/** From minute 0 of the hour on; minutes after the last run are not recorded. */
export type MinuteRuns = readonly number[];

/** Minutes [`from`, `to`) of an hour are alike. */
export type TakeRun = (minute: HeldMinute, from: number, to: number) => void;

export const noRuns: MinuteRuns = [];

/** What is held of a minute that was not recorded. */
export const unrecorded: HeldMinute = {
  mean: Number.NaN,
  min: Number.NaN,
  max: Number.NaN,
  freshSeconds: 0,
  code: notRecorded,
};

/** A heading is ((count · 64 + freshSeconds) · 256 + code) · 2 + (1 where there is a spread). */
const countUnit = 2 ** 15;
const freshUnit = 2 ** 9;
const codeUnit = 2;

/** Calls `take` with the runs of minutes [`from`, `to`), those that were not recorded left out. */
export function eachRun(runs: MinuteRuns, from: number, to: number, take: TakeRun): void {
  eachOf(runs, from, to, (minute, start, end) => {
    if (minute.code !== notRecorded) take(minute, start, end);
  });
}

export function minuteOf(runs: MinuteRuns, minute: number): HeldMinute {
  let found = unrecorded;
  eachOf(runs, minute, minute + 1, (held) => (found = held));
  return found;
}

/** `runs` with minutes [`from`, `to`) as `minute` says. */
export function withMinutes(runs: MinuteRuns, from: number, to: number, minute: HeldMinute): MinuteRuns {
  const next = new RunList(runs, from);
  const copy: TakeRun = (held, start, end) => next.add(held, end - start);
  eachOf(runs, next.length, from, copy);
  next.add(unrecorded, from - next.length);
  next.add(minute, to - from);
  eachOf(runs, to, Number.POSITIVE_INFINITY, copy);
  return next.runs;
}

function eachOf(runs: MinuteRuns, from: number, to: number, take: TakeRun): void {
  let start = 0;
  for (let place = 0; place < runs.length && start < to; place = placeAfter(runs, place)) {
    const end = start + countAt(runs, place);
    if (end > from) take(minuteAt(runs, place), Math.max(start, from), Math.min(end, to));
    start = end;
  }
}

function countAt(runs: MinuteRuns, place: number): number {
  return Math.floor(runs[place]! / countUnit);
}

function placeAfter(runs: MinuteRuns, place: number): number {
  return place + (hasSpread(runs[place]!) ? 4 : 2);
}

function hasSpread(heading: number): boolean {
  return heading % codeUnit === 1;
}

function minuteAt(runs: MinuteRuns, place: number): HeldMinute {
  const [heading, mean] = [runs[place]!, runs[place + 1]!];
  const isSpread = hasSpread(heading);
  return {
    mean,
    min: isSpread ? runs[place + 2]! : mean,
    max: isSpread ? runs[place + 3]! : mean,
    freshSeconds: Math.floor((heading % countUnit) / freshUnit),
    code: Math.floor((heading % freshUnit) / codeUnit),
  };
}

/** Runs in the making; neighbours that are alike become one. */
class RunList {
  readonly #numbers: number[];
  /** The last one's place. */
  #last = -1;
  /** Minutes. */
  length = 0;

  /** Begins with those of `runs` that end by minute `until`. */
  constructor(runs: MinuteRuns, until: number) {
    let place = 0;
    while (place < runs.length && this.length + countAt(runs, place) <= until) {
      this.length += countAt(runs, place);
      this.#last = place;
      place = placeAfter(runs, place);
    }
    this.#numbers = runs.slice(0, place);
  }

  /** Of their own length: the room in which an array may grow would be more than most hours. */
  get runs(): MinuteRuns {
    return this.#numbers.slice();
  }

  add(minute: HeldMinute, count: number): void {
    if (count <= 0) return;
    this.length += count;
    if (this.#last >= 0 && isAlike(minuteAt(this.#numbers, this.#last), minute)) {
      this.#numbers[this.#last]! += count * countUnit;
      return;
    }
    const { mean, min, max, freshSeconds, code } = minute;
    const isSpread = !Object.is(min, mean) || !Object.is(max, mean);
    this.#last = this.#numbers.length;
    this.#numbers.push(
      count * countUnit + freshSeconds * freshUnit + code * codeUnit + Number(isSpread),
      mean,
      ...(isSpread ? [min, max] : []),
    );
  }
}

function isAlike(a: HeldMinute, b: HeldMinute): boolean {
  return (
    a.code === b.code &&
    a.freshSeconds === b.freshSeconds &&
    Object.is(a.mean, b.mean) &&
    Object.is(a.min, b.min) &&
    Object.is(a.max, b.max)
  );
}
