import { expect, test } from "vitest";
import { isNight } from "./sun.ts";

const merrowBay = [-12.16, 43.9, -11.84, 44.1] as const;
const shanghai = [121.3, 31.1, 121.6, 31.4] as const;

test.each([
  ["2026-12-02T12:00:00Z", merrowBay, false],
  ["2026-12-02T17:20:00Z", merrowBay, false],
  ["2026-12-02T19:00:00Z", merrowBay, true],
  ["2026-06-21T20:30:00Z", merrowBay, false],
  ["2026-06-21T12:30:00Z", shanghai, true],
  ["2026-06-21T23:30:00Z", shanghai, false],
] as const)("at %s over %j it is night: %s", (at, bounds, night) => {
  expect(isNight(Date.parse(at), bounds)).toBe(night);
});
