/** Alarms as they came and went, put together from their log. */

import { urgency, type AlarmEvent, type Priority } from "../../../shared/alarms.ts";

/** One time that an alarm was active. */
export interface Occurrence {
  readonly alarm: string;
  readonly rule: string;
  readonly group: string | null;
  readonly priority: Priority;
  readonly at: number;
  /** `null`: it still is. */
  readonly endsAt: number | null;
  /** Who said that they know, and when. */
  readonly acknowledged: { readonly at: number; readonly position: string } | null;
  readonly comment: string | null;
  /** The parent alarm that explained it as it came. */
  readonly explainedBy: string | null;
  /** Hidden by an operator, by hours or by maintenance. */
  readonly isHidden: boolean;
}

type Open = { -readonly [K in keyof Occurrence]: Occurrence[K] };

/** Every occurrence that touches [`fromAt`, `toAt`), in the order in which they came. `events` in their order. */
export function occurrencesIn(
  events: readonly AlarmEvent[],
  fromAt: number,
  toAt: number,
): readonly Occurrence[] {
  const all: Open[] = [];
  const open = new Map<string, Open>();
  const last = new Map<string, Open>();
  for (const event of events) {
    const { alarm, kind, at } = event;
    if (at >= toAt) continue;
    if (kind === "raised") {
      const begun = begin(event);
      all.push(begun);
      open.set(alarm, begun);
      last.set(alarm, begun);
      continue;
    }
    const one = open.get(alarm);
    const latest = last.get(alarm);
    if (kind === "returned" || kind === "withdrawn") {
      if (one) one.endsAt = at;
      open.delete(alarm);
    } else if (kind === "acknowledge" && latest && latest.acknowledged === null)
      latest.acknowledged = { at, position: event.by?.position ?? "" };
    else if (kind === "comment" && latest) latest.comment = event.text;
    else if (kind === "suppressed" && one) {
      if (event.text === "valid-times") one.isHidden = true;
      else one.explainedBy = event.text;
    } else if ((kind === "shelve" || kind === "maintenance-begun" || kind === "remove-from-service") && one)
      one.isHidden = true;
  }
  return all.filter(({ at, endsAt }) => at < toAt && (endsAt === null || endsAt > fromAt));
}

function begin({ alarm, rule, group, priority, at, state }: AlarmEvent): Open {
  return {
    alarm,
    rule,
    group,
    priority,
    at,
    endsAt: null,
    acknowledged: null,
    comment: null,
    explainedBy: null,
    isHidden: state === "shelved" || state === "out-of-service",
  };
}

/** All times of one rule in a period. */
export interface RuleTimes {
  readonly rule: string;
  readonly priority: Priority;
  readonly times: readonly Occurrence[];
}

/** By rule, what mattered most first: urgency, whether it lasts, how often. Explained and hidden ones are left out. */
export function byRule(occurrences: readonly Occurrence[]): readonly RuleTimes[] {
  const shown = occurrences.filter(({ explainedBy, isHidden }) => explainedBy === null && !isHidden);
  const weigh = ({ priority, times }: RuleTimes): number =>
    100 * urgency(priority) +
    (times.some(({ endsAt }) => endsAt === null) ? 50 : 0) +
    Math.min(times.length, 40);
  return Array.from(Map.groupBy(shown, ({ rule }) => rule))
    .map(([rule, times]) => {
      const priority = times.map((one) => one.priority).reduce((a, b) => (urgency(a) >= urgency(b) ? a : b));
      return { rule, priority, times };
    })
    .toSorted((a, b) => weigh(b) - weigh(a) || a.times[0]!.at - b.times[0]!.at);
}
