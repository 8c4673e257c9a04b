/** The explorer on a running city: a view is its address, a chart and its numbers are the same, and everything goes by keyboard. */

import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { seriesItemOf, type SeriesItemInColumns } from "../../shared/series-columns.ts";
import { violations } from "./accessibility.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";

let city: BikeCity;

beforeAll(async () => {
  city = await startBikeCity("explorer");
  // A stretch that lasts until now ends with the last whole minute: there must be one.
  const isKnown = async (): Promise<boolean> => {
    const to = Math.floor(Date.now() / 60_000) * 60_000;
    const answer = await fetch(
      `${city.url}/api/v1/series?indicator=transport.bikes-available&bucket=60&to=${to}`,
    );
    return (await answer.text()).includes(`"fresh"`);
  };
  await vi.waitUntil(isKnown, { timeout: 100_000, interval: 1_000 });
}, 120_000);

afterAll(() => city?.stop());

const visit: BikeCity["visit"] = (path, viewport) => city.visit(path, viewport);

const bikes = "show=transport.bikes-available";
const query = (page: Page): Promise<string> => page.evaluate(() => location.search);

it("is reached from the start page and from a figure's definition", async () => {
  const page = await visit("/?lang=en");
  await page.getByRole("link", { name: "The past of every figure" }).click();
  await page.getByRole("img", { name: /^Lines: / }).waitFor();
  const wall = await visit("/wall/city?lang=en");
  await wall.locator('[data-indicator="transport.bikes-available"]').first().click();
  await wall.getByRole("link", { name: "Explore its past" }).click();
  await wall.getByRole("heading", { name: "Bikes available" }).waitFor();
  expect(await query(wall)).toContain(bikes);
}, 60_000);

it("is a sentence whose every choice is a step in the browser's history", async () => {
  const page = await visit(`/explorer?${bikes}&lang=en`);
  await page.getByRole("img", { name: /Bikes available, last 24 hours/ }).waitFor();
  await page.getByRole("button", { name: /^Time: / }).click();
  await page.getByLabel("Type a range").fill("last 6 fortnights");
  await page.keyboard.press("Enter");
  await page.getByText("“fortnights” is not understood as a time.").waitFor();
  await page.getByLabel("Type a range").fill("last 3 hours");
  await page.keyboard.press("Enter");
  await page.getByRole("img", { name: /last 3 hours/ }).waitFor();
  expect(await query(page)).toContain("range=last-3-hour");
  await page.getByRole("link", { name: "Bars" }).click();
  await page.getByRole("img", { name: /^Bars: / }).waitFor();
  await page.goBack();
  await page.getByRole("img", { name: /^Lines: .*last 3 hours/ }).waitFor();
  await page.goBack();
  await page.getByRole("img", { name: /last 24 hours/ }).waitFor();
  await page.goForward();
  await page.getByRole("img", { name: /last 3 hours/ }).waitFor();
}, 60_000);

it("finds figures in both languages by keyboard alone", async () => {
  const page = await visit(`/explorer?${bikes}&lang=en`);
  const figures = page.getByRole("button", { name: /^Figures: / });
  await figures.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Figures" }).waitFor();
  await page.keyboard.type("无车");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await expect.poll(() => query(page)).toContain("transport.stations-empty");
  await page.keyboard.press("Escape");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("and 1 more");
  await page.getByRole("heading", { name: "Bikes available · Bike stations empty" }).waitFor();
}, 60_000);

it("has the same numbers in the chart's table as the server gives", async () => {
  const page = await visit(`/explorer?${bikes}&range=last-1-hour&lang=en`);
  await page.getByRole("button", { name: "Numbers" }).click();
  await expect.poll(() => query(page)).toContain("numbers=1");
  const answer = page.waitForResponse(/api\/v1\/series/);
  await page.reload();
  const [item] = ((await (await answer).json()) as SeriesItemInColumns[]).map(seriesItemOf);
  const rows = page.getByRole("region", { name: "Numbers of the chart" }).getByRole("row");
  await rows.nth(1).waitFor();
  await page.getByText(`${item!.points.length} rows`).waitFor();
  // The newest first.
  await page.getByRole("button", { name: /^Begins/ }).click();
  await page.getByRole("button", { name: /^Begins/ }).click();
  const known = item!.points.findLast(({ state }) => state === "fresh");
  if (known) {
    const shown = await rows.allInnerTexts();
    expect(shown.some((row) => row.includes(String(Math.round(known.value! * 10) / 10)))).toBe(true);
  }
  await page.getByRole("button", { name: "Export" }).click();
  const csv = page.getByRole("link", { name: "CSV" });
  expect(await csv.getAttribute("href")).toContain("/api/v1/export?indicator=transport.bikes-available");
}, 60_000);

it("is taken along as a picture that says by itself what it shows", async () => {
  const page = await visit(`/explorer?${bikes}&range=last-1-hour&lang=en`);
  await page.getByRole("img", { name: /^Lines: / }).waitFor();
  await page.getByRole("button", { name: "Export" }).click();
  const saved = async (format: "SVG" | "PNG"): Promise<Buffer> => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: format }).click();
    return readFile(await (await download).path());
  };
  const svg = (await saved("SVG")).toString();
  for (const text of ["Bikes available", "each minute", "Bikes (CC0-1.0)", "drawn by Citydeck"])
    expect(svg).toContain(text);
  const isDrawn = await page.evaluate((text) => {
    const read = new DOMParser().parseFromString(text, "image/svg+xml");
    return read.querySelector("parsererror") === null && read.querySelectorAll("path").length > 3;
  }, svg);
  expect(isDrawn).toBe(true);
  expect((await saved("PNG")).subarray(1, 4).toString()).toBe("PNG");
}, 60_000);

it("goes closer by drawing over the chart, and earlier by a button", async () => {
  const page = await visit(`/explorer?${bikes}&lang=en`);
  const chart = page.getByRole("img", { name: /^Lines: / });
  await chart.locator("svg").waitFor();
  const { x, y, width, height } = (await chart.boundingBox())!;
  await page.mouse.move(x + width * 0.4, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.6, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => query(page)).toMatch(/range=\d{4}-\d{2}-\d{2}T/);
  const drawn = await query(page);
  await page.getByRole("button", { name: "Earlier" }).click();
  await expect.poll(() => query(page)).not.toBe(drawn);
}, 60_000);

it("says what happened meanwhile, by the numbers of the marks", async () => {
  const page = await visit("/?lang=en");
  const at = Date.now() - 3_600_000;
  const event = { endsAt: null, department: null, value: null, text: null };
  await page.route("**/api/v1/events?*", (route) =>
    route.fulfill({
      json: [
        { ...event, kind: "feed-down", at, subject: "bikes" },
        { ...event, kind: "feed-down", at, subject: "trams" },
      ],
    }),
  );
  await page.goto(`${city.url}/explorer?${bikes}&lang=en`);
  await page.getByRole("heading", { name: "What happened" }).waitFor();
  expect(await page.getByRole("listitem").filter({ hasText: "went silent" }).allInnerTexts()).toEqual([
    expect.stringContaining("Bikes went silent"),
  ]);
}, 60_000);

it("says what an address means that it cannot show, and keeps the rest", async () => {
  const page = await visit(`/explorer?${bikes}&range=yesteryear&chart=pie&lang=en`);
  await page.getByText("Not understood in the address and left out: range, chart").waitFor();
  await page.getByRole("img", { name: /^Lines: / }).waitFor();
  const unknown = await visit("/explorer?show=transport.zeppelins&lang=en");
  await unknown.getByText("This city has no figure “transport.zeppelins”.").waitFor();
  const single = await visit(`/explorer?${bikes}&chart=relation&lang=en`);
  await single.getByText("choose a second one").waitFor();
}, 60_000);

it("keeps what it shows when the server refuses, and says why", async () => {
  const page = await visit(`/explorer?${bikes}&lang=en`);
  await page.getByRole("img", { name: /^Lines: / }).waitFor();
  await page.route("**/api/v1/series?*", (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: '{"detail":"the history is busy"}',
    }),
  );
  await page.getByRole("button", { name: "Wider" }).click();
  await page.getByText("the history is busy").waitFor();
  expect(await page.getByRole("img", { name: /^Lines: / }).isVisible()).toBe(true);
}, 60_000);

it.each(["en", "zh"])(
  "has no accessibility fault in any chart, wide and on a phone (%s)",
  async (lang) => {
    const charts = ["lines&numbers=1", "multiples", "stack", "share", "bars", "calendar", "week", "spread"];
    const page = await visit(`/explorer?${bikes},transport.stations-empty&lang=${lang}`);
    for (const chart of charts) {
      await page.goto(`${city.url}/explorer?${bikes},transport.stations-empty&lang=${lang}&chart=${chart}`);
      await page.getByRole("img").first().waitFor();
      expect(await violations(page), chart).toEqual([]);
    }
    for (const theme of ["light", "night"]) {
      const phone = await visit(`/explorer?${bikes}&lang=${lang}&theme=${theme}&numbers=1`, {
        width: 390,
        height: 844,
      });
      await phone.getByRole("img").first().waitFor();
      expect(await violations(phone), theme).toEqual([]);
      expect(
        await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
    }
  },
  120_000,
);
