/** A briefing as it is read: on a telephone, a desk, in front of people, without script and without a network. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sampleIssue, servePages, type ServedPages } from "../briefing-pages.ts";
import { violations } from "./accessibility.ts";
import { launchBrowser } from "./browser.ts";
import { layoutFaults } from "./layout.ts";

let browser: Browser;
let pages: ServedPages;
const path = `/briefing/${sampleIssue.briefing.id}`;

beforeAll(async () => {
  [browser, pages] = await Promise.all([launchBrowser(), servePages([sampleIssue])]);
});

afterAll(async () => {
  await browser.close();
  pages.close();
});

/** What the page or its policy complains of. */
const complaints: string[] = [];

async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, ...options });
  const page = await context.newPage();
  page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
  page.on("pageerror", (error) => void complaints.push(error.message));
  await page.goto(address);
  await page.evaluate(() => document.fonts.ready);
  return page;
}

const phone = { width: 390, height: 844 };

describe.each([
  ["a telephone, in Chinese", phone, "?lang=zh"],
  ["a tablet in the dark", { width: 820, height: 1180 }, "?theme=dark"],
  ["a desk", { width: 1366, height: 768 }, "?lang=en"],
  ["a desk, as generated, in Chinese", { width: 1920, height: 1080 }, "?lang=zh&generated=1"],
])("on %s", (_, viewport, query) => {
  test("it is accessible, and no word is cut or lies over another", async () => {
    const page = await open(pages.address + path + query, { viewport });
    expect(await violations(page)).toEqual([]);
    // What is far from the screen is not laid out before it comes near.
    await page.locator("section").evaluateAll((sections: HTMLElement[]) => {
      for (const section of sections) section.style.contentVisibility = "visible";
    });
    // The contents at the thumb lie over what is scrolled under them.
    await page.locator("nav").evaluate((nav) => nav.remove());
    expect(await layoutFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await page.context().close();
  });
});

test("it is set in its own face, in both languages", async () => {
  const page = await open(`${pages.address}${path}?lang=zh`);
  const loaded = await page.evaluate(() => [
    document.fonts.check("600 20px 'IBM Plex Sans'", "Aa1"),
    document.fonts.check("20px 'Noto Sans SC'", "城市"),
  ]);
  expect(loaded).toEqual([true, true]);
  await page.context().close();
});

test("a figure leads to its evidence", async () => {
  const page = await open(pages.address + path);
  await page.locator("h1 .figure").click();
  const target = page.locator(":target");
  expect(await target.locator("a").first().getAttribute("href")).toBe(
    sampleIssue.briefing.evidence[0]!.address,
  );
  await page.context().close();
});

test("without script it is read, and offers nothing that needs one", async () => {
  const page = await open(pages.address + path, { javaScriptEnabled: false });
  expect(await page.locator("h1").isVisible()).toBe(true);
  expect(await page.locator("section.slide:visible").count()).toBeGreaterThan(5);
  expect(await page.locator("button:visible").count()).toBe(0);
  await page.context().close();
});

describe.each([
  [1920, 1080],
  [1366, 768],
])("in front of people at %d × %d", (width, height) => {
  test("keys lead through it one part at a time, each whole on the screen", async () => {
    const page = await open(pages.address + path, { viewport: { width, height } });
    const shown = (): Promise<string[]> =>
      page.locator(".slide:visible").evaluateAll((slides) => slides.map((slide) => slide.id));
    await page.keyboard.press("p");
    const seen = [await shown()];
    const count = await page.locator(".slide").count();
    for (let i = 1; i < count; i++) {
      const fits = await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight + 1);
      expect(fits, seen.at(-1)!.join()).toBe(true);
      await page.keyboard.press(i % 2 === 0 ? "ArrowRight" : "PageDown");
      seen.push(await shown());
    }
    expect(seen.map((ids) => ids.length)).toEqual(seen.map(() => 1));
    expect(seen.flat()).toEqual([...new Set(seen.flat())]);
    expect(seen.flat()[0]).toBe("cover");
    expect(await page.locator("output").textContent()).toBe(`${count} / ${count}`);
    await page.keyboard.press("Home");
    expect(await shown()).toEqual(["cover"]);
    await page.keyboard.press("Escape");
    expect((await shown()).length).toBe(count);
    await page.context().close();
  });
});

test("as a file it is whole without a network, in its own face", async () => {
  const dir = await mkdtemp(join(tmpdir(), "citydeck-file-"));
  const file = join(dir, "briefing.html");
  await writeFile(file, await (await fetch(`${pages.address}${path}?format=html&lang=zh`)).text());
  const context = await browser.newContext({ offline: true, viewport: phone });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => void (request.url().startsWith("data:") || asked.push(request.url())));
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(() => document.fonts.ready);
  expect(asked).toEqual([pathToFileURL(file).href]);
  expect(await page.evaluate(() => document.fonts.check("20px 'Noto Sans SC'", "风暴"))).toBe(true);
  expect(await page.locator("svg:visible").count()).toBeGreaterThan(5);
  await context.close();
  await rm(dir, { recursive: true });
});

test("the archive is accessible, and is searched", async () => {
  const page = await open(`${pages.address}/briefings`, { viewport: phone });
  expect(await violations(page)).toEqual([]);
  await page.getByRole("searchbox").fill("morning");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=morning/);
  await page.locator(".issues a").click();
  await page.waitForURL(`**${path}?lang=en`);
  await page.context().close();
});

test("nothing was refused or broken meanwhile", () => {
  expect(complaints).toEqual([]);
});
