/** Alarms on the wall: in their order, counted whatever finds no room, and never silently out of date. */

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { buildClientIfNeeded, clientDir } from "../../server/client-build.ts";
import type { Alarm, AlarmRule, AlarmsBody, Priority } from "../../shared/alarms.ts";
import { alarm } from "../alarm-samples.ts";
import { alarmRule } from "../planned-city.ts";
import { violations } from "./accessibility.ts";
import { launchBrowser } from "./browser.ts";
import { harbourCity, startAt } from "./harbour-city.ts";
import { layoutFaults } from "./layout.ts";
import { startScriptedCity, type Script, type ScriptedCity } from "./scripted-city.ts";
import { visitPage } from "./visit-page.ts";

let browser: Browser;
const open: (() => Promise<void>)[] = [];

beforeAll(async () => {
  await buildClientIfNeeded();
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser?.close());
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const minuteMs = 60_000;
const calm: AlarmsBody = { alarms: [], system: { flood: null, unstored: null, unreached: [] } };

const titles: readonly [id: string, title: string, priority: Priority][] = [
  ["transport.bridge-shut", "The bridge is shut", "high"],
  ["community.water-high", "Water is high", "critical"],
  ["security.units-short", "Few units are free", "low"],
];

function ruleOf([id, title, priority]: (typeof titles)[number]): AlarmRule {
  return { ...alarmRule({ id, priority }), title: { en: title, zh: "桥梁封闭" }, owner: "transport" };
}

function alarmOf([rule, , priority]: (typeof titles)[number], over: Partial<Alarm> = {}): Alarm {
  return alarm({ id: rule, rule, priority, since: startAt - 5 * minuteMs, ...over });
}

/** The scripted city with its alarms in the left column of its only scene. */
async function startCity(alarms: AlarmsBody, change: Partial<Script> = {}): Promise<ScriptedCity> {
  const script = harbourCity("calm");
  const [scene] = script.wall.scenes;
  const left = [[{ show: "alarms", when: "always" } as const], [{ show: "data", when: "always" } as const]];
  const city = await startScriptedCity(
    {
      ...script,
      city: { ...script.city, rules: titles.map(ruleOf) },
      wall: { ...script.wall, scenes: [{ ...scene!, regions: { ...scene!.regions, left } }] },
      alarms,
      judged: "now",
      ...change,
    },
    clientDir,
  );
  open.push(city.close);
  return city;
}

async function visit(city: ScriptedCity, lang = "en"): Promise<Page> {
  return visitPage(browser, `${city.url}/wall/city?lang=${lang}`, { width: 1920, height: 1080 });
}

function part(page: Page) {
  return page.getByRole("region", { name: /^(Alarms|告警)$/ });
}

it("says quietly that none is active, then shows each as it comes, the most urgent in front", async () => {
  const city = await startCity(calm);
  const page = await visit(city);
  await part(page).getByText("None active").waitFor();
  const [bridge, water, units] = titles;
  city.alarm({ ...calm, alarms: [alarmOf(bridge!), alarmOf(units!)] });
  await part(page).getByText("The bridge is shut").waitFor();
  city.alarm({
    ...calm,
    alarms: [
      alarmOf(water!),
      alarmOf(bridge!, {
        state: "acknowledged",
        acknowledged: { at: startAt, by: { position: "Night desk", shift: null, account: null } },
      }),
    ],
  });
  await part(page).getByText("Water is high").waitFor();
  const rows = (await part(page).getByRole("listitem").allInnerTexts()).map((row) =>
    row.replaceAll(/\s+/g, " "),
  );
  expect(rows[0]).toMatch(/^1 CRITICAL 5 min Water is high Nobody knows/);
  expect(rows[1]).toMatch(/^Do: /);
  expect(rows[2]).toMatch(/^2 HIGH .*The bridge is shut acknowledged 17:21, Night desk/);
  expect(rows[3]).toMatch(/^4 LOW/);
  await part(page).getByText("3 active").waitFor();
  city.alarm({ ...calm, alarms: [alarmOf(water!, { state: "returned", isActive: false })] });
  await part(page).getByText("Was critical").waitFor();
  expect(await layoutFaults(page)).toEqual([]);
  expect(await violations(page)).toEqual([]);
}, 60_000);

it("gathers a flood by rule with the first-out marked, and counts what finds no room", async () => {
  const [bridge, , units] = titles;
  const many = Array.from({ length: 9 }, (_, i) =>
    alarmOf(bridge!, { id: `${bridge![0]}{x:${i}}`, group: `x:${i}`, since: startAt - (9 - i) * 1000 }),
  );
  const single = ["a", "b", "c", "d", "e", "f"].map((key) =>
    alarmOf([`security.other-${key}`, key, "low"], { since: startAt - 20_000 }),
  );
  const script = harbourCity("calm");
  const rules = [
    ...titles.map(ruleOf),
    ...single.map(({ rule }) => ruleOf([rule, "Something that takes two lines to be said here", "low"])),
  ];
  const flood = { since: startAt - 30_000, firstOut: units![0], count: 16 };
  const city = await startCity(
    { alarms: [alarmOf(units!), ...many, ...single], system: { flood, unstored: null, unreached: [] } },
    { city: { ...script.city, rules } },
  );
  const page = await visit(city);
  await part(page).getByText("and 8 more like it").waitFor();
  await part(page).getByText("16 alarms, the first was Few units are free", { exact: false }).waitFor();
  await part(page).getByText("came first").waitFor();
  const head = await part(page).getByText("16 active").innerText();
  const seen = await part(page)
    .getByRole("listitem")
    .evaluateAll((rows) => {
      const list = rows[0]!.parentElement!.getBoundingClientRect();
      return rows
        .filter((row) => row.getBoundingClientRect().bottom <= list.bottom + 1)
        .filter((row) => row.getBoundingClientRect().left < list.right)
        .reduce((sum, row) => sum + Number(row.dataset["count"] ?? 0), 0);
    });
  const notShown = Number(/(\d+) not shown/.exec(head)?.[1] ?? 0);
  expect(seen + notShown).toBe(16);
}, 60_000);

it("cannot be mistaken when alarms are not judged, not written down, or the link is lost", async () => {
  const unstored = { count: 2, since: startAt, error: "disk full" };
  const city = await startCity(
    { alarms: [alarmOf(titles[0]!)], system: { flood: null, unstored, unreached: [] } },
    { judged: "long-ago" },
  );
  const page = await visit(city);
  await part(page).getByText("Alarms have not been judged for 1 min", { exact: false }).waitFor();
  await part(page).getByText("2 events are not written down: disk full").waitFor();
  city.fallSilent();
  await part(page).getByText("The server cannot be reached", { exact: false }).waitFor({ timeout: 15_000 });
  expect(await part(page).getByText("have not been judged").count()).toBe(0);
}, 60_000);

/** Two scenes that take turns, and new alarms from high on in their place for ten seconds. */
function rotating(): Partial<Script> {
  const { wall } = harbourCity("calm");
  const [scene] = wall.scenes;
  const second = { ...scene!, id: "second", title: { en: "Second scene", zh: "画面二" }, seconds: 3_600 };
  return {
    wall: {
      ...wall,
      interrupt: { from: "high", seconds: 10 },
      scenes: [{ ...scene!, seconds: 3_600 }, second],
    },
  };
}

function banner(page: Page) {
  return page.getByRole("banner");
}

it("gives a new alarm of the set priority the place of the scene, then the scene comes back by itself", async () => {
  const city = await startCity(calm, rotating());
  const page = await visit(city);
  await page.locator("[data-indicator]").first().waitFor();
  await page.keyboard.press("n");
  await banner(page).getByText("Second scene", { exact: true }).first().waitFor();
  const [bridge, water, units] = titles;
  const now = { since: city.cityNow() };
  city.alarm({ ...calm, alarms: [alarmOf(units!, now)] });
  city.alarm({ ...calm, alarms: [alarmOf(bridge!, now)] });
  await page.getByRole("heading", { name: "The bridge is shut" }).waitFor();
  await page.getByText("Look.").first().waitFor();
  await banner(page)
    .getByText(/^back to Second scene in \d+ s$/)
    .waitFor();
  // The map stays, and the figures are back with the scene.
  expect(await page.locator("[data-indicator]").count()).toBe(0);
  expect(await page.locator("canvas").first().isVisible()).toBe(true);
  expect(await layoutFaults(page)).toEqual([]);
  expect(await violations(page)).toEqual([]);
  // A more urgent one goes in front; both are told.
  city.alarm({ ...calm, alarms: [alarmOf(water!, { since: city.cityNow() })] });
  await page.getByRole("heading", { name: "Water is high" }).waitFor();
  await part(page).getByText("The bridge is shut").waitFor();
  await page.locator("[data-indicator]").first().waitFor({ timeout: 20_000 });
  await banner(page).getByText("Second scene", { exact: true }).first().waitFor();
}, 60_000);

it("gives an alarm the place of what was sent and cannot be shown", async () => {
  const sent = {
    wall: "city",
    what: { view: "show=transport.bridge&range=last-6-hour" },
    by: { position: "Analysis", shift: null, account: null },
    setAt: startAt,
    untilAt: null,
  };
  const city = await startCity(calm, { ...rotating(), sent });
  const page = await visitPage(browser, `${city.url}/icon.svg`, { width: 1920, height: 1080 });
  await page.route(/view-scene.*\.js/, (route) => route.abort());
  // Until it has failed, its place may still be taken by something else.
  const failed = page.waitForEvent("console", (said) =>
    said.text().startsWith("TypeError: Failed to fetch dynamically"),
  );
  await page.goto(`${city.url}/wall/city?lang=en`);
  await banner(page)
    .getByText(/^sent by Analysis/)
    .waitFor();
  await failed;
  await page.locator("[data-indicator]").first().waitFor();
  const [bridge] = titles;
  city.alarm({ ...calm, alarms: [alarmOf(bridge!, { since: city.cityNow() })] });
  await page.getByRole("heading", { name: "The bridge is shut" }).waitFor();
}, 60_000);

it("leaves at once when somebody acknowledges it, or turns the scenes", async () => {
  const city = await startCity(calm, rotating());
  const page = await visit(city);
  await page.locator("[data-indicator]").first().waitFor();
  const [bridge, water] = titles;
  const first = { since: city.cityNow() };
  city.alarm({ ...calm, alarms: [alarmOf(bridge!, first)] });
  await page.getByRole("heading", { name: "The bridge is shut" }).waitFor();
  city.alarm({ ...calm, alarms: [alarmOf(bridge!, { ...first, state: "acknowledged" })] });
  await page.locator("[data-indicator]").first().waitFor({ timeout: 5_000 });
  city.alarm({ ...calm, alarms: [alarmOf(water!, { since: city.cityNow() })] });
  await page.getByRole("heading", { name: "Water is high" }).waitFor();
  await page.keyboard.press("n");
  await page.locator("[data-indicator]").first().waitFor({ timeout: 5_000 });
  await banner(page).getByText("City overview", { exact: true }).first().waitFor();
}, 60_000);

it("says it in a strip where somebody pinned the scene", async () => {
  const city = await startCity(calm, rotating());
  const page = await visitPage(browser, `${city.url}/wall/city?lang=en&scene=second`, {
    width: 1920,
    height: 1080,
  });
  await page.locator("[data-indicator]").first().waitFor();
  city.alarm({ ...calm, alarms: [alarmOf(titles[0]!, { since: city.cityNow() })] });
  const strip = page.getByRole("alert").filter({ hasText: "The bridge is shut" });
  await strip.waitFor();
  expect(await page.locator("[data-indicator]").count()).toBeGreaterThan(0);
  expect(await layoutFaults(page)).toEqual([]);
  await strip.waitFor({ state: "detached", timeout: 20_000 });
}, 60_000);
