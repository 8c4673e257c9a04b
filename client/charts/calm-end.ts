import type { Point } from "../live/trends.ts";

const places = ["insideEndTop", "insideEndBottom", "insideStartTop", "insideStartBottom"] as const;
type Place = (typeof places)[number];

/** Words below the level need this share of the line's height under it, or they lie on the axis. */
const roomBelow = 0.2;

/** Where in a chart words beside the level `target` are furthest from the line, as ECharts says it. */
export function calmEnd(points: readonly Point[], target: number, fromAt: number, toAt: number): Place {
  const third = (toAt - fromAt) / 3;
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isFree = (place: Place): boolean => place.endsWith("Top") || target - low > roomBelow * (high - low);
  const clearance = (place: Place): readonly [beside: number, away: number] => {
    const from = place.startsWith("insideEnd") ? toAt - third : fromAt;
    const gaps = points.flatMap(({ at, value }) =>
      value !== null && at >= from && at <= from + third ? [value - target] : [],
    );
    const sign = place.endsWith("Top") ? 1 : -1;
    return [
      Math.min(...gaps.map((gap) => gap * sign).filter((gap) => gap >= 0)),
      Math.min(...gaps.map(Math.abs)),
    ];
  };
  return places.filter(isFree).reduce((best, place) => {
    const [[beside, away], [bestBeside, bestAway]] = [clearance(place), clearance(best)];
    return beside > bestBeside || (beside === bestBeside && away > bestAway) ? place : best;
  });
}
