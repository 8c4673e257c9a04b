/** `/api/v1/series`: the minutes that `recent` holds, per series, in buckets. */

import { z } from "zod";
import { startOfCityDate } from "../../shared/city-time.ts";
import { parseSeriesId, seriesId, type IndicatorDefinition } from "../../shared/city.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { Unit } from "../../shared/units.ts";
import { findUnknown, type BadParameter, type QueryParameters } from "./parameters.ts";

export interface SeriesQuery {
  readonly ids: readonly { readonly id: string; readonly unit: Unit }[];
  readonly fromAt: number;
  readonly toAt: number;
  readonly bucketSeconds: number;
}

export interface SeriesContext {
  readonly indicators: readonly IndicatorDefinition[];
  /** Every series id there is, to expand `by`. */
  readonly seriesIds: () => Iterable<string>;
  readonly zone: string;
  readonly now: number;
}

const daySeconds = 86_400;

const instantText = "An ISO 8601 instant with its offset, epoch milliseconds or a date of the city";

export const seriesParameters = {
  indicator: {
    description: "Ids of indicators or of their groups, separated by commas.",
    required: true,
    schema: z.string(),
  },
  from: { description: `${instantText}; a day before \`to\` unless said.`, schema: z.string() },
  to: { description: `${instantText}; now unless said.`, schema: z.string() },
  bucket: {
    description: "Whole minutes, in seconds.",
    schema: z.int().min(60).max(daySeconds).multipleOf(60).default(60),
  },
  by: {
    description: "Every group of this dimension, such as `area.district`, instead of the city's figure.",
    schema: z.string(),
  },
} as const satisfies QueryParameters;

/** Reads the parameters of `seriesParameters`. */
export function readSeriesQuery(
  query: Readonly<Record<string, string>>,
  context: SeriesContext,
): Result<SeriesQuery, BadParameter> {
  const unknown = findUnknown(query, seriesParameters);
  if (unknown) return fail(unknown);
  const ids = readIds(query, context);
  if (!ids.ok) return ids;
  const to = readInstant("to", query["to"], context.now, context.zone);
  if (!to.ok) return to;
  const from = readInstant("from", query["from"], to.value - daySeconds * 1000, context.zone);
  if (!from.ok) return from;
  if (from.value >= to.value)
    return fail({ parameter: "from", detail: `from (${query["from"]}) must lie before to` });
  const bucketSeconds = query["bucket"] === undefined ? 60 : Number(query["bucket"]);
  if (!(bucketSeconds >= 60 && bucketSeconds <= daySeconds && bucketSeconds % 60 === 0)) {
    return fail({
      parameter: "bucket",
      detail: `bucket: "${query["bucket"]}" is not whole minutes in seconds, 60 to 86400`,
    });
  }
  return ok({ ids: ids.value, fromAt: from.value, toAt: to.value, bucketSeconds });
}

function readIds(
  query: Readonly<Record<string, string>>,
  { indicators, seriesIds }: SeriesContext,
): Result<SeriesQuery["ids"], BadParameter> {
  const asked = query["indicator"]?.split(",").filter((id) => id !== "") ?? [];
  if (asked.length === 0) {
    return fail({
      parameter: "indicator",
      detail: "indicator: expected one indicator id or several, separated by commas",
    });
  }
  const units = new Map<string, Unit>();
  for (const series of asked) {
    const { indicator, group } = parseSeriesId(series);
    const definition = indicators.find(({ id }) => id === indicator);
    if (!definition)
      return fail({ parameter: "indicator", detail: `indicator: there is no indicator "${indicator}"` });
    const by = query["by"];
    if (by !== undefined && !definition.by.includes(by)) {
      const known = definition.by.length > 0 ? definition.by.join(", ") : "nothing";
      return fail({ parameter: "by", detail: `by: ${indicator} is grouped by ${known}, not by "${by}"` });
    }
    if (by === undefined) units.set(seriesId(indicator, group), definition.unit);
    else
      for (const id of seriesIds()) if (id.startsWith(`${indicator}{${by}:`)) units.set(id, definition.unit);
  }
  return ok(Array.from(units, ([id, unit]) => ({ id, unit })));
}

/** ISO 8601, epoch milliseconds or a city date; `otherwise` when absent. */
export function readInstant(
  parameter: string,
  text: string | undefined,
  otherwise: number,
  zone: string,
): Result<number, BadParameter> {
  if (text === undefined) return ok(otherwise);
  if (/^-?\d+$/.test(text)) return ok(Number(text));
  if (isDate(text)) return ok(startOfCityDate(text, zone));
  const at = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return ok(at);
  const expected = "an ISO 8601 instant with its offset, epoch milliseconds or a date";
  return fail({ parameter, detail: `${parameter}: "${text}" is not ${expected}` });
}

/** `2026-02-28`, but not `2026-02-31`: `Date.parse` takes that for the 3rd of March. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
