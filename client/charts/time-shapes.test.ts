import fc from "fast-check";
import { expect, it } from "vitest";
import { addCalendar, cityDate, startOfPeriod, weekday, zoneOffsetMs } from "../../shared/city-time.ts";
import { chooseBucket } from "./bucket-choice.ts";
import { cityHours } from "./city-hours.ts";
import { timeTicks } from "../../shared/time-ticks.ts";

const berlin = "Europe/Berlin";
const at = (text: string): number => Date.parse(text);
const iso = (instants: readonly number[]): string[] =>
  instants.map((one) => new Date(one).toISOString().slice(0, 16));

it("cuts a stretch as finely as its width allows", () => {
  const day = 86_400_000;
  expect(chooseBucket(0, day, 1_440)).toBe(60);
  expect(chooseBucket(0, day, 1_000)).toBe(120);
  expect(chooseBucket(0, 30 * day, 800)).toBe("hour");
  expect(chooseBucket(0, 365 * day, 400)).toBe("day");
  expect(chooseBucket(0, 3_650 * day, 1_000)).toBe("week");
  expect(chooseBucket(0, 36_500 * day, 100)).toBe("month");
});

it("tells the city's hour as the calendar does, across clock changes and half-hour zones", () => {
  const zones = fc.constantFrom(berlin, "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe", "UTC");
  const instants = fc.array(fc.integer({ min: at("2020-01-01"), max: at("2030-01-01") }), { maxLength: 20 });
  fc.assert(
    fc.property(zones, instants, (zone, list) => {
      const hours = cityHours(zone);
      for (const one of list)
        expect(hours(one)).toEqual({
          date: cityDate(one, zone),
          weekday: weekday(one, zone),
          hour: new Date(one + zoneOffsetMs(one, zone)).getUTCHours(),
        });
    }),
    { numRuns: 60 },
  );
});

it("marks round times of the city's clock, on the day of a clock change too", () => {
  expect(iso(timeTicks(at("2026-10-24T22:00Z"), at("2026-10-25T23:00Z"), berlin, 6).at)).toEqual([
    "2026-10-24T22:00",
    "2026-10-25T05:00",
    "2026-10-25T11:00",
    "2026-10-25T17:00",
    "2026-10-25T23:00",
  ]);
  expect(iso(timeTicks(at("2026-01-15T00:00Z"), at("2026-06-15T00:00Z"), "UTC", 6).at)).toEqual(
    ["02", "03", "04", "05", "06"].map((month) => `2026-${month}-01T00:00`),
  );
});

it("never marks more than fit, nor outside the stretch, and only starts of what it counts", () => {
  const lengths = fc.integer({ min: 2, max: 6_000_000 }).map((minutes) => minutes * 60_000);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3e7 }),
      lengths,
      fc.integer({ min: 2, max: 20 }),
      (start, length, most) => {
        const fromAt = start * 60_000;
        const ticks = timeTicks(fromAt, fromAt + length, berlin, most);
        expect(ticks.at.length).toBeLessThanOrEqual(most + 2);
        for (const [i, tick] of ticks.at.entries()) {
          expect(tick).toBeGreaterThanOrEqual(Math.max(fromAt, (ticks.at[i - 1] ?? -1) + 1));
          expect(tick).toBeLessThanOrEqual(fromAt + length);
          expect(startOfPeriod(tick, ticks.unit, berlin)).toBe(tick);
        }
      },
    ),
    { numRuns: 200 },
  );
});

it("adds by the calendar", () => {
  expect(addCalendar(at("2026-10-24T12:00Z"), 1, "day", berlin)).toBe(at("2026-10-25T13:00Z"));
  expect(addCalendar(at("2026-01-31T12:00Z"), 1, "month", berlin)).toBe(at("2026-02-28T12:00Z"));
  expect(addCalendar(at("2026-10-25T00:30Z"), 1, "hour", berlin)).toBe(at("2026-10-25T01:30Z"));
  expect(startOfPeriod(at("2026-11-29T23:30Z"), "week", berlin)).toBe(at("2026-11-29T23:00Z"));
});
