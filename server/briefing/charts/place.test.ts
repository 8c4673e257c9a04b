import fc from "fast-check";
import { expect, it } from "vitest";
import { overlap, placeLabels, spread } from "./place.ts";

const room = { x: 0, y: 0, width: 300, height: 200 };
const box = fc.record({
  x: fc.integer({ min: -40, max: 320 }),
  y: fc.integer({ min: -40, max: 220 }),
  width: fc.integer({ min: 1, max: 120 }),
  height: fc.integer({ min: 1, max: 40 }),
});

it("lets no label lie over another, over an obstacle or outside the room", () => {
  fc.assert(
    fc.property(fc.array(fc.array(box, { maxLength: 4 })), fc.array(box), (labels, obstacles) => {
      const placed = placeLabels(labels, room, obstacles).filter((one) => one !== null);
      placed.forEach((one, i) => {
        for (const other of [...placed.slice(i + 1), ...obstacles]) expect(overlap(one, other)).toBe(false);
        expect(one.x >= 0 && one.y >= 0 && one.x + one.width <= 300 && one.y + one.height <= 200).toBe(true);
      });
    }),
  );
});

it("gives the first label its first place, and takes the next where that is taken", () => {
  const here = { x: 0, y: 0, width: 50, height: 20 };
  const beside = { ...here, x: 60 };
  expect(placeLabels([[here], [here, beside], [here, beside]], room)).toEqual([here, beside, null]);
});

it("spreads heights apart, in order and within the room", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 250 }), { minLength: 1, maxLength: 10 }), (wanted) => {
      const heights = spread(wanted, 18, 0, 200);
      const sorted = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
      sorted.slice(1).forEach((i, k) => {
        expect(heights[i]! - heights[sorted[k]!]!).toBeGreaterThanOrEqual(18 - 1e-6);
      });
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...heights)).toBeLessThanOrEqual(200 + 1e-6);
    }),
  );
});

it("moves nothing that has room, and shares the room out where there is too little", () => {
  expect(spread([100, 10, 50], 18, 0, 200)).toEqual([100, 10, 50]);
  expect(spread([50, 50, 50], 18, 0, 20)).toEqual([0, 10, 20]);
});
