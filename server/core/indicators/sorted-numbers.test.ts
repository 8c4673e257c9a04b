import fc from "fast-check";
import { expect, test } from "vitest";
import { SortedNumbers } from "./sorted-numbers.ts";

test("holds what a sorted array holds, whatever is added and removed", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ value: fc.integer({ min: 0, max: 900 }), remove: fc.boolean() }), {
        maxLength: 3000,
      }),
      (steps) => {
        const numbers = new SortedNumbers();
        const model: number[] = [];
        for (const { value, remove } of steps) {
          const at = model.indexOf(value);
          if (remove && at >= 0) {
            model.splice(at, 1);
            numbers.remove(value);
          } else {
            model.push(value);
            numbers.add(value);
          }
        }
        model.sort((a, b) => a - b);
        expect(numbers.size).toBe(model.length);
        expect(model.map((_, rank) => numbers.at(rank))).toEqual(model);
      },
    ),
    { seed: 7, numRuns: 50 },
  );
});

test("removing what is not there throws", () => {
  const numbers = new SortedNumbers();
  numbers.add(2);
  expect(() => {
    numbers.remove(1);
  }).toThrow("1 is not in the multiset");
});
