import type { Figure, Tallies } from "../tally.ts";

/** Percent of the things whose `weight` is 1 (they match); not applicable over no things. */
export function shareFigure(tallies: Tallies): Figure {
  const kept = tallies.once(startShare);
  return () => kept.percent();
}

function startShare() {
  let count = 0;
  let matching = 0;
  return {
    add(_amount: number, weight: number) {
      count++;
      matching += weight;
    },
    remove(_amount: number, weight: number) {
      count--;
      matching -= weight;
    },
    percent: () => (count === 0 ? null : (100 * matching) / count),
  };
}
