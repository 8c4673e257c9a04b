import fc from "fast-check";
import { expect, test } from "vitest";
import type { IndicatorDefinition } from "./city.ts";
import { composite, deepDrivers, scoreOf } from "./score.ts";

const onTime = { better: "higher", target: 85, unit: "percent" } as const;
const delay = { better: "lower", target: 120, unit: "seconds" } as const;

test("a figure scores 100 on target, 0 at its worst and as a line between", () => {
  expect([100, 85, 60, 35, 10].map((value) => scoreOf(value, onTime, 35))).toEqual([100, 100, 50, 0, 0]);
  expect([0, 120, 360, 600, 900].map((value) => scoreOf(value, delay, 600))).toEqual([100, 100, 50, 0, 0]);
});

test("a score scores itself; a figure without a target scores nothing", () => {
  expect(scoreOf(73, { better: "higher", target: 100, unit: "score" }, undefined)).toBe(73);
  expect(scoreOf(73, { better: "neither", target: null, unit: "count" }, 0)).toBeNull();
});

test("what is not known neither pulls nor counts", () => {
  const made = composite([
    { input: { indicator: "a", worst: 0, weight: 3 }, score: 60 },
    { input: { indicator: "b", worst: 0 }, score: 100 },
    { input: { indicator: "c", worst: 0, weight: 9 }, score: null },
  ]);
  expect(made).toEqual({
    score: 70,
    drivers: [
      { indicator: "a", score: 60, pull: 30 },
      { indicator: "b", score: 100, pull: 0 },
      { indicator: "c", score: null, pull: 0 },
    ],
  });
  expect(composite([])).toBeNull();
});

test("a composite lies between its worst and its best figure, and its drivers add up to what is missing", () => {
  const part = fc.record({
    weight: fc.integer({ min: 1, max: 9 }),
    score: fc.double({ min: 0, max: 100, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), (parts) => {
      const made = composite(
        parts.map(({ weight, score }, i) => ({ input: { indicator: `i${i}`, worst: 0, weight }, score })),
      )!;
      const scores = parts.map(({ score }) => score);
      expect(made.score).toBeGreaterThanOrEqual(Math.min(...scores) - 1e-9);
      expect(made.score).toBeLessThanOrEqual(Math.max(...scores) + 1e-9);
      expect(made.drivers.reduce((sum, { pull }) => sum + pull, 0)).toBeCloseTo(100 - made.score, 6);
    }),
  );
});

test("the drivers of a score of scores are the figures below, in its own points", () => {
  const score = (id: string, ...inputs: [string, number?][]): Partial<IndicatorDefinition> => ({
    id,
    unit: "score",
    better: "higher",
    target: 100,
    measure: {
      score: inputs.map(([indicator, worst]) => (worst === undefined ? { indicator } : { indicator, worst })),
    },
  });
  const figure = (id: string): Partial<IndicatorDefinition> => ({ ...onTime, id, measure: { count: true } });
  const known = [
    score("city", ["roads"], ["calls"]),
    score("roads", ["a", 35], ["b", 35]),
    score("calls", ["c", 35]),
    figure("a"),
    figure("b"),
    figure("c"),
  ];
  const values: Record<string, number> = { roads: 50, calls: 90, a: 35, b: 85, c: 80 };
  const drivers = deepDrivers(
    "city",
    (id) => known.find((one) => one.id === id) as IndicatorDefinition,
    (id) => values[id]!,
  );
  expect(drivers.map(({ indicator, pull }) => [indicator, Math.round(pull)])).toEqual([
    ["a", 25],
    ["c", 5],
    ["b", 0],
  ]);
});
