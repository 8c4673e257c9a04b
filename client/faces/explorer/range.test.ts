import { expect, it } from "vitest";
import { isMoving, parseRange, shifted, stretchOf, wholeMinutes, zoomed } from "./range.ts";

const zone = "Europe/Berlin";
const now = Date.parse("2026-11-27T10:30:20Z");
const stretch = (text: string, at = now): string[] => {
  const { fromAt, toAt } = stretchOf(parseRange(text)!, zone, at);
  return [fromAt, toAt].map((one) => new Date(one).toISOString().slice(0, 16));
};

it("follows the city's calendar", () => {
  expect(stretch("last-24-hour")).toEqual(["2026-11-26T10:30", "2026-11-27T10:30"]);
  expect(stretch("this-week")).toEqual(["2026-11-22T23:00", "2026-11-27T10:30"]);
  expect(stretch("last-month")).toEqual(["2026-09-30T22:00", "2026-10-31T23:00"]);
  expect(stretch("yesterday")).toEqual(["2026-11-25T23:00", "2026-11-26T23:00"]);
  expect(stretch("2026-11-01..2026-11-02")).toEqual(["2026-10-31T23:00", "2026-11-02T23:00"]);
});

it("is right on the days that a clock change makes longer and shorter", () => {
  expect(stretch("2026-10-25..2026-10-25")).toEqual(["2026-10-24T22:00", "2026-10-25T23:00"]);
  expect(stretch("2026-03-29..2026-03-29")).toEqual(["2026-03-28T23:00", "2026-03-29T22:00"]);
  // The same time of the clock, 25 hours before.
  expect(stretch("last-1-day", Date.parse("2026-10-25T12:00Z"))[0]).toBe("2026-10-24T11:00");
});

it("is no range when it is reversed, empty or of days that there are not", () => {
  for (const text of [
    "2026-11-02..2026-11-01",
    "2026-02-30..2026-03-01",
    "2026-11-01T00:00Z..2026-11-01T00:00Z",
    "last-0-day",
    "last-1-fortnight",
    "2026-11-01",
    "a..b..c",
    "",
  ])
    expect(parseRange(text), text).toBeNull();
});

it("moves and zooms by whole minutes and not beyond now", () => {
  const day = { fromAt: Date.parse("2026-11-20T00:00Z"), toAt: Date.parse("2026-11-21T00:00Z") };
  expect(shifted(day, -1, now)).toEqual({ kind: "instants", fromAt: day.fromAt - 864e5, toAt: day.fromAt });
  const newest = stretchOf(parseRange("last-24-hour")!, zone, now);
  const later = shifted(newest, 1, now);
  expect(later.kind === "instants" && later.toAt).toBe(Date.parse("2026-11-27T10:31Z"));
  expect(zoomed(day, 0.5, now)).toEqual({
    kind: "instants",
    fromAt: Date.parse("2026-11-20T06:00Z"),
    toAt: Date.parse("2026-11-20T18:00Z"),
  });
  expect(wholeMinutes(59_999, 60_001)).toEqual({ kind: "instants", fromAt: 0, toAt: 120_000 });
});

it("knows which ranges end now", () => {
  expect(
    ["last-1-day", "today", "last-week", "2026-11-01..2026-11-02"].map((one) => isMoving(parseRange(one)!)),
  ).toEqual([true, true, false, false]);
});
