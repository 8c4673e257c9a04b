/** `/api/v1/expected` and `/api/v1/forecast`: what is usual for a series, and what is to come. */

import { setImmediate as otherWork } from "node:timers/promises";
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
import { forecast, type Forecast } from "../core/outlook/forecast.ts";
import { slotCounts, slotsOf, type Season } from "../core/outlook/season.ts";
import { bucketEdges } from "./buckets.ts";
import { instantText, readPastInstant, readStretch, shown } from "./instants.ts";
import { findUnknown, type BadParameter, type QueryParameters } from "./parameters.ts";
import type { Past } from "./past.ts";
import { badParameter, problem } from "./problem.ts";
import { seriesIdsIn } from "./series.ts";

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

/** A screen of small multiples; each costs milliseconds of a process that has frames to send. */
const mostSeries = 24;

const seriesParameter = {
  description: `Ids of indicators or of their groups, separated by commas; ${mostSeries} at most.`,
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
    const answers = await foretold(query.value, its, c.req.raw.signal);
    return answers.length === 0 ? tooLittleKnown(c, query.value) : c.json(answers);
  });
}

interface SeriesAsked {
  readonly series: ReadonlyMap<string, Unit>;
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
  const asked = new Set(seriesIdsIn(query["indicator"] ?? ""));
  const wrong = (detail: string): Result<never, BadParameter> =>
    fail({ parameter: "indicator", detail: `indicator: ${detail}` });
  if (asked.size === 0 || asked.size > mostSeries)
    return wrong(`expected one to ${mostSeries} ids of indicators or of groups, separated by commas`);
  const series = new Map<string, Unit>();
  for (const id of asked) {
    const indicator = indicators.find((one) => one.id === parseSeriesId(id).indicator);
    if (!indicator) return wrong(`there is no "${shown(id)}"`);
    series.set(id, indicator.unit);
  }
  const bucket = outlookBuckets.find((one) => one === (query["bucket"] ?? "hour"));
  if (!bucket)
    return fail({
      parameter: "bucket",
      detail: `bucket: "${shown(query["bucket"]!)}" is not one of ${outlookBuckets.join(", ")}`,
    });
  return ok({ series, bucket });
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
  { series, bucket, fromAt, toAt, weeks, asOf }: ExpectedQuery,
  context: OutlookContext,
  signal: AbortSignal,
): Promise<readonly ExpectedAnswer[]> {
  const { zone } = context;
  const edges = bucketEdges(bucket, addLocalWeeks(fromAt, -weeks, zone), toAt, zone);
  const first = edges.findIndex((at) => at > fromAt) - 1;
  const valuesOf = await read({ series, edges, asOf }, context, signal);
  const season: Season = bucket === "hour" ? "hour-of-week" : "day-of-week";
  const slots = slotsOf(edges.subarray(0, -1), season, zone, isHolidayIn(context));
  const answers: ExpectedAnswer[] = [];
  for (const [id, unit] of series) {
    const values = valuesOf(id);
    const points = expectedBands(values, slots, first, weeks).map((band, i) =>
      pointOf(edges[first + i]!, values[first + i]!, band),
    );
    answers.push({ id, unit, bucket, weeks, points });
    await otherWork();
  }
  return answers;
}

function pointOf(at: number, measured: number, band: Expected | null): ExpectedPoint {
  const value = Number.isNaN(measured) ? null : measured;
  if (band === null) return { at, value, low: null, median: null, high: null, samples: 0, outside: null };
  const outside = value === null ? null : value > band.high ? "above" : value < band.low ? "below" : null;
  return { at, value, ...band, outside };
}

/** Without the series of which too little is known. */
async function foretold(
  { series, bucket, ahead }: ForecastQuery,
  context: OutlookContext,
  signal: AbortSignal,
): Promise<readonly ForecastAnswer[]> {
  const { zone, now } = context;
  // The bucket that runs is not over: its mean would be of its beginning only.
  const knownTo = bucketEdges(bucket, now, now + 1, zone)[0]!;
  const known = bucketEdges(bucket, knownTo - learntWeeks[bucket] * weekMs, knownTo, zone);
  const coming = bucketEdges(bucket, knownTo, knownTo + (ahead + 2) * bucketMs[bucket], zone);
  const valuesOf = await read({ series, edges: known, asOf: null }, context, signal);
  const answers: ForecastAnswer[] = [];
  for (const [id, unit] of series) {
    const made = foretell(valuesOf(id), known, coming.subarray(0, ahead), bucket, unit, context);
    await otherWork();
    if (made === null) continue;
    const points = made.points.map((point, i) => ({ at: coming[i]!, ...point }));
    answers.push({ id, unit, bucket, method: made.method, knownTo, points, backTest: made.backTest });
  }
  return answers;
}

/** `values` are of the buckets between the edges `known`; `coming` are the starts of those to foretell. */
function foretell(
  values: Float64Array,
  known: Float64Array,
  coming: Float64Array,
  bucket: OutlookBucket,
  unit: Unit,
  context: OutlookContext,
): Forecast | null {
  const begin = values.findIndex((value) => !Number.isNaN(value));
  if (begin < 0) return null;
  const starts = [...known.subarray(begin, -1), ...coming];
  const season = seasonOf(bucket, values.length - begin);
  const slots = slotsOf(starts, season, context.zone, isHolidayIn(context));
  return forecast({
    values: values.slice(begin),
    slots,
    slotCount: slotCounts[season],
    horizon: coming.length,
    ...rangeOf(unit),
  });
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

interface ValuesAsked extends Pick<SeriesAsked, "series"> {
  readonly edges: Float64Array;
  readonly asOf: number | null;
}

/** The means between the edges, of any of the series; NaN where nothing is known. */
async function read(
  { series, edges, asOf }: ValuesAsked,
  { past }: OutlookContext,
  signal: AbortSignal,
): Promise<(id: string) => Float64Array> {
  const columns = await past.points({ series: [...series.keys()], edges, asOf }, signal);
  const means = new Map(columns.map(({ series: id, mean }) => [id, mean]));
  return (id) => means.get(id) ?? new Float64Array(edges.length - 1).fill(Number.NaN);
}

function isHolidayIn({ holidays, zone }: OutlookContext): (at: number) => boolean {
  return holidays.size === 0 ? () => false : (at) => holidays.has(cityDate(at, zone));
}

function tooLittleKnown(c: Context, { series, bucket }: ForecastQuery): Response {
  const needed = bucket === "hour" ? "four days by the hour" : "four weeks by the day";
  const detail = `indicator: of ${[...series.keys()].join(", ")} less is known than ${needed}, more than half of it is gaps, or it is too little to test a forecast this far ahead`;
  return problem(c, 422, "too-little-known", "Too little is known to foretell", detail);
}
