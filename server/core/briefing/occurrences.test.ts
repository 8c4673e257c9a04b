import { expect, test } from "vitest";
import type { AlarmEvent } from "../../../shared/alarms.ts";
import { byRule, occurrencesIn } from "./occurrences.ts";

function event(kind: AlarmEvent["kind"], at: number, rest: Partial<AlarmEvent> = {}): AlarmEvent {
  return {
    at,
    alarm: "a",
    rule: "a",
    group: null,
    occurrence: 1,
    kind,
    priority: "low",
    state: "unacknowledged",
    value: null,
    by: null,
    text: null,
    until: null,
    ...rest,
  };
}

const desk = { position: "Desk", shift: null, account: null };

test("puts each time together from its events, also one that began before", () => {
  const events = [
    event("raised", 1),
    event("acknowledge", 4, { by: desk }),
    event("returned", 12),
    event("raised", 15),
    event("raised", 30),
  ];
  expect(occurrencesIn(events, 10, 20)).toMatchObject([
    { at: 1, endsAt: 12, acknowledged: { at: 4, position: "Desk" } },
    { at: 15, endsAt: null, acknowledged: null },
  ]);
});

test("what is over before the stretch is not of it, and what others explain is not ranked", () => {
  const events = [
    event("raised", 1),
    event("returned", 5),
    event("raised", 12, { alarm: "b", rule: "b" }),
    event("suppressed", 12, { alarm: "b", rule: "b", text: "parent" }),
    event("raised", 13, { alarm: "c", rule: "c", priority: "high" }),
    event("raised", 14, { alarm: "d", rule: "d" }),
  ];
  const found = occurrencesIn(events, 10, 20);
  expect(found.map(({ alarm, explainedBy }) => [alarm, explainedBy])).toEqual([
    ["b", "parent"],
    ["c", null],
    ["d", null],
  ]);
  expect(byRule(found).map(({ rule }) => rule)).toEqual(["c", "d"]);
});
