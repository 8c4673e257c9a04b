import { expect, it } from "vitest";
import { formatBucket, formatInstant } from "./date-words.ts";

const zone = "America/Los_Angeles";
const hour = 3_600_000;

it("tells the two hours of one name apart when the clock goes back, and no others", () => {
  const midnight = Date.parse("2025-11-02T07:00Z");
  const hours = [0, 1, 2, 3].map((i) => formatBucket(midnight + i * hour, "hour", zone, "en"));
  expect(hours).toEqual([
    "Sun 2 Nov 00:00",
    "Sun 2 Nov 01:00 GMT-7",
    "Sun 2 Nov 01:00 GMT-8",
    "Sun 2 Nov 02:00",
  ]);
  expect(formatInstant(midnight + 2.5 * hour, zone, "zh")).toBe("2025年11月2日 GMT-8 01:30");
});

it("has no second hour on the day when the clock goes forward", () => {
  const midnight = Date.parse("2025-03-09T08:00Z");
  const hours = [1, 2].map((i) => formatBucket(midnight + i * hour, "hour", zone, "en"));
  expect(hours).toEqual(["Sun 9 Mar 01:00", "Sun 9 Mar 03:00"]);
});
