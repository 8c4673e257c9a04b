import fc from "fast-check";
import { expect, it } from "vitest";
import { snapped } from "./snap.ts";

it("moves a place by less than 80 m, and a snapped place no more", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -179, max: 179, noNaN: true }),
      fc.double({ min: -70, max: 70, noNaN: true }),
      (lon, lat) => {
        const [x, y] = snapped([lon, lat]);
        const metres = Math.hypot((x - lon) * Math.cos((lat * Math.PI) / 180) * 111_320, (y - lat) * 111_320);
        expect(metres).toBeLessThan(80);
        expect(snapped([x, y])).toEqual([x, y]);
      },
    ),
    { seed: 3 },
  );
});

it("puts the doors of one block on one point", () => {
  expect(snapped([-122.39998, 37.77762])).toEqual(snapped([-122.39981, 37.77771]));
});
