/** A stretch of a figure's past, as `/api/v1/series` tells it. */

import type { Unit } from "./units.ts";
import type { NoneReason, StaleReason, ValueState } from "./value.ts";

/** `not-recorded`: nobody was watching then. `future`: it has not happened yet. */
export type GapReason = StaleReason | NoneReason | "not-recorded" | "future";

export interface SeriesPoint {
  /** Start of the bucket, epoch milliseconds. */
  readonly at: number;
  /**
   * Mean of the bucket's fresh seconds; where the state is stale, that of the last bucket that had any; `null` for a gap.
   */
  readonly value: number | null;
  /** The least and the greatest that was seen in the bucket; `null` without a fresh second. */
  readonly min: number | null;
  readonly max: number | null;
  /** `missing`: nobody was watching then. */
  readonly state: ValueState | "missing";
  /** Why it is not fresh; `null` when it is. */
  readonly reason: GapReason | null;
}

/** `auto` was resolved: whole minutes in seconds, or a period of the city's calendar. */
export type Bucket = number | "hour" | "day" | "week" | "month";

/** What a stretch is compared with: the period before, the same weekday a week before, the same days a year before. */
export const comparisons = ["previous", "week", "year"] as const;
export type Comparison = (typeof comparisons)[number];

export interface SeriesItem {
  /** `seriesId(indicator, group)`. */
  readonly id: string;
  readonly unit: Unit;
  readonly bucket: Bucket;
  readonly points: readonly SeriesPoint[];
  /** Points of the stretches it was asked to be compared with, bucket by bucket; `at` is their own time. */
  readonly compare?: Readonly<Partial<Record<Comparison, readonly SeriesPoint[]>>>;
}
