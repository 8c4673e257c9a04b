import { quantile } from "../../../shared/quantile.ts";

export interface Band {
  readonly low: number;
  readonly high: number;
}

/**
 * Where four of five values to come are to be expected, going by ascending past ones: what is called usual, and how far a
 * forecast may be off. Quantiles at Weibull's plotting positions (Hyndman & Fan, type 6), because the middle 80 percent of
 * a few numbers that have come is left by far more than a fifth of those to come; of less than nine the extremes.
 */
export function bandOf(ascending: readonly number[]): Band {
  return { low: toCome(ascending, 0.1), high: toCome(ascending, 0.9) };
}

function toCome(ascending: readonly number[], p: number): number {
  const last = ascending.length - 1;
  const place = Math.min(Math.max(p * (ascending.length + 1) - 1, 0), last);
  return quantile(ascending, last <= 0 ? 0 : place / last);
}
