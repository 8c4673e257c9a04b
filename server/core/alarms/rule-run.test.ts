import { describe, expect, test } from "vitest";
import { parseSeries, turnsOf } from "./rule-run.ts";

describe("a series in Prometheus' notation", () => {
  test.each<[string, readonly (number | null)[] | null]>([
    ["5x3 25x2", [5, 5, 5, 5, 25, 25, 25]],
    ["1+2x3", [1, 3, 5, 7]],
    ["10-5x3", [10, 5, 0, -5]],
    ["-2 0.5", [-2, 0.5]],
    ["0.1+0.1x3", [0.1, 0.2, 0.3, 0.4]],
    ["1 _ _x2 stale 2", [1, null, null, null, null, 2]],
    ["5x", null],
    ["5 and 6", null],
    ["1x999999999", null],
  ])("%s", (text, samples) => {
    expect(parseSeries(text)).toEqual(samples);
  });
});

const delays = { onDelaySeconds: 0, offDelaySeconds: 0 };
const turns = (
  rule: Parameters<typeof turnsOf>[0],
  series: string,
  usual: Parameters<typeof turnsOf>[3] = null,
) => {
  const { activeAt, clearAt } = turnsOf(rule, parseSeries(series)!, 60, usual);
  return [activeAt, clearAt];
};

describe("when a rule turns", () => {
  const above = { ...delays, when: { above: 20, clearBelow: 15 } };

  test("at a bound, after its delays, which may end between two samples", () => {
    expect(turns({ ...above, onDelaySeconds: 600 }, "5x3 25x12")).toEqual([[840], []]);
    expect(turns({ ...above, onDelaySeconds: 90, offDelaySeconds: 30 }, "5 25x3 17 5x3")).toEqual([
      [150],
      [390],
    ]);
  });

  test("not by what is missing", () => {
    expect(turns(above, "25 _x9 5")).toEqual([[0], [600]]);
    expect(turns({ ...above, offDelaySeconds: 120 }, "25 5 _x9 5x2")).toEqual([[0], [780]]);
  });

  test("by how fast it changes", () => {
    const rises = { ...delays, when: { risesBy: 10, withinSeconds: 300, clearBelow: 5 } };
    expect(turns(rises, "5x5 20x9")).toEqual([[360], [660]]);
    // A sample counts at its instant before the one that is as old as the stretch does.
    const each = { ...delays, when: { risesBy: 10, withinSeconds: 60, clearBelow: 5 } };
    expect(turns(each, "0+10x3 30x2")).toEqual([[60], [240]]);
  });

  test("by what is usual", () => {
    const outside = { ...delays, when: { outsideUsual: "above" as const, by: 5, clearWithin: 2 } };
    expect(turns(outside, "10 16 22 26 23 22 21", { low: 5, high: 20 })).toEqual([[180], [300]]);
  });

  test("by silence, by how many are active, and by what is not known", () => {
    expect(turns({ ...delays, when: { silent: "down", feeds: "all" } }, "0 1 1 0")).toEqual([[60], [180]]);
    expect(turns({ ...delays, when: { each: "CapAlert", where: {} } }, "0 2 0")).toEqual([[60], [120]]);
    expect(turns({ ...delays, when: { atLeast: 2, of: ["a", "b"] } }, "0 1 2 1")).toEqual([[120], [180]]);
    expect(turns({ ...delays, when: { unknown: true } }, "5 _ _ 5")).toEqual([[60], [180]]);
  });
});
