import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRfc3339, readPlainInstant } from "./instant.ts";

const anyTime = fc.date({
  min: new Date("1900-01-02T00:00:00Z"),
  max: new Date("2199-12-30T00:00:00Z"),
  noInvalidDate: true,
});

test("a plain time with any zone is the instant that the platform reads, or left to the slow reading", () => {
  const two = (number: number): string => String(number).padStart(2, "0");
  const zone = fc.oneof(
    fc.constant("Z"),
    fc
      .tuple(fc.constantFrom("+", "-"), fc.nat(23), fc.nat(59))
      .map(([sign, hours, minutes]) => `${sign}${two(hours)}:${two(minutes)}`),
  );
  fc.assert(
    fc.property(anyTime, zone, fc.boolean(), (date, written, isWhole) => {
      const local = date.toISOString().slice(0, isWhole ? 19 : 23);
      const expected = Date.parse(local + written);
      expect(parseRfc3339(local + written)).toBe(expected);
      expect([expected, null]).toContain(readPlainInstant(local + written));
    }),
    { seed: 7 },
  );
  expect(readPlainInstant("2026-01-05T12:58:00.250+01:00")).toBe(Date.UTC(2026, 0, 5, 11, 58, 0, 250));
});

test("what is no such time is none", () => {
  for (const text of [
    "",
    "Z",
    "2026-01-05T11:58:00",
    "2026-13-05T11:58:00Z",
    "2026-02-30T11:58:00Z",
    "2026-01-05T24:58:00Z",
    "2026-01-05T11:58:00+1:000",
    "2026-01-05T11:58:00 01:00",
    "2026-01-05T11:58:00+24:00",
    "2026-01-05T11:5a:00Z",
  ])
    expect([text, readPlainInstant(text), parseRfc3339(text)]).toEqual([text, null, null]);
});
