/** A shift and its end on a running city: what was done is written down, handed over, and acknowledged by whoever comes. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bikeFiles, walkCity } from "../city-files.ts";
import { violations } from "./accessibility.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";
import { fewBikesCity } from "./few-bikes.ts";
import { takeDuty } from "./visit-page.ts";

const both = (en: string, zh: string) => ({ en, zh });
const soon = { timeout: 30_000 };

const settings = {
  ...fewBikesCity,
  "feeds/warnings.json": {
    ...walkCity["feeds/bikes.json"],
    id: "warnings",
    title: both("Warnings", "预警"),
    spec: "cap",
    transport: { type: "file", files: [{ name: "alert", path: "alert.xml" }] },
    muted: "Its areas are of another city.",
  },
};

let city: BikeCity;

beforeAll(async () => {
  city = await startBikeCity("shift", settings, () => bikeFiles(2, Date.now()));
}, 90_000);

afterAll(() => city?.stop());

/** A page of somebody at the transport desk in this shift. */
async function at(path: string, shift: string, viewport?: { width: number; height: number }): Promise<Page> {
  return takeDuty(await city.visit(path, viewport), "Transport desk", shift);
}

it("keeps what was done and what was written, by keyboard alone, and every operator sees it", async () => {
  const [one, other] = await Promise.all([at("/desk?lang=en", "Night"), at("/desk/shift?lang=zh", "Night")]);
  await one.getByRole("listitem").filter({ hasText: "Few bikes" }).waitFor(soon);
  await one.keyboard.press("j");
  await one.keyboard.press("a");
  await one.getByRole("listitem").getByText("Known").waitFor();
  await one.getByRole("link", { name: "Shift" }).focus();
  await one.keyboard.press("Enter");
  await one.getByLabel("Write into the log").focus();
  await one.keyboard.type("Called the depot");
  await one.keyboard.press("Enter");
  const log = one.getByRole("region", { name: "Log" }).getByRole("listitem");
  await log.filter({ hasText: "Called the depot" }).waitFor(soon);
  await log
    .filter({ hasText: "Few bikes Acknowledged" })
    .filter({ hasText: "Transport desk · Night" })
    .waitFor(soon);
  await other.getByText("Called the depot").waitFor(soon);
}, 90_000);

it("is handed over with what is open, muted and noted, waits in everybody's sight, and is acknowledged", async () => {
  const goes = await at("/desk/shift?lang=en", "Night");
  const writing = goes.getByRole("region", { name: "Hand over the shift" });
  await writing.getByText("Few bikes").waitFor(soon);
  await writing.getByText("Its areas are of another city.").waitFor();
  const comes = await at("/desk?lang=en", "Day");
  expect(await comes.getByText("waits to be acknowledged").count()).toBe(0);
  await goes.getByLabel("What the next one has to know").focus();
  await goes.keyboard.type("A van comes at six");
  await goes.keyboard.press("Tab");
  await goes.keyboard.press("Enter");
  const waiting = goes.getByRole("article", { name: "Hand-over" });
  await waiting.getByText("whoever comes acknowledges it, under the name").waitFor(soon);
  await writing.getByText(/Your hand-over of .* waits to be acknowledged/).waitFor();
  expect(await violations(goes)).toEqual([]);

  await comes.getByText(/A hand-over waits to be acknowledged: Transport desk · Night/).waitFor(soon);
  expect(await violations(comes)).toEqual([]);
  await comes.getByRole("link", { name: "Read and acknowledge" }).click();
  const handover = comes.getByRole("article", { name: "Hand-over" });
  await handover.getByText("A van comes at six").waitFor(soon);
  await handover.getByLabel("Remark (may be left out)").fill("Seen the van");
  await comes.keyboard.press("Enter");
  await handover.waitFor({ state: "detached", ...soon });
  await waiting.waitFor({ state: "detached", ...soon });
  const line = goes
    .getByRole("region", { name: "Log" })
    .getByRole("listitem")
    .filter({ hasText: "Handed over" });
  await goes.getByRole("button", { name: "24 hours" }).click();
  await line.getByText(/Acknowledged .* by Transport desk · Day: Seen the van/).waitFor(soon);
  await line.locator("summary").click();
  await line.getByText("Its areas are of another city.").waitFor();
}, 90_000);

it("has no accessibility fault and no sideways scroll, in both languages, at a desk and on a phone", async () => {
  for (const [choice, viewport] of [
    ["theme=light&lang=en", { width: 1920, height: 1080 }],
    ["theme=dark&lang=zh", { width: 1366, height: 768 }],
    ["theme=night&lang=en", { width: 390, height: 844 }],
  ] as const) {
    const page = await at(`/desk/shift?period=day&${choice}`, "Day", viewport);
    await page.getByText("Called the depot").waitFor(soon);
    await page.getByText("Its areas are of another city.").first().waitFor(soon);
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
    expect({ choice, scrollWidth, found: await violations(page) }).toEqual({
      choice,
      scrollWidth: viewport.width,
      found: [],
    });
  }
}, 90_000);
