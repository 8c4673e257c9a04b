/** Stretches of time cut into buckets: whole minutes of UTC, or periods of the city's calendar. */

import {
  addLocalWeeks,
  localYearBefore,
  periodBounds,
  periods,
  type Period,
} from "../../shared/city-time.ts";
import type { Bucket, Comparison } from "../../shared/series.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What `auto` chooses from, the finest first, with how long one lasts about, in milliseconds. */
const ladder: readonly (readonly [Bucket, number])[] = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => [60 * minutes, minutes * minuteMs] as const),
  ["hour", hourMs],
  ...[3, 6, 12].map((hours) => [3600 * hours, hours * hourMs] as const),
  ["day", 24 * hourMs],
  ["week", 7 * 24 * hourMs],
  ["month", 28 * 24 * hourMs],
];

/** The finest bucket of which no more than `points` are needed; months where even they are more. */
export function fittingBucket(fromAt: number, toAt: number, points: number): Bucket {
  return ladder.find(([, ms]) => (toAt - fromAt) / ms <= points)?.[0] ?? "month";
}

/** How many buckets a stretch has at most. */
export function bucketCount(bucket: Bucket, fromAt: number, toAt: number): number {
  const ms = typeof bucket === "number" ? bucket * 1000 : ladder.find(([name]) => name === bucket)![1];
  return Math.ceil((toAt - fromAt) / ms) + 1;
}

export function isPeriod(word: string): word is Period {
  return (periods as readonly string[]).includes(word);
}

/** Bounds of the buckets that a stretch touches, in whole minutes; the first and the last may reach beyond it. */
export function bucketEdges(bucket: Bucket, fromAt: number, toAt: number, zone: string): Float64Array {
  if (typeof bucket !== "number") {
    // Zones of long ago were seconds apart from UTC.
    const bounds = periodBounds(bucket, fromAt, toAt, zone);
    return Float64Array.from(bounds, (at) => Math.floor(at / minuteMs) * minuteMs);
  }
  const ms = bucket * 1000;
  const first = Math.floor(fromAt / ms);
  return Float64Array.from({ length: Math.ceil(toAt / ms) - first + 1 }, (_, i) => (first + i) * ms);
}

/**
 * The edges of what a stretch is compared with, one for each of its own and never descending: across a change of the clock
 * two may be the same, which is a bucket without time.
 */
export function comparedEdges(
  comparison: Comparison,
  bucket: Bucket,
  edges: Float64Array,
  zone: string,
): Float64Array {
  if (comparison === "previous") return previousEdges(bucket, edges, zone);
  const before = (at: number): number => {
    if (comparison === "week") return addLocalWeeks(at, -1, zone);
    // Weeks of a year ago begin on Monday too.
    return bucket === "week" ? addLocalWeeks(at, -52, zone) : localYearBefore(at, zone);
  };
  let last = Number.NEGATIVE_INFINITY;
  return edges.map((at) => (last = Math.max(last, Math.floor(before(at) / minuteMs) * minuteMs)));
}

function previousEdges(bucket: Bucket, edges: Float64Array, zone: string): Float64Array {
  const [from, to] = [edges[0]!, edges.at(-1)!];
  if (typeof bucket === "number") return edges.map((at) => at - (to - from));
  // Twice as long is more than enough: periods differ by a tenth at most.
  const bounds = bucketEdges(bucket, from - 2 * (to - from), from, zone);
  return bounds.slice(-edges.length);
}
