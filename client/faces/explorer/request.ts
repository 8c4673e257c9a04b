/** What a view asks the server for: each kind of chart has its own resolution and its own groups. Pure. */

import { parseSeriesId, type IndicatorDefinition } from "../../../shared/city.ts";
import type { Bucket, SeriesPoint } from "../../../shared/series.ts";
import { bucketSeconds, chooseBucket } from "../../charts/bucket-choice.ts";
import { bucketBeside } from "./outlook-request.ts";
import { canCompare } from "./against.ts";
import { areaLevelOf } from "./naming.ts";
import type { Stretch } from "./range.ts";
import type { SeriesRequest } from "./series-data.ts";
import type { ChartKind, View } from "./view.ts";

type Known = readonly Pick<IndicatorDefinition, "id" | "by">[];

/** Why a chart cannot be drawn of some figures. */
export type Missing = "second" | "groups" | "areas" | "figures";

export const missingWords = {
  second: "explorer.relation.needsTwo",
  groups: "explorer.needsGroups",
  areas: "explorer.needsAreas",
  figures: "explorer.state.noFigures",
} as const satisfies Record<Missing, string>;

export type Asked = { readonly request: SeriesRequest } | { readonly missing: Missing };

/** `width`: CSS pixels of the chart. */
export function requestOf(
  view: View,
  figures: readonly string[],
  stretch: Stretch,
  indicators: Known,
  width: number,
): Asked {
  if (figures.length === 0) return { missing: "figures" };
  const by = groupingOf(view, figures, indicators);
  if (view.chart === "map" && by === null) return { missing: "areas" };
  if (view.chart === "ranks" && by === null && figures.length < 2) return { missing: "groups" };
  if (view.chart === "relation" && figures.length < 2) return { missing: "second" };
  const ids = idsOf(view.chart, figures, by, indicators);
  if (ids.length === 0) return { missing: view.chart === "map" ? "areas" : "groups" };
  const { compare } = view;
  const isShown = compare !== null && canCompare(view, compare);
  return {
    request: {
      ids,
      by,
      ...stretch,
      bucket: bucketOf(view, stretch, width),
      compare: isShown && typeof compare === "string" ? compare : null,
      against: isShown && typeof compare !== "string" ? compare : null,
      asOf: view.asOf,
    },
  };
}

/** The grouping that is drawn: the chosen one, or the first that the chart needs. */
function groupingOf({ chart, by }: View, figures: readonly string[], indicators: Known): string | null {
  const known = indicators.find(({ id }) => id === parseSeriesId(figures[0]!).indicator)?.by ?? [];
  switch (chart) {
    case "map":
      return areaLevelOf(by) === null ? (known.find((one) => areaLevelOf(one) !== null) ?? null) : by;
    case "ranks":
      return by ?? (figures.length < 2 ? (known[0] ?? null) : null);
    case "relation":
      return null;
    case "lines":
    case "multiples":
    case "stack":
    case "share":
    case "bars":
    case "calendar":
    case "week":
    case "spread":
      return by;
  }
}

/** With a grouping, the indicators that have it; a map shows one of them. */
function idsOf(
  chart: ChartKind,
  figures: readonly string[],
  by: string | null,
  indicators: Known,
): readonly string[] {
  if (by === null) return chart === "relation" ? figures.slice(0, 2) : figures;
  const grouped = Array.from(new Set(figures.map((id) => parseSeriesId(id).indicator))).filter((indicator) =>
    indicators.some((one) => one.id === indicator && one.by.includes(by)),
  );
  return chart === "map" || chart === "ranks" ? grouped.slice(0, 1) : grouped;
}

/** Pixels that one bucket takes at least. */
const pixelsPerBucket: Readonly<Record<ChartKind, number>> = {
  lines: 1.5,
  multiples: 3,
  stack: 2,
  share: 2,
  bars: 9,
  calendar: 1,
  week: 1,
  spread: 1,
  relation: 3,
  ranks: 60,
  map: 10,
};

/**
 * Whether hours would tell more than what was answered by a resolution that nobody chose: minutes are kept for less long.
 * Of a stretch that was partly recorded only where hours are still fine enough to draw.
 */
export function hoursTellMore(bucket: Bucket, series: readonly (readonly SeriesPoint[])[]): boolean {
  const seconds = bucketSeconds(bucket);
  const over = series.flat().filter(({ reason }) => reason !== "future");
  const missing = over.filter(({ state }) => state === "missing").length;
  if (seconds >= 3_600 || missing === 0) return false;
  return missing === over.length || (seconds >= 600 && missing > over.length / 2);
}

function bucketOf(view: View, { fromAt, toAt }: Stretch, width: number): Bucket {
  const { chart, bucket } = view;
  if (chart === "calendar") return "day";
  if (chart === "week") return "hour";
  if (bucket !== "auto") return bucket;
  return bucketBeside(view, chooseBucket(fromAt, toAt, Math.max(width / pixelsPerBucket[chart], 4)));
}
