/** Buckets of series as points, whatever stretch was asked for. */

import type { Bucket, SeriesPoint } from "../../shared/series.ts";
import { codedState, freshCode } from "../../shared/state-code.ts";
import type { PointColumns, PointsQuery } from "../history/history.ts";
import { bucketEdges } from "./buckets.ts";
import type { Past } from "./past.ts";

/** A value that was kept is looked for so far before the stretch; one that is kept longer is rare and then `null`. */
const keptMs = 86_400_000;

export interface PointsContext {
  readonly bucket: Bucket;
  readonly zone: string;
  readonly now: number;
}

/**
 * The points of each series. `edges` may repeat: a bucket without time has nothing in it. A bucket in which no second was
 * fresh has the value of the last one before it that had one, where its state is stale: the same one whether the stretch
 * begins before or after that.
 */
export async function readSeriesPoints(
  past: Pick<Past, "points">,
  { series, edges, asOf }: PointsQuery,
  { bucket, zone, now }: PointsContext,
  signal: AbortSignal,
): Promise<SeriesPoint[][]> {
  const distinct = edges.filter((at, i) => i === 0 || at > edges[i - 1]!);
  const columns = distinct.length < 2 ? [] : await past.points({ series, edges: distinct, asOf }, signal);
  const unsaid = series.filter((_, i) => columns[i] && beginsStale(columns[i]));
  const kept = new Map<string, number>();
  if (unsaid.length > 0) {
    const before = bucketEdges(bucket, distinct[0]! - keptMs, distinct[0]!, zone).filter(
      (at) => at <= distinct[0]!,
    );
    for (const { series: id, mean } of await past.points({ series: unsaid, edges: before, asOf }, signal)) {
      const last = mean.findLast((value) => !Number.isNaN(value));
      if (last !== undefined) kept.set(id, last);
    }
  }
  return series.map((id, i) => seriesPoints(columns[i] ?? null, edges, now, kept.get(id) ?? null));
}

/** Whether the first that was recorded has a value from before the stretch. */
function beginsStale({ freshSeconds, code }: PointColumns): boolean {
  const first = code.findIndex((one, row) => freshSeconds[row]! > 0 || codedState(one) !== null);
  return first >= 0 && freshSeconds[first] === 0 && codedState(code[first]!)!.state === "stale";
}

/** `kept`: the last value before the first bucket, `null` where none is known. */
function seriesPoints(
  columns: PointColumns | null,
  edges: Float64Array,
  now: number,
  kept: number | null,
): SeriesPoint[] {
  const points: SeriesPoint[] = [];
  let [row, last] = [0, kept];
  for (let i = 0; i < edges.length - 1; i++) {
    const at = edges[i]!;
    const point = edges[i + 1] === at || columns === null ? null : pointOf(columns, row++, at, last);
    last = point?.value ?? last;
    points.push(point ?? gap(at, at >= now ? "future" : "not-recorded"));
  }
  return points;
}

/** `null` where nothing was recorded. */
function pointOf(columns: PointColumns, row: number, at: number, last: number | null): SeriesPoint | null {
  const fresh = codedState(freshCode)!;
  if (columns.freshSeconds[row]! > 0)
    return { at, value: columns.mean[row]!, min: columns.min[row]!, max: columns.max[row]!, ...fresh };
  const coded = codedState(columns.code[row]!);
  if (coded === null) return null;
  return { at, value: coded.state === "stale" ? last : null, min: null, max: null, ...coded };
}

function gap(at: number, reason: "future" | "not-recorded"): SeriesPoint {
  return { at, value: null, min: null, max: null, state: "missing", reason };
}
