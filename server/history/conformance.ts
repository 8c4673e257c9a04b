/** What every engine must answer alike. A new engine's test calls `conformance` with a function that makes an empty one. */

import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { startOfDay } from "../../shared/city-time.ts";
import type { Engine } from "./engine.ts";
import { nothingRecorded } from "./figures.ts";
import {
  stateCodes,
  type History,
  type HistoryBatch,
  type MinuteColumns,
  type PointColumns,
  type PointsQuery,
} from "./history.ts";
import { openHistory } from "./sql-history.ts";

const minuteMs = 60_000;
const never = new AbortController().signal;
const hourMs = 60 * minuteMs;

/** A minute of one series as a plain row. */
interface MinuteRow {
  readonly series: string;
  readonly at: number;
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
    observations: {
      entities: [],
      entityOf: new Uint32Array(),
      properties: [],
      propertyOf: new Uint16Array(),
      at: new Float64Array(),
      knownAt: new Float64Array(),
      value: new Float64Array(),
    },
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
      if (Number.isNaN(other.mean[bucket])) expect(mean).toBeNaN();
      else expect(mean).toBeCloseTo(other.mean[bucket]!, 6);
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

const anyMinute = fc.record({
  series: anySeries,
  minute: anyMinuteNumber,
  late: fc.oneof(fc.nat(5000), fc.nat(2 * 1440 * minuteMs)),
  values: fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 3 }),
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

export function conformance(makeEngine: () => Promise<Engine>): void {
  let open: History[] = [];
  const make = async (zone = "Europe/Berlin"): Promise<History> => {
    const history = await openHistory(await makeEngine(), { zone });
    open.push(history);
    return history;
  };
  afterEach(async () => {
    for (const history of open) await history.close();
    open = [];
  });

  test("points are what a recount of the rows gives, as known at any instant, whatever was rolled up when", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...nights),
        fc.array(anyMinute, { maxLength: 60 }),
        fc.array(anyEdge, { minLength: 2, maxLength: 8 }),
        fc.option(fc.nat(days * 1440 * minuteMs)),
        fc.integer({ min: 1, max: 4 }),
        async (night, drawn, drawnEdges, known, parts) => {
          const rows = rowsOf(drawn, night.base);
          const history = await make(night.zone);
          const size = Math.ceil(rows.length / parts);
          for (let from = 0; from < rows.length; from += size) {
            const part = rows.slice(from, from + size);
            await history.append(batchOf({ minutes: minuteColumns(part) }));
            await history.maintain(part.at(-1)!.knownAt);
          }
          const query: PointsQuery = {
            series: [...new Set([...rows.map(({ series }) => series), "never seen"])],
            edges: edgesOf(drawnEdges, night),
            asOf: known === null ? null : night.base + known,
          };
          expectSame(await history.points(query, never), recount(rows, query));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("edges that are no whole minutes or do not ascend are refused", async () => {
    const history = await make();
    const ask = (...edges: number[]): Promise<unknown> =>
      history.points({ series: ["bikes"], edges: Float64Array.from(edges), asOf: null }, never);
    await expect(ask(0, 90_001)).rejects.toThrow(RangeError);
    await expect(ask(60_000, 60_000)).rejects.toThrow(RangeError);
    expect(await ask()).toHaveLength(1);
  });
}
