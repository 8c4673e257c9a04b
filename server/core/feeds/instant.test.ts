import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRfc3339, readPlainInstant, readPlainLocal } from "./instant.ts";

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

test("a plain local time is the one that it is as if it were UTC", () => {
  fc.assert(
    fc.property(anyTime, fc.constantFrom("T", " "), fc.constantFrom(19, 23), (date, between, length) => {
      const utc = date.toISOString();
      const local = readPlainLocal(utc.replace("T", between).slice(0, length), length);
      expect([Date.parse(`${utc.slice(0, length)}Z`), null]).toContain(local);
    }),
    { seed: 7 },
  );
  expect(readPlainLocal("2010-11-15 01:05:25.727", 23)).toBe(Date.UTC(2010, 10, 15, 1, 5, 25, 727));
});

test("a plain time with another character anywhere is none", () => {
  const text = "2026-01-05T11:58:00.250";
  for (let i = 0; i < text.length; i++) {
    const spoilt = `${text.slice(0, i)}x${text.slice(i + 1)}`;
    expect([spoilt, readPlainLocal(spoilt, 23), readPlainInstant(`${spoilt}+01:00`)]).toEqual([
      spoilt,
      null,
      null,
    ]);
  }
  for (const zone of ["x01:00", "+x1:00", "+0x:00", "+01x00", "+01:x0", "+01:0x"])
    expect(readPlainInstant(text + zone)).toBe(null);
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
