import { expect, test } from "vitest";
import { backtest } from "./backtest.ts";

const minute = 60_000;
const rule = {
  when: { above: 20, clearBelow: 15 },
  onDelaySeconds: 120,
  offDelaySeconds: 0,
  validTimes: [],
  maintenance: [],
};
/** Means of minutes, each known when it is over. */
const past = (id: string, values: readonly number[]) => ({
  id,
  at: Float64Array.from(values, (_, i) => (i + 1) * minute),
  values: Float64Array.from(values),
  usual: null,
  knownPercent: (100 * values.filter((value) => !Number.isNaN(value)).length) / values.length,
});
const input = (values: readonly number[], more: Partial<Parameters<typeof backtest>[0]> = {}) => ({
  rule,
  zone: "UTC",
  fromAt: 0,
  toAt: values.length * minute,
  series: [past("a", values)],
  secondsPerAlarm: 300,
  ...more,
});

test("how often, how long, and what it costs", () => {
  const tested = backtest(input([5, 25, 25, 25, 25, 5, 5, NaN, 30, 30, 30, 30]));
  expect(tested).toMatchObject({
    fromAt: 0,
    toAt: 12 * minute,
    alarms: 2,
    hidden: 0,
    activeSeconds: 120 + 60,
    medianSeconds: 90,
    longestSeconds: 120,
    inFlood: 0,
    operatorSeconds: 600,
  });
  expect(tested.knownPercent).toBeCloseTo((100 * 11) / 12);
  // A minute's value is known when the minute is over.
  expect(tested.series[0]?.stretches).toEqual([
    { fromAt: 4 * minute, toAt: 6 * minute },
    { fromAt: 11 * minute, toAt: null },
  ]);
});

test("another bound does something else", () => {
  const values = [5, 25, 25, 25, 25, 5];
  const raised = backtest(input(values, { rule: { ...rule, when: { above: 30, clearBelow: 15 } } }));
  expect(raised.alarms).toBe(0);
});

test("what comes when the rule is not valid is hidden, and said", () => {
  const validTimes = [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: "06:00", to: "22:00" }];
  expect(backtest(input([25, 25, 25, 25], { rule: { ...rule, validTimes } }))).toMatchObject({
    alarms: 0,
    hidden: 1,
  });
});

test("many at once are a flood", () => {
  const series = Array.from({ length: 15 }, (_, i) => past(`s${i}`, [25, 25, 25]));
  expect(backtest(input([0, 0, 0], { series }))).toMatchObject({ alarms: 15, inFlood: 5 });
});
