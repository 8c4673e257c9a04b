/** A drawing where nobody scrolls: of as many figures and as large as its place has room for. Pure. */

import type { ChartKind } from "../view.ts";
import { draw } from "./draw.ts";
import { byMean, byUnit, type Drawing, type Figure, type Paper } from "./drawing.ts";
import { placesAtMost, rankDrawing } from "./rank-drawing.ts";

export interface Fitted {
  readonly drawing: Drawing;
  readonly figures: readonly Figure[];
  /** Its type is smaller than was asked for: there was no other way. */
  readonly isSmall: boolean;
}

const shrinking = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3];

/**
 * Draws figures no taller than the paper's room: with lower panels, else fewer of them, else smaller. A ranking has fewer
 * places, of all figures: among fewer they would be others. `null` where there are too few figures to draw.
 */
export function drawFitting(
  chart: ChartKind,
  figures: readonly Figure[],
  lag: number,
  paper: Paper,
): Fitted | null {
  const { room, scale } = paper;
  const whole = draw(chart, figures, lag, paper);
  if (whole === null) return null;
  if (whole.height <= room) return { drawing: whole, figures, isSmall: false };
  // Around its panels a drawing has titles and axes.
  const low = { ...paper, room: Math.max(2 * room - whole.height, room / 2) };
  const pieces = piecesOf(chart, figures);
  const drawn = (count: number, on: Paper, isSmall: boolean): Fitted => {
    if (chart === "ranks") return { drawing: rankDrawing(figures, on, count), figures, isSmall };
    const some = pieces.slice(0, count).flat();
    return { drawing: draw(chart, some, lag, on)!, figures: some, isSmall };
  };
  const fits = ({ drawing }: Fitted): boolean => drawing.height <= room;
  let [most, tooMany] = [0, (chart === "ranks" ? placesAtMost : pieces.length) + 1];
  while (tooMany - most > 1) {
    const middle = (most + tooMany) >> 1;
    if (fits(drawn(middle, low, false))) most = middle;
    else tooMany = middle;
  }
  if (most > 0) return drawn(most, low, false);
  const smaller = (share: number): Fitted => drawn(1, { ...low, scale: scale * share }, true);
  return smaller(shrinking.find((share) => fits(smaller(share))) ?? shrinking.at(-1)!);
}

/** What may be left out, the last first: the smallest figures, or all of a unit, whose axes they share. */
function piecesOf(chart: ChartKind, figures: readonly Figure[]): readonly (readonly Figure[])[] {
  switch (chart) {
    case "multiples":
    case "calendar":
    case "week":
    case "spread":
      return byMean(figures).map((figure) => [figure]);
    case "lines":
    case "stack":
    case "share":
    case "bars":
      return byUnit(figures);
    case "relation":
    case "ranks":
    case "map":
      return [figures];
  }
}
