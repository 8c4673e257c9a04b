/** The server's series as figures to draw: named, as many as a chart can show. Pure. */

import { parseSeriesId } from "../../../shared/city.ts";
import type { SeriesItem, SeriesPoint } from "../../../shared/series.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { freshValue, meanOf } from "../../charts/series-shape.ts";
import { byMean, type Figure } from "./drawings/drawing.ts";
import { seriesAgainst } from "./against.ts";
import type { SeriesRequest } from "./series-data.ts";
import type { ChartKind } from "./view.ts";

/** Groups that a chart shows one by one. */
const shownAtMost: Readonly<Record<ChartKind, number>> = {
  lines: 60,
  multiples: 40,
  stack: 5,
  share: 5,
  bars: 5,
  calendar: 6,
  week: 6,
  spread: 6,
  relation: 2,
  ranks: 200,
  map: 500,
};

export function figuresOf(
  items: readonly SeriesItem[],
  { ids, by, compare, against }: SeriesRequest,
  city: CityBody,
  titleOf: (id: string) => string,
): Figure[] {
  const pointsOf = new Map(items.map(({ id, points }) => [id, points]));
  const comparedOf = ({ id, compare: compared }: SeriesItem): readonly SeriesPoint[] | null => {
    if (compare !== null) return compared?.[compare] ?? [];
    const other = against && seriesAgainst(id, against);
    return other === null ? null : (pointsOf.get(other) ?? []);
  };
  // What is asked for only to be compared with is no figure of its own.
  const own = items.filter(({ id }) => by !== null || ids.includes(id));
  return own.map((item) => {
    const { id, unit, points } = item;
    const { indicator, group } = parseSeriesId(id);
    const definition = city.indicators.find((one) => one.id === indicator);
    return {
      id,
      title: titleOf(id),
      unit,
      better: definition?.better ?? "neither",
      // A target is the city's; a group's own is not known.
      target: group === null ? (definition?.target ?? null) : null,
      points,
      compare: comparedOf(item),
    };
  });
}

export interface FewFigures {
  readonly shown: readonly Figure[];
  /** The smallest, for which the chart has no place. */
  readonly leftOut: number;
  /** Parts without numbers. */
  readonly unknown: number;
}

/**
 * As many as the chart shows, the largest; what is left over as one where their sum means something, else left out. A part
 * of which nothing is known has no share, and would leave the others without one.
 */
export function fewEnough(
  figures: readonly Figure[],
  chart: ChartKind,
  othersTitle: (count: number) => string,
): FewFigures {
  const most = shownAtMost[chart];
  const known = figures.filter(({ points }) => meanOf(points) !== null);
  if (chart === "share" && known.length > 0 && known.length < figures.length) {
    return { ...fewEnough(known, chart, othersTitle), unknown: figures.length - known.length };
  }
  if (figures.length <= most + (chart === "stack" || chart === "share" ? 1 : 0))
    return { shown: figures, leftOut: 0, unknown: 0 };
  const sorted = byMean(figures);
  const [shown, rest] = [sorted.slice(0, most), sorted.slice(most)];
  if (chart !== "stack" && chart !== "share") return { shown, leftOut: rest.length, unknown: 0 };
  const compared = rest.flatMap(({ compare }) => (compare === null ? [] : [compare]));
  const others = {
    ...rest[0]!,
    id: "others",
    title: othersTitle(rest.length),
    points: sumOf(rest.map(({ points }) => points)),
    compare: compared.length === rest.length ? sumOf(compared) : null,
  };
  return { shown: [...shown, others], leftOut: 0, unknown: 0 };
}

/** Bucket by bucket the sum of what is known; fresh where any of them is. */
function sumOf(all: readonly (readonly SeriesPoint[])[]): SeriesPoint[] {
  return all[0]!.map((point, i) => {
    const values = all.flatMap((points) => (points[i] ? (freshValue(points[i]) ?? []) : []));
    if (values.length === 0) return point;
    const value = values.reduce((sum, one) => sum + one, 0);
    return { at: point.at, value, min: null, max: null, state: "fresh", reason: null };
  });
}
