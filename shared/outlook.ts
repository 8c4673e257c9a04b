/** What is usual for a series and what is to come, as `/api/v1/expected` and `/api/v1/forecast` tell it. */

import type { Unit } from "./units.ts";

/** What repeats in a city: its hours by the week, its days by the weekday. */
export const outlookBuckets = ["hour", "day"] as const;
export type OutlookBucket = (typeof outlookBuckets)[number];

export interface ExpectedPoint {
  /** Start of the bucket, epoch milliseconds. */
  readonly at: number;
  /** What came, `null` for a gap. */
  readonly value: number | null;
  /** Where four of five are to be expected, by the same hour of the week, or weekday, of the weeks before; `null` when too few are known. */
  readonly low: number | null;
  readonly median: number | null;
  readonly high: number | null;
  /** From how many past buckets. */
  readonly samples: number;
  /** On which side of the band the value lies; `null` when inside, or when there is nothing to judge. */
  readonly outside: "above" | "below" | null;
}

/** How likely a value is outside the band of so many past ones by chance alone: no less than the fifth that it leaves out. */
export function chanceOutside(samples: number): number {
  return Math.max(0.2, 2 / (samples + 1));
}

export interface ExpectedAnswer {
  readonly id: string;
  readonly unit: Unit;
  readonly bucket: OutlookBucket;
  readonly weeks: number;
  readonly points: readonly ExpectedPoint[];
}

/**
 * `holt-winters`: exponential smoothing with a damped trend and an additive season. `seasonal-naive`: as in the same slot
 * of the season before. Whichever would have foretold the past better is taken.
 */
export const forecastMethods = ["holt-winters", "seasonal-naive"] as const;
export type ForecastMethod = (typeof forecastMethods)[number];

export interface BackTest {
  /** Past instants from which it was foretold. */
  readonly origins: number;
  /** In the figure's unit. */
  readonly meanAbsoluteError: number;
  /** That of the seasonal naive method, to compare. */
  readonly naiveMeanAbsoluteError: number;
  /**
   * Share of what came in the later half of the test that lay inside the band which the earlier half makes, in percent;
   * the band is made for 80. `null` when too little came.
   */
  readonly insidePercent: number | null;
}

export interface ForecastAnswer {
  readonly id: string;
  readonly unit: Unit;
  readonly bucket: OutlookBucket;
  readonly method: ForecastMethod;
  /** What it knew of: buckets before this instant. */
  readonly knownTo: number;
  /** `low` to `high` held 80 percent of what came, in the back-test. */
  readonly points: readonly {
    readonly at: number;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly backTest: BackTest;
}
