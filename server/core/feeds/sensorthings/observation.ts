/** One Observation (OGC 18-088 §8.2.7): a result and the times that it is about and of. */

import { quote, type JsonObject } from "../body.ts";
import { dateReader, LocalTimes } from "../date-text.ts";
import { clockSkewMs, isoText } from "../instant.ts";
import { readInterval, type Interval } from "../interval.ts";
import type { Note } from "../note.ts";
import { readNumber } from "../number-text.ts";

/** What a stream last measured. Plain JSON: it waits for a place that is asked for. */
export interface Measured {
  readonly value: number | null;
  readonly observedAt: number | null;
  readonly validFromAt: number | null;
  readonly validToAt: number | null;
}

const dates = dateReader("ISO", new LocalTimes("UTC"));

/**
 * `phenomenonTime` is an instant or a span, and of a span the end counts, unless it lies ahead, as a forecast's does; then
 * the `resultTime` does. `resultTime` may be null (§8.2.7).
 */
export function readObservation(observation: JsonObject, receivedAt: number, note: Note): Measured {
  const phenomenon = readTime(observation, "phenomenonTime", note);
  const result = readTime(observation, "resultTime", note);
  const isSpan = phenomenon !== null && phenomenon.fromAt < phenomenon.toAt;
  const isAhead = isSpan && phenomenon.toAt > receivedAt + clockSkewMs;
  const observedAt = (isAhead ? result : phenomenon)?.toAt ?? result?.toAt ?? phenomenon?.toAt ?? null;
  if (observedAt === null)
    note("sensorthings-no-observed-at", "warning", "expected a phenomenonTime or a resultTime");
  else if (observedAt > receivedAt + clockSkewMs)
    note("sensorthings-future", "warning", `${isoText(observedAt)}, expected before ${isoText(receivedAt)}`);
  return {
    value: readResult(observation["result"], note),
    observedAt,
    validFromAt: isSpan ? phenomenon.fromAt : null,
    validToAt: isSpan ? phenomenon.toAt : null,
  };
}

/** The newest of some Observations, whatever order they came in. */
export function newestOf(observations: readonly JsonObject[]): JsonObject | null {
  if (observations.length < 2) return observations[0] ?? null;
  const at = (one: JsonObject): number =>
    intervalIn(one["phenomenonTime"])?.toAt ??
    intervalIn(one["resultTime"])?.toAt ??
    Number.NEGATIVE_INFINITY;
  return observations.reduce<JsonObject | null>((a, b) => (a !== null && at(a) >= at(b) ? a : b), null);
}

function readTime(observation: JsonObject, name: string, note: Note): Interval | null {
  const value = observation[name];
  if (value === undefined || value === null || value === "") return null;
  const interval = intervalIn(value);
  if (interval === null)
    note(
      "sensorthings-bad-time",
      "error",
      `${name} ${quote(value)}, expected ISO 8601, an instant or a span`,
    );
  return interval;
}

function intervalIn(value: unknown): Interval | null {
  return typeof value === "string" ? readInterval(value, dates) : null;
}

/** `result` is of any type; numbers are read, also where a service writes them as texts. */
function readResult(result: unknown, note: Note): number | null {
  if (result === undefined || result === null) return null;
  const read = readNumber(result);
  if (read === null) {
    note("sensorthings-bad-number", "error", `result ${quote(result)}, expected a number`);
    return null;
  }
  if (read.isText)
    note("sensorthings-text-number", "info", `result ${quote(result)} is a text, expected a number`);
  return read.number;
}
