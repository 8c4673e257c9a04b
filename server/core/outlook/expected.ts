/** What is usual: where a figure lay in the same hour of the week (or on the same weekday) of the weeks before. */

import { quantile } from "../../../shared/quantile.ts";
import { bandOf, type Band } from "./band.ts";

/** Fewer past values than this make no band. */
const fewest = 3;

export interface Expected extends Band {
  readonly median: number;
  /** From how many past buckets. */
  readonly samples: number;
}

/**
 * The band of each bucket from `first` on, from at most `weeks` earlier buckets of its slot; `null` where there are too
 * few. `values` are in the order of time, NaN for gaps, which count for nothing; `slots` as `slotsOf` gives them.
 */
export function expectedBands(
  values: ArrayLike<number>,
  slots: ArrayLike<number>,
  first: number,
  weeks: number,
): readonly (Expected | null)[] {
  const seen = new Map<number, number[]>();
  const bands: (Expected | null)[] = [];
  for (let i = 0; i < values.length; i++) {
    const slot = slots[i]!;
    const past = seen.get(slot) ?? [];
    seen.set(slot, past);
    if (i >= first) bands.push(expectedOf(past));
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    past.push(value);
    if (past.length > weeks) past.shift();
  }
  return bands;
}

function expectedOf(past: readonly number[]): Expected | null {
  if (past.length < fewest) return null;
  const ascending = past.toSorted((a, b) => a - b);
  return { ...bandOf(ascending), median: quantile(ascending, 0.5), samples: past.length };
}
