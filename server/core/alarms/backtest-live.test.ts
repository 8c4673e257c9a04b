/** What a back-test says a rule would have done is what the live city does on the same data, whatever the condition. */

import { expect, test } from "vitest";
import fc from "fast-check";
import type { AlarmCondition, AlarmEvent, AlarmRule } from "../../../shared/alarms.ts";
import type { FeedStatus } from "../../../shared/feed.ts";
import type { Reading } from "../../../shared/protocol.ts";
import { alarmRule, indicator, plan, plannedFeed } from "../../../test/planned-city.ts";
import { activeStretches, type PastSeries } from "./backtest.ts";
import { AlarmBoard } from "./board.ts";
import { countedTogether } from "./counted-together.ts";
import type { Usual } from "./verdict.ts";

const minute = 60_000;
const noon = Date.UTC(2026, 2, 7, 20, 0);
const series = "transport.stations";
/** What is usual in these tests, at all hours. */
const usual: Usual = { fromAt: noon - 1e9, toAt: noon + 1e9, low: 10, high: 20 };

type Told = readonly { readonly alarm: string; readonly fromAt: number; readonly toAt: number | null }[];

/** A board over a minute after the other; `null`: not known. */
function live(
  rules: readonly AlarmRule[],
  minutes: readonly (number | null)[],
  feeds: readonly FeedStatus["status"][],
): Told {
  const readings = new Map<string, Reading>();
  let feed: FeedStatus | null = null;
  const board = new AlarmBoard(
    plan({ rules, feeds: [plannedFeed()], indicators: [indicator({ id: series })] }),
    {
      readings,
      findHeld: () => undefined,
      listHeld: () => [],
      feedStatuses: () => (feed === null ? [] : [feed]),
      isFresh: () => true,
    },
  );
  const events: AlarmEvent[] = [];
  minutes.forEach((value, i) => {
    const now = noon + (i + 1) * minute;
    const state = value === null ? "none" : "fresh";
    const reason = value === null ? "no-data" : null;
    const reading: Reading = {
      id: series,
      value,
      state,
      reason,
      quality: "good",
      observedAt: now,
      oldestAt: now,
    };
    readings.set(series, reading);
    feed = { id: "bikes", status: feeds[i] } as FeedStatus;
    const changes = { readings: [reading], feeds: [feed], entities: new Map(), forgotten: [] };
    events.push(...board.judge(changes, i === 0 ? new Map([[series, usual]]) : undefined, now).events);
  });
  return toldBy(events);
}

function toldBy(events: readonly AlarmEvent[]): Told {
  const told: { alarm: string; fromAt: number; toAt: number | null }[] = [];
  for (const { alarm, kind, at } of events)
    if (kind === "raised") told.push({ alarm, fromAt: at, toAt: null });
    else if (kind === "returned") told.findLast((one) => one.alarm === alarm)!.toAt = at;
  return told;
}

function pastOf(values: readonly (number | null)[], isUsual: boolean): PastSeries {
  return {
    id: series,
    at: Float64Array.from(values, (_, i) => noon + (i + 1) * minute),
    values: Float64Array.from(values, (value) => value ?? Number.NaN),
    usual: isUsual ? () => usual : null,
    knownPercent: 100,
  };
}

const length = 60;
const value = fc.option(fc.integer({ min: 0, max: 30 }), { freq: 8 });
const values = fc.array(value, { minLength: length, maxLength: length });
const status = fc.constantFrom<FeedStatus["status"]>("fresh", "stale", "down", "waiting");
const feeds = fc.array(status, { minLength: length, maxLength: length });
const delay = fc.integer({ min: 0, max: 5 }).map((minutes) => minutes * 60);

const conditions: readonly AlarmCondition[] = [
  { above: 20, clearBelow: 15 },
  { below: 10, clearAbove: 12 },
  { risesBy: 8, withinSeconds: 300, clearBelow: 3 },
  { fallsBy: 8, withinSeconds: 300, clearBelow: 3 },
  { outsideUsual: "either", by: 2, clearWithin: 0 },
  { unknown: true },
  { silent: "stale", feeds: ["bikes"] },
  { silent: "down", feeds: "all" },
];

/** As `server/http/rule-past.ts` reads it: what is not known is 1 of a rule about that, silence 1 of one about feeds. */
function tried(
  rule: AlarmRule,
  minutes: readonly (number | null)[],
  words: readonly FeedStatus["status"][],
): Told {
  const { when } = rule;
  const isUnknown = "unknown" in when;
  const judged = isUnknown ? { ...rule, when: { atLeast: 1, of: [rule.id] } } : rule;
  const silence = words.map((word) =>
    Number("silent" in when && (when.silent === "down" ? word === "down" : word !== "fresh")),
  );
  const watched =
    "silent" in when ? silence : isUnknown ? minutes.map((one) => Number(one === null)) : minutes;
  const alarm = "silent" in when ? `${rule.id}{feed:bikes}` : rule.id;
  const stretches = activeStretches(judged, pastOf(watched, "outsideUsual" in when), noon + length * minute);
  return stretches.map((stretch) => ({ alarm, ...stretch }));
}

test.each(conditions)("%j", (when) => {
  fc.assert(
    fc.property(values, feeds, delay, delay, (minutes, words, onDelaySeconds, offDelaySeconds) => {
      const isOfFeed = "silent" in when;
      const rule = alarmRule({ when, indicator: isOfFeed ? null : series, onDelaySeconds, offDelaySeconds });
      expect(tried(rule, minutes, words)).toEqual(live([rule], minutes, words));
    }),
    { numRuns: 60 },
  );
});

test("several together", () => {
  fc.assert(
    fc.property(
      values,
      feeds,
      delay,
      fc.integer({ min: 1, max: 2 }),
      (minutes, words, onDelaySeconds, atLeast) => {
        const [high, silent] = [
          alarmRule({ id: "transport.high" }),
          alarmRule({ id: "platform.silent", indicator: null, when: { silent: "down", feeds: "all" } }),
        ];
        const of = [high.id, silent.id];
        const both = alarmRule({
          id: "transport.both",
          indicator: null,
          when: { atLeast, of },
          onDelaySeconds,
        });
        const parts = [high, silent].map((rule) => tried(rule, minutes, words));
        const counted = { id: both.id, ...countedTogether(parts, noon), usual: null, knownPercent: 100 };
        const stretches = activeStretches(both, counted, noon + length * minute);
        const wanted = live([high, silent, both], minutes, words).filter(({ alarm }) => alarm === both.id);
        expect(stretches.map((stretch) => ({ alarm: both.id, ...stretch }))).toEqual(wanted);
      },
    ),
    { numRuns: 60 },
  );
});

test("a part that is active twice over counts once", () => {
  const parts = [
    [
      { fromAt: 10, toAt: 30 },
      { fromAt: 20, toAt: 40 },
    ],
    [{ fromAt: 35, toAt: null }],
  ];
  const { at, values: counts } = countedTogether(parts, 0);
  expect([...at].map((instant, i) => [instant, counts[i]])).toEqual([
    [0, 0],
    [10, 1],
    [20, 1],
    [30, 1],
    [35, 2],
    [40, 1],
  ]);
});
