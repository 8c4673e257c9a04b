import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Reading } from "../../shared/protocol.ts";
import { stateCodes } from "../../shared/state-code.ts";
import { Recent, type MeasuredMinutes } from "./recent.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recent-"));
});
afterEach(() => rm(folder, { recursive: true }));

const quiet = { warn: () => undefined };

const reasons = { fresh: null, stale: "source-down", none: "not-applicable" } as const;

function reading(value: number | null, state: Reading["state"] = "fresh"): Reading {
  const reason = reasons[state];
  return { id: "transport.bikes", value, state, reason, quality: "good", observedAt: 0, oldestAt: 0 };
}

interface Bucket {
  readonly at: number;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly word: (typeof stateCodes)[number];
}

/** The buckets in which anything was recorded. */
function bucketsOf(recent: Recent, id: string, from: number, to: number, seconds: number): Bucket[] {
  const edges = Float64Array.from(
    { length: Math.ceil((to - from) / seconds / 1000) + 1 },
    (_, i) => from + i * seconds * 1000,
  );
  const [points] = recent.points({ series: [id], edges, asOf: null });
  return Array.from(points!.code).flatMap((code, i) => {
    const word = stateCodes[code];
    if (word === undefined) return [];
    return [{ at: edges[i]!, value: points!.mean[i]!, min: points!.min[i]!, max: points!.max[i]!, word }];
  });
}

const unknown = { value: Number.NaN, min: Number.NaN, max: Number.NaN };
const start = Date.UTC(2026, 0, 5, 10, 0);
const minute = 60_000;

test("one sample a minute, gaps stay gaps, stale is not fresh", async () => {
  const recent = new Recent(folder, quiet);
  expect(recent.sample([reading(4)], start)).toBe(true);
  expect(recent.sample([reading(9)], start + 10_000)).toBe(false);
  recent.sample([reading(6)], start + minute);
  recent.sample([reading(6, "stale")], start + 3 * minute);
  recent.sample([reading(null, "none")], start + 4 * minute);
  expect(bucketsOf(recent, "transport.bikes", start, start + 5 * minute, 60)).toEqual([
    { at: start, value: 4, min: 4, max: 4, word: "fresh" },
    { at: start + minute, value: 6, min: 6, max: 6, word: "fresh" },
    { at: start + 3 * minute, ...unknown, word: "source-down-stale" },
    { at: start + 4 * minute, ...unknown, word: "not-applicable" },
  ]);
  expect(bucketsOf(recent, "transport.bikes", start, start + 2 * minute, 120)).toEqual([
    { at: start, value: 5, min: 4, max: 6, word: "fresh" },
  ]);
  await recent.flushed();
});

test("a restart reads back what was written, a day ago is forgotten", async () => {
  const before = new Recent(folder, quiet);
  for (let i = 0; i < 1500; i++) before.sample([reading(i < 1490 ? 1 : 2)], start + i * minute);
  await before.flushed();
  const after = new Recent(folder, quiet);
  const now = start + 1500 * minute;
  await after.restore(now);
  expect(after.newestMinute).toBe(before.newestMinute);
  const points = bucketsOf(after, "transport.bikes", start, now, 60);
  expect(points).toEqual(bucketsOf(before, "transport.bikes", start, now, 60));
  expect(points).toHaveLength(1440);
  expect(points.at(-1)).toMatchObject({ at: now - minute, value: 2, word: "fresh" });
});

test("a restart reads back gaps, changes and a value that stood for hours", async () => {
  const before = new Recent(folder, quiet);
  for (let i = 0; i < 400; i++)
    if (i % 150 < 130) before.sample([reading(i < 65 ? 1 : i < 67 ? i : 3)], start + i * minute);
  await before.flushed();
  const after = new Recent(folder, quiet);
  const now = start + 400 * minute;
  await after.restore(now);
  const points = bucketsOf(after, "transport.bikes", start, now, 60);
  expect(points).toEqual(bucketsOf(before, "transport.bikes", start, now, 60));
  expect(points).toHaveLength(360);
});

test("a folder that cannot be written is said once and loses nothing in memory", async () => {
  const said: unknown[] = [];
  const recent = new Recent(join(folder, "\0"), { warn: (event: unknown) => said.push(event) });
  recent.sample([reading(1)], start);
  recent.sample([reading(2)], start + minute);
  await recent.flushed();
  expect(said).toHaveLength(1);
  expect(
    bucketsOf(recent, "transport.bikes", start, start + 2 * minute, 60).map((point) => point.value),
  ).toEqual([1, 2]);
});

test("a clock that was ahead and is set right again goes on at once", () => {
  const recent = new Recent(folder, quiet);
  recent.sample([reading(1)], start + 365 * 1440 * minute);
  expect(recent.sample([reading(2)], start)).toBe(true);
  recent.sample([reading(3)], start + minute);
  expect(
    bucketsOf(recent, "transport.bikes", start, start + 2 * minute, 60).map((point) => point.value),
  ).toEqual([2, 3]);
  return recent.flushed();
});

test("a word for a minute that has passed costs the minutes after it, never those before", () => {
  // A changed folder's first reading may be a minute behind the last one of the folder before.
  const recent = new Recent(folder, quiet);
  for (let i = 0; i < 5; i++) recent.sample([reading(i)], start + i * minute);
  recent.sample([reading(9)], start + 3 * minute);
  expect(
    bucketsOf(recent, "transport.bikes", start, start + 6 * minute, 60).map((point) => point.value),
  ).toEqual([0, 1, 2, 9]);
  return recent.flushed();
});

test("a steady series is read back although it was last written days ago", async () => {
  const before = new Recent(folder, quiet);
  for (let i = 0; i < 3 * 1440; i++) before.sample([reading(5)], start + i * minute);
  await before.flushed();
  const after = new Recent(folder, quiet);
  const now = start + 3 * 1440 * minute;
  await after.restore(now);
  expect(bucketsOf(after, "transport.bikes", now - 10 * minute, now, 600)[0]).toMatchObject({
    value: 5,
    word: "fresh",
  });
});

test("a series that was no more yesterday has no minutes of today", async () => {
  const before = new Recent(folder, quiet);
  const gone = { ...reading(1), id: "transport.bikes{name:gone}" };
  const midnight = start + 14 * 60 * minute;
  before.sample([reading(1), gone], midnight - 2 * minute);
  before.sample([reading(1)], midnight - minute);
  before.sample([reading(1)], midnight);
  await before.flushed();
  const after = new Recent(folder, quiet);
  await after.restore(midnight + minute);
  const stateOf = (id: string): unknown =>
    bucketsOf(after, id, midnight, midnight + minute, 60)[0]?.word ?? "missing";
  expect([reading(1).id, gone.id].map(stateOf)).toEqual(["fresh", "missing"]);
});

test("a sample is held for the minutes until the next one where the past was asked about in steps", async () => {
  const midnight = start + 14 * 60 * minute;
  for (const from of [start, midnight - 2 * minute]) {
    const before = new Recent(folder, quiet);
    before.sample([reading(4)], from);
    before.hold(from + 3 * minute);
    before.sample([reading(9)], from + 3 * minute);
    before.sample([reading(9)], from + 4 * minute);
    await before.flushed();
    const after = new Recent(folder, quiet);
    await after.restore(from + 5 * minute);
    for (const recent of [before, after]) {
      const points = bucketsOf(recent, "transport.bikes", from, from + 5 * minute, 60);
      expect(points.map(({ value, word }) => [value, word])).toEqual(
        [4, 4, 4, 9, 9].map((value) => [value, "fresh"]),
      );
    }
  }
});

test("a series that nobody has sampled for a day is forgotten", async () => {
  const recent = new Recent(folder, quiet);
  const day = 1440;
  recent.sample([reading(4), { ...reading(1), id: "transport.gone" }], start);
  for (let i = 1; i < day; i++) recent.sample([reading(4)], start + i * minute);
  expect(recent.has("transport.gone")).toBe(true);
  for (let i = day; i <= day + 60; i++) recent.sample([reading(4)], start + i * minute);
  expect([recent.has("transport.gone"), recent.has("transport.bikes")]).toEqual([false, true]);
  await recent.flushed();
});

test("a day that an earlier version wrote says that nothing was known, if not why", async () => {
  const line = { minute: start / minute, readings: { "transport.bikes": [null, 2] } };
  await writeFile(join(folder, `${Math.floor(line.minute / 1440)}.ndjson`), `${JSON.stringify(line)}\n`);
  const recent = new Recent(folder, quiet);
  await recent.restore(start + minute);
  expect(bucketsOf(recent, "transport.bikes", start, start + minute, 60)).toEqual([
    { at: start, ...unknown, word: "no-data" },
  ]);
});

/** One minute of one series, or `count` that are alike. */
function measured(
  at: number,
  mean: number,
  min: number,
  max: number,
  freshSeconds: number,
  count = 1,
): MeasuredMinutes {
  return {
    series: ["transport.bikes"],
    seriesOf: Uint32Array.of(0),
    at: Float64Array.of(at),
    count: Uint16Array.of(count),
    mean: Float64Array.of(mean),
    min: Float64Array.of(min),
    max: Float64Array.of(max),
    freshSeconds: Uint8Array.of(freshSeconds),
    code: Uint8Array.of(freshSeconds === 60 ? 0 : 1),
  };
}

test("a minute that is over is what was measured in it, weighted by how long it was fresh", () => {
  const recent = new Recent(folder, quiet);
  recent.sample([reading(4)], start);
  recent.sample([reading(4)], start + minute);
  recent.put(measured(start, 10, 4, 13, 60));
  recent.put(measured(start + minute, 4, 4, 4, 20));
  recent.put(measured(start - 1440 * minute, 1, 1, 1, 60));
  expect(bucketsOf(recent, "transport.bikes", start, start + 2 * minute, 60)).toEqual([
    { at: start, value: 10, min: 4, max: 13, word: "fresh" },
    { at: start + minute, value: 4, min: 4, max: 4, word: "stale" },
  ]);
  expect(bucketsOf(recent, "transport.bikes", start, start + 2 * minute, 120)).toEqual([
    { at: start, value: 8.5, min: 4, max: 13, word: "stale" },
  ]);
  const edges = Float64Array.of(start, start + minute, start + 2 * minute);
  const [known] = recent.points({ series: ["transport.bikes"], edges, asOf: start + minute });
  expect([...known!.freshSeconds]).toEqual([60, 0]);
  return recent.flushed();
});

test("minutes that are alike are as many minutes, as far as they are held", () => {
  const recent = new Recent(folder, quiet);
  for (let i = 0; i <= 4; i++) recent.sample([reading(4)], start + i * minute);
  recent.put(measured(start + minute, 10, 4, 13, 60, 2));
  recent.put(measured(start + 3 * minute, 7, 7, 7, 20, 100));
  recent.put(measured(start - 1445 * minute, 1, 1, 1, 60, 6));
  expect(
    bucketsOf(recent, "transport.bikes", start - 1440 * minute, start + 6 * minute, 60).map(
      ({ at, value, word }) => [(at - start) / minute, value, word],
    ),
  ).toEqual([
    [0, 4, "fresh"],
    [1, 10, "fresh"],
    [2, 10, "fresh"],
    [3, 7, "stale"],
    [4, 7, "stale"],
  ]);
  return recent.flushed();
});

test("a minute in which nothing was sampled is not filled with yesterday's", () => {
  const recent = new Recent(folder, quiet);
  const other = { ...reading(1), id: "transport.docks" };
  recent.sample([reading(4), other], start);
  for (let i = 1; i < 1440; i++) recent.sample([reading(4), other], start + i * minute);
  recent.sample([reading(5), other], start + 1441 * minute);
  recent.put(measured(start + 1440 * minute, 5, 5, 5, 60));
  const at = start + 1440 * minute;
  expect(bucketsOf(recent, "transport.bikes", at, at + minute, 60)).toHaveLength(1);
  expect(bucketsOf(recent, "transport.docks", at, at + minute, 60)).toEqual([]);
  return recent.flushed();
});
