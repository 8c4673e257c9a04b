/** Changes to a running city in a real browser: a target and a tile by form, a note on a tile. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "./accessibility.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";

const indicator = "transport.bikes-available";

let city: BikeCity;

beforeAll(async () => {
  city = await startBikeCity("admin");
}, 90_000);

afterAll(() => city?.stop());

const visit: BikeCity["visit"] = (path, viewport) => city.visit(path, viewport);

const onDisk = async (file: string): Promise<string> => readFile(join(city.dir, file), "utf8");

/** Saves a file as it was through the editor's own text of it. */
async function putBack(page: Page, file: string, before: string): Promise<void> {
  await page.getByText("The whole file").click();
  await page.getByLabel(file).fill(before);
  await page.getByText("The city is sound with this change.").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => onDisk(file)).toBe(before);
}

/** The words that a field points to. */
const describedBy = (field: Locator): Promise<string | null> =>
  field.evaluate((input) => {
    const id = input.getAttribute("aria-describedby");
    return id === null ? null : (document.getElementById(id)?.textContent ?? null);
  });

describe("the city's settings in a browser", () => {
  it("change a target: the diff is shown, the check holds, the wall follows, and there is a way back", async () => {
    const wall = await visit("/wall/city?lang=en");
    const page = await visit(`/admin/indicators/${indicator}?lang=en`);
    const before = await onDisk(`indicators/${indicator}.json`);
    await page.getByLabel("Target").fill("12");
    await page.getByText("The city is sound with this change.").waitFor();
    expect(await page.locator("[data-mark=added]").allInnerTexts()).toContain('+  "target": 12');
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved. Every wall follows in a moment.").waitFor();
    expect(JSON.parse(await onDisk(`indicators/${indicator}.json`))).toMatchObject({ target: 12 });
    await wall.locator(`[data-indicator="${indicator}"]`).getByText("5 below 12").waitFor();
    await page.getByRole("button", { name: "Back to the version before" }).click();
    await page.getByText("The city is sound with this change.").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => onDisk(`indicators/${indicator}.json`)).toBe(before);
  }, 60_000);

  it("take a decimal key by key, and what is no number changes nothing", async () => {
    const page = await visit(`/admin/indicators/${indicator}?lang=en`);
    const target = page.getByLabel("Target");
    await target.pressSequentially("0.25");
    expect(await target.inputValue()).toBe("0.25");
    expect(await page.locator("[data-mark=added]").allInnerTexts()).toContain('+  "target": 0.25');
    await target.pressSequentially("x");
    expect(await target.getAttribute("aria-invalid")).toBe("true");
    expect(await describedBy(target)).toBe("A number, such as 2.5. Until then the value stays as it is.");
    expect(await violations(page)).toEqual([]);
    expect(await page.locator("[data-mark=added]").allInnerTexts()).toContain('+  "target": 0.25');
    await target.press("Backspace");
    expect(await target.getAttribute("aria-describedby")).toBeNull();
    await page.getByRole("button", { name: "Discard" }).click();
    expect(await target.inputValue()).toBe("");
  }, 60_000);

  it("no longer say that they are saved once something is typed, even what is no number", async () => {
    const page = await visit(`/admin/indicators/${indicator}?lang=en`);
    const before = await onDisk(`indicators/${indicator}.json`);
    const target = page.getByLabel("Target");
    await target.fill("11");
    await page.getByText("The city is sound with this change.").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    const saved = page.getByText("Saved. Every wall follows in a moment.");
    await saved.waitFor();
    await target.pressSequentially("x");
    await saved.waitFor({ state: "detached", timeout: 5_000 });
    await putBack(page, `indicators/${indicator}.json`, before);
  }, 60_000);

  it("keep what is typed while they are saved, and a second click saves nothing twice", async () => {
    const page = await visit(`/admin/indicators/${indicator}?lang=en`);
    const before = await onDisk(`indicators/${indicator}.json`);
    const sent: (string | null)[] = [];
    await page.route("**/api/v1/admin/files/**", async (route) => {
      if (route.request().method() !== "PUT") return route.continue();
      sent.push(route.request().postData());
      await page.waitForTimeout(700);
      return route.continue();
    });
    const title = page.getByLabel("Title, English");
    await title.fill("Bikes to ride");
    await page.getByText("The city is sound with this change.").waitFor();
    await page.getByRole("button", { name: "Save" }).dblclick();
    await title.press("End");
    await title.pressSequentially(" now");
    await page.getByText("Saved. Every wall follows in a moment.").waitFor();
    expect(await title.inputValue()).toBe("Bikes to ride now");
    expect(JSON.parse(await onDisk(`indicators/${indicator}.json`))).toMatchObject({
      title: { en: "Bikes to ride" },
    });
    expect(sent.length).toBe(1);
    await putBack(page, `indicators/${indicator}.json`, before);
  }, 60_000);

  it("cannot be saved while they would break the city, and say what would", async () => {
    const page = await visit("/admin/walls/city?lang=en");
    const before = await onDisk("walls/city.json");
    await page.getByText("The whole file").click();
    const whole = page.getByLabel("walls/city.json");
    await whole.fill(before.replace(indicator, "transport.none"));
    await page.getByText(/an indicator of this folder/).waitFor();
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByText("Nothing yet.").waitFor();
    expect(await onDisk("walls/city.json")).toBe(before);
  }, 60_000);

  it("take a tile off a wall and put it back", async () => {
    const wall = await visit("/wall/city?lang=en");
    const page = await visit("/admin/walls/city?lang=en");
    const tile = wall.locator(`[data-indicator="${indicator}"]`);
    await tile.waitFor();
    const entry = page.getByRole("listitem").filter({ hasText: "Bikes available" });
    await entry.getByRole("button", { name: "Remove" }).click();
    await page.getByText("The city is sound with this change.").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await tile.waitFor({ state: "detached" });
    await page.getByLabel("Add a figure").first().selectOption(indicator);
    await page.getByText("The city is sound with this change.").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await tile.waitFor();
  }, 60_000);

  it("have no accessibility fault, wide and on a phone", async () => {
    for (const path of [
      `/admin/indicators/${indicator}?theme=light`,
      "/admin/walls/city?theme=dark&lang=zh",
    ]) {
      const page = await visit(path);
      await page.locator("details").waitFor();
      expect(await violations(page)).toEqual([]);
      const phone = await visit(path, { width: 390, height: 844 });
      await phone.locator("details").waitFor();
      expect(await violations(phone)).toEqual([]);
      expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    }
  }, 60_000);
});

describe("a note on a figure", () => {
  it("is written in its panel and stands on every wall until it is taken away", async () => {
    const other = await visit("/wall/city?lang=en", { width: 1920, height: 1080 });
    const page = await visit("/wall/city?lang=en", { width: 1920, height: 1080 });
    await page.locator(`[data-indicator="${indicator}"]`).click();
    // Letters typed here are no orders to the wall: "t" would change the theme.
    await page.getByLabel("Note on this figure").pressSequentially("known, back at ten past");
    await page.getByRole("button", { name: "Set" }).click();
    const noted = other.locator(`[data-indicator="${indicator}"]`).getByText("“known, back at ten past”");
    await noted.waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Take away" }).click();
    await noted.waitFor({ state: "detached" });
    expect(await page.evaluate(() => location.search)).toBe("?lang=en");
  }, 60_000);
});
