import type { IndicatorDefinition } from "../../../shared/city.ts";
import { countFigure } from "./measures/count.ts";
import { distinctFigure } from "./measures/distinct.ts";
import { latestFigure } from "./measures/latest.ts";
import { ageFigure, percentileFigure } from "./measures/rank.ts";
import { shareFigure } from "./measures/share.ts";
import { meanFigure, sumFigure } from "./measures/sum.ts";
import type { Figure, Tallies } from "./tally.ts";

/** The figure of one indicator over one group. */
export function startFigure(definition: IndicatorDefinition, tallies: Tallies): Figure {
  const { measure } = definition;
  if ("count" in measure) return countFigure(tallies);
  if ("rate" in measure) {
    return countFigure(tallies, windowSeconds(definition) / (measure.rate === "minute" ? 60 : 3600));
  }
  if ("distinct" in measure) return distinctFigure(tallies);
  if ("sum" in measure) return sumFigure(tallies);
  if ("mean" in measure) return meanFigure(tallies);
  if ("min" in measure) return percentileFigure(tallies, 0);
  if ("max" in measure) return percentileFigure(tallies, 100);
  if ("percentile" in measure) return percentileFigure(tallies, measure.percentile.p);
  if ("age" in measure) return ageFigure(tallies);
  if ("latest" in measure) return latestFigure(tallies);
  if ("share" in measure) return shareFigure(tallies);
  throw new Error(`indicator ${definition.id} derives from others and is not measured`);
}

function windowSeconds({ id, window }: IndicatorDefinition): number {
  if (window && "lastSeconds" in window) return window.lastSeconds;
  throw new Error(`indicator ${id}: a rate needs a window of lastSeconds`);
}
