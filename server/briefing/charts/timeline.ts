/** What lasted from when to when: what came after what? */

import type { AxisWords } from "./line-chart.ts";
import { timeAxis } from "./line-chart.ts";
import { linear } from "./scale.ts";
import { drawing, element, label, paint, textSize, type ChartLook } from "./svg.ts";
import { fitted, textWidth } from "./text-width.ts";

export interface TimelineEntry {
  readonly kind: "alarm" | "alert" | "works" | "feed";
  /** Its name and its times in words. */
  readonly words: string;
  readonly at: number;
  /** `null`: it is not over. */
  readonly endsAt: number | null;
  readonly isUrgent: boolean;
}

export interface Timeline {
  readonly fromAt: number;
  readonly toAt: number;
  readonly entries: readonly TimelineEntry[];
}

/** More than these are no picture any more, and no page holds them. */
const lanesAtMost = 16;
const laneHeight = 36;
const axisHeight = 30;

/** Those that have a lane, in the order given: the urgent ones first, then those that lasted longest. */
export function drawnEntries<Entry extends Pick<TimelineEntry, "at" | "endsAt" | "isUrgent">>(
  entries: readonly Entry[],
  toAt: number,
): Entry[] {
  const lasted = ({ at, endsAt }: Entry): number => (endsAt ?? toAt) - at;
  const chosen = new Set(
    entries
      .toSorted((a, b) => Number(b.isUrgent) - Number(a.isUrgent) || lasted(b) - lasted(a))
      .slice(0, lanesAtMost),
  );
  return entries.filter((entry) => chosen.has(entry));
}

/** A lane for each entry, in the order given, with its words over its bar. What is not over ends in an arrow. */
export function timeline(
  { fromAt, toAt, entries }: Timeline,
  axes: Pick<AxisWords, "zone" | "tick">,
  look: ChartLook,
): string {
  const height = entries.length * laneHeight + axisHeight;
  const x = linear(fromAt, toAt, 2, look.width - 10);
  const lanes = entries.map((entry, i) => {
    const y = i * laneHeight;
    const from = x(Math.max(entry.at, fromAt));
    const to = entry.endsAt === null ? look.width - 10 : x(Math.min(entry.endsAt, toAt));
    const weight = entry.isUrgent ? 600 : 400;
    const words = fitted(entry.words, look.width, textSize, weight);
    const start = Math.max(Math.min(from, look.width - textWidth(words, textSize, weight)), 0);
    return (
      label(start, y + 15, words, { fill: paint.ink1, weight }) +
      bar(entry, from, Math.max(to, from + 2), y + 21)
    );
  });
  const rule = element("path", { d: `M0 ${height - 26}H${look.width}`, stroke: paint.edge });
  return drawing(
    look,
    height,
    lanes.join("") + rule + timeAxis({ fromAt, toAt }, axes, x, look.width, height),
  );
}

/** Alarms are full, warnings outlined, works and feeds thin: told apart without a hue. */
function bar({ kind, endsAt, isUrgent }: TimelineEntry, from: number, to: number, y: number): string {
  const ink = isUrgent ? paint.ink0 : paint.ink2;
  const box = { x: from, y, width: to - from, height: 9 };
  const arrow =
    endsAt === null ? element("path", { d: `M${to.toFixed(1)} ${y - 1}l7 5.5l-7 5.5z`, fill: ink }) : "";
  if (kind === "alert")
    return (
      element("rect", {
        ...box,
        fill: paint.page,
        stroke: ink,
        "stroke-width": 1.6,
        "stroke-dasharray": "5 3",
      }) + arrow
    );
  if (kind === "alarm") return element("rect", { ...box, fill: ink }) + arrow;
  return element("rect", { ...box, y: y + 3, height: 3, fill: ink }) + arrow;
}
