import { expect, test } from "vitest";
import type { FeedDay } from "../history/history.ts";
import { qualityPeriodsOf, readQualityQuery } from "./quality.ts";

const zone = "Europe/Berlin";

function day(feed: string, date: string, freshMinutes: number, minutes = 1440): FeedDay {
  return {
    feed,
    date,
    minutes,
    availableMinutes: minutes,
    freshMinutes,
    onTimeMinutes: freshMinutes,
    judgedMinutes: minutes,
    completenessSum: 90 * minutes,
    heardMinutes: minutes,
    lagSecondsSum: 30 * minutes,
    oldestSeconds: 1440 - freshMinutes,
    errors: 2 * minutes,
    warnings: 0,
    notices: [{ code: "E1", severity: "error", minutes: minutes / 2, entriesSum: 4 * minutes }],
  };
}

const promised = { availablePercent: null, freshPercent: 90, completenessPercent: null };
const feeds = [
  { id: "bikes", supplier: "wheels", promised },
  { id: "docks", supplier: "wheels", promised: { ...promised, freshPercent: null } },
];
// The day of the change has 25 hours.
const days = [
  day("bikes", "2026-10-24", 1440),
  day("bikes", "2026-10-25", 750, 1500),
  day("bikes", "2026-11-01", 1440),
  day("docks", "2026-10-25", 1500, 1500),
  day("gone", "2026-10-25", 0, 1500),
];

test("minutes count, not days; a promise is kept or not, or there is none", () => {
  const months = qualityPeriodsOf(days, { period: "month", by: "feed" }, feeds, zone);
  expect(months.map(({ startsOn, feed, days: count, keeps }) => [startsOn, feed, count, keeps])).toEqual([
    ["2026-10-01", "bikes", 2, false],
    ["2026-10-01", "docks", 1, null],
    ["2026-10-01", "gone", 1, null],
    ["2026-11-01", "bikes", 1, true],
  ]);
  expect(months[0]).toMatchObject({
    supplier: "wheels",
    minutes: 2940,
    freshPercent: (100 * 2190) / 2940,
    completenessPercent: 90,
    lagSeconds: 30,
    oldestSeconds: 690,
    errors: 2,
    notices: [{ code: "E1", severity: "error", minutes: 1470, entries: 8 }],
  });
});

test("notices are told by code, the gravest and longest first; unknown is not none", () => {
  const notice = (code: string, severity: "error" | "info", minutes: number, entriesSum: number) => ({
    code,
    severity,
    minutes,
    entriesSum,
  });
  const known = [
    {
      ...day("bikes", "2026-11-02", 1440),
      notices: [notice("I1", "info", 1440, 1440), notice("E1", "error", 10, 30)],
    },
    {
      ...day("bikes", "2026-11-03", 1440),
      notices: [notice("E2", "error", 60, 60), notice("E1", "error", 10, 10)],
    },
    { ...day("docks", "2026-11-03", 1440), notices: [notice("E1", "error", 100, 440)] },
    { ...day("docks", "2026-12-03", 1440), notices: null },
  ];
  const told = qualityPeriodsOf(known, { period: "month", by: "supplier" }, feeds, zone);
  expect(told.map(({ startsOn, notices }) => [startsOn, notices])).toEqual([
    [
      "2026-11-01",
      [
        { code: "E1", severity: "error", minutes: 120, entries: 4 },
        { code: "E2", severity: "error", minutes: 60, entries: 1 },
        { code: "I1", severity: "info", minutes: 1440, entries: 1 },
      ],
    ],
    ["2026-12-01", null],
  ]);
});

test("weeks begin on Monday; a supplier's feeds are added up", () => {
  const weeks = qualityPeriodsOf(days, { period: "week", by: "supplier" }, feeds, zone);
  expect(weeks.map(({ startsOn, feed, supplier, minutes }) => [startsOn, feed, supplier, minutes])).toEqual([
    ["2026-10-19", null, "wheels", 4440],
    ["2026-10-19", null, null, 1500],
    ["2026-10-26", null, "wheels", 1440],
  ]);
});

test.each([
  ["period", { period: "hour" }],
  ["by", { by: "department" }],
  ["from", { from: "2020-01-01" }],
  ["form", { form: "2020-01-01" }],
])("what cannot be used names %s", (parameter, query) => {
  const read = readQualityQuery(query, Date.UTC(2026, 10, 2), zone);
  expect(read).toMatchObject({ ok: false, failure: { parameter } });
});
