/** What a condition says of the value there is. */

import type { AlarmCondition } from "../../../shared/alarms.ts";
import type { Reading } from "../../../shared/protocol.ts";
import type { Verdict } from "./machine.ts";

/** What is usual for a series, during one hour of the city. */
export interface Usual {
  /** From when to when it is what is usual, epoch milliseconds. */
  readonly fromAt: number;
  readonly toAt: number;
  readonly low: number;
  readonly high: number;
}

/** A verdict and the number it is about: the value, its change, or its distance from what is usual. */
export interface Judged {
  readonly verdict: Verdict;
  readonly number: number | null;
}

const nothing: Judged = { verdict: "unknown", number: null };

/**
 * Judges a series' reading. `change` and `usual` are for the conditions that need them, `null` when they are not known. A
 * stale value says nothing; nor does one that there is none of, unless that is what the rule waits for.
 */
export function judgeReading(
  when: AlarmCondition,
  { state, value, reason }: Pick<Reading, "state" | "value" | "reason">,
  change: number | null,
  usual: Usual | null,
): Judged {
  if ("unknown" in when) {
    if (state === "fresh") return { verdict: "clear", number: value };
    return { verdict: reason === "not-applicable" ? "between" : "abnormal", number: value };
  }
  if (state !== "fresh" || value === null) return nothing;
  if ("above" in when) return bounded(value, value > when.above, value < when.clearBelow);
  if ("below" in when) return bounded(value, value < when.below, value > when.clearAbove);
  if ("withinSeconds" in when) {
    if (change === null) return nothing;
    const [bound, moved] = "risesBy" in when ? [when.risesBy, change] : [when.fallsBy, -change];
    return bounded(moved, moved >= bound, moved < when.clearBelow);
  }
  if ("outsideUsual" in when) {
    if (usual === null) return nothing;
    const above = when.outsideUsual === "below" ? 0 : Math.max(0, value - usual.high);
    const below = when.outsideUsual === "above" ? 0 : Math.max(0, usual.low - value);
    const distance = Math.max(above, below);
    return bounded(distance, distance > when.by, distance <= when.clearWithin);
  }
  return nothing;
}

/** Judges how many of a combination's rules are active. */
export function judgeCount(count: number, atLeast: number): Judged {
  return bounded(count, count >= atLeast, count < atLeast);
}

function bounded(number: number, isAbnormal: boolean, isClear: boolean): Judged {
  return { verdict: isAbnormal ? "abnormal" : isClear ? "clear" : "between", number };
}
