/** Two figures set against each other: their pairs, how they go together, and with which lag they do best. Pure. */

import type { SeriesPoint } from "../../shared/series.ts";
import { freshValue } from "./series-shape.ts";

export interface Pair {
  /** Of the first figure's bucket. */
  readonly at: number;
  readonly x: number;
  readonly y: number;
}

export interface Relation {
  readonly pairs: readonly Pair[];
  /** Pearson's coefficient, −1 … 1; `null` with fewer than three pairs or where one figure does not vary. */
  readonly correlation: number | null;
  /** Least squares of y on x; `null` where there is no correlation. */
  readonly line: { readonly slope: number; readonly intercept: number } | null;
}

/** Pairs the first's bucket `i` with the second's bucket `i + lag`; both are cut alike. Only fresh pairs count. */
export function relate(x: readonly SeriesPoint[], y: readonly SeriesPoint[], lag: number): Relation {
  const pairs: Pair[] = [];
  x.forEach((point, i) => {
    const other = y[i + lag];
    const [a, b] = [freshValue(point), other === undefined ? null : freshValue(other)];
    if (a !== null && b !== null) pairs.push({ at: point.at, x: a, y: b });
  });
  return { pairs, ...fit(pairs) };
}

function fit(pairs: readonly Pair[]): Pick<Relation, "correlation" | "line"> {
  const n = pairs.length;
  if (n < 3) return { correlation: null, line: null };
  const [meanX, meanY] = [mean(pairs.map(({ x }) => x)), mean(pairs.map(({ y }) => y))];
  let [xx, yy, xy] = [0, 0, 0];
  for (const { x, y } of pairs) {
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  // What is left of a constant by binary fractions is no variation.
  const isFlat = (sum: number, middle: number): boolean => sum <= n * (Math.abs(middle) * 1e-12) ** 2;
  if (isFlat(xx, meanX) || isFlat(yy, meanY)) return { correlation: null, line: null };
  const slope = xy / xx;
  return {
    correlation: Math.min(Math.max(xy / Math.sqrt(xx * yy), -1), 1),
    line: { slope, intercept: meanY - slope * meanX },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The lag within ±`most` with the strongest correlation, the one nearest to 0 of equals; only lags that leave at least half
 * of the pairs there are without one. `null` when no lag has a correlation.
 */
export function bestLag(
  x: readonly SeriesPoint[],
  y: readonly SeriesPoint[],
  most: number,
): { readonly lag: number; readonly correlation: number } | null {
  const enough = relate(x, y, 0).pairs.length / 2;
  let best: { lag: number; correlation: number } | null = null;
  for (let step = 0; step <= 2 * most; step++) {
    // 0, 1, −1, 2, −2, …
    const lag = step % 2 === 1 ? (step + 1) / 2 : -step / 2;
    const { pairs, correlation } = relate(x, y, lag);
    if (correlation === null || pairs.length < enough) continue;
    if (best === null || Math.abs(correlation) > Math.abs(best.correlation) + 1e-9)
      best = { lag: lag === 0 ? 0 : lag, correlation };
  }
  return best;
}
