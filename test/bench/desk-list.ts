/**
 * A desk with 20,000 alarms in a real browser: what a frame costs the page while its queue is scrolled, and what a letter
 * costs that filters it. Processor time of the page's main thread, which the drawing of a machine without a graphics
 * processor does not belong to, nor what else that machine does.
 */

import type { CDPSession, Page } from "playwright-core";
import { clientDir } from "../../server/client-build.ts";
import { launchBrowser } from "../browser/browser.ts";
import { longQueue } from "../browser/long-queue.ts";
import { startScriptedCity } from "../browser/scripted-city.ts";
import type { Benchmark } from "./benchmark.ts";
import { clientOrNot } from "./moving-city.ts";

const alarms = 20_000;
/** At 60 frames a second. */
const frameMs = 1_000 / 60;
const steps = 120;

async function busyMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return 1_000 * metrics.find(({ name }) => name === "TaskDuration")!.value;
}

/** Scrolls as a wheel that is turned fast, down and up. */
async function scroll(page: Page): Promise<void> {
  await page.evaluate(async (count) => {
    const queue = document.querySelector("section[aria-label=Queue]")!;
    for (let i = 0; i < count; i++) {
      queue.scrollBy(0, i % 60 < 40 ? 120 : -120);
      await new Promise(requestAnimationFrame);
    }
  }, steps);
}

/** Types words and takes them back, a letter at a time. */
async function filter(page: Page): Promise<void> {
  await page.locator("[data-search]").focus();
  for (let i = 0; i < steps; i++) {
    await page.keyboard.press(i % 16 < 8 ? "bridge 1"[i % 8]! : "Backspace");
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

function deskBenchmark(name: string, unit: string, work: (page: Page) => Promise<void>): Benchmark {
  return {
    name,
    unit,
    baselineName: "budget",
    target: 1,
    rounds: 3,
    async prepare() {
      const notHere = await clientOrNot();
      if (notHere) return notHere;
      const city = await startScriptedCity(longQueue(alarms), clientDir);
      const browser = await launchBrowser();
      const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      await page.goto(`${city.url}/desk?lang=en`);
      await page.getByRole("list", { name: "Alarms" }).getByRole("listitem").first().waitFor();
      const session = await page.context().newCDPSession(page);
      await session.send("Performance.enable", { timeDomain: "threadTicks" });
      await work(page);
      return {
        async ours() {
          const before = await busyMs(session);
          await work(page);
          return ((await busyMs(session)) - before) / steps;
        },
        baseline: () => frameMs,
        async close() {
          await browser.close();
          await city.close();
        },
      };
    },
  };
}

export const deskList = deskBenchmark("desk-list", "ms CPU per frame", scroll);
export const deskFilter = deskBenchmark("desk-filter", "ms CPU per letter", filter);
