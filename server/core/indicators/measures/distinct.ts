import type { Tally } from "../tally.ts";

/** How many different amounts (texts come as their numbers). */
export function distinctTally(): Tally {
  const occurrences = new Map<number, number>();
  return {
    add(amount) {
      occurrences.set(amount, (occurrences.get(amount) ?? 0) + 1);
    },
    remove(amount) {
      const left = occurrences.get(amount)! - 1;
      if (left === 0) occurrences.delete(amount);
      else occurrences.set(amount, left);
    },
    read: () => occurrences.size,
  };
}
