/** The rules editor on a running city: a bound is turned on the past, a rule is changed, begun and refused, in the files. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { backtest } from "../../server/core/alarms/backtest.ts";
import type { AlarmRule, BacktestAnswer } from "../../shared/alarms.ts";
import { walkCity } from "../city-files.ts";
import { violations } from "./accessibility.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";
import { fewBikesFile, fewBikesRule } from "./few-bikes.ts";
import { bikesId } from "./hourly-bikes.ts";

const file = fewBikesFile;

let city: BikeCity;

beforeAll(async () => {
  city = await startBikeCity("rules", { ...walkCity, [file]: fewBikesRule });
}, 90_000);

afterAll(() => city?.stop());

const hour = 3_600_000;
const onDisk = async (path = file) => JSON.parse(await readFile(join(city.dir, path), "utf8")) as AlarmRule;

/** Each day has one hour with each number of bikes from 0 to 23. */
function bikesAt(at: number): number {
  return Math.floor(at / hour) % 24;
}

/** 90 days as if they had been recorded, tried by the server's own code. Gives the answers as they were told. */
async function recordPast(page: Page): Promise<BacktestAnswer[]> {
  const told: BacktestAnswer[] = [];
  await page.route("**/api/v1/rules/backtest", async (route) => {
    const { rule, days, toAt } = route.request().postDataJSON() as {
      rule: AlarmRule;
      days: number;
      toAt: number;
    };
    const edges = Float64Array.from(
      { length: days * 24 + 1 },
      (_, i) => Math.floor(toAt / hour - days * 24 + i) * hour,
    );
    const values = edges.subarray(0, -1).map(bikesAt);
    const tested = backtest({
      rule: {
        ...rule,
        onDelaySeconds: rule.onDelaySeconds ?? 0,
        offDelaySeconds: rule.offDelaySeconds ?? 0,
        validTimes: [],
        maintenance: [],
      },
      zone: "UTC",
      fromAt: edges[0]!,
      toAt: edges.at(-1)!,
      series: [{ id: bikesId, at: edges.subarray(1), values, usual: null, knownPercent: 100 }],
      secondsPerAlarm: 300,
    });
    told.push({ rule: rule.id, indicator: bikesId, everySeconds: 3600, ...tested });
    await route.fulfill({ json: told.at(-1) });
  });
  await page.route("**/api/v1/series?*", (route) => {
    const query = new URL(route.request().url()).searchParams;
    const [from, to] = [Number(query.get("from")), Number(query.get("to"))];
    const points = Array.from({ length: Math.floor((to - from) / hour) }, (_, i) => {
      const value = bikesAt(from + i * hour);
      return { at: from + i * hour, value, min: value, max: value, state: "fresh", reason: null };
    });
    return route.fulfill({ json: [{ id: bikesId, unit: "count", bucket: 3600, points }] });
  });
  return told;
}

it("turns a bound by the keys, draws what the server tells, and writes it with its test", async () => {
  const page = await city.visit("/desk?lang=en");
  const told = await recordPast(page);
  await page.getByRole("link", { name: "Rules" }).click();
  await page.getByRole("link", { name: "Few bikes" }).click();
  const slider = page.getByLabel("Turn the bound");
  const drawn = page.locator("[data-stretches]");
  const figure = (name: string) => page.locator("dl div").filter({ hasText: name }).getByRole("definition");
  await slider.waitFor();
  expect(await slider.inputValue()).toBe("3");
  await expect
    .poll(() => drawn.getAttribute("data-stretches"))
    .toBe(String(told.at(-1)!.series[0]!.stretches.length));
  expect(told.at(-1)!.alarms).toBe(90);
  await expect.poll(() => figure("Alarms").innerText()).toContain("90 1.0 a day");
  const lasted = told.at(-1)!.activeSeconds;
  await slider.focus();
  for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowRight");
  const turned = Number(await slider.inputValue());
  expect(turned).toBeGreaterThan(3);
  await expect.poll(() => told.at(-1)!.activeSeconds).toBeGreaterThan(lasted);
  await expect.poll(() => page.locator("[aria-busy=true]").count()).toBe(0);
  expect(await drawn.getAttribute("data-stretches")).toBe(String(told.at(-1)!.series[0]!.stretches.length));
  // The value that clears it went along.
  expect(await page.getByLabel("Clear above").inputValue()).toBe(String(turned + 2));
  await page.getByRole("button", { name: "Make a test that fits" }).click();
  await page.getByText("The city is sound with this change.").waitFor();
  expect(await page.locator("[data-mark=added]").allInnerTexts()).toContainEqual(
    expect.stringContaining(`"below": ${turned}`),
  );
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.", { exact: false }).waitFor();
  expect(await onDisk()).toMatchObject({ when: { below: turned, clearAbove: turned + 2 } });
  await page.getByRole("button", { name: "Back to the version before" }).click();
  await page.getByText("The city is sound with this change.").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => onDisk()).toMatchObject({ when: { below: 3, clearAbove: 5 } });
}, 90_000);

it("begins a rule from a figure: the check asks for what only people can say, and the city gets it", async () => {
  const page = await city.visit("/desk/rules?lang=en");
  await recordPast(page);
  const form = page.getByRole("form", { name: "New rule" });
  await form.getByLabel("From").selectOption(`indicator:${bikesId}`);
  await form.getByLabel("Its id").fill("transport.no-bikes");
  await form.getByRole("button", { name: "Begin" }).click();
  await page.getByText("rules/transport.no-bikes.json:", { exact: false }).first().waitFor();
  // It is tried before it is whole.
  await page.getByLabel("Turn the bound").waitFor();
  await page.getByLabel("If nobody does anything, English").fill("People walk.");
  await page.getByLabel("If nobody does anything, Chinese").fill("市民只能步行。");
  await page.getByLabel("What to do, English").fill("Bring bikes.");
  await page.getByLabel("What to do, Chinese").fill("调运单车。");
  await page.getByText("The city is sound with this change.").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.", { exact: false }).waitFor();
  expect(await onDisk("rules/transport.no-bikes.json")).toMatchObject({ enabled: false, indicator: bikesId });
  const rules = page.getByRole("navigation", { name: "Rules of the city" });
  await rules.getByText("not enabled").waitFor();
}, 90_000);

it("is refused when somebody was faster, and loses nothing of what was written", async () => {
  const [one, other] = await Promise.all([
    city.visit("/desk/rules/transport.few-bikes?lang=en"),
    city.visit("/desk/rules/transport.few-bikes?lang=en"),
  ]);
  for (const [page, seconds] of [
    [one, "900"],
    [other, "1200"],
  ] as const) {
    await page.getByLabel("To be done within, seconds").fill(seconds);
    await page.getByText("The city is sound with this change.").waitFor();
  }
  await one.getByRole("button", { name: "Save" }).click();
  await one.getByText("Saved.", { exact: false }).waitFor();
  await other.getByRole("button", { name: "Save" }).click();
  await other.getByText("Not saved: the file was changed since it was read", { exact: false }).waitFor();
  expect(await other.getByLabel("To be done within, seconds").inputValue()).toBe("1200");
  expect((await onDisk()).response.withinSeconds).toBe(900);
}, 90_000);
