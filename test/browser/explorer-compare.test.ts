/** What the explorer sets beside the week before: relations, rankings and shares of the groups of a figure. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { walkCity } from "../city-files.ts";
import { violations } from "./accessibility.ts";
import type { BikeCity } from "./bike-city.ts";
import { startPastCity } from "./past-city.ts";

const bikes = "transport.bikes-available";
const empty = "transport.stations-empty";
const hour = 3_600_000;
/** Two weeks of the city, whose clock is seven hours behind UTC then. */
const firstAt = Date.parse("2025-06-02T07:00Z");
const secondAt = firstAt + 168 * hour;
const lastAt = secondAt + 168 * hour;
/** Of each group so many bikes in the first week, and in the second. */
const groups: readonly (readonly [name: string, before: number, then: number])[] = [
  ["Old Town", 50, 20],
  ["Harbour", 30, 40],
  ["Airport Road", 15, 30],
  ["North Bank", 5, 10],
];
/** Two figures that go together in the second week alone. */
const wave = (at: number): number => 100 + 20 * Math.sin((at - firstAt) / hour / 5);

let city: BikeCity;

beforeAll(async () => {
  const span = { fromAt: firstAt, toAt: lastAt };
  city = await startPastCity(
    "explorer-compare",
    [
      ...groups.map(([name, before, then]) => ({
        ...span,
        series: `${bikes}{name:${name}}`,
        valueAt: (at: number) => (at < secondAt ? before : then),
      })),
      { ...span, series: bikes, valueAt: wave },
      {
        ...span,
        series: empty,
        valueAt: (at) => (at < secondAt ? 20 + (((at - firstAt) / hour) % 7) : wave(at) / 4),
      },
    ],
    {
      ...walkCity,
      "indicators/transport.bikes-available.json": {
        ...walkCity["indicators/transport.bikes-available.json"],
        by: ["name"],
      },
    },
  );
}, 180_000);

afterAll(() => city?.stop());

const week = "range=2025-06-09..2025-06-15&compare=week&numbers=1&lang=en";

async function visit(query: string): Promise<Page> {
  const page = await city.visit(`/explorer?${query}`);
  await page.getByRole("img").first().waitFor();
  return page;
}

async function tableOf(page: Page): Promise<{ titles: string[]; rows: string[][] }> {
  const table = page.getByRole("region", { name: "Numbers of the chart" });
  const [titles, ...rows] = (await table.getByRole("row").allInnerTexts()).map((row) =>
    row.split("\t").map((cell) => cell.trim()),
  );
  return { titles: titles!, rows };
}

it("a relation has the week before as hollow marks, in words and in its table", async () => {
  const page = await visit(`show=${bikes},${empty}&chart=relation&bucket=hour&${week}`);
  await page.getByText("each hour · hollow: the week before").waitFor();
  await page
    .getByText(
      /^Correlation 1\.00 over 168 pairs\. In the week before: correlation −?0\.\d\d over 168 pairs\./,
    )
    .waitFor();
  const { titles, rows } = await tableOf(page);
  expect(titles).toEqual(["Begins", "Bikes available", "Bike stations empty", "Stretch"]);
  expect(rows[0]).toEqual(["Mon 2 Jun 00:00", "100", "20 %", "the week before"]);
  await page.getByRole("application").focus();
  await page.keyboard.press("Home");
  await expect
    .poll(() => page.locator("p[role=status]:not(:empty)").last().innerText())
    .toBe("Mon 2 Jun 00:00. Bikes available: 100; Bike stations empty: 20 %");
  expect(await violations(page)).toEqual([]);
}, 60_000);

it("a ranking says at its labels, in words and in its table who has moved by how many places", async () => {
  const page = await visit(`show=${bikes}&by=name&chart=ranks&bucket=day&${week}`);
  await page
    .getByText("place by size · each day · ▲▼ places gained and lost against the week before")
    .waitFor();
  await page
    .getByText(
      "Sun 15 Jun 2025 against the week before: Old Town down 2, to place 3; Harbour up 1, to place 1; Airport Road up 1, to place 2.",
    )
    .waitFor();
  const written = await page.locator("svg text").allTextContents();
  for (const label of ["▲1 Harbour", "▲1 Airport Road", "▼2 Old Town", "= North Bank"])
    expect(written).toContain(label);
  const { titles, rows } = await tableOf(page);
  expect(titles.slice(-2)).toEqual(["Place, the week before", "Change"]);
  expect(rows[0]).toEqual(["Mon 9 Jun 2025", "1", "Harbour", "40", "2", "up 1"]);
  expect(await violations(page)).toEqual([]);
}, 60_000);

it("shares say at their labels, in words and in their table by how many points they differ", async () => {
  const page = await visit(`show=${bikes}&by=name&chart=share&bucket=day&${week}`);
  await page.getByText("share of the sum · dashed: the week before").waitFor();
  await page
    .getByText(
      "Of the whole time, against the week before: Old Town −30 points; Airport Road +15 points; Harbour +10 points.",
    )
    .waitFor();
  const written = await page.locator("svg text").allTextContents();
  for (const label of ["−30 points", "+15 points", "+10 points", "+5.0 points"])
    expect(written).toContain(label);
  const { titles, rows } = await tableOf(page);
  const place = titles.indexOf("Share: Old Town");
  expect(titles.slice(place, place + 4)).toEqual([
    "Share: Old Town",
    "the week before",
    "Share: the week before",
    "Change",
  ]);
  expect(rows[0]!.slice(place, place + 4)).toEqual(["20 %", "50", "50 %", "−30 points"]);
  expect(await violations(page)).toEqual([]);
}, 60_000);

it("another group is not compared with where a chart cannot show it, and is there again on the next", async () => {
  const page = await visit(`show=${bikes}{name:Harbour}&bucket=day&${week.replace("week", "city")}`);
  await page.getByText("dashed: the whole city").waitFor();
  await page.getByRole("link", { name: "Shares" }).click();
  await page.getByRole("button", { name: "Comparison: the whole city (not on this chart)" }).click();
  await page.getByText("What is greyed cannot be shown on the chart “Shares”.").waitFor();
  expect(await page.getByRole("radio", { name: "the whole city" }).isDisabled()).toBe(true);
  expect(await page.getByRole("radio", { name: "the week before" }).isDisabled()).toBe(false);
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Bars" }).click();
  await page.getByText("dashed: the whole city").waitFor();
}, 60_000);
