/** An area on a running city: drawn by hand, by keyboard and by touch, or chosen; everything in it beside the map; its address. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bikeFiles, walkCity } from "../city-files.ts";
import { violations } from "./accessibility.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";
import { fewBikesCity, fewBikesFile, fewBikesRule } from "./few-bikes.ts";

const both = (en: string, zh: string) => ({ en, zh });
const soon = { timeout: 30_000 };

const box = (west: number, south: number, east: number, north: number) => ({
  type: "Polygon",
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
});

const settings = {
  ...fewBikesCity,
  "city.json": { ...walkCity["city.json"], areas: [{ level: "district", title: both("District", "城区") }] },
  "areas/district.geojson": {
    type: "FeatureCollection",
    features: [
      {
        type: "Feature",
        properties: { id: "ferry", name: both("Ferry side", "渡口") },
        geometry: box(-122.41, 37.78, -122.38, 37.81),
      },
      {
        type: "Feature",
        properties: { id: "mission", name: both("Mission", "教会区") },
        geometry: box(-122.44, 37.74, -122.41, 37.78),
      },
    ],
  },
  "indicators/transport.bikes-available.json": {
    ...walkCity["indicators/transport.bikes-available.json"],
    by: ["area.district"],
  },
  [fewBikesFile]: { ...fewBikesRule, by: ["area.district"] },
};

let city: BikeCity;

beforeAll(async () => {
  city = await startBikeCity("area", settings, () => bikeFiles(2, Date.now()));
}, 90_000);

afterAll(() => city?.stop());

const canvas = (page: Page) => page.locator("canvas.maplibregl-canvas");
const query = (page: Page) => new URL(page.url()).searchParams;

/** The places of the map where it is pressed, in shares of its width and height. */
async function pressAt(page: Page, ...places: readonly (readonly [number, number])[]): Promise<void> {
  const { width, height } = (await canvas(page).boundingBox())!;
  for (const [x, y] of places) await canvas(page).click({ position: { x: width * x, y: height * y } });
}

it("is chosen, and tells alarms, things and figures of it and of no other, with whose they are", async () => {
  const page = await city.visit("/desk/area?lang=en");
  await page.getByText("Draw an area on the map, or choose one").waitFor();
  await page.getByRole("combobox", { name: "Area" }).selectOption("Ferry side");
  await page.getByRole("heading", { name: "Ferry side" }).waitFor(soon);
  await page.getByRole("row", { name: /Few bikes.*Nobody knows.*Mobility/ }).waitFor(soon);
  await page.getByRole("heading", { name: /^Bike stations: 1/ }).waitFor();
  await page.getByRole("row", { name: /Ferry.*bikes/ }).waitFor();
  await page.getByRole("columnheader", { name: "Ferry side" }).waitFor();
  expect(query(page).get("area")).toBe("district:ferry");
  expect(await violations(page)).toEqual([]);
  const again = await city.visit("/desk/area?lang=zh&area=district:mission");
  await again.getByRole("heading", { name: "教会区" }).waitFor(soon);
  expect(await violations(again)).toEqual([]);
}, 90_000);

it("is drawn as a box by two presses and as an outline corner by corner, and its address is the area", async () => {
  const page = await city.visit("/desk/area?lang=en");
  await canvas(page).waitFor(soon);
  await page.getByRole("button", { name: "Draw a box" }).click();
  await pressAt(page, [0.05, 0.05], [0.95, 0.95]);
  await page.getByRole("heading", { name: "A drawn area" }).waitFor(soon);
  await page.getByText("It touches Ferry side and Mission.").waitFor();
  await page.getByRole("button", { name: "Draw an outline" }).click();
  await pressAt(page, [0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.3, 0.9]);
  await page.getByText("4 corners").waitFor();
  await page.getByRole("button", { name: "Take a corner back" }).click();
  await page.getByText("3 corners").waitFor();
  await pressAt(page, [0.4, 0.4]);
  await expect.poll(() => query(page).get("within")?.split(";").length).toBe(3);
  const address = page.url();
  const other = await city.visit(address.slice(city.url.length));
  await other.getByRole("heading", { name: "A drawn area" }).waitFor(soon);
  await other.locator("svg path[fill-rule=evenodd][d^=M]").waitFor({ state: "attached", ...soon });
}, 90_000);

it("is drawn by keyboard alone", async () => {
  const page = await city.visit("/desk/area?lang=en");
  await canvas(page).waitFor(soon);
  await page.getByRole("button", { name: "Draw a box" }).focus();
  await page.keyboard.press("Enter");
  await canvas(page).focus();
  await page.keyboard.press("Enter");
  await page.getByText("1 corner").waitFor();
  const corner = await drawn(page);
  for (const key of ["ArrowRight", "ArrowDown"]) {
    await page.keyboard.press(key);
    // The map glides there.
    await expect.poll(() => drawn(page)).not.toBe(corner);
    await page.waitForTimeout(600);
  }
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "A drawn area" }).waitFor(soon);
  expect(query(page).get("within")?.split(";")).toHaveLength(4);
}, 90_000);

it("is drawn by touch on a tablet, and fits its screen in both languages", async () => {
  for (const [choice, viewport] of [
    ["theme=light&lang=en", { width: 820, height: 1180 }],
    ["theme=night&lang=zh", { width: 390, height: 844 }],
  ] as const) {
    const page = await city.visit(`/desk/area?area=district:ferry&${choice}`, viewport);
    await page
      .getByRole("heading", { name: /Ferry side|渡口/ })
      .first()
      .waitFor(soon);
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
    expect({ choice, scrollWidth, found: await violations(page) }).toEqual({
      choice,
      scrollWidth: viewport.width,
      found: [],
    });
  }
  const tablet = await city.visit("/desk/area?lang=en", { width: 820, height: 1180 }, { hasTouch: true });
  await canvas(tablet).waitFor(soon);
  await tablet.getByRole("button", { name: "Draw a box" }).tap();
  const { x, y, width, height } = (await canvas(tablet).boundingBox())!;
  await tablet.touchscreen.tap(x + width * 0.1, y + height * 0.1);
  await tablet.getByText("1 corner").waitFor();
  await tablet.touchscreen.tap(x + width * 0.9, y + height * 0.9);
  await tablet.getByRole("heading", { name: "A drawn area" }).waitFor(soon);
}, 90_000);

/** Where the corners are on the page. */
function drawn(page: Page): Promise<string | null> {
  return page.locator("svg path:nth-of-type(2)").last().getAttribute("d");
}
