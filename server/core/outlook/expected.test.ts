import fc from "fast-check";
import { expect, test } from "vitest";
import { chanceOutside } from "../../../shared/outlook.ts";
import { expectedBands } from "./expected.ts";

test("the band lies in what the slot's weeks before say", () => {
  const values = [10, 1, 20, 2, 30, 3, 40, 4, 99, 5];
  const slots = values.map((_, i) => i % 2);
  expect(expectedBands(values, slots, 8, 8)).toEqual([
    { low: 10, median: 25, high: 40, samples: 4 },
    { low: 1, median: 2.5, high: 4, samples: 4 },
  ]);
});

test("of eight weeks of chance the ninth lies outside as often as is said", () => {
  // A linear congruential generator: the same chance every time.
  let state = 1;
  const chance = (): number => (state = (state * 48_271) % 2_147_483_647);
  let outside = 0;
  const trials = 2_000;
  for (let i = 0; i < trials; i++) {
    const values = Array.from({ length: 9 }, chance);
    const [band] = expectedBands(values, new Uint8Array(9), 8, 8);
    if (values[8]! < band!.low || values[8]! > band!.high) outside++;
  }
  expect(outside / trials).toBeCloseTo(chanceOutside(8), 1);
});

test("two past values make no band, and a gap is none", () => {
  expect(expectedBands([1, 2, Number.NaN, 3], [0, 0, 0, 0], 3, 8)).toEqual([null]);
});

test("only so many weeks count, and never what comes later", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant(Number.NaN)), { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 3, max: 6 }),
      (values, slotCount, weeks) => {
        const slots = values.map((_, i) => i % slotCount);
        const bands = expectedBands(values, slots, 0, weeks);
        bands.forEach((band, i) => {
          const past = values.filter((value, j) => j < i && slots[j] === slots[i] && !Number.isNaN(value));
          const newest = past.slice(-weeks);
          if (newest.length < 3) expect(band).toBeNull();
          else {
            expect(band!.samples).toBe(newest.length);
            expect(band!.low).toBeGreaterThanOrEqual(Math.min(...newest));
            expect(band!.high).toBeLessThanOrEqual(Math.max(...newest));
            expect(band!.median).toBeGreaterThanOrEqual(band!.low);
          }
        });
      },
    ),
  );
});
