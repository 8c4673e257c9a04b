import { Hono } from "hono";
import { expect, test } from "vitest";
import { zoneOffsetMs } from "../../shared/city-time.ts";
import type { IndicatorDefinition } from "../../shared/city.ts";
import type { ExpectedAnswer, ForecastAnswer } from "../../shared/outlook.ts";
import type { PointColumns, PointsQuery } from "../history/history.ts";
import { serveOutlook, type OutlookContext } from "./outlook.ts";

const hourMs = 3_600_000;
const zone = "Europe/Berlin";
/** A Friday in winter time, two weeks after the clocks went back would be too easy: the change lies in the weeks before. */
const now = Date.parse("2026-11-06T10:20:00Z");
const delay = { id: "transport.delay", unit: "count" } as IndicatorDefinition;

function app(valueAt: (at: number) => number, more: Partial<OutlookContext> = {}): Hono {
  const hono = new Hono();
  const points = async ({ series, edges }: PointsQuery): Promise<readonly PointColumns[]> =>
    series.map((id) => {
      const starts = edges.subarray(0, -1);
      const mean = starts.map(valueAt);
      const fill = new Float64Array(starts.length);
      return {
        series: id,
        mean,
        min: mean,
        max: mean,
        freshSeconds: fill,
        code: new Uint8Array(starts.length),
      };
    });
  serveOutlook(hono, () => ({
    indicators: [delay],
    zone,
    holidays: new Set(),
    now,
    past: { points },
    ...more,
  }));
  return hono;
}

const localHour = (at: number) => new Date(at + zoneOffsetMs(at, zone)).getUTCHours();
const askAll = async <T>(hono: Hono, path: string) => (await (await hono.request(path)).json()) as T[];
const ask = async <T>(hono: Hono, path: string) => (await askAll<T>(hono, path))[0]!;

test("what is usual follows the city's clock across a change of it", async () => {
  const week = (at: number) => Math.floor((at - Date.parse("2026-01-05T00:00:00Z")) / (7 * 24 * hourMs)) % 5;
  const city = app((at) => 100 * localHour(at) + week(at));
  const { points, weeks } = await ask<ExpectedAnswer>(
    city,
    "/api/v1/expected?indicator=transport.delay&from=2026-11-02&to=2026-11-03",
  );
  expect(weeks).toBe(8);
  expect(points).toHaveLength(24);
  points.forEach(({ median, low, high, samples }, hour) => {
    expect(samples).toBe(8);
    expect(Math.floor(median! / 100)).toBe(hour);
    expect(high! - low!).toBeGreaterThan(1);
    expect(high! - low!).toBeLessThan(5);
  });
});

test("what left the band is marked, and what is unknown is not", async () => {
  const odd = Date.parse("2026-11-05T12:00:00Z");
  const gap = Date.parse("2026-11-05T13:00:00Z");
  const city = app((at) => (at === odd ? 99 : at === gap ? Number.NaN : 7));
  const { points } = await ask<ExpectedAnswer>(
    city,
    "/api/v1/expected?indicator=transport.delay&from=2026-11-05T11:30:00Z&to=2026-11-05T14:00:00Z",
  );
  expect(points.map(({ value, outside }) => [value, outside])).toEqual([
    [7, null],
    [99, "above"],
    [null, null],
  ]);
});

test("what is usual is told as it was known then", async () => {
  const asked: (number | null)[] = [];
  const points: OutlookContext["past"]["points"] = async ({ asOf }) => {
    asked.push(asOf);
    return [];
  };
  const city = app(() => 1, { past: { points } });
  await city.request("/api/v1/expected?indicator=transport.delay&asOf=2026-11-05T12:00:00Z");
  await city.request("/api/v1/expected?indicator=transport.delay");
  expect(asked).toEqual([Date.parse("2026-11-05T12:00:00Z"), null]);
});

test("several series are answered by one look into the history, each with its own", async () => {
  let looks = 0;
  const points: OutlookContext["past"]["points"] = async ({ series, edges }) => {
    looks++;
    const column = (value: number) => new Float64Array(edges.length - 1).fill(value);
    // In an order of the history's own, and one that it has nothing of.
    return series
      .filter((id) => !id.includes("nothing"))
      .toReversed()
      .map((id) => ({
        series: id,
        mean: column(id === "transport.delay" ? 3 : 8),
        min: column(3),
        max: column(8),
        freshSeconds: column(0),
        code: new Uint8Array(edges.length - 1),
      }));
  };
  const city = app(() => 1, { past: { points } });
  const asked = "indicator=transport.delay,transport.delay{line:4},transport.delay{line:nothing}";
  const usual = await askAll<ExpectedAnswer>(city, `/api/v1/expected?${asked}`);
  expect(usual.map(({ id, points: [first] }) => [id, first!.median])).toEqual([
    ["transport.delay", 3],
    ["transport.delay{line:4}", 8],
    ["transport.delay{line:nothing}", null],
  ]);
  const coming = await askAll<ForecastAnswer>(city, `/api/v1/forecast?${asked}`);
  expect(coming.map(({ id, points: [first] }) => [id, first!.value])).toEqual([
    ["transport.delay", 3],
    ["transport.delay{line:4}", 8],
  ]);
  expect(looks).toBe(2);
});

test("a holiday is compared with Sundays", async () => {
  const city = app((at) => (new Date(at + zoneOffsetMs(at, zone)).getUTCDay() === 0 ? 1 : 50), {
    holidays: new Set(["2026-11-04"]),
  });
  const { points } = await ask<ExpectedAnswer>(
    city,
    "/api/v1/expected?indicator=transport.delay&bucket=day&from=2026-11-04&to=2026-11-05",
  );
  expect(points).toMatchObject([{ value: 50, median: 1, outside: "above" }]);
});

test("a forecast begins where what is known ends, in whole hours of the city", async () => {
  const city = app((at) => 100 + localHour(at));
  const answer = await ask<ForecastAnswer>(city, "/api/v1/forecast?indicator=transport.delay&ahead=30");
  expect(answer.knownTo).toBe(Date.parse("2026-11-06T10:00:00Z"));
  expect(answer.points).toHaveLength(30);
  expect(answer.points[0]!.at).toBe(answer.knownTo);
  for (const { at, value } of answer.points) expect(value).toBeCloseTo(100 + localHour(at), 0);
  expect(answer.backTest.meanAbsoluteError).toBeLessThan(0.5);
});

test("days ahead are the city's days", async () => {
  const weekdayOf = (at: number) => new Date(at + zoneOffsetMs(at, zone)).getUTCDay();
  const city = app((at) => 10 * weekdayOf(at));
  const answer = await ask<ForecastAnswer>(city, "/api/v1/forecast?indicator=transport.delay&bucket=day");
  expect(answer.points).toHaveLength(14);
  for (const { at, value } of answer.points) {
    expect(localHour(at)).toBe(0);
    expect(value).toBeCloseTo(10 * weekdayOf(at), 0);
  }
});

test("nothing is foretold of what has hardly been seen", async () => {
  const city = app((at) => (at > now - 50 * hourMs ? 5 : Number.NaN));
  const answer = await city.request("/api/v1/forecast?indicator=transport.delay");
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ type: "urn:citydeck:problem:too-little-known" });
});

test.each([
  ["expected?indicator=transport.none", "indicator"],
  ["expected", "indicator"],
  [
    `expected?indicator=${Array.from({ length: 25 }, (_, n) => `transport.delay{line:${n}}`).join(",")}`,
    "indicator",
  ],
  ["expected?indicator=transport.delay&bucket=week", "bucket"],
  ["expected?indicator=transport.delay&from=2026-11-05&to=2026-11-04", "from"],
  ["expected?indicator=transport.delay&from=1971-01-01", "from"],
  ["expected?indicator=transport.delay&from=yesterday", "from"],
  ["expected?indicator=transport.delay&weeks=2", "weeks"],
  ["expected?indicator=transport.delay&asOf=2026-11-07", "asOf"],
  ["forecast?indicator=transport.delay&ahead=1e9", "ahead"],
  ["forecast?indicator=transport.delay&bucket=day&ahead=61", "ahead"],
  ["forecast?indicator=transport.delay&horizon=5", "horizon"],
])("%s is refused, and the field is named", async (path, parameter) => {
  const answer = await app(() => 1).request(`/api/v1/${path}`);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ type: `urn:citydeck:problem:parameter:${parameter}` });
});
