/** The browser that the tests drive: one that this machine already has, never a downloaded one. */

import { chromium, type Browser } from "playwright-core";
import { findBrowser } from "../../server/briefing/print/find-browser.ts";

export const browserAdvice =
  "No browser found for the browser tests: install Chromium (apt-get install chromium), Chrome or Edge, or name one in CITYDECK_BROWSER.";

/** Starts the browser without a screen; maps draw on the processor. Throws the advice when there is none. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error(browserAdvice);
  return chromium.launch({
    executablePath,
    args: [
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
      "--ignore-gpu-blocklist",
      "--disable-background-networking",
      // Chromium's sandbox refuses to run as root.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  });
}
