import type { Figure, Tallies } from "../tally.ts";

/** How many things; per minute or hour when `per` says how many units the window holds. */
export function countFigure(tallies: Tallies, perWindow = 1): Figure {
  const kept = tallies.once(startCount);
  return () => kept.count() / perWindow;
}

function startCount() {
  let count = 0;
  return {
    add() {
      count++;
    },
    remove() {
      count--;
    },
    count: () => count,
  };
}
