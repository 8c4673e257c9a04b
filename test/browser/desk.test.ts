/** The pages for a desk over a scripted city: what kind of data they show, and going from one to another. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { buildClientIfNeeded, clientDir } from "../../server/client-build.ts";
import { launchBrowser } from "./browser.ts";
import { harbourCity } from "./harbour-city.ts";
import { startScriptedCity, type Script, type ScriptedCity } from "./scripted-city.ts";
import { visitPage } from "./visit-page.ts";

let browser: Browser;
beforeAll(async () => {
  await buildClientIfNeeded();
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());

async function start(change: Partial<Script> = {}): Promise<ScriptedCity> {
  const city = await startScriptedCity({ ...harbourCity("calm"), ...change }, clientDir);
  onTestFinished(city.close);
  return city;
}

const visit = (city: ScriptedCity, path: string, height = 900): Promise<Page> =>
  visitPage(browser, city.url + path, { width: 1280, height });

it("every face says that a simulator drives it, and that the server is lost", async () => {
  const city = await start({ clock: { kind: "simulated", speed: 1 } });
  const pages: Page[] = [];
  for (const path of [
    "/?lang=en",
    "/feeds?lang=en",
    "/feeds?view=suppliers&lang=en",
    "/admin/walls?lang=en",
  ]) {
    const page = await visit(city, path);
    await page.getByText("a simulator drives the feeds").waitFor();
    expect(await page.getByText(/Disconnected/).count()).toBe(0);
    pages.push(page);
  }
  city.fallSilent();
  for (const page of pages)
    await page.getByText(/Disconnected, values \d+ s old/).waitFor({ timeout: 10_000 });
}, 60_000);

it("a page is titled by what it shows", async () => {
  const city = await start();
  for (const [path, title] of [
    ["/?lang=en", "Harbour City · Citydeck"],
    ["/wall/city?lang=en", "City overview · Harbour City · Citydeck"],
    ["/feeds?lang=en", "Feeds and what they owe · Harbour City · Citydeck"],
    ["/admin/walls?lang=zh", "修改城市设置 · 港湾市 · Citydeck"],
  ] as const) {
    const page = await visit(city, path);
    await expect.poll(() => page.title()).toBe(title);
  }
}, 60_000);

it("from a list scrolled down to one feed: its page begins at its top, and its title has the focus", async () => {
  const page = await visit(await start(), "/feeds?lang=en", 260);
  const link = page.locator("tbody th a").last();
  await link.scrollIntoViewIfNeeded();
  const name = await link.innerText();
  expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0);
  await link.press("Enter");
  await page.getByRole("heading", { level: 2, name }).waitFor();
  expect(await page.evaluate(() => [scrollY, document.activeElement?.textContent])).toEqual([0, name]);
}, 30_000);

it("a page that was frozen is not loaded anew over what somebody typed", async () => {
  const page = await visitPage(browser, `${(await start()).url}/`, { width: 1280, height: 900 });
  await page.clock.install();
  await page.goto(`${new URL(page.url()).origin}/admin/walls?lang=en`);
  await page.getByRole("searchbox").fill("harbour");
  await page.clock.fastForward(61_000);
  await page.clock.runFor(12_000);
  expect(await page.getByRole("searchbox").inputValue()).toBe("harbour");
}, 30_000);
