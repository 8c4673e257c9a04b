import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stateCode } from "../shared/state-code.ts";
import { openDuckDb } from "./history/duckdb.ts";
import { HistoryAway, HistoryBusy, QueryTimedOut, QueryTooLarge, type History } from "./history/history.ts";
import type { MinuteColumns, PointColumns, PointsQuery } from "./history/history.ts";
import { batchOf } from "./history/conformance.ts";
import { openHistory } from "./history/sql-history.ts";
import { Recent } from "./live/recent.ts";
import { CityPast } from "./past.ts";

const minuteMs = 60_000;
const start = Date.UTC(2026, 9, 24, 22);
const never = new AbortController().signal;
const nothing = (): void => undefined;
const quiet = { warn: () => undefined };

/** What was measured in one minute of one series; `null` where it was never fresh. */
interface Measured {
  readonly series: string;
  readonly minute: number;
  readonly value: readonly [number, number] | null;
  readonly freshSeconds: number;
}

function columnsOf(rows: readonly Measured[]): MinuteColumns {
  const series = [...new Set(rows.map((row) => row.series))];
  const column = (of: (row: Measured) => number): Float64Array => Float64Array.from(rows, of);
  return {
    series,
    seriesOf: Uint32Array.from(rows, (row) => series.indexOf(row.series)),
    at: column(({ minute }) => start + minute * minuteMs),
    count: new Uint16Array(rows.length).fill(1),
    knownAt: column(({ minute }) => start + (minute + 1) * minuteMs),
    mean: column(({ value }) => (value === null ? Number.NaN : (value[0] + value[1]) / 2)),
    min: column(({ value }) => value?.[0] ?? Number.NaN),
    max: column(({ value }) => value?.[1] ?? Number.NaN),
    freshSeconds: Uint8Array.from(rows, ({ value, freshSeconds }) => (value === null ? 0 : freshSeconds)),
    code: Uint8Array.from(rows, ({ value }) =>
      value === null ? stateCode({ state: "none", reason: "no-data" }) : 0,
    ),
    revisions: ["1"],
    revisionOf: new Uint32Array(rows.length),
  };
}

const minutes = 90;
const measured = fc.uniqueArray(
  fc.record<Measured>({
    series: fc.constantFrom("a", "b"),
    minute: fc.nat(minutes - 1),
    value: fc.option(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 10, max: 90 })), { freq: 4 }),
    freshSeconds: fc.integer({ min: 1, max: 60 }),
  }),
  { maxLength: 2 * minutes, minLength: minutes, selector: ({ series, minute }) => `${series}${minute}` },
);

test("the numbers are the same whichever side answers", { timeout: 60_000 }, async () => {
  const dir = await mkdtemp(join(tmpdir(), "past-"));
  const history = await openHistory(await openDuckDb(join(dir, "history.duckdb")), { zone: "UTC" });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      measured,
      fc.nat(minutes),
      fc.uniqueArray(fc.nat(minutes + 10), { minLength: 2, maxLength: 12 }),
      async (drawn, split, cuts) => {
        const ofRun = (series: string): string => `${series}${run}`;
        run++;
        const rows = drawn.map((row) => ({ ...row, series: ofRun(row.series) }));
        const recent = new Recent(join(dir, "recent"), quiet);
        for (let minute = 0; minute <= minutes; minute++) recent.sample([], start + minute * minuteMs);
        const past = new CityPast({ recent, history, handOverMinutes: nothing, moments: () => [] });
        const batch = (part: readonly Measured[]) => batchOf({ minutes: columnsOf(part) });
        const [older, newer] = [
          batch(rows.filter(({ minute }) => minute < split)),
          batch(rows.filter(({ minute }) => minute >= split)),
        ];
        await history.append(older);
        past.take({ minutes: older.minutes, written: Promise.resolve() });
        past.take({ minutes: newer.minutes, written: new Promise(() => undefined) });
        await Promise.resolve();
        const edges = Float64Array.from(
          cuts.toSorted((a, b) => a - b),
          (minute) => start + minute * minuteMs,
        );
        const query = { series: ["a", "b", "c"].map(ofRun), edges, asOf: null };
        const answer = await past.points(query, never);
        await history.append(newer);
        expectSame(answer, await history.points(query, never));
        expectSame(recent.points(query), answer);
        await recent.flushed();
      },
    ),
    { numRuns: 20, endOnFailure: true },
  );
  await history.close();
  await rm(dir, { recursive: true });
});

function expectSame(some: readonly PointColumns[], others: readonly PointColumns[]): void {
  expect(some.map(({ series }) => series)).toEqual(others.map(({ series }) => series));
  some.forEach((one, i) => {
    const other = others[i]!;
    expect(one.freshSeconds).toEqual(other.freshSeconds);
    expect([one.min, one.max, one.code]).toEqual([other.min, other.max, other.code]);
    one.mean.forEach((mean, bucket) => {
      if (Number.isNaN(mean)) expect(other.mean[bucket]).toBeNaN();
      else expect(Math.abs(mean - other.mean[bucket]!)).toBeLessThan(1e-9);
    });
  });
}

test("what never came to disk is told from memory", async () => {
  const recent = new Recent(await mkdtemp(join(tmpdir(), "past-")), quiet);
  for (let minute = 0; minute < 5; minute++) recent.sample([], start + minute * minuteMs);
  const asked: number[] = [];
  const history = {
    points: ({ edges }: { edges: Float64Array }) => {
      asked.push(...edges);
      const empty = new Recent("", quiet);
      return Promise.resolve(empty.points({ series: ["a"], edges, asOf: null }));
    },
  };
  const past = new CityPast({
    recent,
    history: history as unknown as History,
    handOverMinutes: nothing,
    moments: () => [],
  });
  const lost = columnsOf([{ series: "a", minute: 2, value: [4, 6], freshSeconds: 60 }]);
  past.take({ minutes: lost, written: Promise.reject(new HistoryAway("the disk is full")) });
  await new Promise(setImmediate);
  const edges = Float64Array.from({ length: 6 }, (_, i) => start + i * minuteMs);
  const [points] = await past.points({ series: ["a"], edges, asOf: null }, never);
  expect(asked).toEqual([0, 1, 2].map((minute) => start + minute * minuteMs));
  expect([...points!.mean]).toEqual([NaN, NaN, 5, NaN, NaN]);
  await recent.flushed();
});

test("a minute that is over and on its way to nobody yet is handed over before it is asked about", async () => {
  const recent = new Recent(await mkdtemp(join(tmpdir(), "past-")), quiet);
  for (let minute = 0; minute < 5; minute++) recent.sample([], start + minute * minuteMs);
  const minutes = columnsOf([{ series: "a", minute: 3, value: [4, 6], freshSeconds: 60 }]);
  const empty = new Recent("", quiet);
  const history = {
    points: (query: PointsQuery) => Promise.resolve(empty.points(query)),
  } as unknown as History;
  const past: CityPast = new CityPast({
    recent,
    history,
    handOverMinutes: () => past.take({ minutes, written: new Promise(() => undefined) }),
    moments: () => [],
  });
  const edges = Float64Array.from({ length: 6 }, (_, i) => start + i * minuteMs);
  const [points] = await past.points({ series: ["a"], edges, asOf: null }, never);
  expect([...points!.mean]).toEqual([NaN, NaN, NaN, 5, NaN]);
  await recent.flushed();
});

test("the last day is told from memory while the history is away, what is older is not made up", async () => {
  const recent = new Recent(await mkdtemp(join(tmpdir(), "past-")), quiet);
  for (let minute = 0; minute < 3; minute++) recent.sample([], start + minute * minuteMs);
  const history = { points: () => Promise.reject(new HistoryAway("it begins")) } as unknown as History;
  const past = new CityPast({ recent, history, handOverMinutes: nothing, moments: () => [] });
  const ask = (fromAt: number) =>
    past.points({ series: ["a"], edges: Float64Array.of(fromAt, fromAt + minuteMs), asOf: null }, never);
  expect(await ask(start)).toHaveLength(1);
  await expect(ask(start - 2 * 86_400_000)).rejects.toMatchObject({ why: "away" });
  await recent.flushed();
});

test.each([
  [new QueryTooLarge("7 rows"), "too-large"],
  [new QueryTimedOut("7 s"), "timed-out"],
  [new HistoryBusy("7 wait"), "busy"],
  [new HistoryAway("it ended"), "away"],
])("a reader hears why there is no answer: %o", async (error, why) => {
  const history = { cityAt: () => Promise.reject(error) } as unknown as History;
  const recent = { points: () => [], put: () => undefined, newestMinute: 0 };
  const past = new CityPast({ recent, history, handOverMinutes: nothing, moments: () => [] });
  await expect(past.cityAt(0, "now", [], never)).rejects.toMatchObject({ why, message: error.message });
});
