import type { Figure, Tallies } from "../tally.ts";

/** How many different amounts (texts come as their numbers). */
export function distinctFigure(tallies: Tallies): Figure {
  const kept = tallies.once(startDistinct);
  return () => kept.distinct();
}

function startDistinct() {
  const occurrences = new Map<number, number>();
  return {
    add(amount: number) {
      occurrences.set(amount, (occurrences.get(amount) ?? 0) + 1);
    },
    remove(amount: number) {
      const left = occurrences.get(amount)! - 1;
      if (left === 0) occurrences.delete(amount);
      else occurrences.set(amount, left);
    },
    distinct: () => occurrences.size,
  };
}
