/** The numbers that stand for a value's state and reason, in columns in memory, between processes and on disk. */

import type { NoneReason, StaleReason, ValueState } from "./value.ts";

/** Never renumbered. */
export const stateCodes = [
  "fresh",
  "stale",
  "source-down-stale",
  "no-data",
  "not-applicable",
  "source-down",
  "not-recorded",
] as const satisfies readonly ("fresh" | StaleReason | "source-down-stale" | NoneReason)[];

/** Where nobody was watching. */
export const notRecorded = 255;

interface Coded {
  readonly state: ValueState;
  readonly reason: StaleReason | NoneReason | null;
}

export const freshCode = 0;

const meanings: readonly Coded[] = [
  { state: "fresh", reason: null },
  { state: "stale", reason: "stale" },
  { state: "stale", reason: "source-down" },
  { state: "none", reason: "no-data" },
  { state: "none", reason: "not-applicable" },
  { state: "none", reason: "source-down" },
  { state: "none", reason: "not-recorded" },
];

/** The place in `stateCodes` of a value's state and reason. */
export function stateCode({ state, reason }: Coded): number {
  if (state === "fresh") return freshCode;
  if (state === "stale") return stateCodes.indexOf(reason === "source-down" ? "source-down-stale" : "stale");
  return stateCodes.indexOf(reason === "not-applicable" || reason === "source-down" ? reason : "no-data");
}

/** What a code stands for; `null` for `notRecorded`. */
export function codedState(code: number): Coded | null {
  return meanings[code] ?? null;
}
