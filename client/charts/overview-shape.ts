/** A whole history small: a path of what was least and most seen, and a window on it that is moved and drawn. Pure. */

import type { SeriesPoint } from "../../shared/series.ts";
import { extremesOf, freshValue } from "./series-shape.ts";
import type { TimeSpan } from "./time-span.ts";

/** Where a stretch of time lies on a strip. */
export interface Strip extends TimeSpan {
  /** CSS pixels. */
  readonly width: number;
}

export function pixelOf({ fromAt, toAt, width }: Strip, at: number): number {
  return ((at - fromAt) / (toAt - fromAt)) * width;
}

export function instantOf({ fromAt, toAt, width }: Strip, x: number): number {
  return fromAt + (Math.min(Math.max(x, 0), width) / width) * (toAt - fromAt);
}

/** An area from the least to the greatest of each bucket, at least a pixel high; broken where nothing was known. */
export function envelopePath(points: readonly SeriesPoint[], strip: Strip, height: number): string {
  const extremes = extremesOf(points);
  if (extremes === null) return "";
  const { low, high } = extremes;
  const y = (value: number): number =>
    height - 1 - ((value - low) / (high - low || 1)) * Math.max(height - 2, 1);
  const path: string[] = [];
  let run: string[] = [];
  let back: string[] = [];
  const close = (): void => {
    if (run.length > 0) path.push(`M${run.join("L")}L${back.toReversed().join("L")}Z`);
    [run, back] = [[], []];
  };
  points.forEach((point, i) => {
    const value = freshValue(point);
    if (value === null) {
      close();
      return;
    }
    const [top, bottom] = [y(point.max ?? value), y(point.min ?? value)];
    for (const at of [point.at, points[i + 1]?.at ?? strip.toAt]) {
      const x = pixelOf(strip, at).toFixed(1);
      run.push(`${x} ${Math.min(top, bottom - 1).toFixed(1)}`);
      back.push(`${x} ${bottom.toFixed(1)}`);
    }
  });
  close();
  return path.join("");
}

export type Grip = "window" | "from" | "to";

/** The window after one of its grips was dragged by `ms`; its ends stay in their order and within the strip. */
export function dragged(span: TimeSpan, grip: Grip, ms: number, strip: TimeSpan): TimeSpan {
  const shortest = Math.min((strip.toAt - strip.fromAt) / 500, span.toAt - span.fromAt);
  if (grip === "from") {
    const fromAt = Math.min(Math.max(span.fromAt + ms, strip.fromAt), span.toAt - shortest);
    return { fromAt, toAt: span.toAt };
  }
  if (grip === "to") {
    const toAt = Math.max(Math.min(span.toAt + ms, strip.toAt), span.fromAt + shortest);
    return { fromAt: span.fromAt, toAt };
  }
  const wanted = Math.max(Math.min(ms, strip.toAt - span.toAt), strip.fromAt - span.fromAt);
  // By whole minutes, so that it stays as long as it is.
  const by = Math.trunc(wanted / 60_000) * 60_000;
  return { fromAt: span.fromAt + by, toAt: span.toAt + by };
}
