/** Several figures side by side: which of them is different? */

import type { ChartSeries } from "../../../shared/briefing.ts";
import { parseSeriesId } from "../../../shared/city.ts";
import { heightOf, sparkline } from "./sparkline.ts";
import type { ChartLook } from "./svg.ts";

/**
 * One drawing each, in the order given. Groups of one figure share what their heights stand for, or the
 * comparison would lie; different figures have their own.
 */
export function smallMultiples(
  multiples: readonly { readonly series: ChartSeries; readonly look: ChartLook }[],
  height = 56,
): string[] {
  return multiples.map(({ series, look }) => {
    const alike = multiples.filter((other) => indicatorOf(other.series) === indicatorOf(series));
    const known = alike.flatMap((other) => heightOf(other.series) ?? []);
    if (known.length === 0) return sparkline(series, look, { height });
    return sparkline(series, look, { height, values: [Math.min(...known), Math.max(...known)] });
  });
}

function indicatorOf({ series }: ChartSeries): string {
  return parseSeriesId(series).indicator;
}
