import { expect, test } from "vitest";
import type { AlarmEvent, AlarmFigures } from "../../../shared/alarms.ts";
import { AlarmTally } from "./figures.ts";

const minute = 60_000;
const hour = 60 * minute;
const occurrences = new Map<string, number>();

function raised(alarm: string, at: number, more: Partial<AlarmEvent> = {}): AlarmEvent {
  const occurrence = (occurrences.get(alarm) ?? 0) + 1;
  occurrences.set(alarm, occurrence);
  return {
    at,
    alarm,
    rule: alarm,
    group: null,
    occurrence,
    kind: "raised",
    priority: "low",
    state: "unacknowledged",
    value: null,
    by: null,
    text: null,
    until: null,
    ...more,
  };
}

function alarmFigures(events: readonly AlarmEvent[], fromAt: number, toAt: number): AlarmFigures {
  const tally = new AlarmTally(fromAt, toAt);
  for (const event of events) tally.noteHidden(event);
  for (const event of events) tally.take(event);
  return tally.figures();
}

test("nothing happened", () => {
  expect(alarmFigures([], 0, hour)).toMatchObject({
    alarms: 0,
    hidden: 0,
    perTenMinutes: { mean: 0, most: 0, slots: 6 },
    floods: [],
    floodPercent: 0,
    priorities: { low: 0, medium: 0, high: 0, critical: 0 },
    badActors: [],
    acknowledgement: { acknowledged: 0, never: 0, medianSeconds: null },
  });
});

test("rates, priorities and bad actors count what somebody was to see", () => {
  const hidden = raised("hidden", 3 * minute);
  const events = [
    raised("a", 1 * minute, { priority: "critical" }),
    raised("b", 2 * minute),
    hidden,
    { ...hidden, kind: "suppressed" as const, state: "suppressed" as const },
    raised("shelved", 4 * minute, { state: "shelved" }),
    raised("b", 15 * minute),
    raised("b", 40 * minute),
  ];
  const figures = alarmFigures(events, 0, hour);
  expect(figures).toMatchObject({ alarms: 4, hidden: 2, priorities: { critical: 25, low: 75 } });
  expect(figures.perTenMinutes).toEqual({
    mean: 4 / 6,
    most: 2,
    slots: 6,
    over: 0,
    counts: [2, 1, 0, 0, 1, 0],
  });
  expect(figures.badActors[0]).toEqual({ alarm: "b", count: 3, percent: 75 });
  expect(figures.badRules[1]).toEqual({ rule: "a", count: 1, percent: 25 });
});

test("a flood begins with the eleventh in ten minutes and ends when fewer than five are left", () => {
  const events = Array.from({ length: 12 }, (_, i) => raised(`a${i}`, 10 * minute + i * 30_000));
  const figures = alarmFigures(events, 0, hour);
  // The eighth of twelve is ten minutes old at 23:30.
  expect(figures.floods).toEqual([{ fromAt: 15 * minute, toAt: 23.5 * minute, firstOut: "a0", count: 12 }]);
  expect(figures.floodPercent).toBeCloseTo((100 * 8.5) / 60);
});

test("chatter is three times within a minute", () => {
  const chatter = [0, 20, 50].map((seconds) => raised("chatter", seconds * 1000));
  const slow = [0, 40, 80].map((seconds) => raised("slow", seconds * 1000));
  expect(alarmFigures([...chatter, ...slow], 0, hour).chattering).toEqual(["chatter"]);
});

test("how long it took until somebody knew, and how often nobody did", () => {
  const alarms = [10, 20, 60].map((_, i) => raised(`k${i}`, i * minute));
  const known = [10, 60].map((seconds, i) => {
    const alarm = alarms[i]!;
    return { ...alarm, kind: "acknowledge" as const, at: alarm.at + seconds * 1000 };
  });
  expect(alarmFigures([...alarms, ...known], 0, hour).acknowledgement).toEqual({
    acknowledged: 2,
    never: 1,
    medianSeconds: 35,
    p90Seconds: 55,
  });
});
