import type { SeriesPoint } from "../../shared/series.ts";
import { codedState, freshCode } from "../../shared/state-code.ts";
import type { PointColumns } from "../history/history.ts";

/**
 * One series' buckets as points. `edges` may repeat: a bucket without time has no row in `columns` and nothing in it.
 * A bucket in which no second was fresh has the value of the last one before it that had one, where its state is stale.
 */
export function seriesPoints(columns: PointColumns | null, edges: Float64Array, now: number): SeriesPoint[] {
  const points: SeriesPoint[] = [];
  let [row, last] = [0, null as number | null];
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
