import { SortedNumbers } from "../sorted-numbers.ts";
import type { Tally } from "../tally.ts";

/**
 * The percentile `p` (0 the smallest, 100 the largest) with linear interpolation between the two nearest ranks
 * (type 7 of Hyndman and Fan 1996, "Sample Quantiles in Statistical Packages").
 */
export function percentileTally(p: number): Tally {
  const numbers = new SortedNumbers();
  return {
    add: (amount) => {
      numbers.add(amount);
    },
    remove: (amount) => {
      numbers.remove(amount);
    },
    read() {
      if (numbers.size === 0) return null;
      const rank = ((numbers.size - 1) * p) / 100;
      const below = numbers.at(Math.floor(rank));
      const above = numbers.at(Math.ceil(rank));
      return below + (above - below) * (rank - Math.floor(rank));
    },
  };
}

/** Seconds since the earliest of the instants. */
export function ageTally(): Tally {
  const earliest = percentileTally(0);
  return {
    ...earliest,
    read(now) {
      const at = earliest.read(now);
      return at === null ? null : Math.max(0, (now - at) / 1000);
    },
  };
}
