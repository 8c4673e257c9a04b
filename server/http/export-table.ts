/** What an export holds: about its series, and their points as rows. The same numbers as `/api/v1/series`. */

import type { Settings } from "../../shared/city.ts";
import { parseSeriesId } from "../../shared/city.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { SeriesPoint } from "../../shared/series.ts";
import { bucketEdges } from "./buckets.ts";
import type { Past } from "./past.ts";
import { readSeriesPoints } from "./series-points.ts";
import type { AskedSeries, SeriesContext, SeriesQuery } from "./series.ts";

export const exportColumns = ["indicator", "group", "at", "value", "min", "max", "state", "reason"] as const;

/** Points of one series. */
export interface ExportBlock {
  readonly indicator: string;
  /** `null`: the whole city. */
  readonly group: string | null;
  readonly points: readonly SeriesPoint[];
}

/** A line about the export: what it is about and what is said. */
export type AboutLine = readonly [about: string, said: string];

export interface AboutExport {
  readonly city: Pick<Settings, "title" | "zone">;
  readonly feeds: readonly FeedStatus[];
  readonly departments: ReadonlyMap<string, string>;
  /** As it was asked. */
  readonly query: string;
  readonly madeAt: number;
}

/** Names, definitions, units, owners, sources with their licences, and the query. */
export function aboutLines(
  { ids, bucket, fromAt, toAt, asOf }: SeriesQuery,
  about: AboutExport,
): AboutLine[] {
  const definitions = new Set(ids.map(({ definition }) => definition));
  const sources = new Set([...definitions].flatMap((definition) => definition.feeds));
  return [
    ["city", `${about.city.title.en} / ${about.city.title.zh}`],
    ["zone", about.city.zone],
    ["query", about.query],
    ["from", new Date(fromAt).toISOString()],
    ["to", new Date(toAt).toISOString()],
    ["bucket", typeof bucket === "number" ? `${bucket} seconds` : bucket],
    ["as of", asOf === null ? "now" : new Date(asOf).toISOString()],
    ["made at", new Date(about.madeAt).toISOString()],
    ...[...definitions].flatMap(({ id, title, definition, unit, department, feeds }): AboutLine[] => [
      [`indicator ${id}`, `${title.en} / ${title.zh}`],
      [`definition ${id}`, `${definition.en} / ${definition.zh}`],
      [`unit ${id}`, unit],
      [`owner ${id}`, about.departments.get(department) ?? department],
      [`sources ${id}`, feeds.join(", ")],
    ]),
    ...about.feeds.flatMap((feed): AboutLine[] => {
      if (!sources.has(feed.id)) return [];
      const credit = feed.attribution === null ? "" : `, ${feed.attribution}`;
      return [[`licence ${feed.id}`, `${feed.licence}, ${feed.title.en} / ${feed.title.zh}${credit}`]];
    }),
  ];
}

/** As many buckets as one question asks for, unless one series has more. */
const bucketsAtOnce = 50_000;

/** Series after series, asked for as they are read: who stops reading stops the questions. */
export async function* exportBlocks(
  past: Past,
  { ids, fromAt, toAt, bucket, asOf }: SeriesQuery,
  { zone, now }: Pick<SeriesContext, "zone" | "now">,
  signal: AbortSignal,
): AsyncGenerator<ExportBlock> {
  const edges = bucketEdges(bucket, fromAt, toAt, zone);
  const atOnce = Math.max(1, Math.floor(bucketsAtOnce / edges.length));
  for (let first = 0; first < ids.length; first += atOnce) {
    const some = ids.slice(first, first + atOnce);
    const query = { series: some.map(({ id }) => id), edges, asOf };
    const points = await readSeriesPoints(past, query, { bucket, zone, now }, signal);
    for (const [i, { id }] of some.entries()) yield { ...parseSeriesId(id), points: points[i]! };
  }
}

/** Rows of all series, without asking for them. */
export function rowCount(ids: readonly AskedSeries[], edges: Float64Array): number {
  return ids.length * (edges.length - 1);
}
