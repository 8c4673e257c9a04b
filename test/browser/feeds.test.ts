/** The feeds face on a running city: grades, notices in words, the last body decoded again, the register on paper. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bikeFiles, walkCity } from "../city-files.ts";
import { violations } from "./accessibility.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";

const supplied = {
  ...walkCity,
  "suppliers.json": { version: 1, suppliers: [{ id: "velo", title: { en: "Velo Ltd", zh: "单车公司" } }] },
  "feeds/bikes.json": {
    ...walkCity["feeds/bikes.json"],
    supplier: "velo",
    agreement: {
      forbids: { kinds: ["Vehicle"], reason: { en: "riders' ways", zh: "骑行者行踪" } },
      purpose: { en: "riders see free bikes", zh: "骑行者查看空闲单车" },
      validUntil: "2020-01-01",
      contract: "M-1",
      availabilityPercent: 99,
      completenessPercent: 100,
    },
  },
};

/** The same bikes of the department's own, whose names are shorter. */
const own = {
  ...walkCity["feeds/bikes.json"],
  id: "own",
  title: { en: "Own", zh: "自有" },
  options: { files: ["station_information", "station_status"] },
};

const lostRows = { minutes: 1200, readings: 34, observations: 0, entities: 0, feeds: 0, moments: 0 };
const lost = [
  { fromAt: Date.UTC(2026, 5, 1, 8), toAt: Date.UTC(2026, 5, 1, 8, 12), rows: lostRows },
  {
    fromAt: Date.UTC(2026, 5, 2, 8),
    toAt: Date.UTC(2026, 5, 2, 9),
    rows: lostRows,
    recovered: { at: Date.UTC(2026, 5, 3), indicators: 4, of: 4 },
  },
];

let city: BikeCity;

/** The source writes a number as text, which is a warning. */
function files(): Readonly<Record<string, unknown>> {
  const good = bikeFiles(7, Date.now());
  return JSON.parse(
    JSON.stringify(good).replace(/"num_bikes_available":(\d+)/, '"num_bikes_available":"$1"'),
  ) as typeof good;
}

beforeAll(async () => {
  city = await startBikeCity("feeds", { ...supplied, "feeds/own.json": own }, files, {
    "history/lost.json": lost,
  });
}, 90_000);

afterAll(() => city?.stop());

const visit = (path: string, viewport = { width: 1920, height: 1080 }): Promise<Page> =>
  city.visit(path, viewport);

it("leads from all feeds to one: its grade and what is missing, its notices in words, its last body decoded again", async () => {
  const page = await visit("/feeds?lang=en");
  await page.getByRole("row", { name: /Bikes/ }).getByText("bronze").waitFor();
  await page.getByRole("link", { name: "Bikes" }).click();
  expect(await page.evaluate(() => location.search)).toBe("?lang=en&feed=bikes");
  await page.getByText("expired").waitFor();
  const agreement = page.getByRole("row", { name: /An agreement names its purpose/ });
  expect(await agreement.innerText()).toContain("missing");
  await page
    .getByRole("row", { name: /gbfs-text-as-number/ })
    .getByText("A number is written as text.")
    .waitFor();
  // Months are asked for each half minute: at first the history may have none.
  const months = page.getByRole("table", { name: "Notices month by month" });
  await months.getByRole("row", { name: /gbfs-text-as-number 100 %/ }).waitFor({ timeout: 75_000 });
  await page.getByRole("button", { name: "Show the last body" }).click();
  await page.getByLabel("Part").selectOption("station_status");
  const content = page.getByLabel("Content of the last body");
  await expect.poll(() => content.inputValue()).toContain("num_bikes_available");
  await page.getByRole("button", { name: "Decode it again" }).click();
  await page.getByText("2 StationStatus").waitFor();
  expect(await violations(page)).toEqual([]);
  await page.goBack();
  await page.getByText("How feeds are graded").waitFor();
}, 120_000);

it("holds suppliers to what they promised, on paper too", async () => {
  const page = await visit("/feeds?view=suppliers&lang=en&theme=night");
  await page.getByRole("heading", { name: "Velo Ltd" }).waitFor();
  const row = page.getByRole("table", { name: "Velo Ltd" }).getByRole("row", { name: /Bikes/ });
  await row.getByText("M-1").waitFor();
  await row.getByText("100 % · 100 %").first().waitFor();
  const columns = page
    .getByRole("table")
    .evaluateAll((tables) =>
      tables.map((table) =>
        Array.from(table.querySelectorAll("thead th"), (one) => one.getBoundingClientRect().left),
      ),
    );
  const [first, second] = await columns;
  expect(second).toEqual(first);
  await page.emulateMedia({ media: "print" });
  expect(await page.getByRole("button", { name: "Print" }).isVisible()).toBe(false);
  expect(await row.evaluate((element) => getComputedStyle(element).color)).toBe("rgb(17, 17, 17)");
  const paper = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(paper).toBe("rgb(255, 255, 255)");
  await page.setViewportSize({ width: 740, height: 1000 });
  expect(await row.evaluate((element) => getComputedStyle(element).display)).toBe("table-row");
  expect(await row.getByText("riders see free bikes").count()).toBe(1);
  const chinese = await visit("/feeds?view=suppliers&lang=zh");
  await chinese.getByText("骑行者查看空闲单车").waitFor();
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
}, 60_000);

it("says what the history lost, and what of it was recovered", async () => {
  const page = await visit("/feeds?lang=en");
  const stretches = page.getByRole("listitem").filter({ hasText: "1,234 rows" });
  await stretches.first().waitFor();
  const said = await stretches.allInnerTexts();
  expect(said.map((text) => text.split(":").at(-1)!.trim())).toEqual(["recovered", "missing"]);
  const chinese = await visit("/feeds?lang=zh");
  await chinese.getByText("已恢复").waitFor();
}, 60_000);

it("shows departments and kinds as islands", async () => {
  const page = await visit("/feeds?view=islands&lang=en");
  const islands = page.getByRole("table", { name: "Islands" });
  await islands
    .getByRole("row", { name: /Bike stations/ })
    .getByText("shared")
    .waitFor();
  const kept = islands.getByRole("row", { name: /Free bikes/ });
  await kept.getByText("forbidden by agreement").waitFor();
  await kept.getByText("riders' ways").waitFor();
  const chinese = await visit("/feeds?view=islands&lang=zh");
  await chinese.getByText("协议禁止共享").waitFor();
  await chinese.getByRole("table", { name: "数据孤岛" }).getByText("已共享").first().waitFor();
}, 60_000);

it("has no accessibility fault in both languages, wide and on a phone", async () => {
  for (const path of ["/feeds?", "/feeds?feed=bikes&", "/feeds?view=suppliers&", "/feeds?view=islands&"])
    for (const [choice, viewport] of [
      ["theme=light&lang=en", { width: 1920, height: 1080 }],
      ["theme=dark&lang=zh", { width: 390, height: 844 }],
    ] as const) {
      const page = await visit(path + choice, viewport);
      await page
        .getByRole("row", { name: /Bikes|单车/ })
        .or(page.getByRole("heading", { name: /^(Bikes|单车)$/ }))
        .first()
        .waitFor();
      const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
      const found = await violations(page);
      expect({ path, scrollWidth, found }).toEqual({ path, scrollWidth: viewport.width, found: [] });
    }
}, 90_000);
