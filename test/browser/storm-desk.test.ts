/**
 * The storm through the desk, by keyboard alone, and on the wall of every shape of screen: one city, started in the middle
 * of its storm, whose alarms come all at once.
 */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AlarmEvent, AlarmItem } from "../../shared/alarms.ts";
import { violations } from "./accessibility.ts";
import { layoutFaults } from "./layout.ts";
import { startStormCity, type StormCity } from "./storm-city.ts";
import { takeDuty } from "./visit-page.ts";

/** The suppliers' server is dead, the portal under attack, the wind at its worst. */
const hour = 16.4;
/** A quarter of an hour on a shelf is three quarters of a minute. */
const speed = 20;
const scenes = ["overview", "transport", "security", "community", "data", "today"];
const soon = { timeout: 60_000, interval: 250 };
const deadFeed = "platform.feed-silent{feed:bikes}";

let city: StormCity;
let page: Page;

beforeAll(async () => {
  city = await startStormCity("storm-desk", hour, speed);
}, 180_000);

afterAll(() => city?.stop());

const press = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const row = (name: string) => page.getByRole("listitem").filter({ hasText: name });

async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(city.url + path);
  return (await answer.json()) as T;
}

async function alarm(id: string): Promise<AlarmItem | undefined> {
  return (await ask<readonly AlarmItem[]>("/api/v1/alarms")).find((one) => one.id === id);
}

/** Lists what has these words in its name, and looks at the first. */
async function find(words: string): Promise<void> {
  await press("/");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.type(words);
  await press("Escape");
  if (words === "") return;
  await row(words).waitFor(soon);
  await press("j");
  await page.getByRole("heading", { name: words }).waitFor();
}

it("says who is at the desk, and that a flood of alarms has begun with which", async () => {
  page = await city.open("/desk?lang=en");
  for (let tabs = 0; tabs < 20 && !(await hasFocus("Position")); tabs++) await press("Tab");
  await page.keyboard.type("Crisis desk");
  await press("Tab");
  await page.keyboard.type("Late");
  await press("Enter");
  await page.getByText("Crisis desk · Late").waitFor();
  const banner = page.getByText(/^\s*Flood since \d\d:\d\d: \d+ alarms, the first was /);
  await banner.waitFor({ timeout: 90_000 });
  const raised = (await ask<readonly AlarmEvent[]>("/api/v1/alarms/events")).filter(
    ({ kind, state }) => kind === "raised" && state === "unacknowledged",
  );
  const full = raised.findIndex(({ at }, i) => i >= 10 && at - raised[i - 10]!.at < 600_000);
  const firstOut = raised.find(({ at }) => at > raised[full]!.at - 600_000)!;
  const first = (await alarm(firstOut.alarm))!;
  expect(await banner.innerText()).toContain(first.title.en);
  expect(await violations(page)).toEqual([]);
}, 150_000);

it("is worked with by keyboard alone: acknowledged, and put on a shelf with a reason", async () => {
  await press("j");
  await page.getByRole("heading", { name: "Extreme weather warning" }).waitFor();
  await press("a");
  await row("Extreme weather warning").getByText("Known").waitFor();
  await find("Bay Bike stations");
  expect(await violations(page)).toEqual([]);
  await press("s");
  await canWrite();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.type("their supplier knows");
  await press("Enter");
  await page.getByText("1 shelved", { exact: false }).waitFor();
  // The server says that it is done when it is written down.
  await page.getByRole("status").getByText("Shelved.").waitFor(soon);
  await find("");
  expect(await row("Bay Bike stations").count()).toBe(0);
  expect(await violations(page)).toEqual([]);
}, 90_000);

it("loses nothing when it is killed: who knew what, what is shelved and until when, and since when it is", async () => {
  const clocks = ({ id, state, since, occurrence, acknowledged, shelved }: AlarmItem) => {
    return { id, state, since, occurrence, acknowledged, shelved };
  };
  const touched = async () =>
    (await ask<readonly AlarmItem[]>("/api/v1/alarms"))
      .filter(({ acknowledged, shelved }) => acknowledged ?? shelved)
      .map(clocks)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const before = await touched();
  expect(before.map(({ state }) => state).toSorted()).toEqual(["acknowledged", "shelved"]);
  await city.killAndStart();
  await expect.poll(touched, soon).toEqual(before);
  await row("Extreme weather warning").getByText("Known").waitFor(soon);
}, 120_000);

it("puts the flood's alarm and its map on a wall, which goes back to its scenes", async () => {
  const wall = await city.open("/wall/city?lang=en&scene=overview");
  await wall.locator("[data-indicator]").first().waitFor(soon);
  const header = wall.getByRole("banner");
  const walls = page.getByRole("region", { name: "Walls" });
  const scene = header.locator("li button[aria-current='true']");
  await scene.waitFor(soon);
  await find("Extreme weather warning");
  const sent = /sent by Crisis desk at \d\d:\d\d, until \d\d:\d\d/;
  await send("Send this alarm");
  await wall.getByRole("heading", { name: "Extreme weather warning" }).waitFor(soon);
  await header.getByText(sent).waitFor();
  await walls.getByText("shows what was sent").waitFor(soon);
  expect(await violations(page)).toEqual([]);
  expect(await layoutFaults(wall)).toEqual([]);
  await send("Send its map");
  await header.getByText("Map", { exact: true }).waitFor(soon);
  await header.getByText(sent).waitFor();
  await walls.getByRole("button", { name: "Take back" }).focus();
  await press("Enter");
  await scene.waitFor(soon);
  await wall.locator("[data-indicator]").first().waitFor(soon);
  await find("");
  await wall.context().close();
}, 150_000);

it("tells the duty officer by mail of what nobody has acknowledged, and leads to that mail", async () => {
  const mailbox = () => fetch(city.mailbox).then((answer) => answer.text());
  await expect
    .poll(mailbox, { ...soon, timeout: 90_000 })
    .toMatch(
      /\[SIMULATED\] (Not acknowledged|\d+ alarms not acknowledged)[^]*?duty-officer-day@merrow-bay\.example/,
    );
  const link = page.getByRole("link", { name: "Mail that was sent" });
  await link.focus();
  const [mail] = await Promise.all([page.context().waitForEvent("page"), press("Enter")]);
  await mail
    .getByRole("heading", { name: /not acknowledged/i })
    .first()
    .waitFor();
  expect(await violations(mail)).toEqual([]);
  await mail.close();
}, 150_000);

it("brings back by itself what was shelved, as new", async () => {
  await row("Bay Bike stations").getByText("Nobody knows").waitFor({ timeout: 100_000 });
  const log = await ask<readonly AlarmEvent[]>(`/api/v1/alarms/events?alarm=${encodeURIComponent(deadFeed)}`);
  expect(log.map(({ kind }) => kind).filter((kind) => kind !== "suppressed")).toEqual([
    "raised",
    "shelve",
    "shelf-ended",
  ]);
  const [, shelved, ended] = log;
  expect(ended!.at - shelved!.at).toBeGreaterThanOrEqual(900_000);
  expect(ended!.at - shelved!.at).toBeLessThan(900_000 + 60_000);
  expect(await violations(page)).toEqual([]);
}, 120_000);

it("hands the storm over to the next shift, which acknowledges it", async () => {
  await page.getByRole("link", { name: "Shift", exact: true }).focus();
  await press("Enter");
  await page.getByLabel("What the next one has to know").focus();
  await page.keyboard.type("The river is still rising");
  await press("Tab", "Enter");
  await page.getByText(/Your hand-over of .* waits to be acknowledged/).waitFor(soon);
  expect(await violations(page)).toEqual([]);
  const next = await takeDuty(await city.open("/desk?lang=en"), "Crisis desk", "Night");
  await next.getByRole("link", { name: "Read and acknowledge" }).focus();
  await next.keyboard.press("Enter");
  const handover = next.getByRole("article", { name: "Hand-over" });
  await handover.getByText("The river is still rising").waitFor(soon);
  await handover
    .getByText(/Extreme weather warning/)
    .first()
    .waitFor();
  expect(await violations(next)).toEqual([]);
  await handover.getByLabel("Remark (may be left out)").focus();
  await next.keyboard.press("Enter");
  await handover.waitFor({ state: "detached", ...soon });
  await next.context().close();
}, 120_000);

/** By keyboard, from the alarm that is looked at. */
async function send(button: string): Promise<void> {
  await page.getByRole("button", { name: button }).focus();
  await press("Enter");
}

async function hasFocus(label: string): Promise<boolean> {
  return page.getByLabel(label).evaluate((element) => element === document.activeElement);
}

/** Resolves when the form that was asked for has the focus. */
async function canWrite(): Promise<void> {
  const isThere = () => page.evaluate(() => document.activeElement?.matches("input[maxlength='500']"));
  await expect.poll(isThere, soon).toBe(true);
}

/** What is wrong with a scene and stays so: on a busy machine charts are drawn to the new size some moments later. */
async function faultsOf(wall: Page, scene: number): Promise<string[]> {
  await wall.keyboard.press(String(scene + 1));
  await wall.locator(`header li:nth-child(${scene + 1}) button[aria-current="true"]`).waitFor();
  let faults: string[] = [];
  for (let tries = 0; tries < 10; tries++) {
    await wall.waitForTimeout(900);
    faults = await layoutFaults(wall);
    if (faults.length === 0) break;
  }
  return faults.map((fault) => `${scenes[scene]}: ${fault}`);
}

it.each([
  [2560, 720, "en"],
  [1920, 1080, "zh"],
  [1366, 768, "en"],
  [1280, 720, "zh"],
  [1080, 1920, "en"],
  [390, 844, "en"],
  [390, 844, "zh"],
])(
  "fits a wall of %i × %i, %s: no words over each other, none cut, none outside",
  async (width, height, lang) => {
    const wall = await city.open(`/wall/city?lang=${lang}&scene=overview`, { width, height });
    await wall.locator("[data-indicator]").nth(11).waitFor();
    const found: string[] = [];
    for (const scene of scenes.keys()) found.push(...(await faultsOf(wall, scene)));
    await wall.context().close();
    expect(found).toEqual([]);
  },
  120_000,
);
