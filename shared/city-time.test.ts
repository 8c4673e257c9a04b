import fc from "fast-check";
import { expect, test } from "vitest";
import { cityDate, localYearBefore, periodBounds, periods, weekday } from "./city-time.ts";

const hour = 3_600_000;
const zones = [
  "UTC",
  "Europe/Berlin",
  "America/Los_Angeles",
  "Asia/Kathmandu",
  "Asia/Shanghai",
  // Half an hour of summer time.
  "Australia/Lord_Howe",
  // Changes at midnight.
  "America/Sao_Paulo",
  "America/Havana",
  // One minute past midnight, back over the date.
  "America/St_Johns",
  // Left out 30 December 2011.
  "Pacific/Apia",
  "Africa/Monrovia",
];

test("a day of a change has 23 or 25 hours, of half an hour one that is longer", () => {
  const hoursOf = (date: string, zone: string): number[] => {
    const noon = Date.parse(`${date}T12:00:00Z`);
    const [from, to] = periodBounds("day", noon, noon + 1, zone);
    const bounds = periodBounds("hour", from!, to!, zone);
    return bounds.slice(1).map((at, i) => (at - bounds[i]!) / hour);
  };
  expect(hoursOf("2026-03-29", "Europe/Berlin")).toEqual(Array.from({ length: 23 }, () => 1));
  expect(hoursOf("2026-10-25", "Europe/Berlin")).toEqual(Array.from({ length: 25 }, () => 1));
  const lordHowe = hoursOf("2026-04-05", "Australia/Lord_Howe");
  expect([lordHowe.length, Math.max(...lordHowe)]).toEqual([24, 1.5]);
});

test("a date that the zone left out is not there", () => {
  const days = periodBounds(
    "day",
    Date.parse("2011-12-29T12:00:00-10:00"),
    Date.parse("2011-12-31T12:00:00+14:00"),
    "Pacific/Apia",
  );
  expect(days.slice(0, -1).map((at) => cityDate(at, "Pacific/Apia"))).toEqual(["2011-12-29", "2011-12-31"]);
});

test("periods follow each other without a gap, around the stretch, and begin where the calendar says", () => {
  const instant = fc.integer({ min: Date.UTC(1971), max: Date.UTC(2030) });
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(...periods),
      instant,
      fc.integer({ min: 1, max: 40 * 24 * hour }),
      (zone, period, fromAt, length) => {
        const bounds = periodBounds(period, fromAt, fromAt + length, zone);
        expect(bounds[0]!).toBeLessThanOrEqual(fromAt);
        expect(bounds[1]!).toBeGreaterThan(fromAt);
        expect(bounds.at(-1)!).toBeGreaterThanOrEqual(fromAt + length);
        expect(bounds.at(-2)!).toBeLessThan(fromAt + length);
        bounds.slice(1).forEach((at, i) => expect(at).toBeGreaterThan(bounds[i]!));
        for (const at of bounds) {
          if (period === "hour") continue;
          // It is another date than a moment ago, unless the clock had been there before and was set back.
          expect(cityDate(at, zone) >= cityDate(at - 1, zone)).toBe(true);
          if (period === "week") expect(weekday(at, zone)).toBe(1);
          if (period === "month") expect(cityDate(at, zone)).toMatch(/-01$/);
        }
      },
    ),
  );
});

test("the same local time a year before, across the change of the clock", () => {
  const at = Date.parse("2026-03-29T12:00:00+02:00");
  expect(localYearBefore(at, "Europe/Berlin")).toBe(Date.parse("2025-03-29T12:00:00+01:00"));
  const leap = Date.parse("2028-02-29T00:00:00Z");
  expect(localYearBefore(leap, "UTC")).toBe(Date.parse("2027-02-28T00:00:00Z"));
});
