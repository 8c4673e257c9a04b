import type { Tally } from "../tally.ts";

/** How many things; per minute or hour when `per` says how many units the window holds. */
export function countTally(perWindow = 1): Tally {
  let count = 0;
  return {
    add() {
      count++;
    },
    remove() {
      count--;
    },
    read: () => count / perWindow,
  };
}
