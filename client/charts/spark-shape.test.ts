import { describe, expect, it } from "vitest";
import type { Point } from "../live/trends.ts";
import { lineWithGaps, sparkShape } from "./spark-shape.ts";

const minute = 60_000;
const frame = { fromAt: 0, toAt: 100 * minute, width: 100, height: 28, bucketMs: minute, target: null };

function fresh(at: number, value: number): Point {
  return { at: at * minute, value, state: "fresh" };
}

describe("sparkShape", () => {
  it("draws one line from low at the bottom to high at the top", () => {
    const shape = sparkShape([fresh(98, 10), fresh(99, 20), fresh(100, 30)], frame);
    expect(shape.line).toBe("M98 24L99 14L100 4");
    expect(shape.last).toEqual([100, 4]);
    expect(shape.gaps).toEqual([]);
  });

  it("leaves a gap where nothing was known, and never bridges it", () => {
    const points: Point[] = [
      fresh(10, 5),
      fresh(11, 5),
      { at: 12 * minute, value: 5, state: "stale" },
      { at: 13 * minute, value: null, state: "none" },
      fresh(20, 5),
      fresh(100, 5),
    ];
    const shape = sparkShape(points, frame);
    expect(shape.line.match(/M/g)).toHaveLength(3);
    expect(shape.gaps).toEqual([
      [11, 20],
      [20, 100],
    ]);
  });

  it("ends in a gap from the last word on", () => {
    expect(sparkShape([fresh(50, 1), fresh(51, 1)], frame).gaps).toEqual([[51, 100]]);
  });

  it("does not call the time before the first word a gap", () => {
    expect(sparkShape([fresh(99, 1), fresh(100, 2)], frame).gaps).toEqual([]);
  });

  it("knows nothing without points", () => {
    expect(sparkShape([], frame)).toEqual({
      line: "",
      gaps: [],
      last: null,
      targetY: null,
      low: null,
      high: null,
    });
  });

  it("keeps small noise calm", () => {
    const shape = sparkShape([fresh(99, 1_000), fresh(100, 1_001)], frame);
    const heights = Array.from(shape.line.matchAll(/ (\d+\.?\d*)/g), (m) => Number(m[1]));
    expect(Math.abs(heights[0]! - heights[1]!)).toBeLessThan(1);
  });

  it("shows a target that is near and leaves out one that is far", () => {
    const points = [fresh(99, 80), fresh(100, 90)];
    expect(sparkShape(points, { ...frame, target: 88 }).targetY).not.toBeNull();
    expect(sparkShape(points, { ...frame, target: 500 }).targetY).toBeNull();
  });
});

describe("lineWithGaps", () => {
  it("breaks where minutes are missing or nothing was known, and not for a single late one", () => {
    const points: Point[] = [
      fresh(1, 10),
      fresh(3, 11),
      { at: 4 * minute, value: 11, state: "stale" },
      { at: 6 * minute, value: null, state: "none" },
      fresh(7, 12),
      fresh(60, 13),
    ];
    expect(lineWithGaps(points, minute).map(([at, value]) => [at / minute, value])).toEqual([
      [1, 10],
      [3, 11],
      [7, null],
      [7, 12],
      [60, null],
      [60, 13],
    ]);
  });
});
