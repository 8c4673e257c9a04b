/** A queue that is too long to be drawn whole: it is walked, scrolled and heard as if it were. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildClientIfNeeded, clientDir } from "../../server/client-build.ts";
import { violations } from "./accessibility.ts";
import { launchBrowser } from "./browser.ts";
import { startAt } from "./harbour-city.ts";
import { longQueue, numberedAlarm } from "./long-queue.ts";
import { startScriptedCity, type ScriptedCity } from "./scripted-city.ts";
import { visitPage } from "./visit-page.ts";

const count = 4_000;

let browser: Browser;
let city: ScriptedCity;

beforeAll(async () => {
  await buildClientIfNeeded();
  city = await startScriptedCity(longQueue(count), clientDir);
  browser = await launchBrowser();
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await city?.close();
});

async function visit(path: string, viewport = { width: 1366, height: 768 }): Promise<Page> {
  const page = await visitPage(browser, city.url + path, viewport);
  await lines(page).first().waitFor();
  return page;
}

const lines = (page: Page) => page.getByRole("list", { name: "Alarms" }).getByRole("listitem");
/** The place of the chosen line, and of how many, as a screen reader says it. */
const chosenPlace = (page: Page) =>
  page.locator("li[aria-current=true]").evaluate((its) => `${its.ariaPosInSet} of ${its.ariaSetSize}`);

it("draws some lines, says how many there are, and is as long as all of them", async () => {
  const page = await visit("/desk?lang=en");
  expect(await lines(page).count()).toBeLessThan(100);
  expect(await lines(page).first().getAttribute("aria-posinset")).toBe("1");
  expect(await lines(page).first().getAttribute("aria-setsize")).toBe(String(count));
  const { listed, high } = await page
    .getByRole("list", { name: "Alarms" })
    .evaluate((list) => ({
      listed: list.getBoundingClientRect().height,
      high: list.querySelector("li")!.getBoundingClientRect().height,
    }));
  expect(Math.abs(listed - count * high)).toBeLessThan(high);
  expect(await violations(page)).toEqual([]);
}, 60_000);

it("is walked by keys from end to end of what is drawn and beyond, the focus with the choice", async () => {
  const page = await visit("/desk?lang=en");
  await page.keyboard.press("j");
  await expect.poll(() => chosenPlace(page)).toBe(`1 of ${count}`);
  await lines(page).first().getByRole("button").focus();
  for (let i = 0; i < 120; i++) await page.keyboard.press("j");
  await expect.poll(() => chosenPlace(page)).toBe(`121 of ${count}`);
  const isFocused = () => page.evaluate(() => document.activeElement?.closest("li")?.ariaPosInSet ?? null);
  await expect.poll(isFocused).toBe("121");
  // Tab goes on to lines that were not drawn at the beginning.
  for (let i = 0; i < 40; i++) await page.keyboard.press("Tab");
  await expect.poll(isFocused).toBe("161");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Bridge 643");
}, 60_000);

it("shows the alarm that the address names, wherever it stands", async () => {
  const { id } = numberedAlarm(3_998, count);
  for (const viewport of [
    { width: 1366, height: 768 },
    { width: 3840, height: 2160 },
  ]) {
    const page = await visit(`/desk?lang=en&alarm=${encodeURIComponent(id)}`, viewport);
    const chosen = page.locator("li[aria-current=true]");
    await chosen.waitFor();
    expect(await chosen.innerText()).toContain("Bridge 3998");
    const box = (await chosen.boundingBox())!;
    expect(box.y > 0 && box.y + box.height < viewport.height).toBe(true);
  }
}, 60_000);

it("stands still under the pointer wherever it was scrolled to, also when more alarms come", async () => {
  const page = await visit("/desk?lang=en");
  await lines(page).nth(5).hover();
  await page.mouse.wheel(0, 60_000);
  const top = () =>
    page.evaluate(() => {
      const rows = Array.from(document.querySelectorAll("main li"));
      const inSight = rows.find((its) => its.getBoundingClientRect().top > 300)!;
      return `${inSight.ariaPosInSet} ${Math.round(inSight.getBoundingClientRect().top)}`;
    });
  await expect.poll(async () => Number.parseInt(await top(), 10)).toBeGreaterThan(900);
  // A wheel turns on for a while.
  let before = "";
  const rests = async (): Promise<boolean> => before === (before = await top());
  await expect.poll(rests, { interval: 250 }).toBe(true);
  const more = { ...numberedAlarm(3, count), id: "transport.rule-3{thing:new}", group: "thing:new" };
  city.alarm({
    alarms: [{ ...more, since: more.since + 1 }],
    system: { flood: null, unstored: null, unreached: [] },
  });
  await page.getByRole("button", { name: /1 new alarm/ }).waitFor();
  expect(await top()).toBe(before);
}, 60_000);

it("keeps who scrolls away from the focused line in the list", async () => {
  const page = await visit("/desk?lang=en");
  await lines(page).first().getByRole("button").focus();
  await page.locator("section[aria-label=Queue]").evaluate((its) => its.scrollTo(0, 90_000));
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("UL");
}, 60_000);

it("says once aloud that a flood has begun, and shows how it grows", async () => {
  const page = await visit("/desk?lang=en");
  const grow = (counted: number): void =>
    city.alarm({
      alarms: [],
      system: {
        flood: { since: startAt, firstOut: "transport.rule-0{thing:0}", count: counted },
        unstored: null,
        unreached: [],
      },
    });
  grow(11);
  await page.getByText(/Flood since .*: 11 alarms/).waitFor();
  const aloud = () => page.getByRole("status").allInnerTexts();
  const said = await aloud();
  expect(said.join()).toContain("A flood of alarms has begun.");
  grow(12);
  await page.getByText(/Flood since .*: 12 alarms/).waitFor();
  expect(await aloud()).toEqual(said);
}, 60_000);

it("says calmly whom messages do not reach, since when, which message and how many wait, until they do", async () => {
  const page = await visit("/desk?lang=en");
  const role = { en: "Duty officer", zh: "总值班员" };
  const contact = { en: "By night", zh: "夜间" };
  const unreached = [
    {
      role,
      contact,
      since: startAt,
      subject: "[HIGH] 几乎无车",
      alarm: `${numberedAlarm(2, count).rule}{gone}`,
      waiting: 3,
    },
    {
      role,
      contact: "pager",
      since: startAt - 30 * 3_600_000,
      subject: "The morning",
      alarm: null,
      waiting: 0,
    },
  ];
  city.alarm({ alarms: [], system: { flood: null, unstored: null, unreached } });
  const banners = page.locator("[data-banner=unreached]");
  await banners.nth(1).waitFor();
  const [night, pager] = await banners.allInnerTexts();
  expect(night).toMatch(
    /Duty officer \(By night\) has not been reached since \d\d:\d\d\. 3 messages wait and are tried again, the first is “Many stations”\./,
  );
  expect(pager).toMatch(/has not been reached since .*13 Oct.* \d\d:\d\d\. “The morning” was given up\./);
  expect(await violations(page)).toEqual([]);
  city.alarm({ alarms: [], system: { flood: null, unstored: null, unreached: [] } });
  await banners.first().waitFor({ state: "detached" });
}, 60_000);

it("offers the situation report that begins with an alarm, unless another explains the alarm", async () => {
  const its = numberedAlarm(3_998, count);
  const page = await visit(`/desk?lang=en&alarm=${encodeURIComponent(its.id)}`);
  const title = { en: "Situation report", zh: "情况报告" };
  await page.route("**/api/v1/briefings/offers", (route) =>
    route.fulfill({ json: [{ id: "situation", title, audience: title, rules: [its.rule] }] }),
  );
  await page.reload();
  const report = page.getByRole("link", { name: "Write a situation report" });
  await report.waitFor();
  expect(await report.getAttribute("href")).toContain("/briefings/issue?definition=situation");
  const system = { flood: null, unstored: null, unreached: [] };
  city.alarm({ alarms: [{ ...its, suppressedBy: "transport.rule-1{thing:1}" }], system });
  await report.waitFor({ state: "detached" });
  expect(await page.getByRole("heading", { name: /Bridge 3998/ }).isVisible()).toBe(true);
}, 60_000);
