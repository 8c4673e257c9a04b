/** What a view is compared with, and which charts can show it. Pure. */

import { parseSeriesId, seriesId } from "../../../shared/city.ts";
import { comparisons, type Comparison } from "../../../shared/series.ts";
import type { ChartKind, View } from "./view.ts";

/** Another stretch of time, or the same stretch of another group, `null` for the whole city. */
export type Against = Comparison | { readonly group: string | null };

const wholeCity = "city";

/** `week`, `city`, `area.district:harbour`; `null` for what is none. */
export function parseAgainst(text: string): Against | null {
  const comparison = comparisons.find((one) => one === text);
  if (comparison) return comparison;
  if (text === wholeCity) return { group: null };
  return /^[^:]+:./.test(text) ? { group: text } : null;
}

export function formatAgainst(against: Against): string {
  return typeof against === "string" ? against : (against.group ?? wholeCity);
}

/** The series that one is compared with; `null` for itself. */
export function seriesAgainst(id: string, { group }: { readonly group: string | null }): string | null {
  const other = seriesId(parseSeriesId(id).indicator, group);
  return other === id ? null : other;
}

const comparesTimes: ReadonlySet<ChartKind> = new Set([
  "lines",
  "multiples",
  "bars",
  "stack",
  "share",
  "calendar",
  "week",
  "spread",
  "relation",
  "ranks",
  "map",
]);

const comparesGroups: ReadonlySet<ChartKind> = new Set([
  "lines",
  "multiples",
  "bars",
  "calendar",
  "week",
  "spread",
]);

/** Whether a view's chart can show a comparison. */
export function canCompare({ chart, by }: Pick<View, "chart" | "by">, against: Against): boolean {
  if (typeof against === "string") return comparesTimes.has(chart);
  if (!comparesGroups.has(chart)) return false;
  // All groups are asked for by their dimension, which the others and the city do not have.
  return by === null || (against.group?.startsWith(`${by}:`) ?? false);
}
