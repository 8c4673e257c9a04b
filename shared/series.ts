/** A stretch of a figure's past, as `/api/v1/series` tells it. */

import type { ValueState } from "./value.ts";

export interface SeriesPoint {
  /** Start of the bucket, epoch milliseconds. */
  readonly at: number;
  /** Mean of the bucket's fresh minutes, `null` when there was none. */
  readonly value: number | null;
  /** `missing`: nobody was watching then. */
  readonly state: ValueState | "missing";
}
