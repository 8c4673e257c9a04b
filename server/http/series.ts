/** `/api/v1/series`: figures over a stretch of time, in buckets, and beside what they are compared with. */

import type { Hono } from "hono";
import { z } from "zod";
import { startOfDay } from "../../shared/city-time.ts";
import { parseSeriesId, seriesId, type IndicatorDefinition } from "../../shared/city.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import {
  comparisons,
  type Bucket,
  type Comparison,
  type SeriesItem,
  type SeriesPoint,
} from "../../shared/series.ts";
import {
  columnsOfPoints,
  seriesForms,
  type SeriesForm,
  type SeriesItemInColumns,
} from "../../shared/series-columns.ts";
import { bucketCount, bucketEdges, comparedEdges, fittingBucket, isPeriod } from "./buckets.ts";
import { answerKept, type Closed } from "./closed.ts";
import { instantText, readPastInstant, readStretch, shown } from "./instants.ts";
import { findUnknown, type BadParameter, type QueryParameters } from "./parameters.ts";
import type { Past } from "./past.ts";
import { badParameter } from "./problem.ts";
import { readSeriesPoints } from "./series-points.ts";

export interface SeriesQuery {
  readonly ids: readonly AskedSeries[];
  readonly fromAt: number;
  readonly toAt: number;
  readonly bucket: Bucket;
  readonly compare: readonly Comparison[];
  /** Only what was known then; `null` for all that is known now. */
  readonly asOf: number | null;
}

type Definition = IndicatorDefinition & { readonly feeds: readonly string[] };

export interface AskedSeries {
  readonly id: string;
  readonly definition: Definition;
}

export interface SeriesContext {
  readonly indicators: readonly Definition[];
  /** Every series id there is or was of an indicator, to expand `by`. */
  readonly seriesOf: (indicator: string) => Promise<Iterable<string>>;
  readonly zone: string;
  readonly now: number;
  /** Buckets of all series and comparisons together. */
  readonly mostBuckets: number;
}

const dayMs = 86_400_000;
const daySeconds = 86_400;
/** As many pixels as a chart is wide on most screens. */
const usualPoints = 500;
const mostSeries = 2_000;
export const mostBuckets = 200_000;

export const seriesParameters = {
  indicator: {
    description: "Ids of indicators or of their groups, separated by commas.",
    required: true,
    schema: z.string(),
  },
  from: { description: `${instantText}; a day before \`to\` unless said.`, schema: z.string() },
  to: { description: `${instantText}, exclusive; now unless said.`, schema: z.string() },
  bucket: {
    description:
      "Whole minutes, in seconds; a period of the city's calendar; or `auto`, which fits `points`. The first and the last bucket are whole.",
    schema: z
      .union([
        z.int().min(60).max(daySeconds).multipleOf(60),
        z.enum(["hour", "day", "week", "month", "auto"]),
      ])
      .default(60),
  },
  points: {
    description: "How many buckets `auto` may use, such as the pixels of a chart.",
    schema: z.int().min(1).max(10_000).default(usualPoints),
  },
  by: {
    description: "Every group of this dimension, such as `area.district`, instead of the city's figure.",
    schema: z.string(),
  },
  compare: {
    description:
      "What to put beside it, separated by commas: the stretch before, a week before, a year before.",
    schema: z.string().meta({ examples: [comparisons.join(",")] }),
  },
  asOf: {
    description: `Only what was known then: ${instantText.toLowerCase()} that has passed.`,
    schema: z.string(),
  },
} as const satisfies QueryParameters;

/** Of the answer's form, which an export has another of. */
export const seriesAnswerParameters = {
  ...seriesParameters,
  form: {
    description:
      "How the points are told: one by one, or as `columns`, the same in a fraction of the room, for charts of many.",
    schema: z.enum(seriesForms).default("points"),
  },
} as const satisfies QueryParameters;

/** Reads the parameters of `seriesParameters`. */
export async function readSeriesQuery(
  query: Readonly<Record<string, string>>,
  context: SeriesContext,
  known: QueryParameters = seriesParameters,
): Promise<Result<SeriesQuery, BadParameter>> {
  const { zone, now } = context;
  const unknown = findUnknown(query, known);
  if (unknown) return fail(unknown);
  const ids = await readIds(query, context);
  if (!ids.ok) return ids;
  const stretch = readStretch(query, now, zone, dayMs);
  if (!stretch.ok) return stretch;
  const asOf = readPastInstant("asOf", query["asOf"], now, zone);
  if (!asOf.ok) return asOf;
  const compare = readCompare(query["compare"]);
  if (!compare.ok) return compare;
  const bucket = readBucket(query, stretch.value);
  if (!bucket.ok) return bucket;
  const { fromAt, toAt } = stretch.value;
  const buckets = bucketCount(bucket.value, fromAt, toAt) * ids.value.length * (1 + compare.value.length);
  if (buckets > context.mostBuckets) {
    const detail = `bucket: ${buckets} buckets of all series together, an answer may have ${context.mostBuckets}`;
    return fail({ parameter: "bucket", detail });
  }
  return ok({ ids: ids.value, fromAt, toAt, bucket: bucket.value, compare: compare.value, asOf: asOf.value });
}

function readBucket(
  query: Readonly<Record<string, string>>,
  { fromAt, toAt }: { readonly fromAt: number; readonly toAt: number },
): Result<Bucket, BadParameter> {
  const text = query["bucket"] ?? "60";
  const points = query["points"] ?? String(usualPoints);
  if (!/^\d{1,5}$/.test(points) || Number(points) < 1 || Number(points) > 10_000)
    return fail({
      parameter: "points",
      detail: `points: "${shown(points)}" is not a whole number, 1 to 10000`,
    });
  if (text === "auto") return ok(fittingBucket(fromAt, toAt, Number(points)));
  if (isPeriod(text)) return ok(text);
  const seconds = /^\d{2,5}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= 60 && seconds <= daySeconds && seconds % 60 === 0) return ok(seconds);
  const expected = "whole minutes in seconds (60 to 86400), hour, day, week, month or auto";
  return fail({ parameter: "bucket", detail: `bucket: "${shown(text)}" is not ${expected}` });
}

function readCompare(text: string | undefined): Result<readonly Comparison[], BadParameter> {
  const words = text === undefined ? [] : [...new Set(text.split(","))];
  const wrong = words.find((word) => !(comparisons as readonly string[]).includes(word));
  if (wrong === undefined) return ok(words as Comparison[]);
  const detail = `compare: "${shown(wrong)}" is not one of ${comparisons.join(", ")}`;
  return fail({ parameter: "compare", detail });
}

async function readIds(
  query: Readonly<Record<string, string>>,
  { indicators, seriesOf }: SeriesContext,
): Promise<Result<readonly AskedSeries[], BadParameter>> {
  const asked = seriesIdsIn(query["indicator"] ?? "");
  if (asked === null || asked.length === 0) {
    const detail = "indicator: expected one id of an indicator or of a group or several, separated by commas";
    return fail({ parameter: "indicator", detail });
  }
  const by = query["by"];
  const ids = new Map<string, Definition>();
  for (const series of asked) {
    const { indicator, group } = parseSeriesId(series);
    const definition = indicators.find(({ id }) => id === indicator);
    if (!definition)
      return fail({
        parameter: "indicator",
        detail: `indicator: there is no indicator "${shown(indicator)}"`,
      });
    if (by === undefined) ids.set(seriesId(indicator, group), definition);
    else {
      if (!definition.by.includes(by)) {
        const known = definition.by.length > 0 ? definition.by.join(", ") : "nothing";
        return fail({
          parameter: "by",
          detail: `by: ${indicator} is grouped by ${known}, not by "${shown(by)}"`,
        });
      }
      for (const id of await seriesOf(indicator))
        if (id.startsWith(`${indicator}{${by}:`)) ids.set(id, definition);
    }
  }
  if (ids.size > mostSeries) {
    const parameter = by === undefined ? "indicator" : "by";
    return fail({ parameter, detail: `${parameter}: ${ids.size} series, an answer may have ${mostSeries}` });
  }
  return ok(Array.from(ids, ([id, definition]) => ({ id, definition })));
}

/** Ids of series separated by commas, which the braces of a group may hold too; `null` when a brace has no other. */
export function seriesIdsIn(text: string): readonly string[] | null {
  const parts = text.match(/[^,{]+(\{.*?\}(?=,|$))?/g) ?? [];
  return parts.join(",") === text.replace(/,+/g, ",").replace(/^,|,$/g, "") ? parts : null;
}

export interface SeriesSource {
  readonly past: Past;
  readonly context: () => Omit<SeriesContext, "seriesOf" | "mostBuckets"> & {
    /** Of what is there now. */
    readonly seriesIds: Iterable<string>;
  };
}

export function serveSeries(app: Hono, source: SeriesSource): void {
  app.get("/api/v1/series", async (c) => {
    const context = seriesContext(source, mostBuckets, c.req.raw.signal);
    const { form = "points", ...asked } = c.req.query();
    if (!isForm(form)) {
      const detail = `form: "${shown(form)}" is not one of ${seriesForms.join(", ")}`;
      return badParameter(c, { parameter: "form", detail });
    }
    const query = await readSeriesQuery(asked, context, seriesAnswerParameters);
    if (!query.ok) return badParameter(c, query.failure);
    const items = await seriesItems(source.past, query.value, context, c.req.raw.signal);
    const told = form === "columns" ? inColumns(items, query.value, context.zone) : items;
    return answerKept(c, JSON.stringify(told), "application/json", endOf(query.value, context));
  });
}

function isForm(word: string): word is SeriesForm {
  return (seriesForms as readonly string[]).includes(word);
}

/** What a query is read against; `by` means the groups there are and those there were. */
export function seriesContext(
  { past, context }: SeriesSource,
  most: number,
  signal: AbortSignal,
): SeriesContext {
  const { seriesIds, ...now } = context();
  const present = [...seriesIds];
  return {
    ...now,
    mostBuckets: most,
    seriesOf: async (indicator) =>
      new Set(
        [
          ...(await past.seriesOf(indicator, signal)),
          ...present.filter((id) => id.startsWith(`${indicator}{`)),
        ].toSorted(),
      ),
  };
}

async function seriesItems(
  past: Past,
  { ids, fromAt, toAt, bucket, compare, asOf }: SeriesQuery,
  { zone, now }: SeriesContext,
  signal: AbortSignal,
): Promise<SeriesItem[]> {
  const series = ids.map(({ id }) => id);
  const edges = bucketEdges(bucket, fromAt, toAt, zone);
  const pointsIn = (bounds: Float64Array): Promise<readonly SeriesPoint[][]> =>
    readSeriesPoints(past, { series, edges: bounds, asOf }, { bucket, zone, now }, signal);
  const own = await pointsIn(edges);
  const beside: [Comparison, readonly SeriesPoint[][]][] = [];
  for (const comparison of compare)
    beside.push([comparison, await pointsIn(comparedEdges(comparison, bucket, edges, zone))]);
  return ids.map(({ id, definition }, i) => ({
    id,
    unit: definition.unit,
    bucket,
    points: own[i]!,
    ...(compare.length > 0 && { compare: Object.fromEntries(beside.map(([name, all]) => [name, all[i]!])) }),
  }));
}

function inColumns(
  items: readonly SeriesItem[],
  { bucket, fromAt, toAt }: SeriesQuery,
  zone: string,
): SeriesItemInColumns[] {
  const edges = bucketEdges(bucket, fromAt, toAt, zone);
  return items.map(({ points, compare, ...item }) => {
    const columns = columnsOfPoints(points, edges);
    if (compare === undefined) return { ...item, columns };
    const beside = Object.entries(compare).map(
      ([name, one]) =>
        [name, columnsOfPoints(one, comparedEdges(name as Comparison, bucket, edges, zone))] as const,
    );
    return { ...item, columns, compare: Object.fromEntries(beside) };
  });
}

/** What an answer may still change by: nothing when what was asked is over and told as it was known then. */
function endOf({ toAt, bucket, asOf }: SeriesQuery, { zone, now }: SeriesContext): Closed {
  const today = startOfDay(now, zone);
  const end = bucketEdges(bucket, toAt - 1, toAt, zone).at(-1)!;
  const isFixed = asOf !== null && asOf < today;
  return { isClosed: end <= today, isFixed, version: asOf === null ? now : null };
}
