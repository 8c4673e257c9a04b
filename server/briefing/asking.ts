/** By which statistic a series is told, and in which buckets that is asked for. */

import type { IndicatorDefinition } from "../../shared/city.ts";
import type { BriefingFacts, SeriesFacts, Span } from "../core/briefing/facts.ts";
import { runningBucketMs } from "../core/briefing/periods.ts";
import type { Asked } from "./series-reading.ts";

const dayMs = 86_400_000;
/** What was so "at the end" was so in its last hour. */
const lastMs = 3_600_000;

/** A count that begins anew at midnight is told by what it came to; everything else by its mean. */
export function statisticOf(
  { window }: Pick<IndicatorDefinition, "window">,
  { kind, isOver }: Pick<BriefingFacts["period"], "kind" | "isOver">,
): SeriesFacts["statistic"] {
  if (window === null || !("since" in window)) return "mean";
  return isOver && kind !== "shift" ? "total" : "highest";
}

/** Days where the period has whole ones, else five minutes, or hours of what is long. */
export function askedOf(
  { fromAt, toAt }: Span,
  statistic: SeriesFacts["statistic"],
  { kind, isOver }: Pick<BriefingFacts["period"], "kind" | "isOver">,
): Asked {
  if (statistic === "last")
    return { fromAt: Math.max(fromAt, toAt - lastMs), toAt, bucket: runningBucketMs / 1000 };
  const hasDays = isOver && kind !== "shift" && kind !== "incident" && toAt - fromAt >= 23 * 3_600_000;
  if (hasDays) return { fromAt, toAt, bucket: "day" };
  return { fromAt, toAt, bucket: toAt - fromAt > 4 * dayMs ? "hour" : runningBucketMs / 1000 };
}
