import { expect, test } from "vitest";
import { orbitAt, orbitPixelsAt } from "./orbit.ts";

test("the drawing visits nine places around its own, one step at a time", () => {
  const places = Array.from({ length: 9 }, (_, step) => orbitAt(step * 120_000 + 60_000));
  expect(new Set(places.map(String)).size).toBe(9);
  for (const [i, [x, y]] of places.entries()) {
    const [nextX, nextY] = places[(i + 1) % 9]!;
    expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(4);
    expect(Math.max(Math.abs(nextX - x), Math.abs(nextY - y))).toBeLessThanOrEqual(8);
  }
});

test("every place lies on whole pixels, however large the drawing", () => {
  for (const pixelsPerU of [2 / 3, 0.711, 1, 2])
    for (let step = 0; step < 9; step++)
      for (const offset of orbitPixelsAt(step * 120_000, pixelsPerU))
        expect(Number.isInteger(offset)).toBe(true);
});
