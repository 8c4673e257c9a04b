import fc from "fast-check";
import { expect, test } from "vitest";
import { cityDate, localToInstant, periods, weekday } from "../../shared/city-time.ts";
import { comparisons, type Bucket } from "../../shared/series.ts";
import { bucketCount, bucketEdges, comparedEdges, fittingBucket } from "./buckets.ts";

const minute = 60_000;
const day = 1440 * minute;
const zones = [
  "UTC",
  "Europe/Berlin",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "America/St_Johns",
  "Pacific/Apia",
];

test("auto is the finest that fits", () => {
  const at = Date.UTC(2026, 5, 1);
  const fitting = (days: number, points = 700) => fittingBucket(at - days * day, at, points);
  expect([fitting(0.1), fitting(1), fitting(7), fitting(90), fitting(365), fitting(3650)]).toEqual([
    60,
    300,
    900,
    21_600,
    "day",
    "week",
  ]);
  expect(fittingBucket(0, at, 10)).toBe("month");
});

const stretch = fc.record({
  zone: fc.constantFrom(...zones),
  bucket: fc.oneof(
    fc.constantFrom<Bucket>(...periods),
    fc.integer({ min: 1, max: 1440 }).map((minutes) => minutes * 60),
  ),
  fromAt: fc.integer({ min: Date.UTC(1990), max: Date.UTC(2030) }),
  length: fc.integer({ min: 1, max: 4 * day }),
});

test("buckets are whole minutes without a gap around the stretch, no more than were counted", () => {
  fc.assert(
    fc.property(stretch, ({ zone, bucket, fromAt, length }) => {
      const edges = bucketEdges(bucket, fromAt, fromAt + length, zone);
      expect(edges[0]!).toBeLessThanOrEqual(fromAt);
      expect(edges.at(-1)!).toBeGreaterThanOrEqual(fromAt + length);
      expect(edges.length - 1).toBeLessThanOrEqual(bucketCount(bucket, fromAt, fromAt + length) + 1);
      edges.forEach((at, i) => {
        expect(at % minute).toBe(0);
        if (i > 0) expect(at).toBeGreaterThan(edges[i - 1]!);
      });
    }),
  );
});

test("what is compared has a bucket for each bucket and never goes back", () => {
  fc.assert(
    fc.property(stretch, fc.constantFrom(...comparisons), ({ zone, bucket, fromAt, length }, comparison) => {
      const edges = bucketEdges(bucket, fromAt, fromAt + length, zone);
      const compared = comparedEdges(comparison, bucket, edges, zone);
      expect(compared.length).toBe(edges.length);
      if (comparison === "previous") expect(compared.at(-1)).toBe(edges[0]);
      compared.forEach((at, i) => {
        expect(at % minute).toBe(0);
        expect(at).toBeLessThan(edges[i]!);
        if (i > 0) expect(at).toBeGreaterThanOrEqual(compared[i - 1]!);
      });
    }),
  );
});

test("days are compared with days of the calendar, weeks with weeks", () => {
  const zone = "Europe/Berlin";
  const midnight = (year: number, month: number, day: number) =>
    localToInstant({ year, month, day, hour: 0, minute: 0, second: 0 }, zone);
  const days = bucketEdges("day", midnight(2026, 3, 29), midnight(2026, 3, 31), zone);
  const dates = (edges: Float64Array) => Array.from(edges, (at) => cityDate(at, zone));
  expect(dates(comparedEdges("week", "day", days, zone))).toEqual(["2026-03-22", "2026-03-23", "2026-03-24"]);
  expect(dates(comparedEdges("year", "day", days, zone))).toEqual(["2025-03-29", "2025-03-30", "2025-03-31"]);
  expect(dates(comparedEdges("previous", "day", days, zone))).toEqual([
    "2026-03-27",
    "2026-03-28",
    "2026-03-29",
  ]);
  const weeks = bucketEdges("week", midnight(2026, 3, 25), midnight(2026, 3, 26), zone);
  expect(Array.from(comparedEdges("year", "week", weeks, zone), (at) => weekday(at, zone))).toEqual([1, 1]);
  const months = bucketEdges("month", midnight(2026, 3, 2), midnight(2026, 4, 2), zone);
  expect(dates(comparedEdges("previous", "month", months, zone))).toEqual([
    "2026-01-01",
    "2026-02-01",
    "2026-03-01",
  ]);
});
