import { expect, test } from "vitest";
import type { AlarmFiguresAnswer } from "../../../shared/alarms.ts";
import type { Delivery } from "../../../shared/notification.ts";
import { judgedFigures, type FigureKey } from "./judged-figures.ts";
import { rateBars } from "./rate-bars.ts";
import { toldContacts } from "./told-contacts.ts";

const minute = 60_000;
const figures: AlarmFiguresAnswer = {
  fromAt: 0,
  toAt: 60 * minute,
  beganAt: null,
  alarms: 12,
  hidden: 3,
  perTenMinutes: { mean: 2, most: 11, slots: 6, over: 1, counts: [0, 11, 1, 0, 0, 0] },
  floods: [],
  floodPercent: 0.5,
  priorities: { low: 80, medium: 15, high: 5, critical: 0 },
  recommendedPercent: { urgent: 5, medium: 15, low: 80 },
  badActors: [{ alarm: "a", count: 12, percent: 100 }],
  badRules: [],
  chattering: [],
  acknowledgement: { acknowledged: 0, never: 12, medianSeconds: null, p90Seconds: null },
  stale: [],
  shelved: 0,
  suppressed: 0,
  outOfService: 0,
};
const judged = (key: FigureKey, more: Partial<AlarmFiguresAnswer> = {}) =>
  judgedFigures({ ...figures, ...more }).find((figure) => figure.key === key);

test("what is wanted holds, does not hold, or cannot be judged", () => {
  expect(judged("rate")).toMatchObject({ value: 2, atMost: 1, isGood: false });
  expect(judged("most", { perTenMinutes: { ...figures.perTenMinutes, most: 10 } })?.isGood).toBe(true);
  expect(judged("slots")).toMatchObject({ value: 100 / 6, isGood: false });
  expect(judged("flood")?.isGood).toBe(true);
  expect(judged("acknowledge")).toMatchObject({ value: null, atMost: null, isGood: null });
});

test("the ten most frequent alarms are not judged where there are no more than those", () => {
  expect(judged("topTen")).toMatchObject({ value: 100, isGood: null });
  const badActors = Array.from({ length: 10 }, (_, i) => ({ alarm: `${i}`, count: 1, percent: 4 }));
  expect(judged("topTen", { badActors })).toMatchObject({ value: 40, isGood: false });
  expect(judged("topTen", { alarms: 0, badActors: [] })).toMatchObject({ value: null, isGood: null });
});

test("a bar is ten minutes, or the busiest ten of several", () => {
  expect(rateBars(figures, 6)).toMatchObject({ slots: 1, bars: { length: 6 } });
  expect(rateBars(figures, 5)).toEqual({
    slots: 3,
    bars: [
      { fromAt: 0, toAt: 30 * minute, count: 11 },
      { fromAt: 30 * minute, toAt: 60 * minute, count: 0 },
    ],
  });
});

test("whose messages wait or were given up stands first, with the last failure", () => {
  const one = (contact: string, state: Delivery["state"], triedAt: number | null, error: string | null) =>
    ({ role: "duty", contact, state, triedAt, error }) as Delivery;
  expect(
    toldContacts([
      one("ann", "sent", 1, null),
      one("bob", "sent", 1, null),
      one("bob", "given-up", 2, "refused"),
      one("ann", "sent", 3, null),
    ]),
  ).toEqual([
    { role: "duty", contact: "bob", sent: 1, waiting: 0, givenUp: 1, triedAt: 2, error: "refused" },
    { role: "duty", contact: "ann", sent: 2, waiting: 0, givenUp: 0, triedAt: 3, error: null },
  ]);
});
