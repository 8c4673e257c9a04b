import { Hono } from "hono";
import { expect, test } from "vitest";
import type { AlarmEvent, AlarmFiguresAnswer } from "../../shared/alarms.ts";
import { serveAlarms } from "./alarms.ts";

const minute = 60_000;

function raised(alarm: string, at: number): AlarmEvent {
  return {
    at,
    alarm,
    rule: alarm,
    group: null,
    occurrence: 1,
    kind: "raised",
    priority: "low",
    state: "unacknowledged",
    value: null,
    by: null,
    text: null,
    until: null,
  };
}

test("of a log that is cut, figures begin with the earliest that is looked at, also where it was learnt late", async () => {
  const pages = [[raised("a", 40 * minute)], [raised("late", 10 * minute), raised("b", 50 * minute)]];
  const desk = {
    log: async () => ({ pages, isCut: true }),
    hasEventsBefore: async () => false,
    list: () => [],
  };
  const app = new Hono();
  const context = { desk, now: () => 60 * minute, zone: () => "UTC", backtest: () => null };
  serveAlarms(app, context as never, {} as never);
  const answer = await app.request(`/api/v1/alarms/figures?from=0&to=${60 * minute}`);
  const figures = (await answer.json()) as AlarmFiguresAnswer;
  expect(figures).toMatchObject({ fromAt: 10 * minute, beganAt: 10 * minute, alarms: 3 });
  expect(figures.perTenMinutes.counts).toEqual([1, 0, 0, 1, 1]);
});
