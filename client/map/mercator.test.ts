import { expect, it } from "vitest";
import { worldPixels, worldX, worldY } from "./mercator.ts";

it("places the corners, the middle and a city as Web Mercator does", () => {
  expect([worldX(-180), worldX(0), worldX(180)]).toEqual([0, 0.5, 1]);
  expect(worldY(0)).toBe(0.5);
  // The latitude where the square ends.
  expect(worldY(85.0511287798066)).toBeCloseTo(0, 9);
  expect(worldY(-85.0511287798066)).toBeCloseTo(1, 9);
  // Tile 14/2620/6332 of San Francisco begins at its north-western corner.
  expect(worldX(-122.431640625) * 2 ** 14).toBeCloseTo(2620, 6);
  expect(worldY(37.78808138412046) * 2 ** 14).toBeCloseTo(6332, 6);
});

it("is 512 pixels wide at zoom 0 and doubles with each zoom", () => {
  expect([worldPixels(0), worldPixels(3)]).toEqual([512, 4_096]);
});
