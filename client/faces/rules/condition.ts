/** A rule's condition as it is edited: its form, its bounds, and a test that fits it. Pure. */

import type { AlarmCondition } from "../../../shared/alarms.ts";

export const conditionForms = [
  "above",
  "below",
  "rises",
  "falls",
  "unusual",
  "unknown",
  "silent",
  "things",
  "together",
] as const;
export type ConditionForm = (typeof conditionForms)[number];

/** `null` for what is no condition yet. */
export function formOf(when: unknown): ConditionForm | null {
  if (typeof when !== "object" || when === null) return null;
  if ("above" in when) return "above";
  if ("below" in when) return "below";
  if ("risesBy" in when) return "rises";
  if ("fallsBy" in when) return "falls";
  if ("outsideUsual" in when) return "unusual";
  if ("unknown" in when) return "unknown";
  if ("silent" in when) return "silent";
  if ("each" in when) return "things";
  return "of" in when ? "together" : null;
}

/** Whether it is about the value of an indicator. */
export function readsIndicator(form: ConditionForm | null): boolean {
  return form !== "silent" && form !== "things" && form !== "together";
}

/** What a condition of this form begins with, about a figure that is `usual` or so. */
export function begunCondition(form: ConditionForm, usual: number): AlarmCondition {
  const step = rounded(Math.abs(usual) / 10 || 1);
  switch (form) {
    case "above":
      return { above: usual, clearBelow: rounded(usual - step) };
    case "below":
      return { below: usual, clearAbove: rounded(usual + step) };
    case "rises":
      return { risesBy: step, withinSeconds: 3600, clearBelow: rounded(step / 2) };
    case "falls":
      return { fallsBy: step, withinSeconds: 3600, clearBelow: rounded(step / 2) };
    case "unusual":
      return { outsideUsual: "either", by: step, clearWithin: 0 };
    case "unknown":
      return { unknown: true };
    case "silent":
      return { silent: "down", feeds: "all" };
    case "things":
      return { each: "CapAlert", where: {} };
    case "together":
      return { atLeast: 2, of: [] };
  }
}

/** The key of the bound that makes it an alarm, and of the one that clears it. */
export const boundsOf: Readonly<
  Partial<Record<ConditionForm, { readonly bound: string; readonly clear: string }>>
> = {
  above: { bound: "above", clear: "clearBelow" },
  below: { bound: "below", clear: "clearAbove" },
  rises: { bound: "risesBy", clear: "clearBelow" },
  falls: { bound: "fallsBy", clear: "clearBelow" },
  unusual: { bound: "by", clear: "clearWithin" },
};

type Numbers = Readonly<Record<string, unknown>>;

/** The condition with another bound; the one that clears it keeps its distance, as far as it may. */
export function withBound(when: Numbers, form: ConditionForm, bound: number): Numbers {
  const keys = boundsOf[form];
  if (!keys) return when;
  const clear = Number(when[keys.clear]) + bound - Number(when[keys.bound]);
  const isDistance = form === "rises" || form === "falls" || form === "unusual";
  return { ...when, [keys.bound]: bound, [keys.clear]: rounded(isDistance ? Math.max(clear, 0) : clear) };
}

/** No more digits than anybody sets, without the remains of binary arithmetic. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** Without a step of its own a bound is turned by so much of the range. */
const turns = 100;

/** Where a bound can be turned to: a little beyond what was seen, and itself. */
export function turnRange(bound: number, seen: { readonly low: number; readonly high: number } | null) {
  const low = Math.min(bound, seen?.low ?? 0);
  const high = Math.max(bound > 0 ? 1.5 * bound : bound, seen?.high ?? 0);
  const beyond = (high - low || Math.abs(bound) || 1) / 10;
  const step = 10 ** Math.floor(Math.log10((high - low + 2 * beyond) / turns));
  const down = (value: number): number => rounded(Math.floor(value / step) * step);
  return {
    min: low >= 0 ? Math.max(0, down(low - beyond)) : down(low - beyond),
    max: down(high + beyond) + step,
    step,
  };
}

interface Timed {
  readonly onDelaySeconds: number;
  readonly offDelaySeconds: number;
}

export interface RuleTest {
  readonly series: string;
  readonly everySeconds: number;
  readonly usual?: { readonly low: number; readonly high: number };
  readonly activeAtSeconds: number;
  readonly clearAtSeconds: number;
}

/** A series that makes the rule active once and clear again, in Prometheus' notation, and when it does. */
export function fittingTest(when: AlarmCondition, timed: Timed): RuleTest {
  if ("withinSeconds" in when) return rampTest(when, timed);
  const every = 60;
  const { onDelaySeconds, offDelaySeconds } = timed;
  const [abnormal, clear] = levelsOf(when);
  const onSteps = Math.ceil(onDelaySeconds / every) + 1;
  const offSteps = Math.ceil(offDelaySeconds / every) + 1;
  return {
    // `_x2` are two that are missing, `5x2` is 5 and two more.
    series: `${clear} ${abnormal}x${"unknown" in when ? onSteps + 1 : onSteps} ${clear}x${offSteps}`,
    everySeconds: every,
    ...("outsideUsual" in when ? { usual: { low: 0, high: 10 } } : {}),
    activeAtSeconds: every + onDelaySeconds,
    clearAtSeconds: every * (onSteps + 2) + offDelaySeconds,
  };
}

/** An abnormal sample and a clear one. */
function levelsOf(when: AlarmCondition): readonly [abnormal: string | number, clear: string | number] {
  if ("above" in when) return [rounded(when.above + 1), rounded(when.clearBelow - 1)];
  if ("below" in when) return [rounded(when.below - 1), rounded(when.clearAbove + 1)];
  if ("outsideUsual" in when)
    return [when.outsideUsual === "below" ? rounded(-when.by - 1) : rounded(10 + when.by + 1), 5];
  if ("unknown" in when) return ["_", 1];
  if ("of" in when) return [when.atLeast, 0];
  return [1, 0];
}

/** It changes by twice its bound in each stretch for as long as the delay, and then no more. */
function rampTest(
  when: Extract<AlarmCondition, { readonly withinSeconds: number }>,
  { onDelaySeconds, offDelaySeconds }: Timed,
): RuleTest {
  const every = when.withinSeconds;
  const isRise = "risesBy" in when;
  const by = rounded(2 * (isRise ? when.risesBy : when.fallsBy));
  const steps = Math.ceil(onDelaySeconds / every) + 1;
  const far = rounded(by * steps);
  const [from, to] = isRise ? [0, far] : [far, 0];
  return {
    series: `${from}${isRise ? "+" : "-"}${by}x${steps} ${to}x${Math.ceil(offDelaySeconds / every) + 1}`,
    everySeconds: every,
    activeAtSeconds: every + onDelaySeconds,
    clearAtSeconds: every * (steps + 1) + offDelaySeconds,
  };
}
