import type { Figure, Tallies } from "../tally.ts";

/** The amount with the newest `weight` (its observation time). */
export function latestFigure(tallies: Tallies): Figure {
  const kept = tallies.once(startLatest);
  return () => kept.latest();
}

/** Looks for the newest again only after it was taken back. */
function startLatest() {
  const amounts = new Map<number, number[]>();
  let newest = Number.NEGATIVE_INFINITY;
  let unsure = false;
  return {
    add(amount: number, weight: number) {
      const sameTime = amounts.get(weight);
      if (sameTime) sameTime.push(amount);
      else amounts.set(weight, [amount]);
      if (weight >= newest) {
        newest = weight;
        unsure = false;
      }
    },
    remove(amount: number, weight: number) {
      const sameTime = amounts.get(weight)!;
      if (sameTime.length > 1) {
        sameTime.splice(sameTime.indexOf(amount), 1);
        return;
      }
      amounts.delete(weight);
      if (weight === newest) unsure = true;
    },
    latest(): number | null {
      if (unsure) {
        newest = Number.NEGATIVE_INFINITY;
        for (const weight of amounts.keys()) newest = Math.max(newest, weight);
        unsure = false;
      }
      return amounts.get(newest)?.at(-1) ?? null;
    },
  };
}
