/** The explorer beside measured lines: what is usual, what left it, and what is to come. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ExpectedAnswer, ForecastAnswer } from "../../shared/outlook.ts";
import { violations } from "./accessibility.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";
import { bikesId as id, hoursOf, recordBikes } from "./hourly-bikes.ts";

const hour = 3_600_000;
const bikes = `show=${id}&range=last-2-day&bucket=hour`;

let city: BikeCity;

beforeAll(async () => {
  city = await startBikeCity("outlook");
}, 120_000);

afterAll(() => city?.stop());

/** 20 bikes, and 35 in the fifth and sixth hour; 15 to 25 are usual, and 22 to come. */
const bikesIn = (i: number): number => (i === 4 || i === 5 ? 35 : 20);

async function visit(path: string, forecast: object = {}, viewport?: { width: number; height: number }) {
  const page = await city.visit("/?lang=en", viewport);
  await recordBikes(page, bikesIn);
  await page.route("**/api/v1/expected?*", (route) => {
    const points = hoursOf(route.request().url()).map((at, i) => ({
      at,
      value: bikesIn(i),
      low: 15,
      median: 20,
      high: 25,
      samples: 8,
      outside: bikesIn(i) > 25 ? ("above" as const) : null,
    }));
    const answer: ExpectedAnswer = { id, unit: "count", bucket: "hour", weeks: 8, points };
    return route.fulfill({ json: [answer] });
  });
  await page.route("**/api/v1/forecast?*", (route) => {
    const knownTo = Math.floor(Date.now() / hour) * hour;
    const ahead = Number(new URL(route.request().url()).searchParams.get("ahead"));
    const answer: ForecastAnswer = {
      id,
      unit: "count",
      bucket: "hour",
      method: "holt-winters",
      knownTo,
      points: Array.from({ length: ahead }, (_, i) => ({
        at: knownTo + i * hour,
        value: 22,
        low: 18,
        high: 27,
      })),
      backTest: { origins: 28, meanAbsoluteError: 1.5, naiveMeanAbsoluteError: 2.5, insidePercent: 79 },
    };
    return route.fulfill({ json: [answer], ...forecast });
  });
  await page.goto(`${city.url}${path}`);
  await page.getByRole("img", { name: /^Lines: |^折线：/ }).waitFor();
  return page;
}

const query = (page: Page): Promise<string> => page.evaluate(() => location.search);

it("says what left its usual band, in words and in the numbers", async () => {
  const page = await visit(`/explorer?${bikes}&numbers=1&lang=en`);
  await page.getByRole("button", { name: /^Usual range and forecast: / }).click();
  await page.getByRole("checkbox", { name: "The same hour and weekday of the weeks before" }).check();
  await page.keyboard.press("Escape");
  expect(await query(page)).toContain("usual=1");
  const usual = page.getByRole("region", { name: "Outside what is usual" });
  await usual.getByRole("listitem").waitFor();
  expect(await usual.innerText()).toMatch(/2 of 4[78] hours lie outside/);
  expect(await usual.getByRole("listitem").allInnerTexts()).toEqual([
    expect.stringMatching(/\d\d:00–\d\d:00 highest 35, usual 15 to 25 \(\+75\s%\)/),
  ]);
  const numbers = page.getByRole("region", { name: "Numbers of the chart" });
  await numbers.getByRole("button", { name: "Usual from" }).waitFor();
  expect(await numbers.getByRole("cell", { name: "above" }).count()).toBe(2);
  await page.goBack();
  await usual.waitFor({ state: "detached" });
  await page.goForward();
  await usual.getByRole("listitem").waitFor();
}, 60_000);

it("foretells by a named method, and says how far off that was", async () => {
  const page = await visit(`/explorer?${bikes}&numbers=1&lang=en`);
  await page.getByRole("button", { name: /^Usual range and forecast: / }).click();
  await page.getByRole("radio", { name: "next 24 hours" }).check();
  await page.keyboard.press("Escape");
  expect(await query(page)).toContain("ahead=24-hour");
  const forecast = page.getByRole("region", { name: "What is to come" });
  await forecast.getByText("it was off by 1.5 on average").waitFor();
  expect(await forecast.getByRole("link", { name: "Holt–Winters smoothing" }).getAttribute("href")).toMatch(
    /^https:/,
  );
  expect(await forecast.innerText()).toContain("in the test it held 79 %");
  const numbers = page.getByRole("region", { name: "Numbers of the chart" });
  await numbers.getByRole("button", { name: "Begins" }).click();
  await numbers.getByRole("button", { name: "Begins" }).click();
  const newest = numbers.getByRole("row").nth(1);
  expect(await newest.getByRole("rowheader").innerText()).toContain("· forecast");
  expect(await newest.getByRole("cell").allInnerTexts()).toEqual(["—", "—", "—", "22", "18", "27"]);
}, 60_000);

it("says why there is no forecast, and keeps what was measured", async () => {
  const tooLittle = {
    status: 422,
    contentType: "application/problem+json",
    body: '{"type":"urn:citydeck:problem:too-little-known","detail":"…"}',
    json: undefined,
  };
  const unknown = await visit(`/explorer?${bikes}&ahead=24-hour&lang=en`, tooLittle);
  await unknown.getByText("A forecast needs four days by the hour").waitFor();
  const busy = { ...tooLittle, status: 503, body: '{"detail":"the history is busy."}' };
  const refused = await visit(`/explorer?${bikes}&ahead=24-hour&lang=en`, busy);
  await refused.getByRole("alert").filter({ hasText: "the history is busy" }).waitFor();
  const past = await visit(`/explorer?show=${id}&range=2026-01-01..2026-01-02&ahead=24-hour&lang=en`);
  await past.getByText("A forecast follows the present").waitFor();
  await past.getByRole("link", { name: "Bars" }).click();
  await past.getByText("choose one of these charts").waitFor();
}, 60_000);

it.each(["en", "zh"])(
  "has no accessibility fault with bands, wide and on a phone (%s)",
  async (lang) => {
    const path = `/explorer?${bikes}&usual=1&ahead=24-hour&numbers=1&lang=${lang}`;
    for (const viewport of [
      { width: 1366, height: 768 },
      { width: 390, height: 844 },
    ]) {
      const page = await visit(path, {}, viewport);
      await page.getByRole("region", { name: /^(What is to come|未来走势)$/ }).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
    }
  },
  60_000,
);
