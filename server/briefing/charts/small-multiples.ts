/** Several figures side by side: which of them is different? */

import type { ChartSeries } from "../../../shared/briefing.ts";
import { heightOf, sparkline } from "./sparkline.ts";
import type { ChartLook } from "./svg.ts";

/**
 * One drawing each, in the order given. Those of one unit share what their heights stand for, or the comparison would lie.
 */
export function smallMultiples(
  multiples: readonly { readonly series: ChartSeries; readonly look: ChartLook }[],
  height = 56,
): string[] {
  return multiples.map(({ series, look }) => {
    const alike = multiples.filter((other) => other.series.unit === series.unit);
    const known = alike.flatMap((other) => heightOf(other.series) ?? []);
    if (known.length === 0) return sparkline(series, look, { height });
    return sparkline(series, look, { height, values: [Math.min(...known), Math.max(...known)] });
  });
}
