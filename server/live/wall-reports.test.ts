import { expect, test } from "vitest";
import { isWallReport } from "../../shared/wall-report.ts";
import { WallReports } from "./wall-reports.ts";

const megabyte = 2 ** 20;

test("the worst of the open walls counts, and a silent one is gone", () => {
  const reports = new WallReports();
  const none = { "wall-memory": null, "wall-frame-rate": null, "wall-clock-skew": null };
  expect(reports.figures(0)).toEqual(none);
  reports.note("a", { heapBytes: 80 * megabyte, framesPerSecond: 60, at: 1_000 }, 1_000);
  reports.note("b", { heapBytes: null, framesPerSecond: 12, at: 8_500 }, 1_000);
  reports.note("c", { heapBytes: 20 * megabyte, framesPerSecond: null, at: 1_000 }, 61_000);
  expect(reports.figures(61_000)).toEqual({
    "wall-memory": 80,
    "wall-frame-rate": 12,
    "wall-clock-skew": 60,
  });
  expect(reports.figures(91_000)).toMatchObject({ "wall-memory": 20, "wall-frame-rate": null });
  reports.forget("c");
  expect(reports.figures(91_000)).toEqual(none);
});

test("what is no report is none", () => {
  expect(isWallReport({ heapBytes: 1, framesPerSecond: null, at: 1 })).toBe(true);
  for (const word of [
    null,
    4,
    {},
    { heapBytes: -1, framesPerSecond: 1, at: 1 },
    { heapBytes: 1, framesPerSecond: "6", at: 1 },
  ])
    expect(isWallReport(word)).toBe(false);
});
