/** How much more a wall in a real browser holds after each hour of updates, when all garbage is gone. */

import { setTimeout as sleep } from "node:timers/promises";
import type { CDPSession } from "playwright-core";
import { launchBrowser } from "../browser/browser.ts";
import { slope, type Benchmark } from "./benchmark.ts";
import { clientOrNot, openMap, startMovingCity, viewport, type MovingCity } from "./moving-city.ts";

/** As many as the demo city has; all of them and all figures change every five seconds of city time. */
const vehicles = 600;
const updateEverySeconds = 5;
/** An hour of the city in a minute: 720 updates, twelve a second. */
const speed = 60;
/** The first hour fills what has a limit. */
const warmUpHours = 1;
const hours = 3;
const looksPerHour = 2;
const budgetMegabytes = 1;

async function update(city: MovingCity, cityHours: number): Promise<void> {
  const updates = (cityHours * 3_600) / updateEverySeconds;
  for (let done = 0; done < updates; done++) {
    city.step();
    city.measure();
    await sleep((updateEverySeconds / speed) * 1_000);
  }
}

/** Megabytes (2^20 bytes) that the page holds: objects, what the document holds for them, and the bytes of arrays. */
async function heldMegabytes(devtools: CDPSession): Promise<number> {
  // What the first collection frees may be all that held something else.
  for (let time = 0; time < 3; time++) await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await devtools.send("Runtime.getHeapUsage");
  return (usedSize + embedderHeapUsedSize + backingStorageSize) / 2 ** 20;
}

export const browserHeap: Benchmark = {
  name: "browser-heap",
  unit: "MB/h",
  baselineName: "budget",
  target: 1,
  rounds: 1,
  async prepare() {
    const notHere = await clientOrNot();
    if (notHere) return notHere;
    const browser = await launchBrowser();
    const city = await startMovingCity(vehicles, speed);
    return {
      async ours() {
        const page = await browser.newPage({ viewport });
        await openMap(page, city);
        const devtools = await page.context().newCDPSession(page);
        await update(city, warmUpHours);
        const held = [await heldMegabytes(devtools)];
        for (let look = 0; look < hours * looksPerHour; look++) {
          await update(city, 1 / looksPerHour);
          held.push(await heldMegabytes(devtools));
        }
        console.error(`browser-heap: ${held.map((megabytes) => megabytes.toFixed(1)).join(", ")} MB`);
        await page.close();
        return slope(held) * looksPerHour;
      },
      baseline: () => budgetMegabytes,
      async close() {
        await browser.close();
        await city.close();
      },
    };
  },
};
