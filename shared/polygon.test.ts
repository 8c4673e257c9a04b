import type { Position } from "geojson";
import { describe, expect, it } from "vitest";
import { deepestPoint } from "./polygon.ts";

function square(west: number, south: number, size: number): Position[] {
  return [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ];
}

describe("deepestPoint", () => {
  it("is the middle of a square", () => {
    const [x, y] = deepestPoint([square(0, 0, 1)]);
    expect(x).toBeCloseTo(0.5, 1);
    expect(y).toBeCloseTo(0.5, 1);
  });

  it("stays out of a hole", () => {
    const [x, y] = deepestPoint([square(0, 0, 9), square(3, 3, 3)]);
    expect(x > 3 && x < 6 && y > 3 && y < 6).toBe(false);
  });

  it("lies inside a bent shape whose middle is outside", () => {
    const bent: Position[] = [
      [0, 0],
      [10, 0],
      [10, 2],
      [2, 2],
      [2, 10],
      [0, 10],
      [0, 0],
    ];
    const [x, y] = deepestPoint([bent]);
    expect(x < 2 || y < 2).toBe(true);
    expect(x > 0 && y > 0).toBe(true);
  });
});
