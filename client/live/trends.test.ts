import { describe, expect, it } from "vitest";
import { mergePoints, type Point } from "./trends.ts";

const span = { bucketMs: 60_000, buckets: 3 };

function point(at: number, value: number): Point {
  return { at, value, state: "fresh" };
}

describe("mergePoints", () => {
  it("keeps one point per bucket, the newest word of each", () => {
    expect(mergePoints([point(60_000, 1)], [point(61_000, 2), point(119_000, 3)], span, 120_000)).toEqual([
      point(60_000, 3),
    ]);
  });

  it("sorts, leaves holes and drops what is older than the span", () => {
    const points = mergePoints([point(300_000, 5), point(60_000, 1)], [point(180_000, 3)], span, 330_000);
    expect(points.map((one) => one.at)).toEqual([180_000, 300_000]);
  });

  it("drops what has not happened yet: the clock of a city may begin again at an earlier hour", () => {
    const points = mergePoints([point(60_000, 1), point(240_000, 9)], [point(120_000, 2)], span, 130_000);
    expect(points.map((one) => one.value)).toEqual([1, 2]);
  });
});
