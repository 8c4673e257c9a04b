/** The drawing of a view's figures, on a paper of a size: the same in the explorer and on a wall. */

import { useMemo, useState } from "react";
import { useChartLook } from "../../charts/chart-look.ts";
import { useWords } from "../../words/words.ts";
import { forecastEnd } from "./drawings/band-drawing.ts";
import { drawFitting } from "./drawings/fit.ts";
import { draw } from "./drawings/draw.ts";
import type { Drawing, Figure, Paper } from "./drawings/drawing.ts";
import { againstTitle, useNamedAreas } from "./naming.ts";
import { useBands, type Bands } from "./use-bands.ts";
import type { ViewFigures, Viewed } from "./use-figures.ts";
import type { View } from "./view.ts";

/** A drawing, of what and how. */
export interface Drawn extends Drawing {
  readonly chart: View["chart"];
  /** Those that there was room for. */
  readonly figures: readonly Figure[];
  /** There was no room for type of the size that was asked for. */
  readonly isSmall: boolean;
}

export interface ViewDrawing extends Bands {
  /** `null` before the first answer. */
  readonly paper: Paper | null;
  /** The last one until there is the next: nothing blanks out. */
  readonly kept: Drawn | null;
  /** Words for what is compared with. */
  readonly comparedWith: string | null;
}

/** What lies over the figures, and the room for them. */
export interface Over extends Pick<Paper, "room" | "marks" | "annotations"> {
  /** All of the drawing has no more than the room: nobody scrolls. */
  readonly mustFit: boolean;
}

export function useDrawing(viewed: Viewed, of: ViewFigures, over: Over): ViewDrawing {
  const { city, now, view, width, scale } = viewed;
  const { answered, isAnswer, shown } = of;
  const { room, marks, annotations, mustFit } = over;
  const words = useWords();
  const look = useChartLook();
  const { zone } = city.settings;
  const { asked, outlook, bands } = useBands(view, isAnswer ? answered : null, shown, zone, now);
  const compared = answered?.compare ?? answered?.against ?? null;
  const group = answered?.against?.group ?? null;
  const comparedAreas = useNamedAreas(null, group === null ? [] : [`compared{${group}}`]);
  const comparedWith = compared === null ? null : againstTitle(compared, city, comparedAreas, view, words);
  const paper = useMemo(
    (): Paper | null =>
      answered === null || width === 0
        ? null
        : {
            look,
            width,
            scale,
            room,
            words,
            zone,
            now,
            stretch: {
              fromAt: answered.fromAt,
              toAt: Math.max(answered.toAt, forecastEnd(outlook.forecasts) ?? 0),
            },
            measuredTo: Math.min(answered.toAt, now),
            bucket: answered.bucket,
            comparedWith,
            marks,
            annotations,
            bands,
            forecasts: outlook.forecasts,
          },
    [look, width, scale, room, words, zone, now, answered, comparedWith, marks, annotations, bands, outlook],
  );
  const drawn = useMemo((): Drawn | null => {
    if (paper === null || !isAnswer || shown.length === 0) return null;
    if (mustFit) {
      const fitted = drawFitting(view.chart, shown, view.lag, paper);
      return fitted && { ...fitted.drawing, ...fitted, chart: view.chart };
    }
    const drawing = draw(view.chart, shown, view.lag, paper);
    return drawing && { ...drawing, chart: view.chart, figures: shown, isSmall: false };
  }, [paper, mustFit, isAnswer, shown, view.chart, view.lag]);
  const [kept, setKept] = useState(drawn);
  if (drawn !== null && kept !== drawn) setKept(drawn);
  return { asked, outlook, bands, paper, kept: drawn ?? kept, comparedWith };
}
