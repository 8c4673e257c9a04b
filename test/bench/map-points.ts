/** 20,000 gliding vehicles on the wall's map in a real browser: its frame rate beside that of the same map empty. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { launchBrowser } from "../browser/browser.ts";
import type { Benchmark } from "./benchmark.ts";
import {
  clientOrNot,
  countSymbolFrames,
  openMap,
  points,
  startMovingCity,
  symbolFrames,
  updateEveryMs,
  viewport,
} from "./moving-city.ts";

const settleMs = 5_000;
const watchedMs = 10_000;

/** Milliseconds between two animation frames of the page, on average. */
async function msPerFrame(page: Page): Promise<number> {
  const frames = await page.evaluate(
    (ms) =>
      new Promise<number>((done) => {
        const endMs = performance.now() + ms;
        let count = 0;
        const next = (nowMs: number): void => {
          if (nowMs >= endMs) return done(count);
          count++;
          requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      }),
    watchedMs,
  );
  return watchedMs / frames;
}

/**
 * The page's frames while all points glide at the speed of traffic: reports each second, and between them a picture
 * whenever the fastest has moved by a third of a pixel.
 */
export const mapPoints: Benchmark = {
  name: "map-points",
  unit: "ms/frame",
  baselineName: "the same map empty",
  // At least 0.85 of its frames.
  target: 1.176,
  async prepare() {
    const notHere = await clientOrNot();
    if (notHere) return notHere;
    const browser = await launchBrowser();
    const [full, empty] = [await startMovingCity(points), await startMovingCity(0)];
    return {
      async ours() {
        const page = await browser.newPage({ viewport });
        await countSymbolFrames(page);
        await openMap(page, full);
        const moving = setInterval(() => full.step(), updateEveryMs);
        await sleep(settleMs);
        const before = await symbolFrames(page);
        const ms = await msPerFrame(page);
        const drawn = (await symbolFrames(page)) - before;
        clearInterval(moving);
        await page.close();
        if (drawn < (1.5 * watchedMs) / updateEveryMs)
          throw new Error(`the points were drawn ${drawn} times only`);
        return ms;
      },
      async baseline() {
        const page = await browser.newPage({ viewport });
        await openMap(page, empty);
        await sleep(settleMs);
        const ms = await msPerFrame(page);
        await page.close();
        return ms;
      },
      async close() {
        await browser.close();
        await Promise.all([full.close(), empty.close()]);
      },
    };
  },
};
