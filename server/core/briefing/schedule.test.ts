import fc from "fast-check";
import { expect, test } from "vitest";
import type { BriefingTime } from "./definition.ts";
import { lastDue, nextDue } from "./schedule.ts";

const calendar = { zone: "Europe/Lisbon", holidays: new Set(["2026-12-25"]) };
const everyDay = [1, 2, 3, 4, 5, 6, 7];

function time(at: string, rest: Partial<BriefingTime> = {}): BriefingTime {
  return { at, weekdays: everyDay, monthDays: null, months: null, onHolidays: true, ...rest };
}

function due(schedule: readonly BriefingTime[], now: string): string | null {
  const at = lastDue(schedule, Date.parse(now), calendar);
  return at === null ? null : new Date(at).toISOString().slice(0, 16);
}

test.each([
  ["at its minute", [time("06:30")], "2026-11-27T06:30Z", "2026-11-27T06:30"],
  ["a minute before it, that of yesterday", [time("06:30")], "2026-11-27T06:29Z", "2026-11-26T06:30"],
  ["the later of two", [time("06:30"), time("20:00")], "2026-11-27T21:00Z", "2026-11-27T20:00"],
  [
    "on workdays, on a Sunday",
    [time("06:30", { weekdays: [1, 2, 3, 4, 5] })],
    "2026-11-29T12:00Z",
    "2026-11-27T06:30",
  ],
  ["not on a holiday", [time("06:30", { onHolidays: false })], "2026-12-25T12:00Z", "2026-12-24T06:30"],
  [
    "on the first of a quarter",
    [time("07:00", { monthDays: [1], months: [1, 4, 7, 10] })],
    "2026-11-27T12:00Z",
    "2026-10-01T06:00",
  ],
  ["at the end of a day", [time("24:00")], "2026-11-27T12:00Z", "2026-11-27T00:00"],
  ["an hour that the spring left out", [time("01:30")], "2027-03-28T12:00Z", "2027-03-28T01:30"],
  ["an hour that the autumn repeats", [time("01:30")], "2026-10-25T12:00Z", "2026-10-25T00:30"],
  ["a day that never comes", [time("07:00", { monthDays: [31], months: [2] })], "2026-11-27T12:00Z", null],
  ["no time at all", [], "2026-11-27T12:00Z", null],
] as const)("due %s", (_, schedule, now, expected) => {
  expect(due(schedule, now)).toBe(expected);
});

test.each([
  ["a minute before it", [time("06:30")], "2026-11-27T06:29Z", "2026-11-27T06:30"],
  ["at its minute, that of tomorrow", [time("06:30")], "2026-11-27T06:30Z", "2026-11-28T06:30"],
  ["the earlier of two", [time("20:00"), time("06:30")], "2026-11-27T06:31Z", "2026-11-27T20:00"],
  [
    "on workdays, after Friday's",
    [time("06:30", { weekdays: [1, 2, 3, 4, 5] })],
    "2026-11-27T06:31Z",
    "2026-11-30T06:30",
  ],
  ["not on a holiday", [time("06:30", { onHolidays: false })], "2026-12-24T06:31Z", "2026-12-26T06:30"],
  ["once a week", [time("08:00", { weekdays: [1] })], "2026-11-23T08:00Z", "2026-11-30T08:00"],
  ["at the end of this day", [time("24:00")], "2026-11-27T00:00Z", "2026-11-28T00:00"],
  ["a day that never comes", [time("07:00", { monthDays: [31], months: [2] })], "2026-11-27T12:00Z", null],
  ["no time at all", [], "2026-11-27T12:00Z", null],
] as const)("due next %s", (_, schedule, after, expected) => {
  const at = nextDue(schedule, Date.parse(after), calendar);
  expect(at === null ? null : new Date(at).toISOString().slice(0, 16)).toBe(expected);
});

test("time that goes on never makes an earlier time due, and each day one", () => {
  const from = Date.parse("2026-10-20T00:00Z");
  fc.assert(
    fc.property(fc.nat(20 * 24 * 60), fc.nat(3 * 24 * 60), (minutes, later) => {
      const [first, second] = [minutes, minutes + later].map((one) =>
        lastDue([time("01:30")], from + one * 60_000, calendar)!,
      );
      expect(second! >= first!).toBe(true);
      expect(Math.round((second! - first!) / 86_400_000)).toBeLessThanOrEqual(later / 1440 + 1.1);
    }),
  );
});
