/** The desk on a running city: what comes stands in its order, is acted on by keys and by hand, and nothing jumps. */

import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AlarmAction, AlarmCommand } from "../../shared/alarms.ts";
import { bikeFiles } from "../city-files.ts";
import { testToken, withToken } from "../running-city.ts";
import { violations } from "./accessibility.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";
import { fewBikesCity, fewBikesRule } from "./few-bikes.ts";
import { takeDuty } from "./visit-page.ts";

const both = (en: string, zh: string) => ({ en, zh });

const settings = {
  ...fewBikesCity,
  "rules/transport.no-bikes.json": {
    ...fewBikesRule,
    id: "transport.no-bikes",
    title: both("No bikes", "无车可借"),
    when: { below: 1, clearAbove: 1 },
    priority: "critical",
  },
};

let city: BikeCity;
let bikes = 7;

beforeAll(async () => {
  city = await startBikeCity("alarm-desk", settings, () => bikeFiles(bikes, Date.now()));
}, 90_000);

afterAll(() => city?.stop());

const soon = { timeout: 30_000 };
const actions = "**/api/v1/alarms/actions";
const names = (page: Page) => page.locator("main li strong").allInnerTexts();
const row = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });

it("says calmly that nothing waits, and takes who is at the desk", async () => {
  const page = await city.visit("/desk?lang=en");
  const other = await page.context().newPage();
  await other.goto(`${city.url}/desk?lang=en`);
  await page.getByText("Nothing waits for you.").waitFor();
  await page.getByLabel("Position").fill("Transport desk");
  await page.getByLabel("Shift").fill("Night");
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByText("Transport desk · Night").waitFor();
  await other.getByText("Transport desk · Night").waitFor();
  await page.reload();
  await page.getByText("Transport desk · Night").waitFor();
  expect(await violations(page)).toEqual([]);
}, 60_000);

it("knows at the desk again who began there while the tab showed something else", async () => {
  const page = await city.visit("/desk?lang=en");
  const other = await page.context().newPage();
  await other.goto(`${city.url}/desk?lang=en`);
  await takeDuty(other, "Transport desk", "Night");
  await other.getByRole("link", { name: "Start" }).click();
  await other.getByRole("link", { name: "Desk" }).first().waitFor();
  await page.evaluate(() => {
    localStorage.setItem("citydeck-duty", JSON.stringify({ position: "Transport desk", shift: "Day" }));
  });
  await other.goBack();
  await other.getByText("Transport desk · Day").waitFor();
}, 60_000);

it("takes the token once, says when it is wrong, and is signed out again", async () => {
  const page = await city.visit("/desk?lang=en");
  await page.context().clearCookies();
  await page.reload();
  const form = page.getByRole("form", { name: "Sign in" });
  const ways = (await page.getByRole("navigation").boundingBox())!;
  expect((await form.boundingBox())!.y).toBeGreaterThan(ways.y + ways.height);
  await form.getByLabel("Access token").fill("wrong");
  await page.keyboard.press("Enter");
  await form.getByText("This is not the access token of this installation.").waitFor();
  expect(await violations(page)).toEqual([]);
  await form.getByLabel("Access token").fill(testToken);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  expect(
    await page.evaluate(() => JSON.stringify([document.cookie, localStorage, sessionStorage])),
  ).not.toContain(testToken);
  await page.getByRole("button", { name: "Sign out" }).click();
  await form.waitFor();
  expect(await page.context().cookies()).toEqual([]);
}, 60_000);

it("is worked with by keys alone: choose, acknowledge, take back, comment, shelve", async () => {
  const page = await onDuty("/desk?lang=en");
  bikes = 2;
  await row(page, "Few bikes").waitFor(soon);
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: "Few bikes" }).waitFor();
  await page.getByText("Bring bikes.").waitFor();
  await page.getByLabel("Call the depot.").waitFor();
  await page.keyboard.press("a");
  await row(page, "Few bikes").getByText("Known").waitFor();
  await page.keyboard.press("u");
  await row(page, "Few bikes").getByText("Nobody knows").waitFor();
  await page.keyboard.press("m");
  await canWrite(page);
  await page.keyboard.type("Van is on its way");
  await page.keyboard.press("Enter");
  await page.getByText("“Van is on its way” (Transport desk)").waitFor();
  await page.keyboard.press("g");
  await row(page, "Few bikes").getByText("Transport desk").waitFor();
  await page.keyboard.press("s");
  await canWrite(page);
  await page.keyboard.type("known to the depot");
  await page.keyboard.press("Enter");
  await page.getByText("1 shelved", { exact: false }).waitFor();
  expect(await names(page)).toEqual([]);
  await page.keyboard.press("u");
  await row(page, "Few bikes").waitFor();
  const log = page.locator("ol li");
  await expect.poll(() => log.first().innerText(), soon).toContain("Unshelved");
  expect((await log.allInnerTexts()).join("\n")).toContain("Transport desk · Night");
}, 90_000);

it("stands still under the pointer: what is new is counted, and comes when it may", async () => {
  const page = await onDuty("/desk?lang=en&alarm=transport.few-bikes");
  const figure = page.getByRole("definition").filter({ hasText: /^\d+$/ });
  await expect.poll(() => figure.innerText(), soon).toBe("2");
  await row(page, "Few bikes").hover();
  bikes = 0;
  await page.getByRole("button", { name: /1 new alarm/ }).waitFor(soon);
  expect(await names(page)).toEqual(["Few bikes"]);
  // Nothing happened to this alarm: its figure is that of now all the same.
  await expect.poll(() => figure.innerText(), soon).toBe("0");
  await page.keyboard.press("n");
  await expect.poll(() => names(page), soon).toEqual(["No bikes", "Few bikes"]);
}, 60_000);

it("two operators see at once what either does", async () => {
  const [one, other] = await Promise.all([onDuty("/desk?lang=en"), onDuty("/desk?lang=zh")]);
  await row(one, "No bikes").getByRole("button").click();
  await one.getByRole("button", { name: /^Acknowledge/ }).click();
  await row(other, "无车可借").getByText("已确认").waitFor();
  await row(other, "无车可借").getByRole("button").click();
  await other.keyboard.press("a");
  await other.getByText("无车可借：已有人确认").waitFor();
}, 60_000);

it("keeps who has done which step of the checklist: in the other's sight, in the log, and undone again", async () => {
  const path = "/desk?lang=en&alarm=transport.no-bikes";
  const [one, other] = await Promise.all([onDuty(path), onDuty(path.replace("=en", "=zh"))]);
  await one.getByLabel("Call the depot.").click();
  await one.getByText(/^Transport desk, \d\d:\d\d$/).waitFor(soon);
  await expect.poll(() => other.getByLabel("联系车场。").isChecked(), soon).toBe(true);
  await other.locator("ol li").filter({ hasText: "已完成：联系车场。" }).waitFor(soon);
  await one.reload();
  await expect.poll(() => one.getByLabel("Call the depot.").isChecked(), soon).toBe(true);
  expect(await violations(one)).toEqual([]);
  await one.getByLabel("Call the depot.").click();
  await expect.poll(() => other.getByLabel("联系车场。").isChecked(), soon).toBe(false);
  await one.keyboard.press("u");
  await expect.poll(() => other.getByLabel("联系车场。").isChecked(), soon).toBe(true);
}, 60_000);

it("shows a step as it was asked for while that is under way, and asks once", async () => {
  const page = await onDuty("/desk?lang=en&alarm=transport.no-bikes");
  const step = page.getByLabel("Call the depot.");
  const before = await step.isChecked();
  const answered = Promise.withResolvers<void>();
  let asked = 0;
  await page.route(actions, async (route) => {
    asked++;
    await answered.promise;
    await route.continue();
  });
  await step.click();
  expect(await step.isChecked()).toBe(!before);
  await step.click();
  expect([asked, await step.isChecked()]).toEqual([1, !before]);
  answered.resolve();
  await page.getByText(before ? "The step is open again." : "The step is done.").waitFor();
  expect(await step.isChecked()).toBe(!before);
  await page.unroute(actions);
  await page.keyboard.press("u");
  await expect.poll(() => step.isChecked(), soon).toBe(before);
}, 60_000);

it("keeps its filters in the address, and counts what they hide", async () => {
  const page = await onDuty("/desk?lang=en");
  await row(page, "No bikes").waitFor();
  await page.getByRole("button", { name: "Critical", exact: true }).click();
  await expect.poll(() => names(page)).toEqual(["No bikes"]);
  await page.getByText("1 more is not what you ask for.").waitFor();
  expect(new URL(page.url()).searchParams.get("priority")).toBe("critical");
  await page.getByRole("button", { name: "Show all" }).click();
  await expect.poll(() => names(page)).toHaveLength(2);
}, 60_000);

it("acts on many at once", async () => {
  const page = await onDuty("/desk?lang=en");
  await row(page, "No bikes").waitFor();
  for (const box of await page.getByRole("listitem").getByRole("checkbox").all()) await box.check();
  await page.getByText("2 chosen").waitFor();
  await page.getByRole("button", { name: /^I take it/ }).click();
  await page.getByText("2 are yours.").waitFor();
}, 60_000);

it("chooses several by keys alone, and acts on all of them", async () => {
  const page = await onDuty("/desk?lang=en");
  await row(page, "No bikes").waitFor();
  for (const key of ["j", "x", "j", "x"]) await page.keyboard.press(key);
  await page.getByText("2 chosen").waitFor();
  await page.getByRole("heading", { name: "Few bikes" }).waitFor();
  await page.keyboard.press("a");
  await page.getByText("No bikes: somebody has acknowledged it").waitFor();
  await row(page, "Few bikes").getByText("Known").waitFor();
  expect(await page.getByText("2 chosen").count()).toBe(0);
}, 60_000);

it("asks for the words of an action anew when other alarms are chosen", async () => {
  const page = await onDuty("/desk?lang=en&alarm=transport.no-bikes");
  await page.getByRole("button", { name: /^Comment/ }).click();
  await page.getByLabel("Comment", { exact: true }).fill("of no bikes");
  await row(page, "Few bikes").getByRole("button").click();
  await page.getByRole("heading", { name: "Few bikes" }).waitFor();
  expect(await page.getByLabel("Comment", { exact: true }).count()).toBe(0);
}, 60_000);

it("hears every key, also one that comes while the page is drawn anew", async () => {
  const page = await onDuty("/desk?lang=en");
  await row(page, "No bikes").waitFor();
  await page.evaluate(() => {
    const drawAnew = (): void => {
      const query = new URLSearchParams(location.search);
      query.set("drawn", String(performance.now()));
      history.replaceState(null, "", `?${query}`);
      dispatchEvent(new PopStateEvent("popstate"));
    };
    addEventListener("keydown", drawAnew);
    drawAnew();
  });
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: "No bikes" }).waitFor();
  await page.keyboard.press("m");
  await canWrite(page);
}, 60_000);

it("leaves what is being written alone when an earlier answer comes late, and when the alarm goes", async () => {
  const page = await onDuty("/desk?lang=en");
  const late = Promise.withResolvers<void>();
  await page.route(actions, async (route) => {
    await late.promise;
    await route.continue();
  });
  await row(page, "No bikes").waitFor();
  for (const key of ["j", "x", "j", "x", "g", "m"]) await page.keyboard.press(key);
  await canWrite(page);
  await page.keyboard.type("half ");
  late.resolve();
  await page.getByText("2 are yours.").waitFor();
  await page.keyboard.type("and half");
  await page.keyboard.press("Enter");
  await page.getByText("Comment written to 2.").waitFor();
  await page.getByText("“half and half” (Transport desk)").waitFor();
  await page.keyboard.press("m");
  await canWrite(page);
  await page.keyboard.type("one ");
  await fromElsewhere({ action: "shelve", forSeconds: 900, reason: "elsewhere" });
  await expect.poll(() => names(page), soon).toEqual(["No bikes"]);
  await page.keyboard.type("whole");
  await page.keyboard.press("Enter");
  await page.getByText("“one whole” (Transport desk)").waitFor();
  await fromElsewhere({ action: "unshelve" });
  await row(page, "Few bikes").waitFor();
}, 60_000);

it("tries again by the same key what was done without an answer", async () => {
  const page = await onDuty("/desk?lang=en&alarm=transport.no-bikes");
  const keys: string[] = [];
  await page.route(actions, async (route) => {
    keys.push((route.request().postDataJSON() as AlarmCommand).key);
    if (keys.length === 1) {
      await route.fetch();
      await route.abort();
    } else await route.continue();
  });
  await page.getByRole("button", { name: /^Comment/ }).click();
  await canWrite(page);
  await page.keyboard.type("said once");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Comment written.").waitFor();
  expect(new Set(keys).size).toBe(1);
  expect(keys).toHaveLength(2);
  await expect.poll(() => page.locator("ol li").filter({ hasText: "said once" }).count(), soon).toBe(1);
}, 60_000);

it("on a phone keeps the queue while several are marked, and says beside it what became of them", async () => {
  const page = await onDuty("/desk?lang=en", { width: 390, height: 844 });
  await row(page, "No bikes").waitFor();
  for (const box of await page.getByRole("listitem").getByRole("checkbox").all()) await box.check();
  await page.getByText("2 chosen").waitFor();
  expect(await names(page)).toHaveLength(2);
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: /^Comment/ }).click();
  await canWrite(page);
  await page.keyboard.type("seen");
  await page.keyboard.press("Enter");
  await page.getByText("Comment written to 2.").waitFor();
  await row(page, "No bikes").getByRole("checkbox").check();
  await row(page, "No bikes").getByRole("button").click();
  await page.getByRole("button", { name: /Queue/ }).click();
  await row(page, "No bikes").waitFor();
  expect(await page.getByText("1 chosen").count()).toBe(0);
}, 60_000);

it("has no accessibility fault and no sideways scroll, in both languages, at a desk and on a phone", async () => {
  for (const [choice, viewport] of [
    ["theme=light&lang=en", { width: 1920, height: 1080 }],
    ["theme=dark&lang=zh", { width: 1366, height: 768 }],
    ["theme=night&lang=en", { width: 390, height: 844 }],
  ] as const) {
    const page = await onDuty(`/desk?alarm=transport.no-bikes&${choice}`, viewport);
    await page.getByRole("heading", { name: /No bikes|无车可借/ }).waitFor();
    await page.locator("ol li").first().waitFor();
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
    expect({ choice, scrollWidth, found: await violations(page) }).toEqual({
      choice,
      scrollWidth: viewport.width,
      found: [],
    });
  }
}, 90_000);

/** A page whose operator has said who they are. */
async function onDuty(path: string, viewport?: { width: number; height: number }): Promise<Page> {
  return takeDuty(await city.visit(path, viewport), "Transport desk", "Night");
}

/** Does something with "Few bikes", as at another desk. */
async function fromElsewhere(action: AlarmAction): Promise<void> {
  const key = randomUUID();
  const command = { ...action, alarms: ["transport.few-bikes"], position: "Other desk", shift: null, key };
  const answer = await fetch(`${city.url}/api/v1/alarms/actions`, {
    method: "POST",
    headers: { ...withToken, "content-type": "application/json" },
    body: JSON.stringify(command),
  });
  expect(answer.status).toBe(200);
}

/** Resolves when the form that was asked for has the focus. */
async function canWrite(page: Page): Promise<void> {
  const isThere = () => page.evaluate(() => document.activeElement?.matches("input[maxlength='500']"));
  await expect.poll(isThere, soon).toBe(true);
}
