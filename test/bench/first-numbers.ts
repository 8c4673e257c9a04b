/** How soon the running demo city shows what it has to somebody who opens it for the first time: a wall, and the explorer. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../browser/browser.ts";
import type { Benchmark } from "./benchmark.ts";
import { clientOrNot } from "./moving-city.ts";
import { startServer } from "./start-live.ts";

const viewport = { width: 1920, height: 1080 };

/** Seconds from the request for the page. */
interface Seen {
  readonly numbers: number;
  readonly map: number;
}

/** Watches from inside the page: to ask it again and again from outside makes a processor that draws draw more. */
function watch(): void {
  const seen = Promise.withResolvers<Seen>();
  let numbers: number | null = null;
  const observer = new MutationObserver(() => {
    const figures = Array.from(document.querySelectorAll("[data-indicator]"));
    const now = performance.now() / 1_000;
    if (figures.some(({ textContent }) => /\d/.test(textContent))) numbers ??= now;
    if (numbers === null || document.querySelector("[data-drawn=true]") === null) return;
    observer.disconnect();
    seen.resolve({ numbers, map: now });
  });
  const attributeFilter = ["data-drawn"];
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributeFilter });
  Object.assign(globalThis, { seen: seen.promise });
}

/** Opens the wall with nothing kept from before: when the first figure is there, and when the whole map is drawn. */
async function openOnce(browser: Browser, url: string): Promise<Seen> {
  const context = await browser.newContext({ viewport });
  await context.addInitScript(watch);
  const page = await context.newPage();
  await page.goto(`${url}/wall/city?scene=overview&lang=en&theme=dark`, { waitUntil: "commit" });
  const seen = await page.evaluate(() => (globalThis as unknown as { seen: Promise<Seen> }).seen);
  await context.close();
  return seen;
}

function coldBenchmark(name: string, pick: (seen: Seen) => number, budgetSeconds: number): Benchmark {
  return {
    name,
    unit: "s",
    baselineName: "budget",
    target: 1,
    async prepare() {
      const notHere = await clientOrNot();
      if (notHere) return notHere;
      const browser = await launchBrowser();
      const demo = await startServer(["start"]);
      return {
        ours: async () => pick(await openOnce(browser, demo.url)),
        baseline: () => budgetSeconds,
        async close() {
          await browser.close();
          await demo.stop();
        },
      };
    },
  };
}

/** A line of more points than an empty chart has. */
function watchForLine(): void {
  const drawn = Promise.withResolvers<number>();
  const observer = new MutationObserver(() => {
    const paths = Array.from(document.querySelectorAll("[role=img] svg path"));
    if (!paths.some((path) => (path.getAttribute("d") ?? "").length > 1_000)) return;
    observer.disconnect();
    drawn.resolve(performance.now() / 1_000);
  });
  observer.observe(document, { subtree: true, childList: true, attributeFilter: ["d"] });
  Object.assign(globalThis, { drawn: drawn.promise });
}

/** Opens the explorer at the last day of a figure with nothing kept from before: when its line is drawn, in seconds. */
async function exploreOnce(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport });
  await context.addInitScript(watchForLine);
  const page = await context.newPage();
  await page.goto(`${url}/explorer?show=transport.delay-p90&lang=en&theme=dark`, { waitUntil: "commit" });
  const seconds = await page.evaluate(() => (globalThis as unknown as { drawn: Promise<number> }).drawn);
  await context.close();
  return seconds;
}

const pastFilled = "platform.past-filled";

/** Resolves when the demo city's past is in its history. */
async function pastIsThere(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/api/v1/indicators`);
    const figures = (await answer.json()) as { id: string; value: number | null }[];
    if (figures.find(({ id }) => id === pastFilled)?.value === 100) return;
    await sleep(1_000);
  }
}

export const explorerFirstChart: Benchmark = {
  name: "explorer-first-chart",
  unit: "s",
  baselineName: "budget",
  target: 1,
  async prepare() {
    const notHere = await clientOrNot();
    if (notHere) return notHere;
    const browser = await launchBrowser();
    const demo = await startServer(["start"]);
    await pastIsThere(demo.url);
    return {
      ours: () => exploreOnce(browser, demo.url),
      baseline: () => 1.5,
      async close() {
        await browser.close();
        await demo.stop();
      },
    };
  },
};

export const wallFirstNumbers = coldBenchmark("wall-first-numbers", ({ numbers }) => numbers, 1);
export const wallFirstMap = coldBenchmark("wall-first-map", ({ map }) => map, 3);
