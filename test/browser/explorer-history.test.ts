/** The explorer over a long past: ten years of hours, the days whose clocks change, and ways through time. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seriesItemOf, type SeriesItemInColumns } from "../../shared/series-columns.ts";
import type { SeriesItem } from "../../shared/series.ts";
import { violations } from "./accessibility.ts";
import type { BikeCity } from "./bike-city.ts";
import { layoutFaults } from "./layout.ts";
import { startPastCity } from "./past-city.ts";

const id = "transport.bikes-available";
const hour = 3_600_000;
const firstAt = Date.parse("2016-01-01T08:00Z");
const lastAt = Date.parse("2026-01-01T08:00Z");
/** One hour of ten years. */
const peakAt = Date.parse("2019-05-05T17:00Z");
const peak = 900;

/** So many bikes as hours since the first, modulo a thirteen: no two neighbours are alike. */
const bikesAt = (at: number): number => (at === peakAt ? peak : 40 + (((at - firstAt) / hour) % 13));

let city: BikeCity;

beforeAll(async () => {
  city = await startPastCity("ten-years", [{ series: id, fromAt: firstAt, toAt: lastAt, valueAt: bikesAt }]);
}, 180_000);

afterAll(() => city?.stop());

const tenYears = `/explorer?show=${id}&range=2016-01-01..2025-12-31&lang=en`;
const query = (page: Page): Promise<string> => page.evaluate(() => location.search);
const rangeIn = async (page: Page): Promise<readonly number[]> =>
  (new URLSearchParams(await query(page)).get("range") ?? "").split("..").map((at) => Date.parse(at));

/** The page, and what it was answered about the figure itself. */
async function visit(path: string): Promise<{ page: Page; item: SeriesItem; size: number }> {
  const page = await city.visit("/?lang=en");
  const answer = page.waitForResponse((one) => /api\/v1\/series\?.*from=20/.test(one.url()));
  await page.goto(city.url + path);
  const body = await (await answer).text();
  await page.getByRole("img").first().waitFor();
  const [item] = JSON.parse(body) as [SeriesItemInColumns];
  return { page, item: seriesItemOf(item), size: body.length };
}

async function rowsOf(page: Page): Promise<string[][]> {
  const table = page.getByRole("region", { name: "Numbers of the chart" });
  const rows = await table.getByRole("row").allInnerTexts();
  return rows.slice(1).map((row) => row.split("\t"));
}

const said = (page: Page): Promise<string> => page.locator("p[role=status]:not(:empty)").last().innerText();

describe("ten years", () => {
  it("are as many buckets as the chart has pixels for, and the one hour of the peak is seen", async () => {
    const { page, item, size } = await visit(`${tenYears}&numbers=1`);
    const chart = (await page.getByRole("img", { name: /^Lines: / }).boundingBox())!;
    expect(item.points.length).toBeGreaterThan(chart.width / 6);
    expect(item.points.length).toBeLessThan(chart.width);
    expect(size).toBeLessThan(200_000);
    const week = item.points.find(({ max }) => max === peak)!;
    expect(week.at).toBeLessThanOrEqual(peakAt);
    // The mean of its week is far from it; the area and the axis reach it.
    expect(week.value).toBeLessThan(100);
    await page.getByText("area: least and most seen").waitFor();
    const numbers = await page.locator("svg text").allTextContents();
    expect(numbers).toContain("800");
    await page.getByRole("button", { name: "Most" }).click();
    expect((await rowsOf(page))[0]!.at(-1)).toBe("900");
  }, 60_000);

  it("are cut finer as the wheel goes closer, about the pointer", async () => {
    const { page, item } = await visit(tenYears);
    const chart = (await page.getByRole("img", { name: /^Lines: / }).boundingBox())!;
    await page.mouse.move(chart.x + chart.width / 4, chart.y + chart.height / 2);
    await page.keyboard.down("Control");
    const steps = await page.evaluate(() => history.length);
    await Promise.all(Array.from({ length: 8 }, () => page.mouse.wheel(0, -240)));
    await page.keyboard.up("Control");
    expect(item.bucket).toBe("week");
    await expect
      .poll(async () => (await rangeIn(page))[1]! - (await rangeIn(page))[0]!)
      .toBeLessThan((lastAt - firstAt) / 20);
    const [fromAt, toAt] = await rangeIn(page);
    expect(fromAt).toBeGreaterThan(Date.parse("2017-06-01"));
    expect(toAt).toBeLessThan(Date.parse("2019-01-01"));
    await page.getByText(/^every \d+ hours|^each day|^each hour/).waitFor();
    // A step of the browser's history each time the wheel rests, not each time it turns.
    expect((await page.evaluate(() => history.length)) - steps).toBeLessThan(4);
  }, 60_000);
});

describe("the strip of all that was recorded", () => {
  it("has a window that is drawn, moved and walked", async () => {
    const { page } = await visit(`/explorer?show=${id}&range=2020-01-01..2020-12-31&lang=en`);
    const strip = page.getByRole("group", { name: /^All that was recorded of Bikes available/ });
    const window = strip.getByRole("slider", { name: "Shown stretch" });
    await window.waitFor();
    expect(await window.getAttribute("aria-valuetext")).toBe("1 Jan 2020 00:00");
    const { x, y, width, height } = (await window.boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width * 1.5, y + height / 2, { steps: 3 });
    await page.mouse.up();
    await expect.poll(async () => (await rangeIn(page))[0]).toBeGreaterThan(Date.parse("2020-11-01"));
    const [fromAt, toAt] = await rangeIn(page);
    expect(toAt! - fromAt!).toBe(366 * 24 * hour);
    await strip.getByRole("slider", { name: "Its end" }).focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(async () => (await rangeIn(page))[1]).toBeLessThan(toAt!);
    expect((await rangeIn(page))[0]).toBe(fromAt);
    expect(await violations(page)).toEqual([]);
  }, 60_000);

  it("makes no telephone's page wider with its window at the very end, and cuts no date", async () => {
    const { page } = await visit(`/explorer?show=${id}&range=2025-12-31..2025-12-31&lang=zh`);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("slider").first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    expect(await layoutFaults(page)).toEqual([]);
  }, 60_000);
});

describe("the keyboard", () => {
  it("walks the buckets and says their values, zooms and moves", async () => {
    const { page } = await visit(`/explorer?show=${id}&range=2025-06-01..2025-06-01&bucket=hour&lang=en`);
    await page.getByRole("application").focus();
    await expect
      .poll(() => said(page))
      .toBe(`Sun 1 Jun 23:00. Bikes available: ${bikesAt(Date.parse("2025-06-02T06:00Z"))}`);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await expect
      .poll(() => said(page))
      .toBe(`Sun 1 Jun 01:00. Bikes available: ${bikesAt(Date.parse("2025-06-01T08:00Z"))}`);
    await page.locator(".readout-line").waitFor();
    await page.keyboard.press("+");
    await expect.poll(async () => (await rangeIn(page))[1]! - (await rangeIn(page))[0]!).toBe(12 * hour);
    const [before] = await rangeIn(page);
    await page.keyboard.press("Shift+ArrowRight");
    await expect.poll(async () => (await rangeIn(page))[0]).toBe(before! + 3 * hour);
    // The readout is where it was, although the buckets are others.
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => said(page)).toMatch(/^Sun 1 Jun 0\d:/);
  }, 60_000);

  it("goes up and down a heat map", async () => {
    const { page } = await visit(`/explorer?show=${id}&range=2025-06-02..2025-06-08&chart=week&lang=en`);
    await page.getByRole("application").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    const at = Date.parse("2025-06-03T08:00Z");
    await expect.poll(() => said(page)).toBe(`Tue 01–02. mean of 1 hour: ${bikesAt(at)}`);
  }, 60_000);
});

describe("a comparison", () => {
  it("with the year before has its own numbers", async () => {
    const day = `show=${id}&range=2025-06-01..2025-06-01&bucket=hour&compare=year&numbers=1&lang=en`;
    const { page } = await visit(`/explorer?${day}`);
    await page.getByText("dashed: the year before").waitFor();
    const firsts = (await rowsOf(page)).slice(0, 3);
    const [now, before] = ["2025-06-01T07:00Z", "2024-06-01T07:00Z"].map((at) => Date.parse(at));
    expect(firsts.map((row) => [Number(row[1]), Number(row.at(-1))])).toEqual(
      [0, 1, 2].map((i) => [bikesAt(now! + i * hour), bikesAt(before! + i * hour)]),
    );
  }, 60_000);
});

describe("a day whose clock changes", () => {
  it("has 25 hours when it goes back, the repeated one told apart in table and readout", async () => {
    const day = `/explorer?show=${id}&range=2025-11-02..2025-11-02&bucket=hour&numbers=1&lang=en`;
    const { page, item } = await visit(day);
    expect(item.points).toHaveLength(25);
    const rows = await rowsOf(page);
    expect(rows.slice(0, 4).map(([time]) => time)).toEqual([
      "Sun 2 Nov 00:00",
      "Sun 2 Nov 01:00 GMT-7",
      "Sun 2 Nov 01:00 GMT-8",
      "Sun 2 Nov 02:00",
    ]);
    const startAt = Date.parse("2025-11-02T07:00Z");
    expect(rows.map((row) => Number(row[1]))).toEqual(rows.map((_, i) => bikesAt(startAt + i * hour)));
    await page.getByRole("application").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const second = bikesAt(startAt + 2 * hour);
    await expect.poll(() => said(page)).toBe(`Sun 2 Nov 01:00 GMT-8. Bikes available: ${second}`);
    expect(await page.locator(".readout-line").innerText()).toContain(String(second));
    // Six and noon are six and noon, an hour later on the axis.
    const marks = await page.locator("svg text").allTextContents();
    expect(marks).toEqual(expect.arrayContaining(["06:00", "12:00", "18:00"]));
  }, 60_000);

  it("has 23 hours when it goes forward, without the one there is not", async () => {
    const day = `/explorer?show=${id}&range=2025-03-09..2025-03-09&bucket=hour&numbers=1&lang=en`;
    const { page, item } = await visit(day);
    expect(item.points).toHaveLength(23);
    const times = (await rowsOf(page)).map(([time]) => time);
    expect(times.slice(1, 3)).toEqual(["Sun 9 Mar 01:00", "Sun 9 Mar 03:00"]);
  }, 60_000);

  it("counts both hours of one name in the week, and none of the one there is not", async () => {
    const back = await visit(
      `/explorer?show=${id}&range=2025-11-02..2025-11-02&chart=week&numbers=1&lang=en`,
    );
    const startAt = Date.parse("2025-11-02T07:00Z");
    const both = (bikesAt(startAt + hour) + bikesAt(startAt + 2 * hour)) / 2;
    const table = back.page.getByRole("region", { name: "Numbers of the chart" });
    // Only what is in sight is in the page: six days of 24 rows lie above.
    await table.evaluate((box) => box.scrollTo(0, 6 * 24 * 26));
    await expect
      .poll(async () => (await rowsOf(back.page)).find(([name]) => name === "Sun 01–02")?.[1])
      .toBe(String(both));
    await back.page.getByRole("application").focus();
    await back.page.keyboard.press("ArrowRight");
    await expect.poll(() => said(back.page)).toBe(`Sun 01–02. mean of 2 hours: ${both}`);
    const forward = await visit(`/explorer?show=${id}&range=2025-03-09..2025-03-09&chart=week&lang=en`);
    await forward.page.getByRole("application").focus();
    await forward.page.keyboard.press("ArrowRight");
    await forward.page.keyboard.press("ArrowRight");
    await expect.poll(() => said(forward.page)).toBe("Sun 02–03. mean of 0 hours: —");
  }, 60_000);

  it("is one square of the calendar, the mean of its own hours", async () => {
    const { page } = await visit(
      `/explorer?show=${id}&range=2025-11-01..2025-11-03&chart=calendar&numbers=1&lang=en`,
    );
    const meanOf = (from: string, hours: number): number => {
      const values = Array.from({ length: hours }, (_, i) => bikesAt(Date.parse(from) + i * hour));
      return Math.round((values.reduce((sum, value) => sum + value, 0) / hours) * 10) / 10;
    };
    expect((await rowsOf(page)).map(([day, value]) => [day, Number(value)])).toEqual([
      ["1 Nov 2025", meanOf("2025-11-01T07:00Z", 24)],
      ["2 Nov 2025", meanOf("2025-11-02T07:00Z", 25)],
      ["3 Nov 2025", meanOf("2025-11-03T08:00Z", 24)],
    ]);
  }, 60_000);
});
