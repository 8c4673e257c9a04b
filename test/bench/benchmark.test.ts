import { expect, test } from "vitest";
import { measure, median, slope, table, type Benchmark } from "./benchmark.ts";

function contest(
  ours: number[],
  baseline: number[],
  target: number,
): { benchmark: Benchmark; order: string[] } {
  const order: string[] = [];
  const next = (side: string, values: number[]): number => {
    order.push(side);
    return values.shift()!;
  };
  const benchmark: Benchmark = {
    name: "a/b",
    unit: "ms",
    baselineName: "other",
    target,
    rounds: ours.length,
    prepare: async () => ({
      ours: () => next("ours", ours),
      baseline: async () => Promise.resolve(next("other", baseline)),
      close: () => void order.push("close"),
    }),
  };
  return { benchmark, order };
}

test("rounds take turns, medians are compared", async () => {
  const { benchmark, order } = contest([1, 9, 2], [4, 4, 40], 0.5);
  expect(await measure(benchmark)).toEqual({
    name: "a/b",
    unit: "ms",
    ours: 2,
    baseline: 4,
    baselineName: "other",
    ratio: 0.5,
    target: 0.5,
    holds: true,
  });
  expect(order).toEqual(["ours", "other", "other", "ours", "ours", "other", "close"]);
});

test("a ratio above the target does not hold, and the table says so", async () => {
  const result = await measure(contest([3], [2], 1.4).benchmark);
  expect(result).toMatchObject({ ratio: 1.5, holds: false });
  if ("notHere" in result) throw new Error(result.notHere);
  expect(table([result])).toMatch(/a\/b +ms +3 +2 +other +1\.5 +≤ 1\.4 +MISSED/);
});

test("the median of an even number is between the middle two", () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrow(RangeError);
});

test("the slope is that of the line between the values, whatever lies beside it", () => {
  expect(slope([1, 3, 5, 7])).toBe(2);
  expect(slope([5, 5, 5])).toBe(0);
  expect(slope([0, 2, 1, 3])).toBeCloseTo(0.8);
});
