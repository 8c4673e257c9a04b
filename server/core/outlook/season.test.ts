import { expect, test } from "vitest";
import { slotsOf } from "./season.ts";

const hourMs = 3_600_000;
const never = () => false;
const hours = (from: string, count: number) =>
  Array.from({ length: count }, (_, i) => Date.parse(from) + i * hourMs);

test("the hour of the week is the city's", () => {
  // 2026-11-23 is a Monday; 08:00 UTC is midnight in San Francisco.
  expect([
    ...slotsOf(hours("2026-11-23T08:00:00Z", 3), "hour-of-week", "America/Los_Angeles", never),
  ]).toEqual([0, 1, 2]);
  expect([...slotsOf(hours("2026-11-23T08:00:00Z", 1), "day-of-week", "America/Los_Angeles", never)]).toEqual(
    [0],
  );
  expect([...slotsOf(hours("2026-11-23T07:00:00Z", 1), "day-of-week", "America/Los_Angeles", never)]).toEqual(
    [6],
  );
});

test("an hour that comes twice has its slot twice, a skipped one is left out", () => {
  expect([...slotsOf(hours("2026-10-24T22:00:00Z", 5), "hour-of-day", "Europe/Berlin", never)]).toEqual([
    0, 1, 2, 2, 3,
  ]);
  expect([...slotsOf(hours("2026-03-28T23:00:00Z", 4), "hour-of-day", "Europe/Berlin", never)]).toEqual([
    0, 1, 3, 4,
  ]);
});

test("instants before 1970 have slots too", () => {
  expect([...slotsOf([Date.parse("1969-12-31T23:00:00Z")], "hour-of-week", "UTC", never)]).toEqual([
    2 * 24 + 23,
  ]);
});

test("a holiday is a Sunday", () => {
  const christmas = Date.parse("2026-12-25T10:00:00Z");
  expect([...slotsOf([christmas], "hour-of-week", "UTC", () => true)]).toEqual([6 * 24 + 10]);
});
