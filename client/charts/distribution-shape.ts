/** How values are spread: bins of equal, round width, and the median. Pure. */

import { quantile } from "../../shared/quantile.ts";

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface Spread {
  /** Side by side from the lowest value to the highest; the last one includes its upper end. */
  readonly bins: readonly Bin[];
  readonly median: number;
}

/** About `wanted` bins (never fewer than one) of a width of 1, 2 or 5 times a power of ten; `null` without values. */
export function spreadOf(values: readonly number[], wanted: number): Spread | null {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) return null;
  const width = roundWidth((high - low) / wanted);
  const first = Math.floor(low / width);
  const count = Math.max(1, Math.ceil(high / width) - first);
  const counts = new Array<number>(count).fill(0);
  for (const value of sorted) counts[Math.min(Math.floor(value / width) - first, count - 1)]!++;
  const bins = counts.map((one, i) => ({
    from: roundTo((first + i) * width, width),
    to: roundTo((first + i + 1) * width, width),
    count: one,
  }));
  return { bins, median: quantile(sorted, 0.5) };
}

/** The next larger of 1, 2, 5 × 10ⁿ; 1 for what is no width on any screen. */
function roundWidth(width: number): number {
  if (width < 1e-9) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= width * 0.999_999) ?? 10 * power;
}

/** Without the dust of binary fractions: 0.3, not 0.30000000000000004. */
function roundTo(value: number, width: number): number {
  const digits = Math.max(0, -Math.floor(Math.log10(width)));
  return Number(value.toFixed(digits));
}
