/** A series as a chart draws it: its fresh stretch, its extremes, and its gaps with their reasons. Pure. */

import type { GapReason, SeriesPoint } from "../../shared/series.ts";
import type { TimeSpan } from "./time-span.ts";

export interface Gap {
  readonly fromAt: number;
  /** The start of the next known bucket, or the end of the stretch. */
  readonly toAt: number;
  /** The first one's, where several follow each other. */
  readonly reason: GapReason;
}

/** A value counts where it was fresh: the last known value of a dead feed is no measurement. */
export function freshValue(point: SeriesPoint): number | null {
  return point.state === "fresh" ? point.value : null;
}

/** The stretches in which the series was not fresh, neighbours with the same reason as one. What has not happened is none. */
export function gapsOf(points: readonly SeriesPoint[], endAt: number): Gap[] {
  const gaps: Gap[] = [];
  points.forEach((point, i) => {
    if (freshValue(point) !== null || point.reason === "future") return;
    const reason = point.reason ?? "no-data";
    const toAt = points[i + 1]?.at ?? endAt;
    const before = gaps.at(-1);
    if (before?.toAt === point.at && before.reason === reason) gaps[gaps.length - 1] = { ...before, toAt };
    else gaps.push({ fromAt: point.at, toAt, reason });
  });
  return gaps;
}

/** As `recordedSpan`, where that is less than half of the stretch; `null` where it is more, or nothing. */
export function recordedPart(all: readonly (readonly SeriesPoint[])[], endAt: number): TimeSpan | null {
  const span = recordedSpan(all, endAt);
  const startAt = Math.min(...all.flatMap((points) => points[0]?.at ?? []));
  return span !== null && span.toAt - span.fromAt < (endAt - startAt) / 2 ? span : null;
}

/**
 * From the first to the last bucket in which any of the series was recorded, in a stretch that ends at `endAt`; `null` where
 * nothing was.
 */
export function recordedSpan(all: readonly (readonly SeriesPoint[])[], endAt: number): TimeSpan | null {
  let [fromAt, toAt] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const points of all)
    points.forEach(({ at, state }, i) => {
      if (state === "missing") return;
      fromAt = Math.min(fromAt, at);
      toAt = Math.max(toAt, points[i + 1]?.at ?? endAt);
    });
  return fromAt < toAt ? { fromAt, toAt } : null;
}

/** Least and greatest that was seen, `null` where nothing was; for the room that a drawing needs. */
export function extremesOf(points: readonly SeriesPoint[]): { low: number; high: number } | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const point of points) {
    const value = freshValue(point);
    if (value === null) continue;
    low = Math.min(low, point.min ?? value);
    high = Math.max(high, point.max ?? value);
  }
  return low <= high ? { low, high } : null;
}

/** How much more the mean of the fresh buckets is than that of others; `null` where either has none. */
export function changeOf(points: readonly SeriesPoint[], before: readonly SeriesPoint[]): number | null {
  const [now, then] = [meanOf(points), meanOf(before)];
  return now === null || then === null ? null : now - then;
}

/** Mean of the fresh buckets, each counting the same; `null` without one. */
export function meanOf(points: readonly SeriesPoint[]): number | null {
  let [sum, count] = [0, 0];
  for (const point of points) {
    const value = freshValue(point);
    if (value === null) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}

/** Each series' part of their sum in percent, bucket by bucket; `null` where one is unknown or the sum is not positive. */
export function sharesOf(all: readonly (readonly SeriesPoint[])[]): (number | null)[][] {
  const values = all.map((points) => points.map(freshValue));
  const length = Math.max(0, ...values.map((one) => one.length));
  const sums = Array.from({ length }, (_, i) =>
    values.reduce<number | null>((sum, one) => {
      const value = one[i] ?? null;
      return sum === null || value === null || value < 0 ? null : sum + value;
    }, 0),
  );
  return values.map((one) =>
    sums.map((sum, i) => (sum === null || sum <= 0 ? null : ((one[i] ?? 0) / sum) * 100)),
  );
}
