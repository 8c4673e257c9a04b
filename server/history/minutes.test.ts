import fc from "fast-check";
import { expect, test } from "vitest";
import type { Reading } from "../../shared/protocol.ts";
import { indicator } from "../../test/planned-city.ts";
import { eachMinute, stateCode, stateCodes, type MinuteColumns } from "./history.ts";
import { Minutes } from "./minutes.ts";

const minute = 60_000;
const noon = Date.UTC(2026, 4, 4, 12);
const definitions = [indicator({ id: "transport.a", revision: "r1" })];
const everyId = (): boolean => true;

function reading(value: number | null, id = "transport.a"): Reading {
  const [state, reason] = value === null ? (["none", "no-data"] as const) : (["fresh", null] as const);
  return { id, value, state, reason, quality: "good", observedAt: noon, oldestAt: noon };
}

function begun(indicators = definitions): Minutes {
  const minutes = new Minutes();
  minutes.begin(indicators);
  return minutes;
}

/** The rows as objects, in their order. */
function rowsOf(drained: MinuteColumns) {
  const columns = eachMinute(drained);
  return Array.from(columns.at, (at, i) => ({
    series: columns.series[columns.seriesOf[i]!]!,
    at: (at - noon) / minute,
    knownAt: columns.knownAt[i]!,
    mean: columns.mean[i]!,
    min: columns.min[i]!,
    max: columns.max[i]!,
    fresh: columns.freshSeconds[i]!,
    state: stateCodes[columns.code[i]!],
    revision: columns.revisions[columns.revisionOf[i]!]!,
  }));
}

interface Step {
  readonly at: number;
  readonly value: number | null;
}

/** What the minute from `from` comes to, counted anew from everything that was ever said. */
function recounted(steps: readonly Step[], from: number) {
  let [weighted, ms] = [0, 0];
  const values: number[] = [];
  steps.forEach(({ at, value }, i) => {
    const stretch = Math.min(steps[i + 1]?.at ?? at, from + minute) - Math.max(at, from);
    if (value === null || stretch <= 0) return;
    weighted += value * stretch;
    ms += stretch;
    values.push(value);
  });
  return { mean: weighted / ms, min: Math.min(...values), max: Math.max(...values), ms };
}

test("the rows of any history are what a recount of it gives", () => {
  const change = fc.record({
    afterMs: fc.oneof(fc.integer({ min: 1, max: 90_000 }), fc.integer({ min: 1, max: 400_000 })),
    value: fc.option(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0),
      { freq: 4 },
    ),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 2, maxLength: 40 }), (changes) => {
      const minutes = begun();
      const steps: Step[] = [];
      let at = noon;
      for (const { afterMs, value } of changes) {
        minutes.take([reading(value)], at, everyId, 500_000);
        steps.push({ at, value });
        at += afterMs;
      }
      minutes.take([], at, everyId, 500_000);
      steps.push({ at, value: null });
      const rows = rowsOf(minutes.drain());
      expect(rows.map((row) => row.at)).toEqual(
        Array.from({ length: Math.floor((at - noon) / minute) }, (_, i) => i),
      );
      for (const row of rows) {
        const from = noon + row.at * minute;
        const { mean, min, max, ms } = recounted(steps, from);
        const last = steps.findLast((step) => step.at < from + minute)!;
        expect(row.state).toBe(last.value === null ? "no-data" : "fresh");
        expect(row.knownAt).toBe(steps.find((step) => step.at >= from + minute)!.at);
        expect(row.fresh).toBe(ms === 0 ? 0 : Math.max(1, Math.round(ms / 1000)));
        if (ms === 0) expect([row.mean, row.min, row.max]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
        else expect([row.min, row.max]).toEqual([min, max]);
        if (ms > 0)
          expect(Math.abs(row.mean - mean)).toBeLessThanOrEqual(
            1e-9 * Math.max(1, max - min, Math.abs(mean)),
          );
      }
    }),
    { seed: 5, numRuns: 500 },
  );
});

test("minutes that are alike are one row", () => {
  const minutes = begun();
  minutes.take([reading(7), reading(1, "transport.a{name:x}")], noon, everyId, 500_000);
  minutes.take([reading(2, "transport.a{name:x}")], noon + 30_000, everyId, 500_000);
  minutes.take([], noon + 5 * minute, everyId, 500_000);
  const { seriesOf, at, count, mean, min, max } = minutes.drain();
  expect([...seriesOf]).toEqual([0, 1, 1]);
  expect(Array.from(at, (one) => (one - noon) / minute)).toEqual([0, 0, 1]);
  expect([...count]).toEqual([5, 1, 4]);
  expect([...mean, ...min, ...max]).toEqual([7, 1.5, 2, 7, 1, 2, 7, 2, 2]);
});

test("nothing is known of the time in which nobody looked", () => {
  const minutes = begun();
  minutes.take([reading(7)], noon, everyId, minute);
  minutes.take([], noon + 30_000, everyId, minute);
  minutes.take([], noon + 10.5 * minute, everyId, minute);
  minutes.take([], noon + 11 * minute, everyId, minute);
  const rows = rowsOf(minutes.drain());
  expect(rows.map(({ at, fresh, mean }) => [at, fresh, mean])).toEqual([
    [0, 30, 7],
    [10, 30, 7],
  ]);
});

test("a clock that is set back gives a newer word about the minutes it passes again", () => {
  const minutes = begun();
  minutes.take([reading(1)], noon, everyId, minute);
  for (let i = 1; i <= 5; i++) minutes.take([], noon + i * minute, everyId, minute);
  minutes.take([reading(2)], noon + 2 * minute, everyId, minute);
  for (let i = 3; i <= 6; i++) minutes.take([], noon + i * minute, everyId, minute);
  const rows = rowsOf(minutes.drain());
  const newest = new Map<number, (typeof rows)[number]>();
  for (const row of rows) {
    expect(row.knownAt).toBeGreaterThan(newest.get(row.at)?.knownAt ?? 0);
    newest.set(row.at, row);
  }
  expect([...newest.values()].map(({ at, mean, fresh }) => [at, mean, fresh])).toEqual([
    [0, 1, 60],
    [1, 1, 60],
    [2, 2, 60],
    [3, 2, 60],
    [4, 2, 60],
    [5, 2, 60],
  ]);
});

test("a series that is no more is told of in its last minute only", () => {
  const minutes = begun();
  minutes.take([reading(1), reading(2, "transport.a{name:x}")], noon, everyId, minute);
  minutes.take([], noon + minute, (id) => id === "transport.a", minute);
  minutes.take([], noon + 2 * minute, everyId, minute);
  expect(rowsOf(minutes.drain()).map(({ series, at }) => [series, at])).toEqual([
    ["transport.a", 0],
    ["transport.a{name:x}", 0],
    ["transport.a", 1],
  ]);
});

test("what another definition measured is not added up with it", () => {
  const minutes = begun();
  minutes.take([reading(100)], noon, everyId, minute);
  minutes.take([], noon + 20_000, everyId, minute);
  minutes.begin([{ ...definitions[0]!, revision: "r2" }]);
  minutes.take([reading(3)], noon + 30_000, everyId, minute);
  minutes.take([], noon + minute, everyId, minute);
  expect(rowsOf(minutes.drain())).toMatchObject([{ mean: 3, min: 3, max: 3, fresh: 30, revision: "r2" }]);
});

test("of the same definition in another epoch, the time between is not known", () => {
  const minutes = begun();
  minutes.take([reading(4)], noon, everyId, minute);
  minutes.take([], noon + 20_000, everyId, minute);
  minutes.begin(definitions);
  minutes.take([reading(4)], noon + 50_000, everyId, minute);
  minutes.take([], noon + minute, everyId, minute);
  expect(rowsOf(minutes.drain())).toMatchObject([{ mean: 4, fresh: 30 }]);
});

test("the minute of a stop is told up to the stop", () => {
  const minutes = begun();
  minutes.take([reading(4)], noon, everyId, minute);
  minutes.take([], noon + 12_000, everyId, minute);
  minutes.end(everyId);
  expect(rowsOf(minutes.drain())).toMatchObject([{ at: 0, mean: 4, fresh: 12 }]);
});

test("every state and reason has its code", () => {
  const codes = (
    [
      ["fresh", null],
      ["stale", "stale"],
      ["stale", "source-down"],
      ["none", "no-data"],
      ["none", "not-applicable"],
      ["none", "source-down"],
    ] as const
  ).map(([state, reason]) => stateCode({ state, reason }));
  expect(codes).toEqual([0, 1, 2, 3, 4, 5]);
});
