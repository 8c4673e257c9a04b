/** `/api/v1/expected` and `/api/v1/forecast`: what is usual for a series, and what is to come. */

import type { Context, Hono } from "hono";
import { z } from "zod";
import { addLocalWeeks, cityDate } from "../../shared/city-time.ts";
import { parseSeriesId, type IndicatorDefinition } from "../../shared/city.ts";
import {
  outlookBuckets,
  type ExpectedAnswer,
  type ExpectedPoint,
  type ForecastAnswer,
  type OutlookBucket,
} from "../../shared/outlook.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { Unit } from "../../shared/units.ts";
import { expectedBands, type Expected } from "../core/outlook/expected.ts";
import { forecast } from "../core/outlook/forecast.ts";
import { slotCounts, slotsOf, type Season } from "../core/outlook/season.ts";
import { bucketEdges } from "./buckets.ts";
import { instantText, readPastInstant, readStretch, shown } from "./instants.ts";
import { findUnknown, type BadParameter, type QueryParameters } from "./parameters.ts";
import type { Past } from "./past.ts";
import { badParameter, problem } from "./problem.ts";

export interface OutlookContext {
  readonly indicators: readonly IndicatorDefinition[];
  readonly zone: string;
  /** City dates, such as `2026-12-25`. */
  readonly holidays: ReadonlySet<string>;
  /** City time. */
  readonly now: number;
  readonly past: Pick<Past, "points">;
}

/** About how long a bucket lasts. */
const bucketMs = { hour: 3_600_000, day: 86_400_000 } as const satisfies Record<OutlookBucket, number>;
const weekMs = 7 * bucketMs.day;
/** A year by the hour is more than a screen can show. */
const mostBuckets = 10_000;
const defaultWeeks = 8;
const mostWeeks = 52;
/** What a forecast learns from, and how far ahead it goes at most. */
const learntWeeks = { hour: 8, day: 104 } as const satisfies Record<OutlookBucket, number>;
const mostAhead = { hour: 7 * 24, day: 60 } as const satisfies Record<OutlookBucket, number>;
const defaultAhead = { hour: 24, day: 14 } as const satisfies Record<OutlookBucket, number>;

const seriesParameter = {
  description: "The id of one indicator or of one of its groups.",
  required: true,
  schema: z.string(),
} as const;
const bucketParameter = {
  description: "Whole hours or days of the city.",
  schema: z.enum(outlookBuckets).default("hour"),
} as const;

export const expectedParameters = {
  indicator: seriesParameter,
  bucket: bucketParameter,
  from: { description: `${instantText}; a week before \`to\` unless said.`, schema: z.string() },
  to: { description: `${instantText}; now unless said.`, schema: z.string() },
  weeks: {
    description: "How many weeks before each bucket count.",
    schema: z.int().min(3).max(mostWeeks).default(defaultWeeks),
  },
  asOf: { description: `${instantText}: only what was known then; now unless said.`, schema: z.string() },
} as const satisfies QueryParameters;

export const forecastParameters = {
  indicator: seriesParameter,
  bucket: bucketParameter,
  ahead: {
    description: `How many buckets to come: 24 hours or 14 days unless said, at most ${mostAhead.hour} or ${mostAhead.day}.`,
    schema: z.int().min(1).max(mostAhead.hour),
  },
} as const satisfies QueryParameters;

export function serveOutlook(app: Hono, context: () => OutlookContext): void {
  app.get("/api/v1/expected", async (c) => {
    const its = context();
    const query = readExpectedQuery(c.req.query(), its);
    return query.ok
      ? c.json(await expected(query.value, its, c.req.raw.signal))
      : badParameter(c, query.failure);
  });
  app.get("/api/v1/forecast", async (c) => {
    const its = context();
    const query = readForecastQuery(c.req.query(), its);
    if (!query.ok) return badParameter(c, query.failure);
    const answer = await foretold(query.value, its, c.req.raw.signal);
    return answer === null ? tooLittleKnown(c, query.value) : c.json(answer);
  });
}

interface SeriesAsked {
  readonly id: string;
  readonly unit: Unit;
  readonly bucket: OutlookBucket;
}

interface ExpectedQuery extends SeriesAsked {
  readonly fromAt: number;
  readonly toAt: number;
  readonly weeks: number;
  readonly asOf: number | null;
}

interface ForecastQuery extends SeriesAsked {
  readonly ahead: number;
}

type Query = Readonly<Record<string, string>>;

function readSeries(query: Query, { indicators }: OutlookContext): Result<SeriesAsked, BadParameter> {
  const id = query["indicator"] ?? "";
  const indicator = indicators.find((one) => one.id === parseSeriesId(id).indicator);
  if (!indicator)
    return fail({
      parameter: "indicator",
      detail: `indicator: expected one series, there is no "${shown(id)}"`,
    });
  const bucket = outlookBuckets.find((one) => one === (query["bucket"] ?? "hour"));
  if (!bucket)
    return fail({
      parameter: "bucket",
      detail: `bucket: "${shown(query["bucket"]!)}" is not one of ${outlookBuckets.join(", ")}`,
    });
  return ok({ id, unit: indicator.unit, bucket });
}

function readExpectedQuery(query: Query, context: OutlookContext): Result<ExpectedQuery, BadParameter> {
  const unknown = findUnknown(query, expectedParameters);
  if (unknown) return fail(unknown);
  const series = readSeries(query, context);
  if (!series.ok) return series;
  const stretch = readStretch(query, context.now, context.zone, weekMs);
  if (!stretch.ok) return stretch;
  const { fromAt, toAt } = stretch.value;
  const buckets = (toAt - fromAt) / bucketMs[series.value.bucket];
  if (buckets > mostBuckets)
    return fail({
      parameter: "from",
      detail: `from: ${Math.ceil(buckets)} buckets of one ${series.value.bucket}; expected at most ${mostBuckets}`,
    });
  const weeks = readCount("weeks", query["weeks"], defaultWeeks, 3, mostWeeks);
  if (!weeks.ok) return weeks;
  const asOf = readPastInstant("asOf", query["asOf"], context.now, context.zone);
  return asOf.ok ? ok({ ...series.value, fromAt, toAt, weeks: weeks.value, asOf: asOf.value }) : asOf;
}

function readForecastQuery(query: Query, context: OutlookContext): Result<ForecastQuery, BadParameter> {
  const unknown = findUnknown(query, forecastParameters);
  if (unknown) return fail(unknown);
  const series = readSeries(query, context);
  if (!series.ok) return series;
  const { bucket } = series.value;
  const ahead = readCount("ahead", query["ahead"], defaultAhead[bucket], 1, mostAhead[bucket]);
  return ahead.ok ? ok({ ...series.value, ahead: ahead.value }) : ahead;
}

function readCount(
  parameter: string,
  text: string | undefined,
  otherwise: number,
  least: number,
  most: number,
): Result<number, BadParameter> {
  const count = text === undefined ? otherwise : Number(text);
  if (Number.isInteger(count) && count >= least && count <= most) return ok(count);
  return fail({
    parameter,
    detail: `${parameter}: "${shown(text!)}" is not a whole number from ${least} to ${most}`,
  });
}

async function expected(
  { id, unit, bucket, fromAt, toAt, weeks, asOf }: ExpectedQuery,
  context: OutlookContext,
  signal: AbortSignal,
): Promise<ExpectedAnswer> {
  const { zone } = context;
  const edges = bucketEdges(bucket, addLocalWeeks(fromAt, -weeks, zone), toAt, zone);
  const first = edges.findIndex((at) => at > fromAt) - 1;
  const values = await valuesOf({ id, edges, asOf }, context, signal);
  const season: Season = bucket === "hour" ? "hour-of-week" : "day-of-week";
  const slots = slotsOf(edges.subarray(0, -1), season, zone, isHolidayIn(context));
  const bands = expectedBands(values, slots, first, weeks);
  return {
    id,
    unit,
    bucket,
    weeks,
    points: bands.map((band, i) => pointOf(edges[first + i]!, values[first + i]!, band)),
  };
}

function pointOf(at: number, measured: number, band: Expected | null): ExpectedPoint {
  const value = Number.isNaN(measured) ? null : measured;
  if (band === null) return { at, value, low: null, median: null, high: null, samples: 0, outside: null };
  const outside = value === null ? null : value > band.high ? "above" : value < band.low ? "below" : null;
  return { at, value, ...band, outside };
}

async function foretold(
  { id, unit, bucket, ahead }: ForecastQuery,
  context: OutlookContext,
  signal: AbortSignal,
): Promise<ForecastAnswer | null> {
  const { zone, now } = context;
  // The bucket that runs is not over: its mean would be of its beginning only.
  const knownTo = bucketEdges(bucket, now, now + 1, zone)[0]!;
  const known = bucketEdges(bucket, knownTo - learntWeeks[bucket] * weekMs, knownTo, zone);
  const coming = bucketEdges(bucket, knownTo, knownTo + (ahead + 2) * bucketMs[bucket], zone);
  const all = await valuesOf({ id, edges: known, asOf: null }, context, signal);
  const begin = all.findIndex((value) => !Number.isNaN(value));
  if (begin < 0) return null;
  const values = all.slice(begin);
  const starts = [...known.subarray(begin, -1), ...coming.subarray(0, ahead)];
  const season = seasonOf(bucket, values.length);
  const slots = slotsOf(starts, season, zone, isHolidayIn(context));
  const range = rangeOf(unit);
  const made = forecast({ values, slots, slotCount: slotCounts[season], horizon: ahead, ...range });
  if (made === null) return null;
  const points = made.points.map((point, i) => ({ at: coming[i]!, ...point }));
  return { id, unit, bucket, method: made.method, knownTo, points, backTest: made.backTest };
}

/** A week by the hour where four weeks are known, else a day. */
function seasonOf(bucket: OutlookBucket, known: number): Season {
  if (bucket === "day") return "day-of-week";
  return known >= 4 * slotCounts["hour-of-week"] ? "hour-of-week" : "hour-of-day";
}

/** What a figure of this unit can never pass. */
function rangeOf(unit: Unit): { readonly least: number; readonly greatest: number } {
  if (unit === "percent" || unit === "score") return { least: 0, greatest: 100 };
  const mayBeNegative = unit === "celsius" || unit === "metres" || unit === "seconds" || unit === "megawatts";
  return { least: mayBeNegative ? Number.NEGATIVE_INFINITY : 0, greatest: Number.POSITIVE_INFINITY };
}

interface ValuesAsked {
  readonly id: string;
  readonly edges: Float64Array;
  readonly asOf: number | null;
}

async function valuesOf(
  { id, edges, asOf }: ValuesAsked,
  { past }: OutlookContext,
  signal: AbortSignal,
): Promise<Float64Array> {
  const [columns] = await past.points({ series: [id], edges, asOf }, signal);
  return columns?.mean ?? new Float64Array(edges.length - 1).fill(Number.NaN);
}

function isHolidayIn({ holidays, zone }: OutlookContext): (at: number) => boolean {
  return holidays.size === 0 ? () => false : (at) => holidays.has(cityDate(at, zone));
}

function tooLittleKnown(c: Context, { id, bucket }: ForecastQuery): Response {
  const needed = bucket === "hour" ? "four days by the hour" : "four weeks by the day";
  const detail = `indicator: of ${id} less is known than ${needed}, more than half of it is gaps, or it is too little to test a forecast this far ahead`;
  return problem(c, 422, "too-little-known", "Too little is known to foretell", detail);
}
