/** The storm at speed, from the simulator's bytes to what an operator reads on the wall: what, when, and whose it is. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startStormCity, type StormCity } from "./storm-city.ts";

/** City seconds per second: an hour and a quarter of storm in a little over a minute. */
const speed = 60;

let city: StormCity;
let page: Page;

beforeAll(async () => {
  city = await startStormCity("storm", 15.4, speed);
  page = await city.open("/wall/city?scene=today");
}, 120_000);

afterAll(() => city?.stop());

/** The moments on the page as `16:07 On time 20 below 85 Merrow Bay Transport`. */
async function moments(): Promise<string[]> {
  return page
    .locator("li[data-kind]")
    .evaluateAll((items) => items.map((item) => (item as HTMLElement).innerText.replaceAll(/\s+/g, " ")));
}

async function told(wanted: RegExp): Promise<string> {
  let found: string | undefined;
  await expect
    .poll(
      async () => {
        const all = await moments();
        found = all.find((moment) => wanted.test(moment));
        return found ?? `none of ${all.length} moments:\n${all.join("\n")}\n`;
      },
      { timeout: 100_000, interval: 500 },
    )
    .toMatch(wanted);
  return found!;
}

/** Hours of the city's day, of `16:07 …`. */
function hourIn(moment: string): number {
  const [hour = NaN, minute = NaN] = moment.slice(0, 5).split(":").map(Number);
  return hour + minute / 60;
}

it("is told by the wall: which figures left their target, when, and whose they are", async () => {
  const warned = await told(/Storm warning/);
  const late = await told(/On time .*below 85 Merrow Bay Transport$/);
  const died = await told(/Bay Bike stations went down/);
  const attacked = await told(/Failed log-ins .*above 12 Digital and Data$/);
  const unavailable = await told(/Online services available .*below 99 Digital and Data$/);
  for (const [moment, from, to] of [
    [warned, 15, 15.7],
    [late, 15.4, 16.6],
    [died, 16.05, 16.6],
    [attacked, 16.3, 16.8],
    [unavailable, 16.3, 17],
  ] as const) {
    expect([moment, hourIn(moment) >= from, hourIn(moment) <= to]).toEqual([moment, true, true]);
  }
}, 180_000);

it("pulls the city's score down and says what pulls", async () => {
  await page.goto(`${city.url}/wall/city?scene=overview`);
  const score = page.locator("[data-indicator='platform.city-score']");
  await expect.poll(() => score.innerText(), { timeout: 20_000 }).toMatch(/^\d+$/);
  expect(Number(await score.innerText())).toBeLessThan(90);
  const drivers = await page
    .getByRole("list", { name: "Pulled down by" })
    .getByRole("listitem")
    .allInnerTexts();
  expect(drivers.length).toBeGreaterThanOrEqual(3);
  for (const driver of drivers) expect(driver).toMatch(/−\d/);
  const tile = page.locator("button[data-indicator='transport.on-time']");
  expect(await tile.getAttribute("data-off")).toBe("below");
  expect(await page.locator("header").innerText()).toContain("SIMULATED");
  expect(
    await page
      .getByText(/^Storm warning/)
      .first()
      .isVisible(),
  ).toBe(true);
}, 60_000);
