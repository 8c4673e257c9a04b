/** Where a line left the band of what is usual. Pure. */

import { chanceOutside, type ExpectedPoint } from "../../shared/outlook.ts";
import type { SeriesPoint } from "../../shared/series.ts";
import { freshValue } from "./series-shape.ts";

/** A stretch in which the means of the band's buckets lay on one side of it. */
export interface Excursion {
  readonly side: "above" | "below";
  /** From the first to the last drawn bucket outside. */
  readonly fromAt: number;
  readonly toAt: number;
  /** Of the drawn bucket that is farthest outside. */
  readonly peak: { readonly at: number; readonly value: number };
  /** The band there. */
  readonly low: number;
  readonly median: number;
  readonly high: number;
  /** How far the peak is outside, in widths of the band. */
  readonly excess: number;
}

export interface Banded {
  /** By time. */
  readonly excursions: readonly Excursion[];
  /** Buckets that can be judged, those of them outside, and how many chance alone would put there. */
  readonly judged: number;
  readonly outside: number;
  readonly byChance: number;
}

type Judged = ExpectedPoint & { readonly low: number; readonly median: number; readonly high: number };

/**
 * The excursions of a line, drawn in `points` of `pointMs` each, from a band whose buckets are as long or longer. A bucket
 * is judged by its own mean, once it is over (`now`): minutes vary more than hours and would always leave the hours' band.
 * `endAt`: where the last bucket of the band ends.
 */
export function leftBand(
  band: readonly ExpectedPoint[],
  points: readonly SeriesPoint[],
  pointMs: number,
  endAt: number,
  now: number,
): Banded {
  const ends = band.map((_, i) => band[i + 1]?.at ?? endAt);
  const judged = band.filter(({ value, low }, i) => value !== null && low !== null && ends[i]! <= now);
  const runs: { side: Excursion["side"]; buckets: Judged[]; toAt: number }[] = [];
  band.forEach((bucket, i) => {
    if (bucket.outside === null || ends[i]! > now) return;
    const run = runs.at(-1);
    if (run?.side === bucket.outside && run.toAt === bucket.at) {
      run.buckets.push(bucket as Judged);
      run.toAt = ends[i]!;
    } else runs.push({ side: bucket.outside, buckets: [bucket as Judged], toAt: ends[i]! });
  });
  let place = 0;
  const excursions = runs.map(({ side, buckets, toAt }): Excursion => {
    const fromAt = buckets[0]!.at;
    while (place < points.length && points[place]!.at < fromAt) place++;
    const outside: { at: number; value: number; bucket: Judged; beyond: number }[] = [];
    for (; place < points.length && points[place]!.at < toAt; place++) {
      const point = points[place]!;
      const bucket = buckets.findLast(({ at }) => at <= point.at)!;
      const value = freshValue(point);
      const beyond = value === null ? 0 : side === "above" ? value - bucket.high : bucket.low - value;
      if (beyond > 0) outside.push({ at: point.at, value: value!, bucket, beyond });
    }
    if (outside.length === 0) return whole(side, buckets, toAt);
    const peak = outside.reduce((far, one) => (one.beyond > far.beyond ? one : far));
    return {
      side,
      fromAt: outside[0]!.at,
      toAt: outside.at(-1)!.at + pointMs,
      peak: { at: peak.at + pointMs / 2, value: peak.value },
      ...bandAt(peak.bucket),
      excess: peak.beyond / widthOf(peak.bucket),
    };
  });
  return {
    excursions,
    judged: judged.length,
    outside: judged.filter(({ outside }) => outside !== null).length,
    byChance: judged.reduce((sum, { samples }) => sum + chanceOutside(samples), 0),
  };
}

/** The strongest, by time. */
export function strongest(excursions: readonly Excursion[], most: number): readonly Excursion[] {
  if (excursions.length <= most) return excursions;
  return excursions
    .toSorted((a, b) => b.excess - a.excess)
    .slice(0, most)
    .toSorted((a, b) => a.fromAt - b.fromAt);
}

/** By the band's own buckets, where no drawn one says more. */
function whole(side: Excursion["side"], buckets: readonly Judged[], toAt: number): Excursion {
  const beyond = ({ value, low, high }: Judged): number => (side === "above" ? value! - high : low - value!);
  const peak = buckets.reduce((far, one) => (beyond(one) > beyond(far) ? one : far));
  const end = buckets[buckets.indexOf(peak) + 1]?.at ?? toAt;
  return {
    side,
    fromAt: buckets[0]!.at,
    toAt,
    peak: { at: (peak.at + end) / 2, value: peak.value! },
    ...bandAt(peak),
    excess: beyond(peak) / widthOf(peak),
  };
}

function bandAt({ low, median, high }: Judged) {
  return { low, median, high };
}

/** A band without width still has a size. */
function widthOf({ low, median, high }: Judged): number {
  return high - low || Math.abs(median) || 1;
}
