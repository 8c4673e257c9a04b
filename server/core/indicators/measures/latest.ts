import type { Figure, Tallies } from "../tally.ts";

/** The amount with the newest `weight` (its observation time); the largest of several that are equally new. */
export function latestFigure(tallies: Tallies): Figure {
  const kept = tallies.once(startLatest);
  return () => kept.latest();
}

/** How often each amount is held, by time. Looks for the newest time again only after it was taken back. */
function startLatest() {
  const amountsAt = new Map<number, Map<number, number>>();
  let newest = Number.NEGATIVE_INFINITY;
  return {
    add(amount: number, weight: number) {
      const amounts = amountsAt.get(weight);
      if (amounts) amounts.set(amount, (amounts.get(amount) ?? 0) + 1);
      else amountsAt.set(weight, new Map([[amount, 1]]));
      if (weight > newest) newest = weight;
    },
    remove(amount: number, weight: number) {
      const amounts = amountsAt.get(weight)!;
      const left = amounts.get(amount)! - 1;
      if (left > 0) amounts.set(amount, left);
      else amounts.delete(amount);
      if (amounts.size === 0) amountsAt.delete(weight);
    },
    latest(): number | null {
      if (!amountsAt.has(newest)) newest = maxOf(amountsAt.keys());
      const amounts = amountsAt.get(newest);
      return amounts ? maxOf(amounts.keys()) : null;
    },
  };
}

function maxOf(numbers: Iterable<number>): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const number of numbers) if (number > max) max = number;
  return max;
}
