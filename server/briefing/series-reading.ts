/** Figures of series over a stretch of time, each with the address under which `/api/v1/series` tells the same. */

import type { BriefingStatistic } from "../../shared/briefing.ts";
import type { Bucket } from "../../shared/series.ts";
import type { Span, ToldValue } from "../core/briefing/facts.ts";
import type { PointColumns } from "../history/history.ts";
import { bucketEdges } from "../http/buckets.ts";
import type { Past } from "../http/past.ts";

export interface Asked extends Span {
  readonly bucket: Bucket;
}

export interface Reader {
  readonly past: Pick<Past, "points">;
  readonly zone: string;
  /** Nothing that was learnt later counts. */
  readonly knownAt: number;
  readonly signal: AbortSignal;
}

export function seriesAddress(series: string, { fromAt, toAt, bucket }: Asked, knownAt: number): string {
  return `/api/v1/series?indicator=${encodeURIComponent(series)}&from=${fromAt}&to=${toAt}&bucket=${bucket}&asOf=${knownAt}`;
}

/** What an address of `seriesAddress` asks for. */
export function askedIn(address: string): Asked | null {
  const query = new URL(address, "http://citydeck.invalid").searchParams;
  const [fromAt, toAt] = [Number(query.get("from")), Number(query.get("to"))];
  const bucket = query.get("bucket") ?? "";
  if (!(toAt > fromAt)) return null;
  return { fromAt, toAt, bucket: /^\d+$/.test(bucket) ? Number(bucket) : (bucket as Bucket) };
}

/** The buckets of several series, in the order of `series`. */
export async function readColumns(
  { past, zone, knownAt, signal }: Reader,
  series: readonly string[],
  { fromAt, toAt, bucket }: Asked,
): Promise<{ readonly edges: Float64Array; readonly columns: readonly (PointColumns | undefined)[] }> {
  const edges = bucketEdges(bucket, fromAt, toAt, zone);
  if (series.length === 0) return { edges, columns: [] };
  const columns = await past.points({ series, edges, asOf: knownAt }, signal);
  const found = new Map(columns.map((one) => [one.series, one]));
  return { edges, columns: series.map((id) => found.get(id)) };
}

/** One value of each series over a stretch, by one statistic. */
export async function readValues(
  reader: Reader,
  series: readonly string[],
  asked: Asked,
  statistic: BriefingStatistic,
): Promise<readonly ToldValue[]> {
  const { edges, columns } = await readColumns(reader, series, asked);
  const span = { fromAt: edges[0]!, toAt: edges.at(-1)! };
  return series.map((id, i) => {
    const one = columns[i];
    const freshSeconds = one?.freshSeconds.reduce((sum, seconds) => sum + seconds, 0) ?? 0;
    return {
      value: one ? valueOf(one, statistic) : null,
      knownPercent: knownPercent(freshSeconds, span, reader.knownAt),
      address: seriesAddress(id, asked, reader.knownAt),
    };
  });
}

/** How much of a stretch, as far as it had come at `knownAt`, a value was fresh. */
export function knownPercent(freshSeconds: number, { fromAt, toAt }: Span, knownAt: number): number {
  const passedMs = Math.max(1, Math.min(toAt, knownAt) - fromAt);
  return Math.min(100, (100_000 * freshSeconds) / passedMs);
}

/**
 * Of the buckets with a fresh second: the mean of their means, the highest of their highest, the lowest of their lowest,
 * the mean of the last one, the sum of their highest. `null` without any.
 */
export function valueOf(
  { mean, min, max, freshSeconds }: Pick<PointColumns, "mean" | "min" | "max" | "freshSeconds">,
  statistic: BriefingStatistic,
): number | null {
  const known = Array.from(freshSeconds.keys()).filter((i) => freshSeconds[i]! > 0);
  if (known.length === 0) return null;
  const sum = (column: Float64Array): number => known.reduce((total, i) => total + column[i]!, 0);
  switch (statistic) {
    case "mean":
      return sum(mean) / known.length;
    case "highest":
      return known.reduce((most, i) => Math.max(most, max[i]!), Number.NEGATIVE_INFINITY);
    case "lowest":
      return known.reduce((least, i) => Math.min(least, min[i]!), Number.POSITIVE_INFINITY);
    case "last":
      return mean[known.at(-1)!]!;
    case "total":
      return sum(max);
    case "count":
      throw new Error("what is counted in a log is in no series");
  }
}
