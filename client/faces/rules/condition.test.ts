import { expect, test } from "vitest";
import fc from "fast-check";
import type { AlarmCondition } from "../../../shared/alarms.ts";
import { parseSeries, turnsOf } from "../../../server/core/alarms/rule-run.ts";
import { ruleOfIndicator, suggestedId } from "./begun-rule.ts";
import { begunCondition, conditionForms, fittingTest, formOf, turnRange, withBound } from "./condition.ts";

const delay = fc.integer({ min: 0, max: 20_000 });
const bound = fc.integer({ min: -50, max: 1_000 });

test("whatever the form, its bounds and delays: the test that is made for it is what the rule does", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...conditionForms),
      bound,
      delay,
      delay,
      (form, usual, onDelaySeconds, offDelaySeconds) => {
        const when = begunCondition(form, usual);
        const rule = { when, onDelaySeconds, offDelaySeconds };
        const made = fittingTest(when, rule);
        const samples = parseSeries(made.series);
        expect(samples).not.toBeNull();
        const { activeAt, clearAt } = turnsOf(rule, samples!, made.everySeconds, made.usual ?? null);
        expect([activeAt, clearAt]).toEqual([[made.activeAtSeconds], [made.clearAtSeconds]]);
      },
    ),
  );
});

test("each form is known again", () => {
  for (const form of conditionForms) expect(formOf(begunCondition(form, 20))).toBe(form);
  expect(formOf({})).toBeNull();
});

test("the value that clears it goes along with the bound", () => {
  const when: AlarmCondition = { above: 20, clearBelow: 15 };
  expect(withBound(when, "above", 20.3)).toEqual({ above: 20.3, clearBelow: 15.3 });
  expect(withBound({ risesBy: 5, withinSeconds: 60, clearBelow: 2 }, "rises", 1)).toMatchObject({
    clearBelow: 0,
  });
});

test("a bound is turned a little beyond what was seen, in round steps", () => {
  expect(turnRange(20, { low: 0, high: 90 })).toEqual({ min: 0, max: 100, step: 1 });
  expect(turnRange(20, null).max).toBeGreaterThan(20);
  expect(turnRange(0, { low: 0, high: 0 })).toMatchObject({ min: 0 });
});

test("a rule of an indicator waits for what is worse, is not enabled, and leaves people's words to people", () => {
  const indicator = {
    id: "transport.on-time",
    title: { en: "On time", zh: "准点" },
    unit: "percent",
    better: "higher",
    target: 88,
    department: "transport",
  } as const;
  expect(JSON.parse(ruleOfIndicator("transport.late", indicator, 71))).toMatchObject({
    id: "transport.late",
    enabled: false,
    indicator: "transport.on-time",
    when: { below: 88 },
    owner: "transport",
    consequence: { en: "" },
  });
  expect(suggestedId("transport", "On time, really!", new Set())).toBe("transport.on-time-really");
  expect(suggestedId("transport", "准点", new Set(["transport.rule"]))).toBe("transport.rule-2");
});
