/** Readings as they stood on the walls, a row for each change. */

import type { Reading } from "../../shared/protocol.ts";
import type { NoneReason, Quality, StaleReason, ValueState } from "../../shared/value.ts";
import type { Columns, ColumnTypes, Rows } from "./engine.ts";
import { stateCodes, type ReadingRows } from "./history.ts";
import { instantOf, nanIfNull, nullIfNan, validAt } from "./words.ts";

export const readingColumns: ColumnTypes = {
  series: "u32",
  known_at: "at",
  valid_at: "at",
  is_keyframe: "flag",
  is_removed: "flag",
  value: "number",
  code: "u8",
  quality: "u8",
  observed_at: "at",
  oldest_at: "at",
};

/** Numbers of `quality`. Never renumbered. */
const qualities: readonly Quality[] = ["good", "partial", "estimated"];

export function columnsOfReadings(
  words: readonly ReadingRows[],
  numberOfSeries: (id: string) => number,
): Columns {
  const rows = words.flatMap(({ knownAt, isKeyframe, changed }) =>
    changed.map((reading) => ({ knownAt, isKeyframe, reading })),
  );
  return {
    series: rows.map(({ reading }) => numberOfSeries(reading.id)),
    known_at: rows.map(({ knownAt }) => knownAt),
    valid_at: rows.map(({ knownAt, reading }) => validAt(reading.observedAt, knownAt)),
    is_keyframe: rows.map(({ isKeyframe }) => Number(isKeyframe)),
    is_removed: rows.map(() => 0),
    value: rows.map(({ reading }) => nanIfNull(reading.value)),
    code: rows.map(({ reading }) => codeOf(reading)),
    quality: rows.map(({ reading }) => qualities.indexOf(reading.quality)),
    observed_at: rows.map(({ reading }) => instantOf(reading.observedAt)),
    oldest_at: rows.map(({ reading }) => instantOf(reading.oldestAt)),
  };
}

export function readingsOf(rows: Rows, series: readonly string[]): Reading[] {
  const seriesOf = rows.numbers("series");
  const value = rows.numbers("value");
  const code = rows.numbers("code");
  const quality = rows.numbers("quality");
  const observedAt = rows.numbers("observed_at");
  const oldestAt = rows.numbers("oldest_at");
  return Array.from({ length: rows.length }, (_, row) => ({
    id: series[seriesOf[row]!]!,
    value: nullIfNan(value[row]!),
    ...stateOf(code[row]!),
    quality: qualities[quality[row]!]!,
    observedAt: nullIfNan(observedAt[row]!),
    oldestAt: nullIfNan(oldestAt[row]!),
  }));
}

function codeOf({ state, reason }: Reading): number {
  const word =
    state === "fresh"
      ? "fresh"
      : state === "stale" && reason === "source-down"
        ? "source-down-stale"
        : reason!;
  return stateCodes.indexOf(word);
}

function stateOf(code: number): { state: ValueState; reason: StaleReason | NoneReason | null } {
  const word = stateCodes[code]!;
  if (word === "fresh") return { state: "fresh", reason: null };
  if (word === "stale") return { state: "stale", reason: "stale" };
  if (word === "source-down-stale") return { state: "stale", reason: "source-down" };
  return { state: "none", reason: word };
}
