import { SortedNumbers } from "../sorted-numbers.ts";
import type { Figure, Tallies } from "../tally.ts";

const startRanks = (): SortedNumbers => new SortedNumbers();

/**
 * The percentile `p` (0 the smallest, 100 the largest) with linear interpolation between the two nearest ranks
 * (type 7 of Hyndman and Fan 1996, "Sample Quantiles in Statistical Packages").
 */
export function percentileFigure(tallies: Tallies, p: number): Figure {
  const numbers = tallies.once(startRanks);
  return () => {
    if (numbers.size === 0) return null;
    const rank = ((numbers.size - 1) * p) / 100;
    const below = numbers.at(Math.floor(rank));
    const above = numbers.at(Math.ceil(rank));
    return below + (above - below) * (rank - Math.floor(rank));
  };
}

/** Seconds since the earliest of the instants. */
export function ageFigure(tallies: Tallies): Figure {
  const earliest = percentileFigure(tallies, 0);
  return (now) => {
    const at = earliest(now);
    return at === null ? null : Math.max(0, (now - at) / 1000);
  };
}
