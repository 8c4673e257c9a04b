import fc from "fast-check";
import { expect, test } from "vitest";
import { notRecorded } from "../../shared/state-code.ts";
import { eachRun, minuteOf, noRuns, unrecorded, withMinutes, type HeldMinute } from "./minute-runs.ts";

function held(mean: number, freshSeconds = 60, spread = 0): HeldMinute {
  return { mean, min: mean - spread, max: mean + spread, freshSeconds, code: freshSeconds === 60 ? 0 : 1 };
}

/** Few of each, so that neighbours are often alike; and what no other number may become. */
const minutes = fc.oneof(
  fc.constant(unrecorded),
  fc.record({
    mean: fc.constantFrom(0, -0, 4, 0.1 + 0.2, Number.MAX_VALUE, -5e-324, Number.NaN),
    min: fc.constantFrom(-1, 4, Number.NaN),
    max: fc.constantFrom(4, 1e9, Number.NaN),
    freshSeconds: fc.constantFrom(0, 1, 60),
    code: fc.constantFrom(0, 6, 254, notRecorded),
  }),
);
const stretch = fc
  .tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 1, max: 60 }))
  .map(([from, count]) => [from, Math.min(60, from + count)] as const);

test("an hour is what was written into it, in any order", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(stretch, minutes), { maxLength: 30 }), stretch, (words, [from, to]) => {
      const hour: HeldMinute[] = Array.from({ length: 60 }, () => unrecorded);
      let runs = noRuns;
      for (const [[first, end], word] of words) {
        runs = withMinutes(runs, first, end, word);
        hour.fill(word, first, end);
      }
      expect(hour.map((_, minute) => minuteOf(runs, minute))).toEqual(hour);
      const seen: HeldMinute[] = Array.from({ length: 60 }, () => unrecorded);
      eachRun(runs, from, to, (minute, start, end) => seen.fill(minute, start, end));
      const isSeen = (minute: number): boolean =>
        minute >= from && minute < to && hour[minute]!.code !== notRecorded;
      expect(seen).toEqual(hour.map((word, minute) => (isSeen(minute) ? word : unrecorded)));
    }),
    { seed: 7 },
  );
});

test("minutes that are alike take the room of one", () => {
  let still = noRuns;
  for (let minute = 0; minute < 60; minute++) still = withMinutes(still, minute, minute + 1, held(4));
  expect(still).toHaveLength(2);
  const moved = withMinutes(still, 30, 31, held(5, 60, 1));
  expect(moved).toHaveLength(2 + 4 + 2);
  expect(withMinutes(moved, 30, 31, held(4))).toEqual(still);
});
