/** The figures of a log that is taken event by event, beside the same figures each counted from the whole log. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { priorities, type AlarmEvent, type AlarmFigures, type Priority } from "../../../shared/alarms.ts";
import { quantile } from "../../../shared/quantile.ts";
import { AlarmTally, recommendedPercent } from "./figures.ts";
import { floodBegins, floodEnds, floodSpanMs } from "./flood.ts";

const tenMinutesMs = 600_000;
const badActorsAtMost = 10;
const chatterTimes = 3;
const chatterSpanMs = 60_000;

const hour = 3_600_000;

/** Few alarms and instants, so that floods, chatter and two words of one instant come about; now and then the clock is set back. */
const logs = fc.array(
  fc.record({
    afterMs: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(0, 0, 1_000, 20_000, 60_000) },
      { weight: 1, arbitrary: fc.constantFrom(floodSpanMs, -90_000, 1_234_567) },
    ),
    alarm: fc.constantFrom("a", "b", "c", "d{x:1}", "d{x:2}"),
    occurrence: fc.integer({ min: 1, max: 3 }),
    kind: fc.constantFrom(
      "raised",
      "raised",
      "raised",
      "acknowledge",
      "suppressed",
      "maintenance-begun",
      "returned",
    ),
    state: fc.constantFrom("unacknowledged", "unacknowledged", "shelved"),
    priority: fc.constantFrom(...priorities),
  }),
  { maxLength: 300 },
);

test("a log that is taken event by event has the figures of the whole", () => {
  fc.assert(
    fc.property(logs, (log) => {
      let at = 0;
      const events = log.map(({ afterMs, alarm, ...one }): AlarmEvent => {
        at = Math.max(0, at + afterMs);
        const [rule = "", group = null] = alarm.split("{");
        return {
          ...one,
          at,
          alarm,
          rule,
          group,
          value: null,
          by: null,
          text: null,
          until: null,
        } as AlarmEvent;
      });
      const toAt = Math.max(...events.map((event) => event.at), 0) + hour / 7;
      const tally = new AlarmTally(0, toAt);
      for (const event of events) tally.noteHidden(event);
      for (const event of events) tally.take(event);
      expect(tally.figures()).toEqual(figuresOfAll(events, 0, toAt));
    }),
    { seed: 5, numRuns: 300 },
  );
});

function figuresOfAll(events: readonly AlarmEvent[], fromAt: number, toAt: number): AlarmFigures {
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

/** Over ten in ten minutes, until there are under five. */
function floodsOf(shown: readonly AlarmEvent[], toAt: number): AlarmFigures["floods"] {
  const floods: { fromAt: number; toAt: number; firstOut: string; count: number }[] = [];
  const instants = new Set(shown.flatMap(({ at }) => [at, at + floodSpanMs]));
  let isFlood = false;
  for (const now of Array.from(instants).toSorted((a, b) => a - b)) {
    if (now >= toAt) break;
    const ordered = shown.toSorted((a, b) => a.at - b.at);
    const recent = ordered.filter(({ at }) => at > now - floodSpanMs && at <= now);
    const fresh = recent.filter(({ at }) => at === now);
    if (isFlood && recent.length < floodEnds) {
      isFlood = false;
      floods.at(-1)!.toAt = now;
    } else if (isFlood) floods.at(-1)!.count += fresh.length;
    else if (recent.length > floodBegins) {
      isFlood = true;
      floods.push({ fromAt: now, toAt, firstOut: recent[0]!.alarm, count: recent.length });
    }
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
