import { describe, expect, test } from "vitest";
import { comparedPeriod, periodAt } from "./periods.ts";

const lisbon = "Europe/Lisbon";
const iso = ({ fromAt, toAt }: { fromAt: number; toAt: number }) =>
  [fromAt, toAt].map((at) => new Date(at).toISOString().slice(0, 16));

describe("the period of a briefing", () => {
  const at = Date.parse("2026-11-27T06:30:04Z");
  test.each([
    ["the last day that is over", { of: "day", until: "end" }, "2026-11-26T00:00", "2026-11-27T00:00"],
    ["the day so far", { of: "day", until: "now" }, "2026-11-27T00:00", "2026-11-27T06:30"],
    ["the last week, from Monday", { of: "week", until: "end" }, "2026-11-16T00:00", "2026-11-23T00:00"],
    [
      "the last month, in summer time at its start",
      { of: "month", until: "end" },
      "2026-09-30T23:00",
      "2026-11-01T00:00",
    ],
    ["the last quarter", { of: "quarter", until: "end" }, "2026-06-30T23:00", "2026-09-30T23:00"],
    ["a shift", { of: "shift", hours: 8 }, "2026-11-26T22:30", "2026-11-27T06:30"],
  ] as const)("%s", (_, defined, from, to) => {
    expect(iso(periodAt(defined, at, lisbon))).toEqual([from, to]);
  });

  test("an incident goes from its alarm to now", () => {
    const since = Date.parse("2026-11-26T16:42:30Z");
    expect(iso(periodAt({ of: "incident", rules: [] }, at, lisbon, since))).toEqual([
      "2026-11-26T16:40",
      "2026-11-27T06:30",
    ]);
  });

  test("at midnight there is nothing of the day so far, and the day before is told", () => {
    const midnight = Date.parse("2026-11-27T00:00:10Z");
    expect(iso(periodAt({ of: "day", until: "now" }, midnight, lisbon))).toEqual([
      "2026-11-26T00:00",
      "2026-11-27T00:00",
    ]);
  });

  test("the day on which the clock goes back has 25 hours", () => {
    const { fromAt, toAt } = periodAt({ of: "day", until: "end" }, Date.parse("2026-10-26T06:30Z"), lisbon);
    expect((toAt - fromAt) / 3_600_000).toBe(25);
  });
});

describe("what it is compared with", () => {
  const day = periodAt({ of: "day", until: "end" }, Date.parse("2026-11-27T06:30Z"), lisbon);
  const running = periodAt({ of: "day", until: "now" }, Date.parse("2026-11-27T20:00Z"), lisbon);
  const month = periodAt({ of: "month", until: "end" }, Date.parse("2026-11-27T20:00Z"), lisbon);
  test.each([
    ["a week before", day, "week", "2026-11-19T00:00", "2026-11-20T00:00"],
    ["the day before", day, "previous", "2026-11-25T00:00", "2026-11-26T00:00"],
    ["as much of the day a week before", running, "week", "2026-11-20T00:00", "2026-11-20T20:00"],
    ["as much of the day before", running, "previous", "2026-11-26T00:00", "2026-11-26T20:00"],
    ["the whole month before", month, "previous", "2026-08-31T23:00", "2026-09-30T23:00"],
    ["a year before", day, "year", "2025-11-26T00:00", "2025-11-27T00:00"],
  ] as const)("%s", (_, period, comparison, from, to) => {
    expect(iso(comparedPeriod(period, comparison, lisbon))).toEqual([from, to]);
  });
});
