import { expect, test } from "vitest";
import { forecast, type ForecastInput } from "./forecast.ts";

const slotCount = 24;
const horizon = 24;

/** Numbers between −1 and 1 that look like chance and are the same every time. */
function noise(i: number): number {
  const x = Math.sin(i * 12.9898) * 43_758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

function input(days: number, of: (i: number) => number, more: Partial<ForecastInput> = {}): ForecastInput {
  const length = days * slotCount;
  return {
    values: Float64Array.from({ length }, (_, i) => of(i)),
    slots: Uint16Array.from({ length: length + horizon }, (_, i) => i % slotCount),
    slotCount,
    horizon,
    least: Number.NEGATIVE_INFINITY,
    greatest: Number.POSITIVE_INFINITY,
    ...more,
  };
}

const daily = (i: number) => 50 + 20 * Math.sin((2 * Math.PI * i) / slotCount);

test("what repeats every day is foretold as it comes", () => {
  const foretold = forecast(input(20, daily))!;
  foretold.points.forEach(({ value }, step) => expect(value).toBeCloseTo(daily(20 * slotCount + step), 1));
  expect(foretold.backTest.meanAbsoluteError).toBeLessThan(0.1);
});

test("chance around a rhythm: smoothing beats yesterday, and the band holds what it says", () => {
  const foretold = forecast(input(40, (i) => daily(i) + 5 * noise(i)))!;
  expect(foretold.method).toBe("holt-winters");
  const { meanAbsoluteError, naiveMeanAbsoluteError, insidePercent, origins } = foretold.backTest;
  expect(meanAbsoluteError).toBeLessThan(naiveMeanAbsoluteError);
  expect(insidePercent).toBeGreaterThan(65);
  expect(insidePercent).toBeLessThan(95);
  expect(origins).toBeGreaterThan(10);
  for (const { low, value, high } of foretold.points) {
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  }
});

test("the error it tells is the error it has: forecasts from the past, made by hand, miss by as much", () => {
  const of = (i: number) => daily(i) + 5 * noise(i);
  const days = 40;
  const told = forecast(input(days, of))!.backTest.naiveMeanAbsoluteError;
  const misses: number[] = [];
  for (let day = days / 2; day < days - 1; day++)
    for (let hour = 0; hour < slotCount; hour++) {
      const i = day * slotCount + hour;
      misses.push(Math.abs(of(i) - of(i - slotCount)));
    }
  const byHand = misses.reduce((sum, miss) => sum + miss, 0) / misses.length;
  expect(told / byHand).toBeGreaterThan(0.85);
  expect(told / byHand).toBeLessThan(1.15);
});

test("what the figure can never pass, its forecast does not", () => {
  const foretold = forecast(input(20, (i) => Math.max(0, daily(i) - 60) + noise(i), { least: 0 }))!;
  for (const { low, value } of foretold.points) {
    expect(value).toBeGreaterThanOrEqual(0);
    expect(low).toBeGreaterThanOrEqual(0);
  }
});

test("gaps are passed over, and where most is a gap nothing is foretold", () => {
  const some = forecast(input(20, (i) => (i % 7 === 0 ? Number.NaN : daily(i))))!;
  some.points.forEach(({ value }, step) => expect(value).toBeCloseTo(daily(20 * slotCount + step), 0));
  expect(forecast(input(20, (i) => (i % 3 === 0 ? daily(i) : Number.NaN)))).toBeNull();
});

test("less than four seasons foretell nothing", () => {
  expect(forecast(input(3, daily))).toBeNull();
});

test("a figure that stands still has a forecast without an error", () => {
  const foretold = forecast(input(10, () => 7))!;
  expect(foretold.points.every(({ value, low, high }) => value === 7 && low === 7 && high === 7)).toBe(true);
  expect(foretold.backTest.meanAbsoluteError).toBe(0);
});

test("nothing is foretold so far ahead that it cannot be tested: an error that is not known is none", () => {
  const far = 7 * slotCount;
  const slots = Uint16Array.from({ length: 5 * slotCount + far }, (_, i) => i % slotCount);
  expect(forecast(input(5, daily, { slots, horizon: far }))).toBeNull();
  expect(forecast(input(5, daily))).not.toBeNull();
});
