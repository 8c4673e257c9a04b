/** The demo city's simulator: a process of its own, reached over HTTP like any supplier. */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { join } from "node:path";
import { changedAt, newestChange } from "./client-build.ts";
import type { Simulated } from "./main.ts";

const projectDir = join(import.meta.dirname, "..");
const sources = join(projectDir, "fixtures", "simulator");
const filesDir = join(projectDir, ".cache", "demo-city");
/** It answers from pure functions and keeps hardly anything. */
const memoryFlags = ["--max-semi-space-size=4", "--max-old-space-size=128"];

export interface SimulatorStart {
  readonly seed: number;
  readonly speed: number;
  /** City time when it starts, epoch milliseconds. */
  readonly cityAt: number;
}

export interface RunningSimulator extends Simulated {
  stop(): Promise<void>;
}

/** Makes the map and the timetable when what makes them is newer. Resolves to whether it had to. */
export async function prepareSimulatorIfNeeded(): Promise<boolean> {
  const made = await Promise.all(
    ["basemap.pmtiles", "gtfs.zip"].map((file) => changedAt(join(filesDir, file))),
  );
  if ((await newestChange(sources)) <= Math.min(...made)) return false;
  const child = spawn(process.execPath, [join(sources, "prepare.ts"), filesDir], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error("the demo city's map and timetable could not be made");
  return true;
}

/** The instant at which the first storm at or after `at` begins to show: asked of a simulator that runs just for that. */
export async function nextStormOf(seed: number, at: number): Promise<number> {
  const simulator = await startSimulator({ seed, speed: 1, cityAt: at });
  try {
    const answer = await fetch(`${simulator.url}/next-storm.json`);
    const { at: stormAt } = (await answer.json()) as { readonly at: number };
    return stormAt;
  } finally {
    await simulator.stop();
  }
}

/** Starts it on a free port of loopback. Throws when it ends before it has said where it listens. */
export async function startSimulator({ seed, speed, cityAt }: SimulatorStart): Promise<RunningSimulator> {
  const wallAt = Date.now();
  const options = Object.entries({ seed, speed, "city-at": cityAt, "wall-at": wallAt, files: filesDir });
  const child = spawn(
    process.execPath,
    [
      ...memoryFlags,
      join(sources, "main.ts"),
      ...options.flatMap(([name, value]) => [`--${name}`, String(value)]),
    ],
    // Its standard input is the thread it hangs on: it ends when this process does, however that ends.
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const url = await firstLine(child);
  return {
    url,
    dir: filesDir,
    speed,
    cityAt,
    wallAt,
    async stop() {
      const ended = once(child, "exit");
      child.stdin?.end();
      await ended;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  for await (const line of lines) {
    const { url } = JSON.parse(line) as { readonly url: string };
    return url;
  }
  throw new Error("the simulator ended before it was ready");
}
