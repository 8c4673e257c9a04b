/** Which lines are worth showing for their headways, and where each vehicle stands. Pure. */

import type { EntityRow } from "../../shared/entity-frame.ts";

/** Headways of one line, in percent of what its timetable promises. */
export interface LineHeadways {
  readonly name: string;
  readonly percents: readonly number[];
}

/** Nearer than this share of its promised headway a run is bunched; further than that it leaves a gap. */
export const bunchedBelow = 25;
export const gapAbove = 200;

/** The `atMost` most uneven lines among the rows of TripUpdates, the worst first. */
export function unevenLines(rows: Iterable<EntityRow>, atMost: number): readonly LineHeadways[] {
  const lines = new Map<string, number[]>();
  for (const { fields } of rows) {
    const { routeName, headwayPercent } = fields;
    if (typeof routeName !== "string" || typeof headwayPercent !== "number") continue;
    const percents = lines.get(routeName);
    if (percents) percents.push(headwayPercent);
    else lines.set(routeName, [headwayPercent]);
  }
  return Array.from(lines, ([name, percents]) => ({ name, percents: percents.toSorted((a, b) => a - b) }))
    .toSorted((a, b) => unevenness(b) - unevenness(a) || a.name.localeCompare(b.name))
    .slice(0, atMost);
}

/** Bunches and gaps count most, then how far the headways are from the promised ones on average. */
function unevenness({ percents }: LineHeadways): number {
  const abnormal = percents.filter(isAbnormal).length;
  const away = percents.reduce((sum, percent) => sum + Math.min(Math.abs(percent - 100), 200), 0);
  return abnormal * 1_000 + away / percents.length;
}

export function isAbnormal(percent: number): boolean {
  return percent <= bunchedBelow || percent >= gapAbove;
}
