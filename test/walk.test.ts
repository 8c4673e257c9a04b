/**
 * The walk, end to end and with every real part: a feed's file changes, the number on the wall changes; the file falls
 * silent, and the wall says so. This test is never deleted.
 */

import { spawn, type ChildProcess } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { bikeFiles, temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { launchBrowser } from "./browser/browser.ts";
import { citydeck, startCitydeckProcess } from "./run-command.ts";

let dir: string;
let server: ChildProcess;
let watcher: ChildProcess;
let url: string;
let browser: Browser;
let page: Page;
/** The newest line `citydeck watch` printed of each series. */
const watched = new Map<string, { value: number | null; state: string; reason: string | null }>();

beforeAll(async () => {
  dir = await temporaryDir("walk");
  await writeJsonFiles(dir, { ...walkCity, ...bikeFiles(7, Date.now()) });
  ({ server, url } = await startCitydeckProcess(["--city", dir, "--data", join(dir, "data"), "--port", "0"]));
  watcher = spawn(process.execPath, [citydeck, "watch", "--url", url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({ input: watcher.stdout! }).on("line", (line) => {
    const { id, ...reading } = JSON.parse(line) as {
      id: string;
      value: number | null;
      state: string;
      reason: string | null;
    };
    watched.set(id, reading);
  });
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(`${url}/wall/city?lang=en`);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  watcher?.kill();
  server?.kill();
  await rm(dir, { recursive: true, force: true });
});

const bikes = (): Promise<string> => page.locator('[data-indicator="transport.bikes-available"]').innerText();

/** The department's system: writes the file anew every second, with its own time, until it is switched off. */
function publish(bikesAtFerry: number): () => void {
  const write = (): void => void writeJsonFiles(dir, bikeFiles(bikesAtFerry, Date.now()));
  write();
  const timer = setInterval(write, 1_000);
  return () => {
    clearInterval(timer);
  };
}

const soon = { timeout: 10_000 };

test(
  "a change in the file changes the wall; silence makes it stale, then gone",
  { timeout: 90_000 },
  async () => {
    const seven = publish(7);
    await expect.poll(bikes, soon).toContain("7");
    expect(await page.locator("[data-indicator]").count()).toBe(4);
    await expect
      .poll(() => watched.get("transport.bikes-available"), soon)
      .toMatchObject({ value: 7, state: "fresh" });
    await expect
      .poll(() => watched.get("transport.stations-empty"), soon)
      .toMatchObject({ value: 50, state: "fresh" });
    seven();

    const eleven = publish(11);
    await expect.poll(bikes, soon).toContain("11");
    await expect
      .poll(() => watched.get("transport.bikes-available"), soon)
      .toMatchObject({ value: 11, state: "fresh" });
    eleven();

    const silentSince = Date.now();
    await expect.poll(bikes, soon).toMatch(/stale/i);
    // Stale after 3 s; seen within the promised time plus 2 s, plus a second for the whole seconds of GBFS.
    expect(Date.now() - silentSince).toBeLessThan(6_000);
    const last = { value: 11, state: "stale", reason: "stale" };
    await expect.poll(() => watched.get("transport.bikes-available"), soon).toMatchObject(last);

    await expect.poll(bikes, soon).toMatch(/down/i);
    const gone = { value: null, state: "none", reason: "source-down" };
    await expect.poll(() => watched.get("transport.bikes-available"), soon).toMatchObject(gone);

    const three = publish(3);
    await expect.poll(bikes, soon).toContain("3");
    await expect
      .poll(() => watched.get("transport.bikes-available"), soon)
      .toMatchObject({ value: 3, state: "fresh" });
    three();
  },
);
