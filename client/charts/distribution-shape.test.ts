import fc from "fast-check";
import { expect, it } from "vitest";
import { spreadOf } from "./distribution-shape.ts";

it("makes bins of round width", () => {
  expect(spreadOf([0.1, 0.12, 0.25, 0.39], 3)).toEqual({
    bins: [
      { from: 0.1, to: 0.2, count: 2 },
      { from: 0.2, to: 0.3, count: 1 },
      { from: 0.3, to: 0.4, count: 1 },
    ],
    median: 0.185,
  });
});

it("has one bin for equal values and nothing for none", () => {
  expect(spreadOf([7, 7, 7], 5)).toEqual({ bins: [{ from: 7, to: 8, count: 3 }], median: 7 });
  expect(spreadOf([], 5)).toBeNull();
});

it("counts every value once, in the bin that holds it", () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 30 }), (some, wanted) => {
      const spread = spreadOf(some, wanted)!;
      expect(spread.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(some.length);
      expect(spread.bins.length).toBeLessThanOrEqual(wanted + 2);
      expect(spread.median).toBeGreaterThanOrEqual(Math.min(...some));
      expect(spread.median).toBeLessThanOrEqual(Math.max(...some));
    }),
  );
});
