import type { IndicatorDefinition } from "../../../shared/city.ts";
import type { Reading } from "../../../shared/protocol.ts";
import {
  freshValue,
  noValue,
  staleValue,
  type NoneReason,
  type Quality,
  type StaleReason,
  type Value,
} from "../../../shared/value.ts";

/** The ratio or difference of two readings: as stale as the worse one, not applicable over a zero denominator. */
export function derivedValue(
  { measure, unit }: IndicatorDefinition,
  first: Reading,
  second: Reading,
  feeds: readonly string[],
): Value {
  const provenance = {
    observedAt: earlier(first.observedAt, second.observedAt),
    oldestAt: earlier(first.oldestAt, second.oldestAt),
    quality: worseQuality(first.quality, second.quality),
    feeds,
  };
  const none = [first, second].find((reading) => reading.state === "none");
  if (none) return noValue(none.reason as NoneReason, provenance);
  const value = combine(measure, unit === "percent", first.value!, second.value!);
  if (value === null) return noValue("not-applicable", provenance);
  const stale = [first, second].find((reading) => reading.state === "stale");
  return stale ? staleValue(value, stale.reason as StaleReason, provenance) : freshValue(value, provenance);
}

function combine(
  measure: IndicatorDefinition["measure"],
  percent: boolean,
  first: number,
  second: number,
): number | null {
  if ("difference" in measure) return first - second;
  return second === 0 ? null : (percent ? 100 : 1) * (first / second);
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.min(a, b);
}

function worseQuality(a: Quality, b: Quality): Quality {
  if (a === "partial" || b === "partial") return "partial";
  return a === "estimated" || b === "estimated" ? "estimated" : "good";
}
