import fc from "fast-check";
import { expect, test } from "vitest";
import { Validities, validityAt } from "./valid-times.ts";

const at = (time: string) => Date.parse(time);
const weekdays = [1, 2, 3, 4, 5];
const zone = "Europe/Berlin";

test("hours of working days, by the city's clock", () => {
  const times = [{ weekdays, from: "08:00", to: "18:00" }];
  // 2026-11-27 is a Friday; Berlin is an hour ahead of UTC.
  expect(validityAt(times, at("2026-11-27T06:59:59Z"), zone)).toEqual({
    isValid: false,
    until: at("2026-11-27T07:00:00Z"),
  });
  expect(validityAt(times, at("2026-11-27T07:00:00Z"), zone)).toEqual({
    isValid: true,
    until: at("2026-11-27T17:00:00Z"),
  });
  expect(validityAt(times, at("2026-11-27T17:00:00Z"), zone)).toEqual({
    isValid: false,
    until: at("2026-11-30T07:00:00Z"),
  });
});

test("over midnight, and over the night that has an hour more", () => {
  const times = [{ weekdays: [6], from: "22:00", to: "06:00" }];
  // 2026-10-24 is a Saturday; at 3:00 the clock goes back to 2:00.
  expect(validityAt(times, at("2026-10-25T04:59:59Z"), zone)).toEqual({
    isValid: true,
    until: at("2026-10-25T05:00:00Z"),
  });
  expect(validityAt(times, at("2026-10-24T19:59:59Z"), zone).isValid).toBe(false);
});

test("without any, always", () => {
  expect(validityAt([], 0, zone)).toEqual({ isValid: true, until: Number.POSITIVE_INFINITY });
});

test("asked in any order, the answers are the same", () => {
  const times = [
    { weekdays, from: "08:00", to: "18:00" },
    { weekdays: [5, 6], from: "22:00", to: "06:00" },
  ];
  const instant = fc.integer({ min: at("2026-10-20T00:00:00Z"), max: at("2026-11-03T00:00:00Z") });
  fc.assert(
    fc.property(fc.array(instant, { maxLength: 30 }), (instants) => {
      const validities = new Validities(times, zone);
      for (const one of instants) expect(validities.isValid(one)).toBe(validityAt(times, one, zone).isValid);
    }),
    { numRuns: 30 },
  );
});
