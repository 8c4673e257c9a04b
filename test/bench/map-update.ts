/** 20,000 moving vehicles on the wall's map in a real browser: how long one update of all keeps the page busy. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../browser/browser.ts";
import type { Benchmark } from "./benchmark.ts";
import { clientOrNot, openMap, points, startMovingCity, updateEveryMs, viewport } from "./moving-city.ts";

const updates = 40;
const updateBudgetMs = 16;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
}

/** The longest task of the page's main thread in the second after each update, in milliseconds. */
async function longestTasks(browser: Browser): Promise<number[]> {
  const city = await startMovingCity(points);
  const page = await browser.newPage({ viewport });
  await openMap(page, city);
  for (let warmed = 0; warmed < 8; warmed++) {
    city.step();
    await sleep(updateEveryMs);
  }
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"] });
  for (let update = 0; update < updates; update++) {
    await page.evaluate(() => performance.mark("bench-update"));
    city.step();
    await sleep(updateEveryMs);
  }
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  await page.close();
  await city.close();
  const marks = traceEvents.filter(({ name }) => name === "bench-update");
  const { pid, tid } = marks[0]!;
  const tasks = traceEvents.filter(
    (event) => event.pid === pid && event.tid === tid && event.ph === "X" && event.dur !== undefined,
  );
  return marks.map(({ ts }) => {
    const following = tasks.filter((task) => task.ts > ts && task.ts < ts + updateEveryMs * 1000);
    return Math.max(...following.map(({ dur }) => dur! / 1000));
  });
}

function updateBenchmark(name: string, share: number): Benchmark {
  return {
    name,
    unit: "ms",
    baselineName: "budget",
    target: 1,
    rounds: 1,
    async prepare() {
      const notHere = await clientOrNot();
      if (notHere) return notHere;
      const browser = await launchBrowser();
      return {
        async ours() {
          const sorted = (await longestTasks(browser)).toSorted((a, b) => a - b);
          return sorted[Math.floor(sorted.length * share)]!;
        },
        baseline: () => updateBudgetMs,
        close: () => browser.close(),
      };
    },
  };
}

/** How long one update of all points keeps the page from doing anything else: the middle one, and 19 of 20. */
export const mapUpdate = updateBenchmark("map-update", 0.5);
export const mapUpdateP95 = updateBenchmark("map-update-p95", 0.95);
