/**
 * What every engine must answer alike. A new engine's test calls `conformance` with a function that makes an empty place for
 * a database and says how to open it.
 */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { startOfDay } from "../../shared/city-time.ts";
import { entityId, type Entity } from "../../shared/entity.ts";
import type { FeedStatus, FeedStatusWord } from "../../shared/feed.ts";
import { kinds, kindSchemas, type FieldType, type Kind } from "../../shared/kinds.ts";
import { momentKinds, type Moment } from "../../shared/moment.ts";
import type { Reading } from "../../shared/protocol.ts";
import type { Engine } from "./engine.ts";
import { nothingRecorded } from "./buckets.ts";
import {
  keyframeEveryMs,
  noObservations,
  QueryTooLarge,
  stateCodes,
  type CityChange,
  type FeedRow,
  type History,
  type HistoryBatch,
  type MinuteColumns,
  type KnownAs,
  type PointColumns,
  type PointsQuery,
  type Span,
} from "./history.ts";
import { openHistory } from "./sql-history.ts";

const minuteMs = 60_000;
/** Each of a property's runs opens a database of its own. */
const propertyTimeoutMs = 120_000;
const never = new AbortController().signal;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A minute of one series as a plain row. */
interface MinuteRow {
  readonly series: string;
  readonly at: number;
  /** 1 without it. */
  readonly count?: number;
  readonly knownAt: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly freshSeconds: number;
  readonly code: number;
}

const noMinutes = minuteColumns([]);

export function batchOf(parts: Partial<HistoryBatch>): HistoryBatch {
  return {
    minutes: noMinutes,
    readings: [],
    observations: noObservations(),
    entities: [],
    feeds: [],
    moments: [],
    ...parts,
  };
}

function minuteColumns(rows: readonly MinuteRow[]): MinuteColumns {
  const series = [...new Set(rows.map((row) => row.series))];
  const column = (of: (row: MinuteRow) => number): Float64Array => Float64Array.from(rows, of);
  return {
    series,
    seriesOf: Uint32Array.from(rows, (row) => series.indexOf(row.series)),
    at: column(({ at }) => at),
    count: Uint16Array.from(rows, ({ count }) => count ?? 1),
    knownAt: column(({ knownAt }) => knownAt),
    mean: column(({ mean }) => mean),
    min: column(({ min }) => min),
    max: column(({ max }) => max),
    freshSeconds: Uint8Array.from(rows, ({ freshSeconds }) => freshSeconds),
    code: Uint8Array.from(rows, ({ code }) => code),
    revisions: ["1"],
    revisionOf: new Uint32Array(rows.length),
  };
}

/** The question answered row by row, bucket by bucket. */
function recount(rows: readonly MinuteRow[], { series, edges, asOf }: PointsQuery): PointColumns[] {
  return series.map((id) => {
    const newest = new Map<number, MinuteRow>();
    for (const row of rows.filter((one) => one.series === id && (asOf === null || one.knownAt <= asOf))) {
      const known = newest.get(row.at);
      if (!known || known.knownAt < row.knownAt) newest.set(row.at, row);
    }
    const buckets = Array.from(edges.slice(0, -1), (from, bucket) => {
      const inside = [...newest.values()].filter(({ at }) => at >= from && at < edges[bucket + 1]!);
      const fresh = inside.filter(({ freshSeconds }) => freshSeconds > 0);
      const freshSeconds = fresh.reduce((sum, row) => sum + row.freshSeconds, 0);
      return {
        mean: fresh.reduce((sum, row) => sum + row.mean * row.freshSeconds, 0) / freshSeconds,
        min: fresh.length === 0 ? Number.NaN : Math.min(...fresh.map(({ min }) => min)),
        max: fresh.length === 0 ? Number.NaN : Math.max(...fresh.map(({ max }) => max)),
        freshSeconds,
        code: inside.toSorted((a, b) => a.at - b.at).at(-1)?.code ?? nothingRecorded,
      };
    });
    return {
      series: id,
      mean: Float64Array.from(buckets, ({ mean }) => mean),
      min: Float64Array.from(buckets, ({ min }) => min),
      max: Float64Array.from(buckets, ({ max }) => max),
      freshSeconds: Float64Array.from(buckets, ({ freshSeconds }) => freshSeconds),
      code: Uint8Array.from(buckets, ({ code }) => code),
    };
  });
}

function expectSame(found: readonly PointColumns[], wanted: readonly PointColumns[]): void {
  expect(found.map(({ series }) => series)).toEqual(wanted.map(({ series }) => series));
  found.forEach((one, place) => {
    const other = wanted[place]!;
    expect(one.code).toEqual(other.code);
    expect(one.freshSeconds).toEqual(other.freshSeconds);
    expect(one.min).toEqual(other.min);
    expect(one.max).toEqual(other.max);
    expect(one.mean.length).toBe(other.mean.length);
    one.mean.forEach((mean, bucket) => {
      // A minute's mean is kept in thousandths of the way from its lowest to its highest.
      const exact = other.mean[bucket]!;
      const allowed = (other.max[bucket]! - other.min[bucket]!) / 1900 + Math.abs(exact) * 1e-9;
      if (Number.isNaN(exact)) expect(mean).toBeNaN();
      else expect(Math.abs(mean - exact)).toBeLessThanOrEqual(allowed);
    });
  });
}

const hostile = [
  "",
  "'; DROP TABLE minutes; --",
  'a"b',
  "\\",
  "{}",
  "%s",
  "a\nb\u0000c",
  "日本語 😀",
  "NULL",
  "$1 ?",
];

const anySeries = fc.oneof(
  fc.constantFrom("bikes", "bikes{north}", "trees{a{b}"),
  fc.constantFrom(...hostile),
);

const days = 4;

/** Mostly around the end of a day and the hour that its night loses or has twice; some anywhere in the days after. */
const anyMinuteNumber = fc.oneof(fc.nat(200), fc.nat(days * 1440));

/** Zero has no sign in a history: JSON, in which ClickHouse is told, has none. */
function unsigned(number: number): number {
  return number + 0;
}

const anyMinute = fc.record({
  series: anySeries,
  minute: anyMinuteNumber,
  late: fc.oneof(fc.nat(5000), fc.nat(2 * 1440 * minuteMs)),
  values: fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(unsigned), {
    minLength: 3,
    maxLength: 3,
  }),
  isFlat: fc.boolean(),
  freshSeconds: fc.oneof(fc.constant(60), fc.constant(0), fc.integer({ min: 1, max: 59 })),
  code: fc.nat(stateCodes.length - 1),
});

/** Evenings before a day of 23 hours, one of 25, one in a zone of half hours and one where half an hour is skipped. */
const nights = [
  { zone: "Europe/Berlin", base: Date.parse("2026-03-28T21:30:00Z") },
  { zone: "Europe/Berlin", base: Date.parse("2026-10-24T20:30:00Z") },
  { zone: "Asia/Kolkata", base: Date.parse("2026-05-01T17:00:00Z") },
  { zone: "Australia/Lord_Howe", base: Date.parse("2026-10-03T14:00:00Z") },
] as const;

/** An edge is any minute, or the start of the hour or the day that it is in. */
const anyEdge = fc.record({ minute: anyMinuteNumber, of: fc.constantFrom("minute", "hour", "day", "day") });

function edgesOf(
  drawn: readonly { readonly minute: number; readonly of: string }[],
  { zone, base }: (typeof nights)[number],
): Float64Array {
  const edges = drawn.map(({ minute, of }) => {
    const at = base + minute * minuteMs;
    const day = startOfDay(at, zone);
    return of === "minute" ? at : of === "hour" ? day + Math.floor((at - day) / hourMs) * hourMs : day;
  });
  return Float64Array.from(new Set(edges)).toSorted();
}

function rowsOf(
  drawn: readonly (typeof anyMinute extends fc.Arbitrary<infer T> ? T : never)[],
  base: number,
): MinuteRow[] {
  const rows = drawn.map(({ series, minute, late, values, isFlat, freshSeconds, code }): MinuteRow => {
    const at = base + minute * minuteMs;
    const [min, mean, max] = values.toSorted((a, b) => a - b) as [number, number, number];
    const nothing = freshSeconds === 0 ? Number.NaN : null;
    return {
      series,
      at,
      knownAt: at + minuteMs + late,
      mean: nothing ?? mean,
      min: nothing ?? (isFlat ? mean : min),
      max: nothing ?? (isFlat ? mean : max),
      freshSeconds,
      code,
    };
  });
  const words = new Map(rows.map((row) => [JSON.stringify([row.series, row.at, row.knownAt]), row]));
  return [...words.values()].toSorted((a, b) => a.knownAt - b.knownAt);
}

export function conformance(makePlace: () => Promise<() => Promise<Engine>>): void {
  let open: History[] = [];
  const openAt = async (
    place: () => Promise<Engine>,
    zone = "Europe/Berlin",
    options: { readonly heldBytes?: number; readonly maxThingWords?: number } = {},
  ): Promise<History> => {
    const history = await openHistory(await place(), { zone, ...options });
    open.push(history);
    return history;
  };
  const make = async (zone?: string): Promise<History> => openAt(await makePlace(), zone);
  const close = async (history: History): Promise<void> => {
    open = open.filter((one) => one !== history);
    await history.close();
  };
  const openAgain = async (history: History, place: () => Promise<Engine>): Promise<History> => {
    await close(history);
    return openAt(place);
  };
  afterEach(async () => {
    for (const history of open) await history.close();
    open = [];
  });

  test(
    "points are what a recount of the rows gives, as known at any instant, whatever was rolled up when",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...nights),
          fc.array(anyMinute, { maxLength: 60 }),
          fc.array(anyEdge, { minLength: 2, maxLength: 8 }),
          fc.option(fc.nat(days * 1440 * minuteMs)),
          fc.integer({ min: 1, max: 4 }),
          fc.nat(4),
          fc.constantFrom(0, 40_000, 2 ** 24),
          async (night, drawn, drawnEdges, known, parts, daysLater, heldBytes) => {
            const rows = rowsOf(drawn, night.base);
            const history = await openAt(await makePlace(), night.zone, { heldBytes });
            const size = Math.ceil(rows.length / parts);
            for (let from = 0; from < rows.length; from += size) {
              const part = rows.slice(from, from + size);
              await history.append(batchOf({ minutes: minuteColumns(part) }));
              await history.maintain(part.at(-1)!.knownAt + daysLater * dayMs);
            }
            const query: PointsQuery = {
              series: [...new Set([...rows.map(({ series }) => series), "never seen"])],
              edges: edgesOf(drawnEdges, night),
              asOf: known === null ? null : night.base + known,
            };
            expectSame(await history.points(query, never), recount(rows, query));
            await close(history);
          },
        ),
        { numRuns: 30 },
      );
    },
    propertyTimeoutMs,
  );

  test("an extract's hours make days, its minutes hours, and a part may end anywhere", async () => {
    const history = await make();
    const dir = await mkdtemp(join(tmpdir(), "extract-"));
    const file = join(dir, "old.csv");
    const day = startOfDay(Date.UTC(2026, 9, 25, 12), "Europe/Berlin");
    const iso = (at: number): string => new Date(at).toISOString();
    // A day of 25 hours, of which one is not known, and an hour of minutes after it.
    const hours = Array.from({ length: 25 }, (_, hour) => [
      day + hour * hourMs,
      3600,
      hour === 3 ? "" : hour,
    ]);
    const minutes = Array.from({ length: 60 }, (_, minute) => [
      day + 25 * hourMs + minute * minuteMs,
      60,
      minute,
    ]);
    const lines = [...hours, ...minutes].map(
      ([at, seconds, value]) => `bikes,${iso(Number(at))},${seconds},${value}`,
    );
    const text = ["series,at,seconds,value", ...lines].join("\n");
    const knownAt = day + 40 * hourMs;
    await writeFile(file, text.slice(0, 200));
    const about = { file, knownAt, revisions: { bikes: "r" } };
    const first = await history.takeExtract({ ...about, fromByte: 0, isWhole: false });
    expect(text.slice(0, first.toByte).endsWith("\n")).toBe(true);
    await writeFile(file, text);
    const second = await history.takeExtract({ ...about, fromByte: first.toByte, isWhole: true });
    expect([first.rows + second.rows, second.toByte, second.refused]).toEqual([85, text.length, null]);
    expect(second.toAt).toBe(day + 26 * hourMs);
    const end = await history.takeExtract({ ...about, fromByte: second.toByte, isWhole: true });
    expect([end.toByte, end.rows]).toEqual([second.toByte, 0]);
    for (const now of [knownAt, knownAt + 40 * hourMs]) {
      await history.maintain(now);
      const edges = Float64Array.of(day, day + 25 * hourMs, day + 26 * hourMs);
      const [points] = await history.points({ series: ["bikes"], edges, asOf: null }, never);
      expect(points).toMatchObject({
        mean: Float64Array.of((300 - 3) / 24, 29.5),
        min: Float64Array.of(0, 0),
        max: Float64Array.of(24, 59),
        freshSeconds: Float64Array.of(24 * 3600, 3600),
      });
    }
    expect(await history.recorded(minuteMs, never)).toEqual([{ fromAt: day, toAt: day + 26 * hourMs }]);
    const before = await history.points(
      { series: ["bikes"], edges: Float64Array.of(day, day + hourMs), asOf: day + hourMs },
      never,
    );
    expect(before[0]!.freshSeconds).toEqual(Float64Array.of(0));
    // Its minutes are what the time machine knows of their time: now, for nobody knew them then.
    const at = day + 25 * hourMs + 10.5 * minuteMs;
    const city = (known: KnownAs) => history.cityAt(at, known, [], never);
    expect((await city("then")).readings).toEqual([]);
    expect((await city("now")).readings).toEqual([
      {
        id: "bikes",
        value: 10,
        state: "fresh",
        reason: null,
        quality: "good",
        observedAt: at - minuteMs / 2,
        oldestAt: null,
      },
    ]);
    const span = { fromAt: at, toAt: at + 3 * minuteMs };
    const played = await history.changes(span, "now", [], 1, never);
    expect(
      played.map(({ knownAt: told, readings }) => [told - at, readings.map(({ value }) => value)]),
    ).toEqual([0.5, 1.5, 2.5].map((minute, i) => [minute * minuteMs, [11 + i]]));
    expect(await history.changes(span, "then", [], 1, never)).toEqual([]);
    await rm(dir, { recursive: true });
  });

  test("of a moment whose readings are gone, the minute stands that was known last", async () => {
    const history = await make();
    const row = (minute: number, mean: number, change: Partial<MinuteRow> = {}): MinuteRow => ({
      series: "bikes",
      at: noon + minute * minuteMs,
      knownAt: noon + (minute + 1) * minuteMs,
      mean,
      min: mean,
      max: mean,
      freshSeconds: 60,
      code: 0,
      ...change,
    });
    const down = { freshSeconds: 0, code: stateCodes.indexOf("source-down") };
    const rows = [
      row(0, 1),
      row(1, 2),
      row(1, 5, { knownAt: noon + 30 * minuteMs }),
      row(2, Number.NaN, down),
      row(3, Number.NaN, { freshSeconds: 0, code: stateCodes.indexOf("stale") }),
    ];
    await history.append(batchOf({ minutes: minuteColumns(rows) }));
    const at = async (minute: number, known: KnownAs) =>
      (await history.cityAt(noon + minute * minuteMs, known, [], never)).readings.map(
        ({ value, state, reason }) => [value, state, reason],
      );
    expect(await at(0.5, "then")).toEqual([]);
    expect(await at(0.5, "now")).toEqual([[1, "fresh", null]]);
    expect(await at(1.5, "then")).toEqual([[1, "fresh", null]]);
    expect(await at(2.5, "then")).toEqual([[2, "fresh", null]]);
    expect(await at(1.5, "now")).toEqual([[5, "fresh", null]]);
    expect(await at(3.5, "then")).toEqual([[null, "none", "source-down"]]);
    expect(await at(20, "now")).toEqual([]);
  });

  test("minutes tell a stretch of time until each reading begins to be kept", async () => {
    const history = await make();
    const rows = [0, 1, 2, 3].map((minute): MinuteRow => ({
      series: "bikes",
      at: noon + minute * minuteMs,
      knownAt: noon + (minute + 1) * minuteMs,
      mean: minute,
      min: minute,
      max: minute,
      freshSeconds: 60,
      code: 0,
    }));
    const reading = (minute: number): Reading => ({
      id: "bikes",
      value: 10 * minute,
      state: "fresh",
      reason: null,
      quality: "good",
      observedAt: noon + minute * minuteMs,
      oldestAt: null,
    });
    const kept = [2.5, 3.5].map((minute) => ({
      knownAt: noon + minute * minuteMs,
      isKeyframe: minute === 2.5,
      changed: [reading(minute)],
    }));
    await history.append(batchOf({ minutes: minuteColumns(rows), readings: kept }));
    const told = async (known: KnownAs) => {
      const changes = await history.changes({ fromAt: noon, toAt: noon + dayMs }, known, [], 1, never);
      return changes.map(({ knownAt, readings }) => [
        (knownAt - noon) / minuteMs,
        readings.map(({ value }) => value),
      ]);
    };
    expect(await told("then")).toEqual([
      [1, [0]],
      [2, [1]],
      [2.5, [25]],
      [3.5, [35]],
    ]);
    expect(await told("now")).toEqual([
      [0, [0]],
      [1, [1]],
      [2, [2]],
      [2.5, [25]],
      [3.5, [35]],
    ]);
  });

  test("a row about several minutes is a row about each of them", async () => {
    const history = await make("UTC");
    const at = Date.UTC(2026, 4, 4, 12);
    await history.append(
      batchOf({ minutes: minuteColumns([{ ...quietMinute, series: "bikes", at, count: 90, knownAt: at }]) }),
    );
    const edges = Float64Array.of(at, at + 60 * minuteMs, at + 120 * minuteMs);
    const [points] = await history.points({ series: ["bikes"], edges, asOf: null }, never);
    expect(points!.freshSeconds).toEqual(
      Float64Array.of(60 * quietMinute.freshSeconds, 30 * quietMinute.freshSeconds),
    );
    expect((await history.figures()).rows["minutes"]).toBe(90);
    expect(await history.recorded(minuteMs, never)).toEqual([{ fromAt: at, toAt: at + 90 * minuteMs }]);
  });

  test("what a sensor measured comes back by property and time, as it was told last or known then", async () => {
    const history = await make("UTC");
    const at = Date.UTC(2026, 4, 4, 12);
    const observations = (rows: readonly (readonly [string, string, number, number, number])[]) => ({
      entities: rows.map(([thing]) => thing),
      entityOf: Uint32Array.from(rows, (_, row) => row),
      properties: rows.map(([, property]) => property),
      propertyOf: Uint16Array.from(rows, (_, row) => row),
      at: Float64Array.from(rows, ([, , minute]) => at + minute * minuteMs),
      knownAt: Float64Array.from(rows, ([, , , minute]) => at + minute * minuteMs),
      value: Float64Array.from(rows, ([, , , , value]) => value),
    });
    const first = observations([
      ["air/Sensor/a", "pm10", 1, 2, 5.25],
      ["air/Sensor/a", "no2", 1, 2, 40],
      ["air/Sensor/b", "pm10", 1, 2, 99],
      ["air/Sensor/a", "pm10", 3, 4, -6],
    ]);
    await history.append(batchOf({ observations: first }));
    await history.append(batchOf({ observations: observations([["air/Sensor/a", "pm10", 1, 9, 5.5]]) }));
    const ask = async (fromMinute: number, toMinute: number, asOfMinute: number | null = null) =>
      (
        await history.observations(
          {
            thing: "air/Sensor/a",
            fromAt: at + fromMinute * minuteMs,
            toAt: at + toMinute * minuteMs,
            asOf: asOfMinute === null ? null : at + asOfMinute * minuteMs,
          },
          never,
        )
      ).map((one) => [one.property, (one.at - at) / minuteMs, (one.knownAt - at) / minuteMs, one.value]);
    expect(await ask(0, 10)).toEqual([
      ["pm10", 1, 9, 5.5],
      ["pm10", 3, 4, -6],
      ["no2", 1, 2, 40],
    ]);
    expect(await ask(0, 3, 8)).toEqual([
      ["pm10", 1, 2, 5.25],
      ["no2", 1, 2, 40],
    ]);
    expect(await history.observations({ thing: "c", fromAt: 0, toAt: at, asOf: null }, never)).toEqual([]);
  });

  test("edges that are no whole minutes or do not ascend are refused", async () => {
    const history = await make();
    const ask = (...edges: number[]): Promise<unknown> =>
      history.points({ series: ["bikes"], edges: Float64Array.from(edges), asOf: null }, never);
    await expect(ask(0, 90_001)).rejects.toThrow(RangeError);
    await expect(ask(60_000, 60_000)).rejects.toThrow(RangeError);
    expect(await ask()).toHaveLength(1);
  });

  test(
    "the city at an instant is a fold of the words, as known then and as known now",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyWord, { minLength: 1, maxLength: 60 }),
          fc.nat(40 * minuteMs),
          fc.integer({ min: 1, max: 3 }),
          async (drawn, after, parts) => {
            const words = wordsOf(drawn);
            const history = await make();
            const size = Math.ceil(words.length / parts);
            for (let from = 0; from < words.length; from += size)
              await history.append(batchOfWords(words.slice(from, from + size)));
            const at = noon + after;
            for (const known of ["then", "now"] as const) {
              const city = await history.cityAt(at, known, ["ServiceRequest"], never);
              const wanted = foldOf(words, at, known);
              expect(byId(city.readings)).toEqual(byId(wanted.readings));
              expect(byId(city.entities.get("ServiceRequest") ?? [])).toEqual(byId(wanted.entities));
              const span = { fromAt: noon, toAt: at };
              const changes = (everyMs: number) =>
                history.changes(span, known, ["ServiceRequest"], everyMs, never);
              const all = plainChanges(words, span, known);
              expect(replayed(await changes(1))).toEqual(replayed(all));
              const everyMs = 7 * minuteMs;
              expect(lastTold(await changes(everyMs), everyMs)).toEqual(lastTold(all, everyMs));
              expect(replayed(all)).toEqual(expect.arrayContaining(replayed(await changes(everyMs))));
            }
            await close(history);
          },
        ),
        { numRuns: 30 },
      );
    },
    propertyTimeoutMs,
  );

  test("an instant at which nobody was watching shows nothing", async () => {
    const history = await make();
    await history.append(batchOfWords(wordsOf([{ ...quietWord, minute: 0 }])));
    const at = (time: number) => history.cityAt(time, "then", ["ServiceRequest", "VehiclePosition"], never);
    const nothing = { readings: [], entities: new Map() };
    expect(await at(noon - 1)).toMatchObject(nothing);
    expect(await at(noon + 3 * keyframeEveryMs)).toMatchObject(nothing);
    expect(Array.from((await at(noon)).entities.keys())).toEqual(["ServiceRequest"]);
    expect(await history.recorded(minuteMs, never)).toEqual([{ fromAt: noon, toAt: noon + minuteMs }]);
  });

  test("things over a stretch of time: all when somebody begins to watch, then what changes, and when nobody does", async () => {
    const history = await make();
    const request = (sourceId: string, status: "open" | "closed", minute: number): Entity => ({
      kind: "ServiceRequest",
      id: entityId("calls", "ServiceRequest", sourceId),
      feedId: "calls",
      sourceId,
      observedAt: null,
      receivedAt: noon + minute * minuteMs - 1_000,
      position: null,
      quality: "good",
      fields: { status },
    });
    const rows = (minute: number, isKeyframe: boolean, changed: Entity[], removed: string[] = []) => {
      return {
        kind: "ServiceRequest",
        knownAt: noon + minute * minuteMs,
        isKeyframe,
        changed,
        removed,
      } as const;
    };
    const [a, b, c] = [request("a", "open", 0), request("b", "open", 5), request("c", "open", 60)];
    const closed = request("a", "closed", 30);
    await history.append(
      batchOf({
        entities: [
          rows(0, true, [a]),
          rows(5, false, [b]),
          rows(30, false, [closed]),
          // The hour's keyframe says again what is known; what comes with it is news.
          rows(60, true, [closed, b, c]),
          rows(70, false, [], [b.id]),
          rows(300, true, [c]),
        ],
      }),
    );
    const span = { fromAt: noon, toAt: noon + 310 * minuteMs };
    const { watched, words } = await history.thingsOver("ServiceRequest", span, never);
    expect(watched.map(({ fromAt, toAt }) => [(fromAt - noon) / minuteMs, (toAt - noon) / minuteMs])).toEqual(
      [
        [0, 120],
        [300, 310],
      ],
    );
    expect(
      words.map(({ at, id, entity }) => [(at - noon) / minuteMs, id.at(-1), entity && entity.fields]),
    ).toEqual([
      [0, "a", { status: "open" }],
      [5, "b", { status: "open" }],
      [30, "a", { status: "closed" }],
      [60, "c", { status: "open" }],
      [70, "b", null],
      [300, "c", { status: "open" }],
    ]);
    const before = { fromAt: noon - 9e6, toAt: noon };
    expect(await history.thingsOver("ServiceRequest", before, never)).toEqual({ watched: [], words: [] });
  });

  test("things that changed too often to be told at once are not read, and it says what to narrow", async () => {
    const history = await openAt(await makePlace(), "UTC", { maxThingWords: 5 });
    const changed = Array.from({ length: 5 }, (_, i) => ({
      id: entityId("bikes", "StationStatus", `p${i}`),
      kind: "StationStatus" as const,
      feedId: "bikes",
      sourceId: `p${i}`,
      observedAt: null,
      receivedAt: noon,
      position: null,
      quality: "good" as const,
      fields: {},
    }));
    const rows = { kind: "StationStatus", isKeyframe: true, changed, removed: [] } as const;
    await history.append(batchOf({ entities: [{ ...rows, knownAt: noon }] }));
    const words = async (): Promise<number> =>
      (await history.thingsOver("StationStatus", { fromAt: noon, toAt: noon + 3 * dayMs }, never)).words
        .length;
    expect(await words()).toBe(5);
    const again = [{ ...changed[0]!, receivedAt: noon + minuteMs }];
    const later = { ...rows, knownAt: noon + minuteMs, isKeyframe: false, changed: again };
    await history.append(batchOf({ entities: [later] }));
    await expect(words()).rejects.toThrow(QueryTooLarge);
    await expect(words()).rejects.toThrow(
      "things of the kind StationStatus changed more than 5 times in 3 days: ask about fewer days",
    );
  });

  test(
    "every kind comes back with every field, and with its lines and areas",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...kinds).chain((kind) => anyEntity(kind)),
          async (entity) => {
            const history = await make();
            await history.append(
              batchOf({
                entities: [
                  { kind: entity.kind, knownAt: noon, isKeyframe: true, changed: [entity], removed: [] },
                ],
              }),
            );
            const city = await history.cityAt(noon, "then", [entity.kind], never);
            expect(city.entities.get(entity.kind)).toEqual([entity]);
            await close(history);
          },
        ),
        { numRuns: 30 },
      );
    },
    propertyTimeoutMs,
  );

  test("feeds come back as they were, and their minutes add up by city day", async () => {
    const history = await make();
    const day = startOfDay(noon, "Europe/Berlin");
    const rows: FeedRow[] = [];
    // A day of 23 hours: heard in each of its minutes, down in the last hour, changing twice within one minute.
    for (let minute = 0; minute < 23 * 60; minute++) {
      const knownAt = day + minute * minuteMs;
      rows.push({ knownAt, feed: feedAt(knownAt, minute >= 22 * 60 ? "down" : "fresh") });
    }
    rows.push({ knownAt: day + 30_000, feed: feedAt(day + 30_000, "stale") });
    await history.append(batchOf({ feeds: rows.toSorted((a, b) => a.knownAt - b.knownAt) }));
    const at = async (time: number): Promise<readonly FeedStatus[]> =>
      (await history.cityAt(time, "then", [], never)).feeds;
    expect(await at(day + 29_999)).toEqual([feedAt(day, "fresh")]);
    expect(await at(day + 30_000)).toEqual([feedAt(day + 30_000, "stale")]);
    expect(await at(day - 1)).toEqual([]);
    const nextDay = day + 23 * hourMs;
    const wanted = {
      feed: "a feed's id",
      date: "2026-03-29",
      minutes: 23 * 60,
      availableMinutes: 22 * 60,
      freshMinutes: 22 * 60,
      onTimeMinutes: 23 * 60,
      judgedMinutes: 22 * 60,
      completenessSum: 22 * 60 * 98,
      heardMinutes: 23 * 60,
      lagSecondsSum: 23 * 60 * 5,
      oldestSeconds: 5,
      errors: 2 * 23 * 60,
      warnings: 3 * 23 * 60,
      notices: [
        { code: "gbfs-odd", severity: "error", minutes: 23 * 60, entriesSum: 2 * 23 * 60 },
        { code: "gbfs-old", severity: "warning", minutes: 23 * 60, entriesSum: 3 * 23 * 60 },
      ],
    };
    expect(await history.feedDays({ fromAt: noon, toAt: nextDay }, never)).toEqual([wanted]);
    const feed = "a feed's id";
    expect(await history.feedTurns({ fromAt: day, toAt: nextDay + 10 * minuteMs }, never)).toEqual([
      { feed, at: day, status: "fresh" },
      { feed, at: day + 30_000, status: "stale" },
      { feed, at: day + minuteMs, status: "fresh" },
      { feed, at: day + 22 * hourMs, status: "down" },
      { feed, at: nextDay + minuteMs, status: null },
    ]);
    await history.maintain(nextDay);
    expect(await history.feedDays({ fromAt: noon, toAt: nextDay }, never)).toEqual([wanted]);
    await history.maintain(nextDay + 48 * hourMs);
    expect(await history.feedDays({ fromAt: day - 1, toAt: nextDay + 1 }, never)).toEqual([wanted]);
    await history.append(
      batchOf({ feeds: [{ knownAt: nextDay + hourMs, feed: feedAt(nextDay + hourMs, "down") }] }),
    );
    expect(
      await history.feedTurns({ fromAt: nextDay - minuteMs, toAt: nextDay + hourMs + 1 }, never),
    ).toEqual([
      { feed, at: nextDay - minuteMs, status: "down" },
      { feed, at: nextDay + minuteMs, status: null },
      { feed, at: nextDay + hourMs, status: "down" },
    ]);
  });

  test("moments come back in their order", async () => {
    const history = await make();
    const moments: Moment[] = hostile.map((subject, place) => ({
      at: noon - place,
      kind: momentKinds[place % momentKinds.length]!,
      subject,
      department: place % 2 === 0 ? subject : null,
      value: place % 3 === 0 ? place / 7 : null,
      text: place % 2 === 0 ? { en: subject, zh: subject } : null,
    }));
    await history.append(batchOf({ moments: moments.map((moment) => ({ knownAt: noon, moment })) }));
    const ask = (fromAt: number, toAt: number): Promise<readonly Moment[]> =>
      history.moments({ fromAt, toAt }, never);
    expect(await ask(noon - 100, noon + 1)).toEqual(moments.toReversed());
    expect(await ask(noon - 3, noon)).toEqual(moments.slice(1, 4).toReversed());
  });

  test("series are found by their indicator, whatever they are called, and after opening again", async () => {
    const place = await makePlace();
    let history = await openAt(place);
    const ids = [...hostile, "bikes", "bikes{north}", "bikeshare"];
    await history.append(
      batchOf({ minutes: minuteColumns(ids.map((series) => ({ ...quietMinute, series }))) }),
    );
    for (const isAgain of [false, true]) {
      if (isAgain) history = await openAgain(history, place);
      expect(await history.seriesOf("bikes", never)).toEqual(["bikes", "bikes{north}"]);
      for (const id of hostile.filter((one) => !one.includes("{")))
        expect(await history.seriesOf(id, never)).toEqual(id === "" ? ["", "{}"] : [id]);
      const query = { series: ids, edges: Float64Array.of(noon, noon + minuteMs), asOf: null };
      const points = await history.points(query, never);
      expect(points.map(({ series, freshSeconds }) => [series, freshSeconds[0]])).toEqual(
        ids.map((id) => [id, 60]),
      );
    }
  });

  test("instants that no column can hold are none, and the rest of the batch is kept", async () => {
    const history = await make();
    const reading = (id: string, observedAt: number): Reading => ({
      id,
      value: 1,
      state: "fresh",
      reason: null,
      quality: "good",
      observedAt,
      oldestAt: observedAt,
    });
    const odd = [noon + 0.4, 1e300, Number.POSITIVE_INFINITY, -1e18];
    const changed = odd.map((at, place) => reading(String(place), at));
    await history.append(batchOf({ readings: [{ knownAt: noon, isKeyframe: true, changed }] }));
    for (const known of ["then", "now"] as const) {
      const { readings } = await history.cityAt(noon, known, [], never);
      expect(byId(readings).map(({ observedAt }) => observedAt)).toEqual([noon, null, null, null]);
    }
  });

  test("a question that asks for too much, or whose asker has left, is refused", async () => {
    const history = await make();
    const series = Array.from({ length: 1000 }, (_, place) => `series ${place}`);
    const edges = Float64Array.from({ length: 100_000 }, (_, place) => place * minuteMs);
    await expect(history.points({ series, edges, asOf: null }, never)).rejects.toThrow(QueryTooLarge);
    await history.append(batchOf({ minutes: minuteColumns([{ ...quietMinute, series: "bikes" }]) }));
    const uneven = Float64Array.of(0, dayMs * 3000 + minuteMs, dayMs * 3000 + 3 * minuteMs, noon);
    expect(await history.points({ series: ["bikes"], edges: uneven, asOf: null }, never)).toHaveLength(1);
    const left = new Error("left");
    await expect(history.recorded(0, AbortSignal.abort(left))).rejects.toBe(left);
  });

  test("what is asked while another thing is written sees all of a batch or nothing of it", async () => {
    const history = await make();
    const points = (): Promise<readonly PointColumns[]> =>
      history.points({ series: ["a", "b"], edges: Float64Array.of(noon, noon + hourMs), asOf: null }, never);
    const seen = new Set<string>();
    let done = false;
    const writing = (async () => {
      for (let minute = 0; minute < 60; minute++) {
        const at = noon + minute * minuteMs;
        const rows = ["a", "b"].map((series) => ({ ...quietMinute, series, at, knownAt: at + minuteMs }));
        await history.append(batchOf({ minutes: minuteColumns(rows) }));
      }
      await history.maintain(noon + 2 * hourMs);
      done = true;
    })();
    for (; !done; await nextTurn())
      seen.add((await points()).map(({ freshSeconds }) => freshSeconds[0]!).join(" "));
    await writing;
    for (const one of seen) expect(new Set(one.split(" ")).size).toBe(1);
    expect((await points()).map(({ freshSeconds }) => freshSeconds[0])).toEqual([3600, 3600]);
  });
}

const noon = Date.parse("2026-03-29T10:00:00Z");

const quietMinute: MinuteRow = {
  series: "",
  at: noon,
  knownAt: noon + minuteMs,
  mean: 1,
  min: 1,
  max: 1,
  freshSeconds: 60,
  code: 0,
};

function feedAt(at: number, status: FeedStatusWord): FeedStatus {
  return {
    id: "a feed's id",
    title: { en: "A feed", zh: "数据源" },
    spec: "gbfs",
    transport: "poll",
    department: "mobility",
    supplier: null,
    licence: "CC-BY-4.0",
    attribution: null,
    cadenceSeconds: 60,
    staleAfterSeconds: 180,
    status,
    lastGoodAt: at - 1000,
    observedAt: at - 5000,
    entities: 98,
    dropped: 1,
    error: status === "down" ? { class: "http", message: "503 'quoted'", at } : null,
    notices: [
      { code: "gbfs-odd", severity: "error", count: 2, example: "station_id: null" },
      { code: "gbfs-old", severity: "warning", count: 3, example: "last_reported: 0" },
    ],
  };
}

const anyText = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(...hostile));
const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map(unsigned);

const valueOfType: Record<FieldType, fc.Arbitrary<unknown>> = {
  number: anyNumber,
  text: anyText,
  flag: fc.boolean(),
  at: fc.integer({ min: 0, max: 4e12 }),
  texts: fc.array(anyText),
};

function anyEntity(kind: Kind): fc.Arbitrary<Entity> {
  const fields = Object.fromEntries(
    Object.entries(kindSchemas[kind].fields).map(([field, type]) => [field, valueOfType[type]]),
  );
  return fc
    .record({
      feedId: anyText,
      sourceId: anyText,
      observedAt: fc.option(fc.integer({ min: 0, max: noon })),
      position: fc.option(fc.tuple(anyNumber, anyNumber)),
      isEstimated: fc.boolean(),
      geometry: fc.option(
        fc.constant({
          type: "LineString",
          coordinates: [
            [1, 2],
            [3, 4.5],
          ],
        } as const),
      ),
      fields: fc.record(fields, { requiredKeys: [] }),
    })
    .map(
      ({ feedId, sourceId, isEstimated, geometry, ...rest }) =>
        ({
          id: entityId(feedId, kind, sourceId),
          kind,
          feedId,
          sourceId,
          receivedAt: noon,
          quality: isEstimated ? "estimated" : "good",
          ...rest,
          ...(geometry && { geometry }),
        }) as unknown as Entity,
    );
}

/** A word about one request and one reading, learnt in some minute. */
const anyWord = fc.record({
  minute: fc.nat(45),
  thing: fc.constantFrom("one", "two", "three/'\"%"),
  isRemoved: fc.boolean(),
  late: fc.option(fc.nat(30 * minuteMs)),
  value: fc.option(anyNumber),
  isKeyframe: fc.boolean(),
});

type DrawnWord = typeof anyWord extends fc.Arbitrary<infer T> ? T : never;

const quietWord: DrawnWord = {
  minute: 0,
  thing: "one",
  isRemoved: false,
  late: null,
  value: 1,
  isKeyframe: true,
};

/** What was learnt at one instant: the change, and all there is where it is a keyframe. */
interface PlainWord {
  readonly knownAt: number;
  readonly isKeyframe: boolean;
  readonly readings: readonly Reading[];
  readonly changed: readonly Entity[];
  readonly removed: readonly string[];
}

/** Words in their order; the first is a keyframe, and keyframes hold what a fold of the words before them gives. */
function wordsOf(drawn: readonly DrawnWord[]): PlainWord[] {
  const byMinute = new Map(drawn.map((word) => [word.minute, word]));
  const readings = new Map<string, Reading>();
  const entities = new Map<string, Entity>();
  return [...byMinute.values()]
    .toSorted((a, b) => a.minute - b.minute)
    .map((word, place): PlainWord => {
      const knownAt = noon + word.minute * minuteMs;
      const isKeyframe = word.isKeyframe || place === 0;
      const observedAt = word.late === null ? null : knownAt - word.late;
      const reading: Reading = {
        id: word.thing,
        value: word.value,
        ...(word.value === null
          ? { state: "none", reason: "no-data" }
          : word.late === null
            ? { state: "fresh", reason: null }
            : { state: "stale", reason: "source-down" }),
        quality: word.isRemoved ? "partial" : "good",
        observedAt,
        oldestAt: observedAt,
      };
      const id = entityId("calls", "ServiceRequest", word.thing);
      const entity: Entity = {
        id,
        kind: "ServiceRequest",
        feedId: "calls",
        sourceId: word.thing,
        observedAt,
        receivedAt: knownAt,
        position: [1, 2],
        quality: "good",
        fields: { status: "open", address: `${word.minute}` },
      };
      readings.set(reading.id, reading);
      if (word.isRemoved) entities.delete(id);
      else entities.set(id, entity);
      return {
        knownAt,
        isKeyframe,
        readings: isKeyframe ? [...readings.values()] : [reading],
        changed: isKeyframe ? [...entities.values()] : word.isRemoved ? [] : [entity],
        removed: word.isRemoved ? [id] : [],
      };
    });
}

function batchOfWords(words: readonly PlainWord[]): HistoryBatch {
  return batchOf({
    readings: words.map(({ knownAt, isKeyframe, readings }) => ({ knownAt, isKeyframe, changed: readings })),
    entities: words.map(({ knownAt, isKeyframe, changed, removed }) => ({
      kind: "ServiceRequest",
      knownAt,
      isKeyframe,
      changed,
      removed,
    })),
  });
}

/** As the questions define it: from the last keyframe on, the newest word by the time that counts. */
function foldOf(
  words: readonly PlainWord[],
  at: number,
  known: KnownAs,
): { readonly readings: Reading[]; readonly entities: Entity[] } {
  const keyframe = words.findLast(({ isKeyframe, knownAt }) => isKeyframe && knownAt <= at);
  if (!keyframe) return { readings: [], entities: [] };
  const isLate = (word: PlainWord): boolean => known === "now" && word.knownAt > at && !word.isKeyframe;
  const seen = words.filter(
    (word) =>
      word.knownAt >= keyframe.knownAt && (word.knownAt <= at || isLate(word) || word.removed.length > 0),
  );
  const timeOf = (knownAt: number, observedAt: number | null): number =>
    known === "then" ? knownAt : (observedAt ?? knownAt);
  const readings = seen
    .filter((word) => word.knownAt <= at || isLate(word))
    .flatMap((word) =>
      word.readings.map((reading) => ({ time: timeOf(word.knownAt, reading.observedAt), thing: reading })),
    );
  const entities = seen.flatMap((word) => [
    ...(word.knownAt <= at || isLate(word) ? word.changed : []).map((entity) => ({
      time: timeOf(word.knownAt, entity.observedAt),
      id: entity.id,
      thing: entity as Entity | null,
    })),
    ...word.removed.map((id) => ({ time: word.knownAt, id, thing: null })),
  ]);
  return {
    readings: newestOf(
      readings.map((one) => ({ ...one, id: one.thing.id })),
      at,
    ),
    entities: newestOf(entities, at),
  };
}

function newestOf<T>(
  words: readonly { readonly time: number; readonly id: string; readonly thing: T | null }[],
  at: number,
): T[] {
  const newest = new Map<string, { readonly time: number; readonly thing: T | null }>();
  for (const word of words) {
    const known = newest.get(word.id);
    if (word.time <= at && (!known || known.time <= word.time)) newest.set(word.id, word);
  }
  return [...newest.values()].flatMap(({ thing }) => thing ?? []);
}

function byId<T extends { readonly id: string }>(things: readonly T[]): T[] {
  return things.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function plainChanges(words: readonly PlainWord[], { fromAt, toAt }: Span, known: KnownAs): CityChange[] {
  return words.flatMap((word) => {
    const counts = (observedAt: number | null): boolean => {
      const time = known === "then" ? word.knownAt : (observedAt ?? word.knownAt);
      const isToldBefore = word.knownAt >= toAt && word.isKeyframe;
      return time >= fromAt && time < toAt && !isToldBefore;
    };
    const instants = Map.groupBy(
      [
        ...word.readings
          .filter(({ observedAt }) => counts(observedAt))
          .map((reading) => ({ reading, observedAt: reading.observedAt })),
        ...word.changed
          .filter(({ observedAt }) => counts(observedAt))
          .map((entity) => ({ entity, observedAt: entity.observedAt })),
        ...(word.knownAt >= fromAt && word.knownAt < toAt ? word.removed : []).map((removed) => ({
          removed,
          observedAt: null,
        })),
      ],
      ({ observedAt }) => (known === "then" ? word.knownAt : (observedAt ?? word.knownAt)),
    );
    return [...instants].map(([knownAt, told]) => ({
      knownAt,
      readings: told.flatMap((one) => ("reading" in one ? one.reading : [])),
      entities: [
        {
          kind: "ServiceRequest" as const,
          changed: told.flatMap((one) => ("entity" in one ? one.entity : [])),
          removed: told.flatMap((one) => ("removed" in one ? one.removed : [])),
        },
      ],
      feeds: [],
    }));
  });
}

/** What was told last of each thing and series in every so many milliseconds. */
function lastTold(changes: readonly CityChange[], everyMs: number): Record<string, string> {
  const last: Record<string, string> = {};
  for (const { knownAt, readings, entities } of changes.toSorted((a, b) => a.knownAt - b.knownAt)) {
    const group = Math.floor(knownAt / everyMs);
    for (const reading of readings)
      last[`${group} reading ${reading.id}`] = `${knownAt} ${JSON.stringify(sorted(reading))}`;
    for (const { changed, removed } of entities) {
      for (const one of changed) last[`${group} ${one.id}`] = `${knownAt} ${JSON.stringify(sorted(one))}`;
      for (const id of removed) last[`${group} ${id}`] = `${knownAt} gone`;
    }
  }
  return last;
}

/** What is told at which instant, in one order. */
function replayed(changes: readonly CityChange[]): string[] {
  return changes
    .flatMap(({ knownAt, readings, entities }) =>
      [...readings, ...entities.flatMap(({ changed, removed }) => [...changed, ...removed])].map(
        (told) => `${knownAt} ${typeof told === "string" ? told : JSON.stringify(sorted(told))}`,
      ),
    )
    .toSorted();
}

function sorted(thing: object): object {
  return Object.fromEntries(Object.entries(thing).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
