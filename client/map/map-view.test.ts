import { describe, expect, it } from "vitest";
import { noBleed, paddingFor, scaleOf } from "./map-view.ts";

describe("scaleOf", () => {
  it.each([
    ["10px", 1],
    ["20px", 2],
    ["", 1],
    ["0px", 1],
    ["1px", 0.5],
  ])("%s → %d", (size, scale) => {
    expect(scaleOf(size)).toBe(scale);
  });
});

describe("paddingFor", () => {
  it("keeps the city clear of the columns", () => {
    expect(paddingFor({ ...noBleed, left: 400 }, 2, 4_000, 2_000)).toEqual({
      top: 28,
      right: 28,
      bottom: 28,
      left: 828,
    });
  });

  it("leaves a third of a small canvas to the city", () => {
    const { left, right } = paddingFor({ ...noBleed, left: 400, right: 100 }, 1, 300, 300);
    expect(left + right).toBeCloseTo(200);
  });
});
