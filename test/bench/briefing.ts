/** A briefing in the reader's hand: the page on a telephone's processor, the PDF, and what many PDFs at once need. */

import { readdirSync, readFileSync } from "node:fs";
import { platform } from "node:os";
import { findBrowser } from "../../server/briefing/print/find-browser.ts";
import { sampleIssue, servePages, type ServedPages } from "../briefing-pages.ts";
import { browserAdvice, launchBrowser } from "../browser/browser.ts";
import type { Benchmark, NotHere } from "./benchmark.ts";

const path = `/briefing/${sampleIssue.briefing.id}?lang=zh`;
const noBrowser: NotHere = { notHere: browserAdvice };

/** Notes when the script has run, the first frame is drawn and nothing else is waiting: a touch is answered now. */
function watch(): void {
  const ready = Promise.withResolvers<number>();
  addEventListener("DOMContentLoaded", () =>
    requestAnimationFrame(() => setTimeout(() => ready.resolve(performance.now() / 1_000))),
  );
  Object.assign(globalThis, { ready: ready.promise });
}

/** Until the page, in Chinese, is read and answers to a touch on a processor slowed down six times. Its fonts follow. */
export const briefingPage: Benchmark = {
  name: "briefing-page",
  unit: "s",
  baselineName: "budget",
  target: 1,
  async prepare() {
    if (findBrowser() === null) return noBrowser;
    const [browser, pages] = await Promise.all([launchBrowser(), servePages([sampleIssue])]);
    return {
      async ours() {
        const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true });
        const page = await context.newPage();
        const session = await context.newCDPSession(page);
        await session.send("Emulation.setCPUThrottlingRate", { rate: 6 });
        await page.addInitScript(watch);
        await page.goto(pages.address + path, { waitUntil: "commit" });
        const seconds = await page.evaluate(
          () => (globalThis as unknown as { ready: Promise<number> }).ready,
        );
        await context.close();
        return seconds;
      },
      baseline: () => 2,
      async close() {
        await browser.close();
        pages.close();
      },
    };
  },
};

async function print(pages: ServedPages): Promise<void> {
  const answer = await fetch(`${pages.address}${path}&format=pdf`);
  if (answer.headers.get("content-type") !== "application/pdf") throw new Error(await answer.text());
  await answer.arrayBuffer();
}

/** From the request to the last byte. */
export const briefingPdf: Benchmark = {
  name: "briefing-pdf",
  unit: "s",
  baselineName: "budget",
  target: 1,
  async prepare() {
    if (findBrowser() === null) return noBrowser;
    const pages = await servePages([sampleIssue]);
    return {
      async ours() {
        const from = performance.now();
        await print(pages);
        return (performance.now() - from) / 1_000;
      },
      baseline: () => 5,
      close: () => pages.close(),
    };
  },
};

/** What the browsers of twenty PDFs asked for at once hold at most, shared pages counted once (Pss). */
export const briefingPdfMemory: Benchmark = {
  name: "briefing-pdf-memory",
  unit: "MB",
  baselineName: "budget",
  target: 1,
  rounds: 1,
  async prepare() {
    if (platform() !== "linux")
      return { notHere: "Linux alone says what a process holds without what it shares" };
    if (findBrowser() === null) return noBrowser;
    const pages = await servePages([sampleIssue]);
    return {
      async ours() {
        let most = 0;
        const watching = setInterval(() => (most = Math.max(most, printersMegabytes())), 250);
        await Promise.all(Array.from({ length: 20 }, () => print(pages)));
        clearInterval(watching);
        return most;
      },
      baseline: () => 700,
      close: () => pages.close(),
    };
  },
};

/** All processes that were started with a printer's folder, or by one that was. */
function printersMegabytes(): number {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.reduce((sum, pid) => sum + printerMegabytes(pid), 0);
}

function printerMegabytes(pid: string): number {
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("citydeck-print-")) return 0;
    const held = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
    return Number(held?.[1] ?? 0) / 1024;
  } catch {
    // It ended meanwhile.
    return 0;
  }
}
