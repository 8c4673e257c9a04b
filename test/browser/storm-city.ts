/** The demo city in its storm, at some speed, with its simulator, a browser, and a server that can be killed. */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Page } from "playwright-core";

import { nextStorm } from "../../fixtures/simulator/storm.ts";
import { buildClientIfNeeded, clientDir } from "../../server/client-build.ts";
import { prepareSimulatorIfNeeded, startSimulator } from "../../server/simulator.ts";
import { temporaryDir } from "../city-files.ts";
import { freePort } from "../free-port.ts";
import { launchBrowser } from "./browser.ts";
import { signIn } from "./visit-page.ts";

const seed = 1;
const cityDir = join(import.meta.dirname, "../../fixtures/demo-city");

export interface StormCity {
  readonly url: string;
  /** The page of the city's mail. */
  readonly mailbox: string;
  /** A page of a browser that is signed in, open until it is closed or the city stops. */
  open(path: string, viewport?: { width: number; height: number }): Promise<Page>;
  /** Kills the server as a power failure would, and starts it again at the same address. */
  killAndStart(): Promise<void>;
  stop(): Promise<void>;
}

/** `hour`: the local time on the storm's day at which it starts; `speed`: city seconds per second. */
export async function startStormCity(name: string, hour: number, speed: number): Promise<StormCity> {
  await Promise.all([buildClientIfNeeded(), prepareSimulatorIfNeeded()]);
  const dataDir = await temporaryDir(name);
  const port = await freePort();
  const cityAt = nextStorm(seed, Date.parse("2026-11-25T00:00:00Z"), hour);
  const simulator = await startSimulator({ seed, speed, cityAt, storm: false });
  const options = { cityDir, dataDir, clientDir, port, speed, simulated: simulator };
  let server = await startServer(options);
  const browser = await launchBrowser();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    mailbox: `${simulator.url}/mailbox`,
    async open(path, viewport = { width: 1920, height: 1080 }) {
      const context = await browser.newContext({ viewport, locale: "en-GB" });
      await signIn(context, url);
      const page = await context.newPage();
      await page.goto(url + path);
      return page;
    },
    async killAndStart() {
      server.kill("SIGKILL");
      await once(server, "exit");
      server = await startServer(options);
    },
    async stop() {
      await browser.close();
      server.stdin?.end();
      await once(server, "exit");
      await simulator.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Resolves when it listens. */
async function startServer(options: object): Promise<ChildProcess> {
  const server = spawn(
    process.execPath,
    ["--expose-gc", join(import.meta.dirname, "../city-process.ts"), JSON.stringify(options)],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  for await (const _line of createInterface({ input: server.stdout! })) return server;
  throw new Error("the server ended before it listened");
}
