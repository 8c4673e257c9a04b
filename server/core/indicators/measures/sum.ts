import type { Tally } from "../tally.ts";

/**
 * The sum of the amounts, or their mean. Rounding errors of adding and taking back fractions are carried in a second
 * number (Neumaier 1974), so that a year of changes does not drift.
 */
export function sumTally(reading: "sum" | "mean"): Tally {
  let sum = 0;
  let carried = 0;
  let count = 0;
  const change = (amount: number): void => {
    const next = sum + amount;
    carried += Math.abs(sum) >= Math.abs(amount) ? sum - next + amount : amount - next + sum;
    sum = next;
  };
  return {
    add(amount) {
      count++;
      change(amount);
    },
    remove(amount) {
      count--;
      if (count === 0) sum = carried = 0;
      else change(-amount);
    },
    read() {
      if (reading === "sum") return sum + carried;
      return count === 0 ? null : (sum + carried) / count;
    },
  };
}
