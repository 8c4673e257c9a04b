/** When a recording plays: which shift makes its window cover the city's now, hour and weekday staying true. */

import { addLocalWeeks } from "../../shared/city-time.ts";

const weekMs = 7 * 24 * 3_600_000;

/** A recorded span in epoch milliseconds; the end is exclusive. */
export interface RecordedSpan {
  readonly fromAt: number;
  readonly toAt: number;
  /** Starts again when it ends. */
  readonly loop: boolean;
}

/** Where a recording stands at one city instant. All instants are city time. */
export interface ReplayWindow {
  /** Recorded instant + `shiftMs` = city time. */
  readonly shiftMs: number;
  readonly fromAt: number;
  readonly toAt: number;
  /** Whether the window covers the instant; without it the feed is silent. */
  readonly covers: boolean;
  /** This answer holds until then. */
  readonly untilAt: number;
}

/**
 * Without `loop` the shift is a whole number of local weeks: the window covers `at` with as much of it in the past as
 * possible, or else precedes it most recently. With `loop` the window repeats from there, end to end.
 */
export function replayWindowAt(at: number, span: RecordedSpan, zone: string): ReplayWindow {
  const { fromAt, toAt, loop } = span;
  const shiftOf = (weeks: number): number => addLocalWeeks(fromAt, weeks, zone) - fromAt;
  let weeks = Math.floor((at - fromAt) / weekMs);
  // Daylight saving makes a local week an hour longer or shorter.
  while (fromAt + shiftOf(weeks + 1) <= at) weeks++;
  while (fromAt + shiftOf(weeks) > at) weeks--;
  if (loop) {
    const firstAt = fromAt + shiftOf(weeks);
    const lengthMs = toAt - fromAt;
    const shiftMs = shiftOf(weeks) + Math.floor((at - firstAt) / lengthMs) * lengthMs;
    const untilAt = Math.min(toAt + shiftMs, fromAt + shiftOf(weeks + 1));
    return { shiftMs, fromAt: fromAt + shiftMs, toAt: untilAt, covers: true, untilAt };
  }
  while (toAt + shiftOf(weeks - 1) > at) weeks--;
  const shiftMs = shiftOf(weeks);
  const covers = at < toAt + shiftMs;
  const untilAt = covers ? toAt + shiftMs : fromAt + shiftOf(weeks + 1);
  return { shiftMs, fromAt: fromAt + shiftMs, toAt: toAt + shiftMs, covers, untilAt };
}
