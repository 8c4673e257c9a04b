/** The geometry of a small trend: one line with its gaps, as data. */

import type { Point } from "../live/trends.ts";

export interface SparkFrame {
  readonly fromAt: number;
  readonly toAt: number;
  readonly width: number;
  readonly height: number;
  readonly bucketMs: number;
  /** Shown when it is near enough to the values to say something. */
  readonly target: number | null;
}

export interface SparkShape {
  /** SVG path data; a new subpath after each gap. Empty when nothing is known. */
  readonly line: string;
  /** Where nothing is known between or after known values: `[x from, x to]`. */
  readonly gaps: readonly (readonly [number, number])[];
  /** The newest known point. */
  readonly last: readonly [x: number, y: number] | null;
  readonly targetY: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Room above and below, so that strokes and the dot are not cut. */
const margin = 4;
/** A hole is a gap when it is longer than this many buckets; a single late minute is not. */
const gapBuckets = 2.5;

/** Whether nothing was known between two neighbouring known points. */
export function isGap(from: Pick<Point, "at">, to: Pick<Point, "at">, bucketMs: number): boolean {
  return to.at - from.at > gapBuckets * bucketMs;
}

/** `[instant, value]` of the known points, with a `null` wherever a line that joined them would bridge a gap. */
export function lineWithGaps(
  points: readonly Point[],
  bucketMs: number,
): (readonly [number, number | null])[] {
  const known = points.filter(({ value, state }) => value !== null && state === "fresh");
  return known.flatMap((point, i) => {
    const before = known[i - 1];
    const here = [point.at, point.value] as const;
    return before !== undefined && isGap(before, point, bucketMs)
      ? [[point.at, null] as const, here]
      : [here];
  });
}

export function sparkShape(points: readonly Point[], frame: SparkFrame): SparkShape {
  const known = points.filter(
    (point): point is Point & { value: number } =>
      point.value !== null && point.state === "fresh" && point.at >= frame.fromAt - frame.bucketMs,
  );
  const last = known.at(-1);
  if (!last) return { line: "", gaps: [], last: null, targetY: null, low: null, high: null };
  const values = known.map((point) => point.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const y = verticalScale(low, high, frame);
  const x = (at: number): number =>
    round(Math.max(((at - frame.fromAt) / (frame.toAt - frame.fromAt)) * frame.width, 0));
  const gaps: [number, number][] = [];
  let line = "";
  known.forEach((point, i) => {
    const before = known[i - 1];
    const afterGap = before !== undefined && isGap(before, point, frame.bucketMs);
    if (afterGap) gaps.push([x(before.at), x(point.at)]);
    line += `${before === undefined || afterGap ? "M" : "L"}${x(point.at)} ${round(y(point.value))}`;
  });
  if (isGap(last, { at: frame.toAt }, frame.bucketMs)) gaps.push([x(last.at), frame.width]);
  const targetY = frame.target === null ? null : y(frame.target);
  return {
    line,
    gaps,
    last: [x(last.at), round(y(last.value))],
    targetY: targetY === null || targetY < 0 || targetY > frame.height ? null : round(targetY),
    low,
    high,
  };
}

/** Lowest to highest with room; a nearly constant figure stays a calm line, and a near target is in the picture. */
function verticalScale(low: number, high: number, frame: SparkFrame): (value: number) => number {
  let [bottom, top] = [low, high];
  const calm = Math.max(Math.abs(high), Math.abs(low)) * 0.1 || 1;
  const range = Math.max(top - bottom, calm);
  if (frame.target !== null && frame.target > bottom - range && frame.target < top + range) {
    bottom = Math.min(bottom, frame.target);
    top = Math.max(top, frame.target);
  }
  const spread = Math.max(top - bottom, calm);
  const middle = (top + bottom) / 2;
  const room = frame.height - 2 * margin;
  return (value) => margin + room * (0.5 - (value - middle) / spread);
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
