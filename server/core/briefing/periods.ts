/** Which stretch of the city's calendar a briefing is about, and what it is compared with. */

import type { BriefingComparisonKind } from "../../../shared/briefing.ts";
import { addCalendar, addLocalWeeks, localYearBefore, startOfPeriod } from "../../../shared/city-time.ts";
import type { DefinedPeriod } from "./definition.ts";
import type { BriefingFacts, Span } from "./facts.ts";

/** Stretches that run end at a whole one of these, so that a series has them as buckets. */
export const runningBucketMs = 300_000;

/** The period of a briefing that is made at `at`. `since`: when the alarm came that opened it. */
export function periodAt(
  defined: DefinedPeriod,
  at: number,
  zone: string,
  since: number | null = null,
): BriefingFacts["period"] {
  const until = Math.floor(at / runningBucketMs) * runningBucketMs;
  if (defined.of === "incident") {
    const fromAt = Math.floor((since ?? at) / runningBucketMs) * runningBucketMs;
    return { kind: "incident", fromAt, toAt: Math.max(until, fromAt + runningBucketMs), isOver: false };
  }
  if (defined.of === "shift")
    return {
      kind: "shift",
      fromAt: addCalendar(until, -defined.hours, "hour", zone),
      toAt: until,
      isOver: true,
    };
  const running = startOf(defined.of, at, zone);
  if (defined.until === "now" && until > running)
    return { kind: defined.of, fromAt: running, toAt: until, isOver: false };
  return { kind: defined.of, fromAt: startOf(defined.of, running - 1, zone), toAt: running, isOver: true };
}

function startOf(period: "day" | "week" | "month" | "quarter", at: number, zone: string): number {
  if (period !== "quarter") return startOfPeriod(at, period, zone);
  const month = startOfPeriod(at, "month", zone);
  const year = startOfPeriod(at, "year", zone);
  // A quarter begins with January, April, July or October.
  const starts = [0, 3, 6, 9].map((months) => addCalendar(year, months, "month", zone));
  return starts.findLast((start) => start <= month)!;
}

/** The stretch that a period is compared with: as much of it as of the period itself. */
export function comparedPeriod(
  { kind, fromAt, toAt, isOver }: BriefingFacts["period"],
  comparison: BriefingComparisonKind,
  zone: string,
): Span & { readonly kind: BriefingComparisonKind } {
  const moved = (move: (at: number) => number): Span & { readonly kind: BriefingComparisonKind } => {
    const [from, to] = [move(fromAt), move(toAt)];
    return { kind: comparison, fromAt: from, toAt: Math.max(to, from + runningBucketMs) };
  };
  if (comparison === "week") return moved((at) => addLocalWeeks(at, -1, zone));
  // Weeks of a year ago begin on Monday too.
  if (comparison === "year")
    return moved((at) => (kind === "week" ? addLocalWeeks(at, -52, zone) : localYearBefore(at, zone)));
  if (kind === "shift" || kind === "incident") return moved((at) => at - (toAt - fromAt));
  const start = startOf(kind, fromAt - 1, zone);
  return {
    kind: comparison,
    fromAt: start,
    toAt: isOver ? fromAt : Math.min(fromAt, start + (toAt - fromAt)),
  };
}
