import { expect, test } from "vitest";
import { Grid, type Level } from "./grid.ts";
import { Held, type HeldSums } from "./held.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const noon = Date.parse("2026-05-04T12:00:00Z");
const plenty = 2 ** 24;

interface Word {
  readonly series?: number;
  readonly at: number;
  readonly knownAt?: number;
  readonly value?: number;
  readonly min?: number;
}

function put(held: Held, level: Level, words: readonly Word[]): void {
  held.put(level, {
    series: words.map(({ series }) => series ?? 0),
    at: words.map(({ at }) => at),
    knownAt: words.map(({ at, knownAt }) => knownAt ?? at + minuteMs),
    mean: words.map(({ value }) => value ?? 1),
    min: words.map(({ min, value }) => min ?? value ?? 1),
    max: words.map(({ value }) => value ?? 1),
    freshSeconds: words.map(() => 60),
    code: words.map(() => 0),
  });
}

/** What is held of series 0 (or another), a line a minute; `null` where not all of it is. */
function told(held: Held, fromAt: number, toAt: number, series = 0): string[] | null {
  const lines: string[] = [];
  const sums: HeldSums = {
    add: (bucket, at, mean, min, max, fresh, code) =>
      lines.push([bucket, (at - noon) / minuteMs, mean, min, max, fresh, code].join(" ")),
  };
  const stretch = { level: "minutes", fromAt, toAt, unitMs: minuteMs } as const;
  return held.add([stretch], Float64Array.of(fromAt, toAt), [[series, sums]]) ? lines : null;
}

function whole(mostBytes = plenty): Held {
  const held = new Held(new Grid("UTC"), mostBytes);
  held.isWholeFrom("minutes", null);
  return held;
}

test("nothing is told before all of it is held", () => {
  const held = new Held(new Grid("UTC"), plenty);
  put(held, "minutes", [{ at: noon }]);
  expect(told(held, noon, noon + minuteMs)).toBeNull();
  held.isWholeFrom("minutes", noon);
  expect(told(held, noon, noon + minuteMs)).toEqual(["0 0 1 1 1 60 0"]);
  expect(told(held, noon - minuteMs, noon + minuteMs)).toBeNull();
});

test("the word that was learnt last stands, and its spread is its own", () => {
  const held = whole();
  put(held, "minutes", [
    { at: noon, value: 1 },
    { at: noon + minuteMs, value: 2 },
  ]);
  put(held, "minutes", [{ at: noon, value: 5, min: 4, knownAt: noon + hourMs }]);
  expect(told(held, noon, noon + hourMs)).toEqual(["0 0 5 4 5 60 0", "0 1 2 2 2 60 0"]);
});

test("an earlier word about a minute that came later is left to the tables, with the minutes before it", () => {
  const held = whole();
  put(held, "minutes", [
    { at: noon, knownAt: noon + hourMs },
    { at: noon + minuteMs, knownAt: noon + hourMs },
  ]);
  put(held, "minutes", [{ at: noon, value: 7, knownAt: noon + minuteMs }]);
  expect(told(held, noon, noon + hourMs)).toBeNull();
  expect(told(held, noon + minuteMs, noon + hourMs)).toEqual(["0 1 1 1 1 60 0"]);
});

test("yesterday is held while today comes, and what is older is not", () => {
  const held = whole();
  const days = 4 * 1440;
  for (let minute = 0; minute < days; minute++) put(held, "minutes", [{ at: noon + minute * minuteMs }]);
  const end = noon + days * minuteMs;
  expect(told(held, end - 2 * 1440 * minuteMs, end)).toHaveLength(2 * 1440);
  expect(told(held, noon, end)).toBeNull();
  put(held, "minutes", [{ at: noon }]);
  expect(told(held, end - minuteMs, end + hourMs)).toHaveLength(1);
});

test("a series that finds no room is left to the tables, and makes room for others", () => {
  const block = 4 * 300;
  const held = whole(1.5 * block);
  put(held, "minutes", [{ at: noon }]);
  put(held, "minutes", [{ series: 1, at: noon }]);
  expect(told(held, noon, noon + minuteMs, 1)).toBeNull();
  expect(told(held, noon, noon + minuteMs)).toHaveLength(1);
  put(held, "minutes", [{ at: noon + minuteMs, min: 0 }]);
  expect(told(held, noon, noon + minuteMs)).toBeNull();
  expect(held.roomBytes).toBe(1.5 * block);
});

test("numbers of any width come back as they were put", () => {
  const held = whole();
  const values = [3, -32_768, 40_000, 0.5, 0.1, 1e300, 2 ** 24 + 1];
  for (const [i, value] of values.entries())
    put(held, "minutes", [{ at: noon + i * minuteMs, value, min: i === 5 ? -0.3 : value }]);
  expect(told(held, noon, noon + hourMs)).toEqual([
    "0 0 3 3 3 60 0",
    "0 1 -32768 -32768 -32768 60 0",
    "0 2 40000 40000 40000 60 0",
    "0 3 0.5 0.5 0.5 60 0",
    "0 4 0.1 0.1 0.1 60 0",
    "0 5 1e+300 -0.3 1e+300 60 0",
    "0 6 16777217 16777217 16777217 60 0",
  ]);
});

test("hours that are put together again replace those there were", () => {
  const held = new Held(new Grid("UTC"), plenty);
  held.isWholeFrom("hours", null);
  const words = (series: number[], value: number): Parameters<Held["put"]>[1] => ({
    series,
    at: series.map(() => noon),
    knownAt: series.map(() => noon + hourMs),
    mean: series.map(() => value),
    min: series.map(() => value),
    max: series.map(() => value),
    freshSeconds: series.map(() => 3600),
    code: series.map(() => 0),
  });
  held.replace("hours", [noon], words([0, 1], 1));
  held.replace("hours", [noon], words([1], 2));
  const means = [0, 1].map((series) => {
    const all: number[] = [];
    const stretch = { level: "hours", fromAt: noon, toAt: noon + hourMs, unitMs: hourMs } as const;
    const sums: HeldSums = { add: (_bucket, _at, mean) => all.push(mean) };
    expect(held.add([stretch], Float64Array.of(noon, noon + hourMs), [[series, sums]])).toBe(true);
    return all;
  });
  expect(means).toEqual([[], [2]]);
});

test("days have numbers that follow on one another, however long they are and whenever they begin", () => {
  for (const zone of ["Europe/Berlin", "Pacific/Auckland", "America/Santiago", "Australia/Lord_Howe"]) {
    const grid = new Grid(zone);
    let day = grid.startOfDay(Date.UTC(2026, 0, 1));
    for (let i = 0; i < 400; i++) {
      const next = grid.startOfNextDay(day);
      expect(grid.numberOf("days", next)).toBe(grid.numberOf("days", day) + 1);
      day = next;
    }
  }
});
