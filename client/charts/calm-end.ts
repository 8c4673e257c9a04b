import type { Point } from "../live/trends.ts";

/** At which end of a chart words beside the level `target` are further from the line, as ECharts says it. */
export function calmEnd(
  points: readonly Point[],
  target: number,
  fromAt: number,
  toAt: number,
): "insideStartTop" | "insideEndTop" {
  const third = (toAt - fromAt) / 3;
  const distance = (from: number, to: number): number =>
    Math.min(
      ...points.flatMap(({ at, value }) =>
        value !== null && at >= from && at <= to ? [Math.abs(value - target)] : [],
      ),
    );
  return distance(fromAt, fromAt + third) > distance(toAt - third, toAt) ? "insideStartTop" : "insideEndTop";
}
