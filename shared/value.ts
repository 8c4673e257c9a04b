/**
 * The value of an indicator. Its type makes it impossible to hold a number without its state, age and sources,
 * and impossible to hold "nothing known" as a number: `value` is `null` exactly when `state` is `none`.
 */

/** `partial`: some needed input is missing. `estimated`: some input was inferred (placed by stop, propagated). */
export type Quality = "good" | "partial" | "estimated";

/** Where a value comes from and how old it is. Instants are epoch milliseconds UTC. */
export interface Provenance {
  /** The newest instant the worst needed feed speaks for; `null` before its first word. */
  readonly observedAt: number | null;
  /** The source time of the oldest thing that counts in this value; `null` when nothing does. */
  readonly oldestAt: number | null;
  readonly quality: Quality;
  /** Ids of the feeds this value needs. */
  readonly feeds: readonly string[];
}

export type StaleReason = "stale" | "source-down";
/**
 * `not-applicable`: a ratio over nothing. `no-data`: the feed never spoke. `source-down`: silent for too long.
 * `not-recorded`: of a past instant of which nothing was kept.
 */
export type NoneReason = "no-data" | "not-applicable" | "source-down" | "not-recorded";

export type Value = Provenance &
  (
    | { readonly state: "fresh"; readonly value: number; readonly reason: null }
    | { readonly state: "stale"; readonly value: number; readonly reason: StaleReason }
    | { readonly state: "none"; readonly value: null; readonly reason: NoneReason }
  );

export type ValueState = Value["state"];

export function freshValue(value: number, provenance: Provenance): Value {
  return { ...provenance, state: "fresh", value, reason: null };
}

export function staleValue(value: number, reason: StaleReason, provenance: Provenance): Value {
  return { ...provenance, state: "stale", value, reason };
}

export function noValue(reason: NoneReason, provenance: Provenance): Value {
  return { ...provenance, state: "none", value: null, reason };
}
