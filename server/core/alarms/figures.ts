/** How a city's alarms fare, from their log: the figures that ISA-18.2 (§16) and EEMUA 191 judge alarm systems by. */

import type { AlarmEvent, AlarmFigures, Priority } from "../../../shared/alarms.ts";
import { priorities } from "../../../shared/alarms.ts";
import { quantile } from "../../../shared/quantile.ts";
import { floodBegins, FloodWatch, floodSpanMs } from "./flood.ts";

const tenMinutesMs = 600_000;
const badActorsAtMost = 10;
/** Three times within a minute. */
const chatterTimes = 3;
const chatterSpanMs = 60_000;

/** What a good set of alarms is made of, in percent (ISA-18.2, table 7). Critical ones are among the high. */
export const recommendedPercent: Readonly<Record<"urgent" | "medium" | "low", number>> = {
  urgent: 5,
  medium: 15,
  low: 80,
};

/** The figures of [`fromAt`, `toAt`), from the events of that stretch in their order. */
export function alarmFigures(events: readonly AlarmEvent[], fromAt: number, toAt: number): AlarmFigures {
  const shown = shownAlarms(events);
  const rates = ratesOf(shown, fromAt, toAt);
  const floods = floodsOf(shown, toAt);
  const inFloodMs = floods.reduce((sum, flood) => sum + flood.toAt - flood.fromAt, 0);
  const byAlarm = Map.groupBy(shown, ({ alarm }) => alarm);
  const badActors = mostOf(shown, ({ alarm }) => alarm);
  const badRules = mostOf(shown, ({ rule }) => rule);
  return {
    fromAt,
    toAt,
    alarms: shown.length,
    hidden: events.filter(({ kind }) => kind === "raised").length - shown.length,
    perTenMinutes: rates,
    floods,
    floodPercent: (100 * inFloodMs) / (toAt - fromAt),
    priorities: percentByPriority(shown),
    recommendedPercent,
    badActors: badActors.map(({ of, ...one }) => ({ alarm: of, ...one })),
    badRules: badRules.map(({ of, ...one }) => ({ rule: of, ...one })),
    chattering: Array.from(byAlarm).flatMap(([alarm, times]) => (isChatter(times) ? [alarm] : [])),
    acknowledgement: acknowledgementOf(events, shown),
  };
}

/** The alarms that somebody was to see: those that were hidden as they came were not. */
function shownAlarms(events: readonly AlarmEvent[]): readonly AlarmEvent[] {
  const occurrence = ({ alarm, occurrence: number, at }: AlarmEvent): string => `${at} ${number} ${alarm}`;
  const hidden = new Set(
    events
      .filter(({ kind }) => kind === "suppressed" || kind === "maintenance-begun")
      .map((event) => occurrence(event)),
  );
  return events.filter(
    (event) => event.kind === "raised" && event.state === "unacknowledged" && !hidden.has(occurrence(event)),
  );
}

/** What came most often, each with its share of all. */
function mostOf(
  shown: readonly AlarmEvent[],
  keyOf: (event: AlarmEvent) => string,
): { readonly of: string; readonly count: number; readonly percent: number }[] {
  return Array.from(Map.groupBy(shown, keyOf), ([of, { length: count }]) => ({
    of,
    count,
    percent: (100 * count) / shown.length,
  }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, badActorsAtMost);
}

function ratesOf(shown: readonly AlarmEvent[], fromAt: number, toAt: number): AlarmFigures["perTenMinutes"] {
  const slots = Math.max(1, Math.ceil((toAt - fromAt) / tenMinutesMs));
  const counts = new Array<number>(slots).fill(0);
  for (const { at } of shown) counts[Math.floor((at - fromAt) / tenMinutesMs)]!++;
  return {
    mean: (shown.length * tenMinutesMs) / (toAt - fromAt),
    most: counts.reduce((a, b) => Math.max(a, b), 0),
    slots,
    over: counts.filter((count) => count > floodBegins).length,
    counts,
  };
}

/** Each flood, to its end by itself or the end of the stretch. */
function floodsOf(shown: readonly AlarmEvent[], toAt: number): AlarmFigures["floods"] {
  const watch = new FloodWatch();
  const floods: { fromAt: number; toAt: number; firstOut: string; count: number }[] = [];
  const fresh = Map.groupBy(shown, ({ at }) => at);
  // It changes when an alarm comes, and when one is ten minutes old.
  const instants = new Set(shown.flatMap(({ at }) => [at, at + floodSpanMs]));
  for (const at of Array.from(instants).toSorted((a, b) => a - b)) {
    if (at >= toAt) break;
    const before = watch.flood;
    const flood = watch.take(fresh.get(at)?.map(({ alarm }) => alarm) ?? [], at);
    if (flood && !before) floods.push({ fromAt: at, toAt, firstOut: flood.firstOut, count: flood.count });
    const last = floods.at(-1);
    if (flood && last) last.count = flood.count;
    if (!flood && before && last) last.toAt = at;
  }
  return floods;
}

function percentByPriority(shown: readonly AlarmEvent[]): Readonly<Record<Priority, number>> {
  const percent = (priority: Priority): number =>
    shown.length === 0
      ? 0
      : (100 * shown.filter((event) => event.priority === priority).length) / shown.length;
  return Object.fromEntries(priorities.map((priority) => [priority, percent(priority)])) as Record<
    Priority,
    number
  >;
}

function isChatter(times: readonly AlarmEvent[]): boolean {
  return times.some(
    ({ at }, i) => i >= chatterTimes - 1 && at - times[i - chatterTimes + 1]!.at <= chatterSpanMs,
  );
}

function acknowledgementOf(
  events: readonly AlarmEvent[],
  shown: readonly AlarmEvent[],
): AlarmFigures["acknowledgement"] {
  // By their order, not by their number: occurrences are counted anew after a start.
  const isShown = new Set(shown);
  const open = new Map<string, AlarmEvent>();
  const acknowledgedAt = new Map<AlarmEvent, number>();
  for (const event of events) {
    const raise = open.get(event.alarm);
    if (isShown.has(event)) open.set(event.alarm, event);
    else if (event.kind === "acknowledge" && raise && !acknowledgedAt.has(raise))
      acknowledgedAt.set(raise, event.at);
  }
  const seconds = shown
    .map((raise) => ((acknowledgedAt.get(raise) ?? NaN) - raise.at) / 1000)
    .filter((took) => !Number.isNaN(took))
    .toSorted((a, b) => a - b);
  return {
    acknowledged: seconds.length,
    never: shown.length - seconds.length,
    medianSeconds: seconds.length === 0 ? null : quantile(seconds, 0.5),
    p90Seconds: seconds.length === 0 ? null : quantile(seconds, 0.9),
  };
}
