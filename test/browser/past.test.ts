/** The time machine on a wall: a running city, and a small history of what it was. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildClientIfNeeded, clientDir } from "../../server/client-build.ts";
import type { RunningCitydeck } from "../../server/main.ts";
import type { Reading } from "../../shared/protocol.ts";
import { bikeFiles, temporaryDir, walkCity, writeJsonFiles } from "../city-files.ts";
import { entity } from "../planned-city.ts";
import { RememberedCity } from "../remembered-city.ts";
import { startCity } from "../running-city.ts";
import { violations } from "./accessibility.ts";
import { launchBrowser } from "./browser.ts";

const bikes = "transport.bikes-available";
const minute = 60_000;
/** 12:00 in the city, whose clock is eight hours behind UTC. */
const noon = Date.UTC(2026, 1, 3, 20);
const soon = { timeout: 15_000 };

function reading(value: number, observedAt: number): Reading {
  return { id: bikes, value, state: "fresh", reason: null, quality: "good", observedAt, oldestAt: null };
}

/**
 * Two hours around noon: a bike more each minute, and a bus that goes from west to east. Three hours before it, an hour
 * whose figures alone were recorded.
 */
const minutes = Array.from({ length: 120 }, (_, i) => ({ i, knownAt: noon + (i - 60) * minute }));
const history = new RememberedCity({
  spans: [
    { fromAt: noon - 180 * minute, toAt: noon - 120 * minute },
    { fromAt: noon - 60 * minute, toAt: noon + 60 * minute },
  ],
  readings: [
    { knownAt: noon - 180 * minute, changed: [reading(900, noon - 180 * minute)] },
    ...minutes.map(({ i, knownAt }) => ({ knownAt, changed: [reading(1_000 + i, knownAt)] })),
  ],
  entities: [
    { kind: "StationStatus", knownAt: noon - 60 * minute, changed: [], removed: [] },
    ...minutes.map(({ i, knownAt }) => ({
      kind: "VehiclePosition" as const,
      knownAt,
      changed: [
        entity("VehiclePosition", "1", {
          feedId: "buses",
          observedAt: knownAt,
          position: [-122.5 + i / 900, 37.765],
          fields: { label: "Bus 1", bearing: 90 },
        }),
      ],
      removed: [],
    })),
  ],
  moments: [
    {
      knownAt: noon,
      moment: { at: noon, kind: "left-target", subject: bikes, department: null, value: 1, text: null },
    },
  ],
});

let dir: string;
let city: RunningCitydeck;
let browser: Browser;
let publishing: ReturnType<typeof setInterval>;
const pages: Page[] = [];

beforeAll(async () => {
  await buildClientIfNeeded();
  dir = await temporaryDir("past-wall");
  const [scene] = walkCity["walls/city.json"].scenes;
  const layers = { ...scene, map: { layers: ["StationStatus", "VehiclePosition"] } };
  const buses = {
    ...walkCity["feeds/bikes.json"],
    id: "buses",
    spec: "gtfs-rt",
    transport: { type: "file", files: [{ name: "vehicles", path: "none.pb" }] },
  };
  const write = (): Promise<void> => writeJsonFiles(dir, bikeFiles(7, Date.now()));
  await writeJsonFiles(dir, {
    ...walkCity,
    "feeds/buses.json": buses,
    "walls/city.json": { ...walkCity["walls/city.json"], scenes: [layers] },
  });
  await write();
  publishing = setInterval(() => void write(), 1_000);
  city = await startCity({ cityDir: dir, dataDir: join(dir, "data"), clientDir, history });
  browser = await launchBrowser();
}, 90_000);
afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
});
afterAll(async () => {
  clearInterval(publishing);
  await browser?.close();
  await city?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function visit(query = "", width = 1_280, height = 720): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, locale: "en-GB" });
  const page = await context.newPage();
  pages.push(page);
  await page.goto(`${city.url}/wall/city?lang=en&theme=dark${query}`);
  await page.locator(`[data-indicator="${bikes}"]`).waitFor();
  return page;
}

const tile = (page: Page): Promise<string> => page.locator(`[data-indicator="${bikes}"]`).innerText();
const mark = (page: Page) => page.locator("[data-past-mark]");

/** Where on the page the bus is drawn: the middle of what is bright on the map, below its legend. */
async function busAt(page: Page): Promise<number> {
  const clip = { x: 300, y: 180, width: 500, height: 230 };
  const png = (await page.screenshot({ clip })).toString("base64");
  return page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
    pen.drawImage(bitmap, 0, 0);
    const pixels = pen.getImageData(0, 0, bitmap.width, bitmap.height).data;
    const found: number[] = [];
    for (let i = 0; i < pixels.length; i += 4)
      if (Math.min(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!) > 150) found.push((i / 4) % bitmap.width);
    return found.reduce((sum, x) => sum + x, 0) / found.length;
  }, png);
}

describe("the time machine on a wall", { timeout: 90_000 }, () => {
  test("shows a link's moment, its figure and its map, unmistakably as past", async () => {
    const page = await visit(`&at=2026-02-03T19:10:30Z&known=then`);
    await expect.poll(() => tile(page), soon).toContain("1,010");
    const said = await mark(page).innerText();
    expect(said).toMatch(/past/i);
    expect(said).toContain("Tue 3 Feb 2026 11:10:30");
    expect(said).toContain("as known then");
    expect(said).toContain("stands still");
    const border = await mark(page).evaluate((element) => getComputedStyle(element).borderTopWidth);
    expect(parseFloat(border)).toBeGreaterThan(4);
    await expect.poll(() => busAt(page), soon).toBeGreaterThan(0);
    const west = await busAt(page);
    await page.getByLabel("Time in the city").fill("12:50:00");
    await expect.poll(() => tile(page), soon).toContain("1,110");
    await expect.poll(() => busAt(page), soon).toBeGreaterThan(west + 60);
    expect(page.url()).toContain("at=2026-02-03T20:50:00Z&known=then");
  });

  test("says on the map which things were not recorded, and counts none of them as nought", async () => {
    const page = await visit(`&at=2026-02-03T17:30:00Z&known=then`);
    await expect.poll(() => tile(page), soon).toContain("900");
    const map = page.getByRole("region", { name: "Map", exact: true });
    await map.getByText("Not recorded at this moment: Bike stations, Vehicles").waitFor();
    const legend = await page
      .getByRole("region", { name: "On the map" })
      .getByRole("listitem")
      .allInnerTexts();
    expect(legend.map((line) => line.replaceAll(/\s+/g, " "))).toEqual([
      "Bike stations — not recorded",
      "Vehicles — not recorded",
    ]);
    await page.getByRole("button", { name: "List of these things" }).click();
    await page.getByRole("tabpanel").getByText("Not recorded at this moment: Bike stations").waitFor();
    await page.getByLabel("Time in the city").fill("11:30:00");
    await expect.poll(() => tile(page), soon).toContain("1,030");
    expect(await map.getByText("Not recorded").count()).toBe(0);
  });

  test("opens by a key or a touch of the clock, scrubs, plays, and is left by one key", async () => {
    const page = await visit();
    await expect.poll(() => tile(page), soon).toContain("7");
    await page.getByRole("button", { name: "Time machine" }).click();
    await page.getByRole("region", { name: "Time machine" }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("[data-past-bar]").waitFor({ state: "detached" });
    await page.keyboard.press("h");
    await page.getByLabel("Date in the city").fill("2026-02-03");
    await page.getByLabel("Time in the city").fill("11:30:00");
    await expect.poll(() => tile(page), soon).toContain("1,030");
    const slider = page.getByRole("slider", { name: "Time of the day" });
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => tile(page), soon).toContain("1,031");
    await page.getByRole("button", { name: "−1 min" }).click();
    await expect.poll(() => tile(page), soon).toContain("1,030");
    await page.getByRole("button", { name: "× 60", exact: true }).click();
    await page.getByRole("button", { name: "Play" }).click();
    await expect.poll(() => tile(page), soon).toContain("1,033");
    expect(page.url()).toContain("speed=60");
    expect(await mark(page).innerText()).toContain("× 60");
    await page.getByRole("button", { name: "Pause" }).click();
    await expect.poll(() => mark(page).innerText(), soon).toContain("stands still");
    await page.getByRole("button", { name: "as known now" }).click();
    await expect.poll(() => mark(page).innerText(), soon).toContain("as known now");
    await page.keyboard.press("Escape");
    await mark(page).waitFor({ state: "detached" });
    await expect.poll(() => tile(page), soon).toMatch(/\b7\b/);
    expect(page.url()).not.toContain("at=");
    expect(await page.locator("[data-clock]").getAttribute("data-clock")).toBe("live");
  });

  test("has no figure of a moment that was not recorded", async () => {
    const page = await visit("&at=2026-02-01T10:00:00Z");
    await expect.poll(() => tile(page), soon).toContain("NOT RECORDED");
    await page.getByText("Nothing was recorded at this moment").waitFor();
    expect(await page.locator("header").innerText()).toContain("Feeds not recorded");
  });

  test("is at the same moment when the page is loaded anew", async () => {
    const page = await visit("&at=2026-02-03T19:10:30Z");
    await expect.poll(() => tile(page), soon).toContain("1,010");
    await page.reload();
    await expect.poll(() => tile(page), soon).toContain("1,010");
    await mark(page).waitFor();
  });

  test.each(["dark", "light", "night"])(
    "offends nobody in the theme %s, whatever the language",
    async (theme) => {
      for (const lang of ["en", "zh"]) {
        const page = await visit(`&at=2026-02-03T19:10:30Z&lang=${lang}&theme=${theme}`);
        await page.locator("[data-past-bar]").waitFor();
        await mark(page).waitFor();
        expect(await violations(page)).toEqual([]);
      }
    },
  );

  test("works the same in the explorer, and no other page is of the past", async () => {
    const page = await visit();
    await page.goto(`${city.url}/explorer?show=${bikes}&lang=en&at=2026-02-03T19:10:30Z`);
    await mark(page).waitFor();
    expect(await mark(page).innerText()).toContain("Tue 3 Feb 2026 11:10:30");
    await page.locator("[data-past-bar]").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("link", { name: "Feeds" }).first().click();
    await mark(page).waitFor({ state: "detached" });
    await page.goBack();
    await page.getByRole("button", { name: "Time machine" }).click();
    await page.locator("[data-past-bar]").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("[data-past-bar]").waitFor({ state: "detached" });
  });

  test.each(["en", "zh"])("fits a phone in %s: nothing lies beyond its edge or is hidden", async (lang) => {
    const page = await visit(`&at=2026-02-03T19:10:30Z&speed=600&lang=${lang}`, 390, 844);
    await page.locator("[data-past-bar]").waitFor();
    await mark(page).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const markBottom = await page
      .locator("[data-past-mark] p")
      .evaluate((label) => label.getBoundingClientRect().bottom);
    const titleTop = await page.locator("h1").evaluate((title) => title.getBoundingClientRect().top);
    expect(titleTop).toBeGreaterThanOrEqual(markBottom - 1);
  });
});
