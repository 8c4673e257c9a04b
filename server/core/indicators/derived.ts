import type { IndicatorDefinition, ScoreInput } from "../../../shared/city.ts";
import { composite, scoreOf } from "../../../shared/score.ts";
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

/**
 * The composite score of the figures that are known: partial while one is missing that could be known, and as stale as
 * the worst of them, because a score that hides what it no longer knows would be the most dangerous figure of all.
 */
export function scoreValue(
  inputs: readonly ScoreInput[],
  definitions: ReadonlyMap<string, IndicatorDefinition>,
  readings: ReadonlyMap<string, Reading>,
  feeds: readonly string[],
): Value {
  const parts = inputs.map((input) => {
    const reading = readings.get(input.indicator);
    const definition = definitions.get(input.indicator);
    const value = reading?.value ?? null;
    const score = value === null || !definition ? null : scoreOf(value, definition, input.worst);
    return { input, reading, score };
  });
  const known = parts.flatMap(({ reading, score }) => (reading && score !== null ? [reading] : []));
  const isWhole = parts.every(({ reading, score }) => score !== null || reading?.reason === "not-applicable");
  const provenance = {
    observedAt: known.map(({ observedAt }) => observedAt).reduce(earlier, known[0]?.observedAt ?? null),
    oldestAt: known.map(({ oldestAt }) => oldestAt).reduce(earlier, known[0]?.oldestAt ?? null),
    quality: known.map(({ quality }) => quality).reduce(worseQuality, isWhole ? "good" : "partial"),
    feeds,
  };
  const made = composite(parts);
  if (made === null) return noValue("no-data", provenance);
  const stale = known.find(({ state }) => state === "stale");
  return stale
    ? staleValue(made.score, stale.reason as StaleReason, provenance)
    : freshValue(made.score, provenance);
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
