/** A trend as small as a word, to stand in a sentence or a row: its line, its gaps, and where it ended. */

import type { ChartPoint, ChartSeries } from "../../../shared/briefing.ts";
import { linear, pathOf, type Scale } from "./scale.ts";
import { endOf, extent, gapsOf, strokes, usualOf, type Gap, type Usual } from "./series.ts";
import { drawing, element, hatch, hatchPattern, paint, type ChartLook } from "./svg.ts";

type Trend = Pick<ChartSeries, "points" | "breaks" | "target">;

const margin = 3;

/**
 * Draws a trend without words. `values` is what its height stands for, where it shares that with its neighbours.
 */
export function sparkline(
  trend: Trend,
  look: ChartLook,
  { height = 22, values }: { readonly height?: number; readonly values?: readonly [number, number] } = {},
): string {
  const { points, breaks, target } = trend;
  const [low, high] = values ?? heightOf(trend) ?? [0, 1];
  const x = linear(points[0]?.at ?? 0, endOf(points), margin, look.width - margin);
  const y = linear(low, high, height - margin, margin);
  const places = strokes(trend).map((point) => point && { x: x(point.at), y: y(point.value) });
  const last = places.findLast((place) => place !== null);
  const gaps = gapsOf(points);
  const parts = [
    ...usualOf(points).map((stretch) => usualShape(stretch, x, y)),
    gaps.length > 0 ? hatchPattern(look.id) : "",
    ...gaps.map((gap) => gapShape(gap, look.id, x, margin, height - margin)),
    target === null || target < low || target > high
      ? ""
      : targetLine(margin, look.width - margin, y(target)),
    element("path", { d: pathOf(places), ...pen(paint.ink2, 1.6) }),
    ...breaks.map((at) => breakShape(x(at), 0, height)),
    last ? element("circle", { cx: last.x, cy: last.y, r: 2.4, fill: paint.ink0 }) : "",
  ];
  return drawing(look, height, parts.join(""));
}

/** A trend of evenly spaced values, oldest first. */
export function trendOf(values: readonly (number | null)[]): Trend {
  const points = values.map((value, at): ChartPoint => ({ at, value, low: null, high: null }));
  return { points, breaks: [], target: null };
}

/**
 * What a trend's height stands for: all that it draws, and no less than a tenth of the value, so that noise stays calm;
 * the target too where it is near. `null` where nothing is known.
 */
export function heightOf({ points, target }: Trend): readonly [number, number] | null {
  const drawn = extent(
    points.flatMap(({ value, low, high }) => [value, low, high].filter((one) => one !== null)),
  );
  if (!drawn) return null;
  let [low, high] = drawn;
  const near = Math.max(high - low, Math.max(Math.abs(low), Math.abs(high)) * 0.1) || 1;
  if (target !== null && target > low - near && target < high + near) {
    low = Math.min(low, target);
    high = Math.max(high, target);
  }
  const missing = Math.max(near - (high - low), 0) / 2;
  return [low - missing, high + missing];
}

/** The stroke of a line of data. */
export function pen(stroke: string, width: number): Record<string, string | number> {
  return {
    fill: "none",
    stroke,
    "stroke-width": width,
    "stroke-linejoin": "round",
    "stroke-linecap": "round",
  };
}

export function targetLine(from: number, to: number, y: number): string {
  return element("path", {
    d: `M${from} ${y.toFixed(1)}H${to}`,
    stroke: paint.ink2,
    "stroke-dasharray": "1.5 3.5",
    "stroke-width": 1.5,
  });
}

/** What is usual, as one grey shape. */
export function usualShape(stretch: readonly Usual[], x: Scale, y: Scale): string {
  const upper = stretch.map(({ at, high }) => ({ x: x(at), y: y(high) }));
  const lower = stretch.map(({ at, low }) => ({ x: x(at), y: y(low) })).toReversed();
  return element("path", { d: `${pathOf([...upper, ...lower])}Z`, fill: paint.band });
}

/** A stretch of which nothing is known. */
export function gapShape(gap: Gap, id: string, x: Scale, top: number, bottom: number): string {
  const from = x(gap.fromAt);
  const width = Math.max(x(gap.toAt) - from, 1.5);
  return element("rect", { x: from, y: top, width, height: bottom - top, fill: hatch(id) });
}

/** Where a figure was defined anew: two strokes that no line crosses. */
export function breakShape(x: number, top: number, bottom: number): string {
  const d = [x - 1.5, x + 1.5].map((stroke) => `M${stroke.toFixed(1)} ${top}V${bottom}`).join("");
  return element("path", { d, stroke: paint.ink2, "stroke-width": 1.2 });
}
