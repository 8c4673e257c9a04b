/** Which lines of a long list are drawn: those in sight and some around them. Pure. */

import type { QueueLine } from "./queue.ts";

/** A list of at most so many lines is drawn whole. */
export const wholeAtMost = 200;

/** Lines before and behind those in sight that are drawn too, so that Tab and the next frame find them. */
const around = 15;

/** How high lines are, in pixels: those with others behind them, and the rest. */
export interface LineHeights {
  readonly plain: number;
  readonly gathered: number;
}

/** The lines from `from` to before `to`, and the pixels that the others take before and after them. */
export interface LineWindow {
  readonly from: number;
  readonly to: number;
  readonly before: number;
  readonly after: number;
}

/** `top` and `bottom`: what is in sight, in pixels from where the list begins. */
export function windowOf(
  lines: readonly QueueLine[],
  heights: LineHeights,
  top: number,
  bottom: number,
): LineWindow {
  if (lines.length <= wholeAtMost) return { from: 0, to: lines.length, before: 0, after: 0 };
  const from = Math.max(0, lineAt(lines, heights, top) - around);
  const to = Math.min(lines.length, lineAt(lines, heights, bottom) + 1 + around);
  const before = heightOf(lines, heights, 0, from);
  return { from, to, before, after: heightOf(lines, heights, to, lines.length) };
}

/** The pixels from one line to before another. */
export function heightOf(
  lines: readonly QueueLine[],
  { plain, gathered }: LineHeights,
  from: number,
  to: number,
): number {
  let height = 0;
  for (let i = from; i < to; i++) height += lines[i]!.behind.length > 0 ? gathered : plain;
  return height;
}

/** The line at so many pixels; the last one beyond the end. */
function lineAt(lines: readonly QueueLine[], { plain, gathered }: LineHeights, y: number): number {
  let end = 0;
  for (let i = 0; i < lines.length; i++) {
    end += lines[i]!.behind.length > 0 ? gathered : plain;
    if (end > y) return i;
  }
  return Math.max(0, lines.length - 1);
}
