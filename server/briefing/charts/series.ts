/** A figure over time as it is drawn: where the pen is lifted, what is usual, where nothing is known. */

import type { ChartPoint, ChartSeries } from "../../../shared/briefing.ts";

export interface KnownPoint {
  readonly at: number;
  readonly value: number;
}

/** A stretch in which nothing is known. */
export interface Gap {
  readonly fromAt: number;
  readonly toAt: number;
}

/** The known points in order, each in the middle of its bucket, with `null` where an unknown one or a break lifts the pen. */
export function strokes({ points, breaks }: Pick<ChartSeries, "points" | "breaks">): (KnownPoint | null)[] {
  const drawn: (KnownPoint | null)[] = [];
  let beforeAt = Number.NEGATIVE_INFINITY;
  for (const { at, value } of points) {
    if (value === null || breaks.some((broken) => broken > beforeAt && broken <= at)) drawn.push(null);
    if (value !== null) drawn.push({ at: middleOf(at, points), value });
    beforeAt = at;
  }
  return drawn;
}

/** The middle of a point's bucket, which is where it is drawn. */
export function middleOf(at: number, points: readonly ChartPoint[]): number {
  return at + stepOf(points) / 2;
}

/** Milliseconds from one point to the next; those of an hour where there is but one. */
function stepOf(points: readonly ChartPoint[]): number {
  return points.length > 1 ? points[1]!.at - points[0]!.at : 3_600_000;
}

/** When the last bucket is over. */
export function endOf(points: readonly ChartPoint[]): number {
  return (points.at(-1)?.at ?? 0) + stepOf(points);
}

/** Where nothing is known, neighbouring buckets as one. */
export function gapsOf(points: readonly ChartPoint[]): Gap[] {
  const step = stepOf(points);
  const gaps: Gap[] = [];
  for (const { at, value } of points) {
    if (value !== null) continue;
    const last = gaps.at(-1);
    if (last && last.toAt >= at) gaps.splice(-1, 1, { fromAt: last.fromAt, toAt: at + step });
    else gaps.push({ fromAt: at, toAt: at + step });
  }
  return gaps;
}

export interface Usual {
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

/** What is usual, in the middle of each bucket, in stretches without a hole. */
export function usualOf(points: readonly ChartPoint[]): Usual[][] {
  const stretches: Usual[][] = [[]];
  for (const { at, low, high } of points)
    if (low === null || high === null) stretches.push([]);
    else stretches.at(-1)!.push({ at: middleOf(at, points), low, high });
  return stretches.filter((stretch) => stretch.length > 1);
}

/** Whether a point lies outside what is usual for its bucket. */
export function isOutside({ value, low, high }: ChartPoint): boolean {
  return value !== null && low !== null && high !== null && (value < low || value > high);
}

/** The least and the greatest of some values; `null` where there is none. */
export function extent(values: Iterable<number>): readonly [low: number, high: number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : null;
}
