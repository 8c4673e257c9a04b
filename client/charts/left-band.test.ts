import { expect, it } from "vitest";
import type { ExpectedPoint } from "../../shared/outlook.ts";
import type { SeriesPoint } from "../../shared/series.ts";
import { leftBand, strongest } from "./left-band.ts";

const hour = 3_600_000;
const quarter = hour / 4;

/** Usual is 10 to 20 at every hour. */
function band(values: readonly (number | null)[]): ExpectedPoint[] {
  return values.map((value, i) => ({
    at: i * hour,
    value,
    low: 10,
    median: 15,
    high: 20,
    samples: 8,
    outside: value === null ? null : value > 20 ? "above" : value < 10 ? "below" : null,
  }));
}

function line(values: readonly (number | null)[], ms: number): SeriesPoint[] {
  return values.map((value, i) => ({
    at: i * ms,
    value,
    min: value,
    max: value,
    state: value === null ? "none" : "fresh",
    reason: value === null ? "no-data" : null,
  }));
}

const left = (hours: readonly (number | null)[], now = 100 * hour) =>
  leftBand(band(hours), line(hours, hour), hour, hours.length * hour, now);

it("makes one excursion of hours that follow each other, and says how far it went", () => {
  const { excursions, judged, outside, byChance } = left([15, 24, 30, 22, 15]);
  expect(excursions).toEqual([
    {
      side: "above",
      fromAt: hour,
      toAt: 4 * hour,
      peak: { at: 2.5 * hour, value: 30 },
      low: 10,
      median: 15,
      high: 20,
      excess: 1,
    },
  ]);
  expect([judged, outside]).toEqual([5, 3]);
  // Of eight past values the least and the greatest are the band.
  expect(byChance).toBeCloseTo((5 * 2) / 9);
});

it("ends at a gap, at the other side, and does not judge an hour that runs", () => {
  expect(left([25, null, 25, 5]).excursions.map(({ side, fromAt }) => [side, fromAt / hour])).toEqual([
    ["above", 0],
    ["above", 2],
    ["below", 3],
  ]);
  expect(left([15, 25], 1.5 * hour)).toMatchObject({ excursions: [], judged: 1 });
});

it("begins and ends with the drawn minutes that are outside, and peaks where they do", () => {
  const quarters = [15, 15, 15, 22, 30, 40, 26, 19, 15, 15, 15, 15];
  const hours = [16.75, 28.75, 15];
  const { excursions } = leftBand(band(hours), line(quarters, quarter), quarter, 3 * hour, 100 * hour);
  expect(excursions).toMatchObject([
    { fromAt: 4 * quarter, toAt: 7 * quarter, peak: { at: 5.5 * quarter, value: 40 } },
  ]);
});

it("keeps the hour where the drawn minutes are gaps", () => {
  const { excursions } = leftBand(band([25]), line([null, null], quarter), quarter, hour, 100 * hour);
  expect(excursions).toMatchObject([{ fromAt: 0, toAt: hour, peak: { at: hour / 2, value: 25 } }]);
});

it("takes the strongest by their excess, in the order of time", () => {
  const { excursions } = left([21, 15, 40, 15, 2, 15, 30]);
  expect(strongest(excursions, 2).map(({ peak }) => peak.value)).toEqual([40, 30]);
});
