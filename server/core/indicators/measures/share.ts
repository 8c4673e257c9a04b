import type { Tally } from "../tally.ts";

/** Percent of the things whose `weight` is 1 (they match); not applicable over no things. */
export function shareTally(): Tally {
  let count = 0;
  let matching = 0;
  return {
    add(_amount, weight) {
      count++;
      matching += weight;
    },
    remove(_amount, weight) {
      count--;
      matching -= weight;
    },
    read: () => (count === 0 ? null : (100 * matching) / count),
  };
}
