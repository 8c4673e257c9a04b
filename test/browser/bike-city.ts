/** A running city whose bikes are published every second, and a browser to visit it with. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { buildClientIfNeeded, clientDir } from "../../server/client-build.ts";
import { bikeFiles, temporaryDir, walkCity, writeJsonFiles } from "../city-files.ts";
import { freePort } from "../free-port.ts";
import { startCity } from "../running-city.ts";
import { launchBrowser } from "./browser.ts";
import { visitPage } from "./visit-page.ts";

type Files = Readonly<Record<string, unknown>>;

export interface BikeCity {
  readonly url: string;
  /** The city folder. */
  readonly dir: string;
  /** A page of a browser that is signed in, closed when the test is over. */
  visit(
    path: string,
    viewport?: { width: number; height: number },
    device?: { hasTouch?: boolean },
  ): Promise<Page>;
  /** Stops the server, and starts it again at the same address with what it remembers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** `settings` are the city's files, `published` what its source says now, `remembered` what lies in its data folder; `kept`: a folder that has `data` already. */
export async function startBikeCity(
  name: string,
  settings: Files = walkCity,
  published: () => Files = () => bikeFiles(7, Date.now()),
  remembered: Files = {},
  kept: string | null = null,
): Promise<BikeCity> {
  await buildClientIfNeeded();
  const browser = await launchBrowser();
  const dir = kept ?? (await temporaryDir(name));
  const cityDir = join(dir, "city");
  const publish = (): Promise<void> => writeJsonFiles(cityDir, published());
  await writeJsonFiles(cityDir, settings);
  await writeJsonFiles(join(dir, "data"), remembered);
  await publish();
  const publishing = setInterval(() => void publish(), 1_000);
  const port = await freePort();
  const start = () => startCity({ cityDir, dataDir: join(dir, "data"), recordings: dir, clientDir, port });
  let city = await start();
  return {
    url: city.url,
    dir: cityDir,
    visit: (path, viewport = { width: 1366, height: 768 }, device = {}) =>
      visitPage(browser, city.url + path, viewport, device),
    async restart() {
      await city.stop();
      city = await start();
    },
    async stop() {
      clearInterval(publishing);
      await city.stop();
      await browser.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
