import { describe, expect, it } from "vitest";
import type { ChartPoint } from "../../../shared/briefing.ts";
import { pathOf, roundMarks } from "./scale.ts";
import { gapsOf, strokes, usualOf } from "./series.ts";
import { heightOf } from "./sparkline.ts";

function points(...values: (number | null)[]): ChartPoint[] {
  return values.map((value, i) => ({ at: i * 10, value, low: 0, high: 1 }));
}

describe("a line", () => {
  it("is interrupted where nothing is known, and by a new definition", () => {
    const drawn = strokes({ points: points(1, 2, null, 4, 5), breaks: [40] });
    expect(drawn.map((point) => point?.value ?? null)).toEqual([1, 2, null, 4, null, 5]);
    expect(drawn[0]!.at).toBe(5);
  });

  it("is drawn as subpaths, a lonely point as a dot", () => {
    const place = (x: number) => ({ x, y: 0 });
    expect(pathOf([place(1), place(2), null, place(4), null])).toBe("M1 0L2 0M4 0h0");
  });

  it("has its gaps as whole buckets, neighbours as one", () => {
    expect(gapsOf(points(null, 1, null, null, 2, null))).toEqual([
      { fromAt: 0, toAt: 10 },
      { fromAt: 20, toAt: 40 },
      { fromAt: 50, toAt: 60 },
    ]);
  });

  it("has what is usual in stretches without a hole", () => {
    const two = points(1, 1, 1, 1, 1).map((point, i) => (i === 2 ? { ...point, low: null } : point));
    expect(usualOf(two).map((stretch) => stretch.map(({ at }) => at))).toEqual([
      [5, 15],
      [35, 45],
    ]);
  });

  it("stays calm where it hardly changes, and shows a target that is near", () => {
    const [low, high] = heightOf({ points: points(100, 101).map((point) => ({ ...point, low: null, high: null })), breaks: [], target: 104 })!; // prettier-ignore
    expect(high - low).toBeGreaterThanOrEqual(10);
    expect(high).toBeGreaterThanOrEqual(104);
    expect(heightOf({ points: [], breaks: [], target: 5 })).toBeNull();
  });
});

describe("round marks", () => {
  it.each([
    [40, 92, 3, [40, 60, 80, 100]],
    [0, 9.4, 4, [0, 2, 4, 6, 8, 10]],
    [2.88, 2.94, 3, [2.88, 2.9, 2.92, 2.94]],
    [5, 5, 3, [4, 6]],
    [0, 0, 3, [0, 1]],
    [-3, 4, 3, [-4, -2, 0, 2, 4]],
  ])("from %d to %d are %d or so", (low, high, count, marks) => {
    expect(roundMarks(low, high, count)).toEqual(marks);
  });
});
