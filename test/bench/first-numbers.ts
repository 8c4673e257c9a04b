/** How soon a wall of the running demo city shows numbers and its map to somebody who opens it for the first time. */

import type { Browser } from "playwright-core";
import { launchBrowser } from "../browser/browser.ts";
import type { Benchmark } from "./benchmark.ts";
import { clientOrNot } from "./moving-city.ts";
import { startServer } from "./start-live.ts";

const viewport = { width: 1920, height: 1080 };

interface Seen {
  readonly numbers: number;
  readonly map: number;
}

/** Seconds from the request for the page, with nothing kept from before, to the first figure and to the drawn map. */
async function openOnce(browser: Browser, url: string): Promise<Seen> {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1_000;
  await page.goto(`${url}/wall/city?scene=overview&lang=en&theme=dark`, { waitUntil: "commit" });
  await page.locator("[data-indicator]", { hasText: /\d/ }).first().waitFor();
  const numbers = seconds();
  await page.locator("[data-drawn=true]").waitFor();
  const map = seconds();
  await context.close();
  return { numbers, map };
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

export const wallFirstNumbers = coldBenchmark("wall-first-numbers", ({ numbers }) => numbers, 1);
export const wallFirstMap = coldBenchmark("wall-first-map", ({ map }) => map, 3);
