import { expect, test } from "vitest";
import type { KnownAs } from "../../shared/protocol.ts";
import { stateCodes } from "../../shared/state-code.ts";
import { noon } from "../../test/planned-city.ts";
import { readingsOfMinutes } from "./minute-readings.ts";

const minuteMs = 60_000;

/** Minute, mean or `null` where no second was fresh, state at its end; of one series, each learnt at its end or at `knownAt`. */
type Word = readonly [
  minute: number,
  mean: number | null,
  state: (typeof stateCodes)[number],
  knownAt?: number,
];

function told(words: readonly Word[], known: KnownAs) {
  const column = (of: (word: Word) => number): number[] => words.map(of);
  const mean = column(([, value]) => value ?? Number.NaN);
  const readings = readingsOfMinutes(
    {
      series: column(() => 0),
      at: column(([minute]) => noon + minute * minuteMs),
      knownAt: column(([minute, , , knownAt = minute + 1]) => noon + knownAt * minuteMs),
      mean,
      min: mean,
      max: mean,
      freshSeconds: column(([, value]) => (value === null ? 0 : 60)),
      code: column(([, , state]) => stateCodes.indexOf(state)),
    },
    ["bikes"],
    known,
  );
  return readings.map(({ at, reading: { value, state, reason, observedAt } }) => [
    (at - noon) / minuteMs,
    value,
    state,
    reason,
    observedAt && (observedAt - noon) / minuteMs,
  ]);
}

test("a minute in which nothing was fresh says the last value again, and that it is stale", () => {
  const words: Word[] = [
    [0, 7, "fresh"],
    [1, null, "stale"],
    [2, null, "source-down-stale"],
    [3, null, "no-data"],
    [4, 8, "fresh"],
  ];
  expect(told(words, "now")).toEqual([
    [0, 7, "fresh", null, 0],
    [1, 7, "stale", "stale", 0],
    [2, 7, "stale", "source-down", 0],
    [3, null, "none", "no-data", null],
    [4, 8, "fresh", null, 4],
  ]);
});

test("where its last value is not told, it is none", () => {
  const words: Word[] = [
    [0, null, "stale"],
    [1, null, "source-down-stale"],
  ];
  expect(told(words, "now")).toEqual([
    [0, null, "none", "not-recorded", null],
    [1, null, "none", "source-down", null],
  ]);
});

test("as known then, the last value is the one that was known by then", () => {
  const words: Word[] = [
    [0, 7, "fresh"],
    [0, 9, "fresh", 30],
    [1, null, "stale"],
  ];
  const stale = (known: KnownAs) => told(words, known).find(([, , state]) => state === "stale");
  expect(stale("then")).toEqual([2, 7, "stale", "stale", 0]);
  expect(stale("now")).toEqual([1, 9, "stale", "stale", 0]);
});
