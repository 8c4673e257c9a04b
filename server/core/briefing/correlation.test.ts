import { expect, test } from "vitest";
import { strongestCorrelation } from "./correlation.ts";

const rain = [0, 0, 1, 5, 9, 6, 2, 0, 0, 0, 3, 8, 4, 1, 0, 0];
const later = [0, 0, ...rain.slice(0, -2)].map((value) => 10 + 2 * value);

test("finds the lag at which two courses moved alike", () => {
  const found = strongestCorrelation(later, [rain.map(() => 1), rain]);
  expect(found).toMatchObject({ place: 1, lag: 2 });
  expect(found!.correlation).toBeCloseTo(1);
});

test("says nothing of few pairs, or of what moved by itself", () => {
  expect(strongestCorrelation(later.slice(0, 8), [rain])).toBeNull();
  expect(
    strongestCorrelation(
      later.map((_, i) => i % 2),
      [rain],
    ),
  ).toBeNull();
});
