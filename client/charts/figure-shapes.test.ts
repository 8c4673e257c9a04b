import fc from "fast-check";
import { expect, it } from "vitest";
import { cityDate, weekday, zoneOffsetMs } from "../../shared/city-time.ts";
import type { SeriesPoint } from "../../shared/series.ts";
import { ranksOf } from "./rank-shape.ts";
import { bestLag, relate } from "./relation-shape.ts";
import { extremesOf, gapsOf, meanOf, recordedPart, sharesOf } from "./series-shape.ts";
import { boxOf, calendarOf, weekdayBoxes, weekOf } from "./week-shape.ts";

const hour = 3_600_000;
const zone = "Europe/Berlin";

function point(at: number, value: number | null, reason: SeriesPoint["reason"] = null): SeriesPoint {
  const state = reason === null ? (value === null ? "none" : "fresh") : value === null ? "missing" : "stale";
  return {
    at,
    value,
    min: value,
    max: value,
    state,
    reason: value === null ? (reason ?? "no-data") : reason,
  };
}

const startAt = Date.parse("2026-10-20T00:00Z");
const values = fc.array(fc.option(fc.integer({ min: -50, max: 50 })), { maxLength: 400 });
const byHour = (list: readonly (number | null)[]): SeriesPoint[] =>
  list.map((value, i) => point(startAt + i * hour, value));

it("joins neighbouring gaps of one reason, and leaves out what has not happened", () => {
  const points = [
    point(0, 1),
    point(1, null, "not-recorded"),
    point(2, null, "not-recorded"),
    point(3, 5, "stale"),
    point(4, 2),
    point(5, null, "future"),
  ];
  expect(gapsOf(points, 6)).toEqual([
    { fromAt: 1, toAt: 3, reason: "not-recorded" },
    { fromAt: 3, toAt: 4, reason: "stale" },
  ]);
  expect(gapsOf([point(0, null)], 9)).toEqual([{ fromAt: 0, toAt: 9, reason: "no-data" }]);
});

it("keeps the extremes of every bucket and takes stale values for none", () => {
  const points = [{ ...point(0, 5), min: -2, max: 9 }, point(1, 100, "stale"), point(2, 3)];
  expect(extremesOf(points)).toEqual({ low: -2, high: 9 });
  expect(meanOf(points)).toBe(4);
  expect([extremesOf([]), meanOf([point(0, 100, "stale")])]).toEqual([null, null]);
});

it("finds the part of a stretch that was recorded, when that is the lesser part", () => {
  const missing = (at: number): SeriesPoint => ({ ...point(at, null, "not-recorded"), state: "missing" });
  const seldom = [
    missing(0),
    missing(1),
    missing(2),
    point(3, 7),
    point(4, null),
    missing(5),
    missing(6),
    missing(7),
  ];
  expect(recordedPart([seldom], 8)).toEqual({ fromAt: 3, toAt: 5 });
  expect(recordedPart([seldom, [point(0, 1)]], 8)).toBeNull();
  expect(recordedPart([[missing(0), missing(1)], []], 2)).toBeNull();
  expect(recordedPart([[missing(0), missing(1), point(2, 1)]], 3)).toEqual({ fromAt: 2, toAt: 3 });
});

it("shares add up to the whole or are unknown", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.option(fc.nat(9)), { minLength: 5, maxLength: 5 }), { maxLength: 5 }),
      (all) => {
        const shares = sharesOf(all.map(byHour));
        for (let i = 0; all.length > 0 && i < 5; i++) {
          const [raw, shown] = [all.map((one) => one[i]), shares.map((one) => one[i])];
          const isKnown = !raw.includes(null) && raw.some((value) => value !== 0);
          if (isKnown) expect(shown.reduce((sum, one) => sum! + one!, 0)).toBeCloseTo(100);
          else expect(shown.every((one) => one === null)).toBe(true);
        }
      },
    ),
  );
});

it("means every hour of the week as a recount does, over a clock change", () => {
  fc.assert(
    fc.property(values, (list) => {
      const points = byHour(list);
      const week = weekOf(points, zone);
      for (let day = 1; day <= 7; day++)
        for (let h = 0; h < 24; h++) {
          const there = points.filter(
            ({ at, state }) =>
              state === "fresh" &&
              weekday(at, zone) === day &&
              new Date(at + zoneOffsetMs(at, zone)).getUTCHours() === h,
          );
          const { mean, count } = week[day - 1]![h]!;
          expect(count).toBe(there.length);
          if (count === 0) expect(mean).toBeNull();
          else expect(mean).toBeCloseTo(there.reduce((sum, one) => sum + one.value!, 0) / count);
        }
    }),
    { numRuns: 8 },
  );
});

it("lays days out as a calendar does", () => {
  const days = calendarOf(
    [0, 1, 2, 3, 4, 5, 6].map((i) => point(Date.parse(`2026-10-${23 + i}T12:00Z`), i)),
    zone,
  );
  expect(days.map(({ date, weekday: day, week }) => [date, day, week])).toEqual([
    ["2026-10-23", 5, 0],
    ["2026-10-24", 6, 0],
    ["2026-10-25", 7, 0],
    ["2026-10-26", 1, 1],
    ["2026-10-27", 2, 1],
    ["2026-10-28", 3, 1],
    ["2026-10-29", 4, 1],
  ]);
  expect(days.every(({ at, date }) => cityDate(at, zone) === date)).toBe(true);
});

it("boxes values by quartile", () => {
  expect(boxOf([4, 1, 3, 2])).toEqual({
    low: 1,
    quarter: 1.75,
    median: 2.5,
    threeQuarters: 3.25,
    high: 4,
    count: 4,
  });
  expect(boxOf([])).toBeNull();
  fc.assert(
    fc.property(values, (list) => {
      const boxes = weekdayBoxes(byHour(list), zone);
      const known = list.filter((value) => value !== null);
      expect(boxes.reduce((sum, box) => sum + (box?.count ?? 0), 0)).toBe(known.length);
      expect(Math.max(...boxes.map((box) => box?.high ?? -Infinity))).toBe(Math.max(...known, -Infinity));
    }),
    { numRuns: 20 },
  );
});

it("finds how far one figure follows the other", () => {
  const wave = Array.from({ length: 120 }, (_, i) => Math.sin(i / 5) * 10 + (i % 7));
  const late = wave.map((_, i) => (i < 6 ? 0 : wave[i - 6]! * 3 + 2));
  expect(bestLag(byHour(wave), byHour(late), 24)?.lag).toBe(6);
  const { correlation, line, pairs } = relate(byHour(wave), byHour(late), 6);
  expect(pairs).toHaveLength(114);
  expect(correlation).toBeCloseTo(1);
  expect([line!.slope, line!.intercept].map((one) => Number(one.toFixed(6)))).toEqual([3, 2]);
});

it("has no correlation where a figure does not vary or hardly anything is known", () => {
  expect(relate(byHour([1, 2, 3]), byHour([0.1, 0.1, 0.1]), 0).correlation).toBeNull();
  expect(relate(byHour([1, 2]), byHour([1, 2]), 0).correlation).toBeNull();
  expect(bestLag([], [], 5)).toBeNull();
  fc.assert(
    fc.property(values, values, (a, b) => {
      const { correlation } = relate(byHour(a), byHour(b), 0);
      if (correlation !== null) expect(Math.abs(correlation)).toBeLessThanOrEqual(1);
    }),
  );
});

it("places groups as counting who is ahead does", () => {
  const groups = fc.array(fc.array(fc.option(fc.nat(5)), { minLength: 4, maxLength: 4 }), { maxLength: 6 });
  fc.assert(
    fc.property(groups, fc.boolean(), (all, isLowFirst) => {
      const ranks = ranksOf(all.map(byHour), isLowFirst);
      all.forEach((one, group) =>
        one.forEach((value, i) => {
          const ahead = all.filter((other) => {
            const theirs = other[i]!;
            return theirs !== null && value !== null && (isLowFirst ? theirs < value : theirs > value);
          });
          expect(ranks[group]![i]).toBe(value === null ? null : ahead.length + 1);
        }),
      );
    }),
  );
});
