/** The storm at speed, from the simulator's bytes to what an operator reads on the wall: what, when, and whose it is. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { AlarmAction, AlarmItem } from "../../shared/alarms.ts";
import { plainText, type IssuedBriefing } from "../../shared/briefing.ts";
import { languages } from "../../shared/city.ts";
import { withToken } from "../running-city.ts";
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

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const headers = { "content-type": "application/json", ...withToken };
  const answer = await fetch(city.url + path, { headers, ...sent });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** What somebody who was not there has to learn from the evening's briefing, in each language. */
const story = {
  en: [
    "“Storm warning: gusts to 110 km/h, 30 mm of rain an hour”",
    "“Flood warning: low-lying districts along the Merrow”",
    "Flooding reported in a district",
    "Many trips late",
    "Attack during an emergency",
    "Log-ins under attack",
    "feed “Bay Bike stations” silent",
    "acknowledged by Duty desk",
    "last noted: “Portal behind the shield”",
  ],
  zh: [
    "“风暴橙色预警：阵风 110 km/h，每小时雨量 30 毫米”",
    "“洪水红色预警：梅罗河沿岸低洼地区”",
    "片区内涝集中上报",
    "大面积晚点",
    "应急期间遭受网络攻击",
    "登录遭受攻击",
    "数据源“海湾单车站点”中断",
    "由 Duty desk 于",
    "最新备注：“Portal behind the shield”",
  ],
};

it("is told rightly by the evening's briefing to somebody who was not there, in both languages", async () => {
  const rules = async (): Promise<string[]> =>
    (await ask<readonly AlarmItem[]>("/api/v1/alarms")).map(({ rule }) => rule);
  for (const rule of ["community.flooding", "security.attack-in-emergency"])
    await expect.poll(rules, { timeout: 60_000, interval: 500 }).toContain(rule);
  const act = (action: AlarmAction, key: string): Promise<unknown> =>
    ask("/api/v1/alarms/actions", {
      ...action,
      alarms: ["security.attack-in-emergency"],
      position: "Duty desk",
      shift: "Late",
      key,
    });
  await act({ action: "acknowledge" }, "evening-1");
  await act({ action: "comment", text: "Portal behind the shield" }, "evening-2");
  // What has happened until the last whole five minutes is told.
  await new Promise((resolve) => setTimeout(resolve, (6 * 60_000) / speed));
  // The history may be busy with the city's past, and then nothing is issued.
  const issued = await vi.waitFor(() => ask<IssuedBriefing>("/api/v1/briefings", { definition: "evening" }), {
    timeout: 60_000,
    interval: 2_000,
  });
  const { briefing } = issued;
  for (const language of languages) {
    const told = briefing.sections.flatMap(({ statements }) =>
      statements.map(({ text }) => plainText(text, language)),
    );
    const whole = [plainText(briefing.cover, language), ...told].join("\n");
    for (const words of story[language]) expect(whole).toContain(words);
    // The cover alone says what it was about and how bad it became.
    const cover = plainText(briefing.cover, language);
    for (const words of story[language].slice(0, 2)) expect(cover).toContain(words);
  }
}, 200_000);
