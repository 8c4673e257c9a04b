/** The demo city's simulator: a process of its own, reached over HTTP, MQTT and PostgreSQL's protocol like any supplier, and by mail. */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { join } from "node:path";
import { changedAt, newestChange } from "./client-build.ts";
import type { Simulated } from "./open-folder.ts";

const projectDir = join(import.meta.dirname, "..");
const sources = join(projectDir, "fixtures", "simulator");
const filesDir = join(projectDir, ".cache", "demo-city");
/** It answers from pure functions and keeps hardly anything. */
const memoryFlags = ["--max-semi-space-size=2", "--max-old-space-size=120"];

export interface SimulatorStart {
  readonly seed: number;
  readonly speed: number;
  /** City time when it starts, epoch milliseconds. */
  readonly cityAt: number;
  /** Start a little before the first storm after `cityAt` instead. */
  readonly storm: boolean;
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

/** Starts it on a free port of loopback. Throws when it ends before it has said where it listens. */
export async function startSimulator(start: SimulatorStart): Promise<RunningSimulator> {
  const { seed, speed, storm, cityAt } = start;
  const options = Object.entries({ seed, speed, "city-at": cityAt, files: filesDir });
  const child = spawn(
    process.execPath,
    [
      ...memoryFlags,
      join(sources, "main.ts"),
      ...options.flatMap(([name, value]) => [`--${name}`, String(value)]),
      ...(storm ? ["--storm"] : []),
    ],
    // Its standard input is the thread it hangs on: it ends when this process does, however that ends.
    { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, MALLOC_MMAP_THRESHOLD_: "65536" } },
  );
  return {
    ...(await firstLine(child)),
    dir: filesDir,
    speed,
    async stop() {
      const ended = once(child, "exit");
      child.stdin?.end();
      await ended;
    },
  };
}

type Said = Pick<Simulated, "url" | "brokerUrl" | "databaseUrl" | "mailUrl" | "cityAt" | "wallAt">;

async function firstLine(child: ChildProcess): Promise<Said> {
  const lines = createInterface({ input: child.stdout! });
  for await (const line of lines) {
    return JSON.parse(line) as Said;
  }
  throw new Error("the simulator ended before it was ready");
}
