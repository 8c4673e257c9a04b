import type { Figure, Tallies } from "../tally.ts";

export function sumFigure(tallies: Tallies): Figure {
  const kept = tallies.once(startSum);
  return () => kept.sum();
}

/** Not applicable over no things. */
export function meanFigure(tallies: Tallies): Figure {
  const kept = tallies.once(startSum);
  return () => (kept.count() === 0 ? null : kept.sum() / kept.count());
}

/**
 * Rounding errors of adding and taking back fractions are carried in a second number (Neumaier 1974), so that a year
 * of changes does not drift.
 */
function startSum() {
  let sum = 0;
  let carried = 0;
  let count = 0;
  const change = (amount: number): void => {
    const next = sum + amount;
    carried += Math.abs(sum) >= Math.abs(amount) ? sum - next + amount : amount - next + sum;
    sum = next;
  };
  return {
    add(amount: number) {
      count++;
      change(amount);
    },
    remove(amount: number) {
      count--;
      if (count === 0) sum = carried = 0;
      else change(-amount);
    },
    sum: () => sum + carried,
    count: () => count,
  };
}
