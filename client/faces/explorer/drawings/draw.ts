import type { ChartKind } from "../view.ts";
import { withCompared, type Drawing, type Figure, type Paper } from "./drawing.ts";
import { calendarDrawing, weekDrawing } from "./heat-drawing.ts";
import { mapDrawing } from "./map-drawing.ts";
import { rankDrawing } from "./rank-drawing.ts";
import { relationDrawing } from "./relation-drawing.ts";
import { spreadDrawing } from "./spread-drawing.ts";
import { timeDrawing } from "./time-drawing.ts";

/** Draws figures (one at least, two for a relation) as a kind of chart; `null` where there are too few. */
export function draw(
  chart: ChartKind,
  figures: readonly Figure[],
  lag: number,
  paper: Paper,
): Drawing | null {
  switch (chart) {
    case "lines":
    case "multiples":
    case "stack":
    case "share":
    case "bars":
      return timeDrawing(chart, figures, paper);
    case "calendar":
      return calendarDrawing(withCompared(figures, paper), paper);
    case "week":
      return weekDrawing(withCompared(figures, paper), paper);
    case "spread":
      return spreadDrawing(withCompared(figures, paper), paper);
    case "relation":
      return figures.length < 2 ? null : relationDrawing(figures, lag, paper);
    case "ranks":
      return rankDrawing(figures, paper);
    case "map":
      return mapDrawing(figures, paper);
  }
}
