/**
 * Where the hours and days of roll-ups begin, and which of them answer a question: each stretch between two edges is told
 * by the longest that fit in it.
 */

import { startOfDay, startOfNextDay, zoneOffsetMs } from "../../shared/city-time.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Where the borders of hours are asked for: a zone that is half an hour off is so all year, Lord Howe Island apart. */
const gridAskedAt = Date.UTC(2026, 0, 1);

/** Stretches that one question is made of; with more of them it asks for shorter ones and takes them in one go. */
const mostStretches = 40;

export const levels = ["minutes", "hours", "days"] as const;
export type Level = (typeof levels)[number];

/** Rows of a roll-up from `fromAt` to `toAt`. No edge lies within one of the units that they are summed in. */
export interface Stretch {
  readonly level: Level;
  readonly fromAt: number;
  readonly toAt: number;
  readonly unitMs: number;
}

/** Hours and days that a roll-up does not know, or knows wrongly by now. */
export interface Unknown {
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
}

export class Grid {
  readonly zone: string;
  /** How far the borders of the city's hours are from those of UTC. */
  readonly hourOffsetMs: number;
  /** Starts of days and of the days after them. */
  readonly #nextDays = new Map<number, number>();
  readonly #dayNumbers = new Map<number, number>();

  constructor(zone: string) {
    this.zone = zone;
    this.hourOffsetMs = (hourMs - (zoneOffsetMs(gridAskedAt, zone) % hourMs)) % hourMs;
  }

  startOfHour(at: number): number {
    return at - ((((at - this.hourOffsetMs) % hourMs) + hourMs) % hourMs);
  }

  startOfDay(at: number): number {
    return startOfDay(at, this.zone);
  }

  startOfNextDay(day: number): number {
    let next = this.#nextDays.get(day);
    if (next === undefined) {
      next = startOfNextDay(day, this.zone);
      this.#nextDays.set(day, next);
    }
    return next;
  }

  /** The number of the minute, hour or day that begins at `at`, one more than that of the one before it. */
  numberOf(level: Level, at: number): number {
    if (level === "minutes") return at / minuteMs;
    if (level === "hours") return (at - this.hourOffsetMs) / hourMs;
    let number = this.#dayNumbers.get(at);
    if (number === undefined) {
      // Of its date: a day may begin at one o'clock, where the clock skips midnight.
      number = Math.floor((at + zoneOffsetMs(at, this.zone)) / dayMs);
      this.#dayNumbers.set(at, number);
    }
    return number;
  }

  /** Starts of the units of a stretch, `most` of them at most. */
  startsOf({ level, fromAt, toAt }: Stretch, most: number): Float64Array {
    if (level !== "days") {
      const unitMs = level === "hours" ? hourMs : minuteMs;
      const length = Math.max(0, Math.min(Math.round((toAt - fromAt) / unitMs), most));
      return Float64Array.from({ length }, (_, i) => fromAt + i * unitMs);
    }
    const at: number[] = [];
    for (let day = fromAt; day < toAt && at.length < most; day = this.startOfNextDay(day)) at.push(day);
    return Float64Array.from(at);
  }

  /** Whether days are whole hours of this grid from `fromAt` to `toAt`. */
  hasWholeHours(fromAt: number, toAt: number): boolean {
    return this.startOfHour(fromAt) === fromAt && this.startOfHour(toAt) === toAt;
  }

  /** The stretches that make up the buckets between ascending edges. */
  stretches(edges: Float64Array, unknown: Unknown): Stretch[] {
    for (const level of levels.toReversed()) {
      const found = this.#cut(edges, unknown, level);
      if (found.length <= mostStretches || level === "minutes") return found;
    }
    return [];
  }

  #cut(edges: Float64Array, unknown: Unknown, longest: Level): Stretch[] {
    const stretches = new Stretches();
    let day = longest === "days" ? this.startOfDay(edges[0]!) : Number.POSITIVE_INFINITY;
    for (let bucket = 0; bucket + 1 < edges.length; bucket++) {
      const end = edges[bucket + 1]!;
      let at = edges[bucket]!;
      stretches.edge(at);
      while (at < end) {
        while (day < at) day = this.startOfNextDay(day);
        const nextHour = this.startOfHour(at) + hourMs;
        if (day === at && !unknown.days.has(day) && this.startOfNextDay(day) <= end) {
          at = stretches.add("days", at, this.startOfNextDay(day));
        } else if (
          longest !== "minutes" &&
          nextHour - at === hourMs &&
          nextHour <= end &&
          !unknown.hours.has(at)
        ) {
          at = stretches.add("hours", at, nextHour);
        } else {
          at = stretches.add("minutes", at, longest === "minutes" ? end : Math.min(nextHour, end));
        }
      }
    }
    return stretches.list();
  }
}

/** Joins what follows on one another. */
class Stretches {
  readonly #all: { level: Level; fromAt: number; toAt: number; unitMs: number }[] = [];

  /** A bucket begins: no unit may lie across it. */
  edge(at: number): void {
    const last = this.#all.at(-1);
    if (last) last.unitMs = greatestCommonDivisor(last.unitMs, at - last.fromAt);
  }

  /** Returns where it ends. */
  add(level: Level, fromAt: number, toAt: number): number {
    const last = this.#all.at(-1);
    if (last?.level === level) last.toAt = toAt;
    else this.#all.push({ level, fromAt, toAt, unitMs: 0 });
    return toAt;
  }

  list(): Stretch[] {
    return this.#all.map((stretch) => ({
      ...stretch,
      unitMs: greatestCommonDivisor(stretch.unitMs, stretch.toAt - stretch.fromAt),
    }));
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
