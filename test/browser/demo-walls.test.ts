/** Every scene of the demo city's wall on every shape of screen: no words over each other, none cut, none outside. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { nextStorm } from "../../fixtures/simulator/storm.ts";
import { buildClientIfNeeded, clientDir } from "../../server/client-build.ts";
import type { RunningCitydeck } from "../../server/main.ts";
import { prepareSimulatorIfNeeded, startSimulator, type RunningSimulator } from "../../server/simulator.ts";
import { temporaryDir } from "../city-files.ts";
import { startCity } from "../running-city.ts";
import { launchBrowser } from "./browser.ts";
import { layoutFaults } from "./layout.ts";

const seed = 1;
/** In the middle of the storm, when the wall has most to say. */
const startAt = nextStorm(seed, Date.parse("2026-11-25T00:00:00Z"), 16.7);
const scenes = ["overview", "transport", "security", "community", "data", "today"];

let browser: Browser;
let simulator: RunningSimulator;
let city: RunningCitydeck;
let dataDir: string;

beforeAll(async () => {
  await Promise.all([buildClientIfNeeded(), prepareSimulatorIfNeeded()]);
  dataDir = await temporaryDir("walls");
  simulator = await startSimulator({ seed, speed: 1, cityAt: startAt, storm: false });
  city = await startCity({
    cityDir: join(import.meta.dirname, "../../fixtures/demo-city"),
    dataDir,
    clientDir,
    speed: 1,
    simulated: simulator,
  });
  browser = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await city?.stop();
  await simulator?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** What is wrong with a scene and stays so: on a busy machine charts are drawn to the new size some moments later. */
async function faultsOf(page: Page, scene: number): Promise<string[]> {
  await page.keyboard.press(String(scene + 1));
  await page.locator(`header li:nth-child(${scene + 1}) button[aria-current="true"]`).waitFor();
  let faults: string[] = [];
  for (let tries = 0; tries < 10; tries++) {
    await page.waitForTimeout(900);
    faults = await layoutFaults(page);
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
  "%i × %i, %s",
  async (width, height, lang) => {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.goto(`${city.url}/wall/city?lang=${lang}&scene=overview`);
    await page.locator("[data-indicator]").nth(11).waitFor();
    const found: string[] = [];
    for (const scene of scenes.keys()) found.push(...(await faultsOf(page, scene)));
    await page.close();
    expect(found).toEqual([]);
  },
  120_000,
);
