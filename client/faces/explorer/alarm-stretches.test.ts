import { expect, it } from "vitest";
import { alarmRule } from "../../../test/planned-city.ts";
import { alarmStretches, isAbout, rulesOf } from "./alarm-stretches.ts";

const event = (at: number, alarm: string, kind: "raised" | "returned" | "acknowledge" | "withdrawn") => ({
  at,
  alarm,
  rule: alarm,
  group: null,
  kind,
  priority: "high" as const,
});
const active = (id: string, since: number, isActive = true) => ({
  id,
  rule: id,
  group: null,
  priority: "high" as const,
  isActive,
  since,
});
const spans = (...given: Parameters<typeof alarmStretches>): unknown =>
  alarmStretches(...given).map(({ alarm, fromAt, toAt }) => [alarm, fromAt, toAt]);

it("lasts from when it was raised until it was over, as often as it came", () => {
  const events = [
    event(10, "a", "raised"),
    event(12, "a", "acknowledge"),
    event(20, "a", "returned"),
    event(25, "b", "raised"),
    event(30, "a", "raised"),
    event(40, "a", "returned"),
    event(41, "a", "withdrawn"),
  ];
  expect(spans(events, [active("b", 25)], { fromAt: 0, toAt: 100 })).toEqual([
    ["a", 10, 20],
    ["b", 25, null],
    ["a", 30, 40],
  ]);
});

it("knows of those that began before the log that was asked for", () => {
  expect(spans([event(60, "a", "returned")], [active("b", 5)], { fromAt: 50, toAt: 100 })).toEqual([
    ["b", 5, null],
    ["a", 50, 60],
  ]);
});

it("shows none that began later, or is not active any more", () => {
  const current = [active("later", 200), active("over", 20, false)];
  expect(spans([event(20, "over", "raised")], current, { fromAt: 0, toAt: 100 })).toEqual([]);
});

it("is of the figures that are shown, a whole figure's of all its groups", () => {
  const rule = alarmRule({ indicator: "transport.on-time" });
  expect(rulesOf(["transport.on-time{area.district:a}"], [rule])).toEqual([rule]);
  expect(rulesOf(["transport.other"], [rule])).toEqual([]);
  expect(isAbout("area.district:a", rule, ["transport.on-time{area.district:a}"])).toBe(true);
  expect(isAbout("area.district:b", rule, ["transport.on-time{area.district:a}"])).toBe(false);
  expect(isAbout("area.district:b", rule, ["transport.on-time"])).toBe(true);
  expect(isAbout(null, rule, ["transport.on-time{area.district:a}"])).toBe(true);
  expect(isAbout(null, rule, ["transport.other"])).toBe(false);
});
