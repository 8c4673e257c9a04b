import { quantile } from "../../../shared/quantile.ts";

export interface Band {
  readonly low: number;
  readonly high: number;
}

/** The middle 80 percent of ascending numbers: what is called usual, and how far a forecast may be off. */
export function bandOf(ascending: readonly number[]): Band {
  return { low: quantile(ascending, 0.1), high: quantile(ascending, 0.9) };
}
