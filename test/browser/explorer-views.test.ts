/** Views of the explorer under names: saved, found, opened, changed by two people at once, and sent to somebody. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testToken } from "../running-city.ts";
import { violations } from "./accessibility.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";

let city: BikeCity;

beforeAll(async () => {
  city = await startBikeCity("explorer-views");
}, 120_000);

afterAll(() => city?.stop());

const bikes = "/explorer?show=transport.bikes-available&lang=en";
const query = (page: Page): Promise<string> => page.evaluate(() => location.search);

async function openViews(path: string): Promise<Page> {
  const page = await city.visit(path);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("dialog", { name: "Views" }).waitFor();
  return page;
}

async function saveAs(page: Page, title: string, author: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(title);
  await page.getByLabel("Your name").fill(author);
  await page.getByRole("button", { name: "Save", exact: true }).click();
}

it("is saved under a name and opened by it from another browser, and its link is the view", async () => {
  const page = await openViews(`${bikes}&range=last-3-hour&chart=bars`);
  await saveAs(page, "Bikes, three hours", "Ana");
  await page.getByText("“Bikes, three hours” is saved.").waitFor();
  const other = await openViews(bikes);
  expect(await violations(other)).toEqual([]);
  await other.getByRole("link", { name: "Bikes, three hours" }).click();
  await expect.poll(() => query(other)).toContain("range=last-3-hour&chart=bars");
  await other.getByRole("button", { name: "Time: last 3 hours" }).waitFor();
  // The sheet has closed over what it led to.
  expect(await other.getByRole("dialog", { name: "Views" }).isVisible()).toBe(false);
  await other.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await other.getByRole("button", { name: "Views" }).click();
  await other.getByRole("button", { name: "Copy link" }).click();
  await other.getByText("Link copied").waitFor();
  expect(await other.evaluate(() => navigator.clipboard.readText())).toBe(
    `${city.url}/explorer?show=transport.bikes-available&range=last-3-hour&chart=bars`,
  );
}, 60_000);

it("is renamed, replaced and removed, and nothing is done without being asked twice", async () => {
  const page = await openViews(`${bikes}&chart=week`);
  await saveAs(page, "A week", "Ana");
  const row = page.getByRole("listitem").filter({ hasText: "A week" });
  await row.getByRole("button", { name: "Rename" }).click();
  const renamed = page.getByRole("listitem").getByLabel("Name", { exact: true });
  await renamed.fill("A week of bikes");
  await page.keyboard.press("Enter");
  await page.getByText("“A week of bikes” is changed.").waitFor();
  const other = await openViews(`${bikes}&chart=stack`);
  await other.getByLabel("Your name").fill("Ben");
  const seen = other.getByRole("listitem").filter({ hasText: "A week of bikes" });
  await seen.getByRole("button", { name: "Replace" }).click();
  await seen.getByRole("button", { name: "Replace" }).click();
  await seen.getByText(/Ben · .* · shown now/).waitFor();
  // The first page still knows the view as it was.
  await row.getByRole("button", { name: "Rename" }).click();
  await renamed.fill("Mine");
  await page.keyboard.press("Enter");
  await page.getByText(/“A week of bikes” was changed meanwhile by Ben/).waitFor();
  await page.getByRole("button", { name: "Replace “A week of bikes” all the same" }).click();
  await page.getByText("“Mine” is changed.").waitFor();
  const mine = page.getByRole("listitem").filter({ hasText: "Mine" });
  await mine.getByRole("button", { name: "Remove" }).click();
  await mine.getByText("Remove it for everybody?").waitFor();
  await mine.getByRole("button", { name: "Remove" }).click();
  await page.getByText("“Mine” is removed.").waitFor();
  await mine.waitFor({ state: "detached" });
}, 60_000);

it("is not saved over another of its name unawares, and says who may save", async () => {
  const page = await openViews(`${bikes}&chart=spread`);
  await saveAs(page, "Spread", "Ana");
  await page.getByText("“Spread” is saved.").waitFor();
  await saveAs(page, "Spread", "Ben");
  await page.getByText(/There is already a view “Spread”, by Ana/).waitFor();
  await page.getByRole("button", { name: "Replace “Spread” all the same" }).click();
  await page.getByText("“Spread” is changed.").waitFor();
  let isTold = false;
  await page.route("**/api/v1/views", async (route) => {
    if (route.request().method() !== "POST" || isTold) return route.fallback();
    isTold = true;
    return route.fulfill({ status: 401, json: { type: "urn:citydeck:problem:token", detail: "a token" } });
  });
  await saveAs(page, "From afar", "Cy");
  await page.getByText("needs the access token of this installation").waitFor();
  expect(isTold).toBe(true);
  await page.getByLabel("Access token").fill(testToken);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("“From afar” is saved.").waitFor();
}, 60_000);

it("is found among many, and says when the saved views cannot be read", async () => {
  const page = await city.visit(bikes);
  await page.route("**/api/v1/views", (route) =>
    route.fulfill({
      json: Array.from({ length: 40 }, (_, i) => ({
        id: String(i),
        title: `View ${i}`,
        query: "?chart=bars",
        author: i === 7 ? "Zoë" : "Ana",
        savedAt: 0,
      })),
    }),
  );
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Search by name or author").fill("zoe");
  await expect.poll(() => page.getByRole("link", { name: /^View / }).allInnerTexts()).toEqual(["View 7"]);
  const broken = await city.visit(bikes);
  await broken.route("**/api/v1/views", (route) =>
    route.fulfill({ status: 503, json: { detail: "records.sqlite: not a database" } }),
  );
  await broken.getByRole("button", { name: "Views" }).click();
  await broken.getByText("The saved views could not be read. records.sqlite: not a database").waitFor();
}, 60_000);
