/** The names at the ends of lines and areas. Pure. */

import { textWidth } from "../../../charts/text-width.ts";
import type { Figure, Paper } from "./drawing.ts";

/** More lines than this are one grey crowd, and the largest of them are named. */
export const named = 5;

/** Pixels that the labels of each of some figures need beside the drawing; a label may have several lines. */
export function labelRoom(labels: readonly (readonly string[])[], { scale, width }: Paper): number {
  const shown = labels.flatMap((set) => (set.length > 1 ? set.slice(0, named + 1) : []));
  if (shown.length === 0) return 16 * scale;
  const lines = shown.flatMap((label) => label.split("\n"));
  const widest = Math.max(...lines.map((line) => textWidth(line, 12 * scale)));
  return Math.min(widest + 14 * scale, width * 0.24);
}

/** `down`: pixels under the line's end. */
export function endLabel(label: string, color: string, down: number, { look, scale, width }: Paper) {
  return {
    endLabel: {
      show: true,
      formatter: label,
      color,
      fontSize: 12 * scale,
      distance: 6 * scale,
      offset: [0, down],
      width: width * 0.24 - 14 * scale,
      overflow: "truncate",
      textBorderColor: look.page,
      textBorderWidth: 3 * scale,
    },
  };
}

/** A figure's label and, of shares, how many points it has gained or lost. */
export function labelOf({ title }: Figure, change: string | null): string {
  return change === null ? title : `${title}\n${change}`;
}

/**
 * Pixels that each label goes down so that none lies over another. `ends`: how far down its line ends in a panel that is so
 * tall; `null` without an end.
 */
export function labelShifts(
  ends: readonly (number | null)[],
  labels: readonly string[],
  height: number,
  { scale }: Paper,
): number[] {
  const placed = ends
    .flatMap((end, i) =>
      end === null ? [] : [{ i, middle: end, half: labels[i]!.split("\n").length * 8 * scale }],
    )
    .toSorted((a, b) => a.middle - b.middle);
  let free = Number.NEGATIVE_INFINITY;
  for (const one of placed) {
    one.middle = Math.max(one.middle, free + one.half);
    free = one.middle + one.half;
  }
  let under = height + 8 * scale;
  for (const one of placed.toReversed()) {
    one.middle = Math.min(one.middle, under - one.half);
    under = one.middle - one.half;
  }
  return ends.map((end, i) => (placed.find((one) => one.i === i)?.middle ?? 0) - (end ?? 0));
}
