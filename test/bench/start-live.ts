/** How long San Francisco's recordings take from the command to live, and how much memory they then need. */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { findRecordings, recordingsDir } from "../../server/city-folder/recordings.ts";
import { buildClientIfNeeded } from "../../server/client-build.ts";
import { temporaryDir } from "../city-files.ts";
import type { Benchmark, NotHere } from "./benchmark.ts";

const root = resolve(import.meta.dirname, "../..");
const budgetSeconds = 5;
const budgetMegabytes = 350;
/** As the scripts of package.json start it: V8 would keep 128 MB for the garbage of a start long past. */
const nodeFlags = ["--max-semi-space-size=16"];
/** By then the garbage of the start is gone, or never will be. */
const settleMs = 30_000;

interface Started {
  readonly server: ChildProcess;
  readonly seconds: number;
  stop(): Promise<void>;
}

/** Starts the replay on a free port with nothing kept from before; resolves when it says where it is live. */
async function startReplay(): Promise<Started> {
  const dataDir = await temporaryDir("bench");
  const args = [
    ...nodeFlags,
    join(root, "server/citydeck.ts"),
    "replay",
    join(root, "fixtures/san-francisco"),
    "--port",
    "0",
    "--data",
    dataDir,
  ];
  const startedAt = performance.now();
  const server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(server, "exit");
  const live = new Promise<void>((done) => {
    createInterface({ input: server.stdout }).on("line", (line) => {
      if (line.includes("http://")) done();
    });
  });
  const ended = exited.then(([code]) => {
    throw new Error(`the server ended with ${code} before it was live`);
  });
  await Promise.race([live, ended]);
  const seconds = (performance.now() - startedAt) / 1000;
  // From here on it may end.
  ended.catch(() => undefined);
  return {
    server,
    seconds,
    async stop() {
      server.kill();
      await exited;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Resident megabytes (2^20 bytes) of a process, as Linux tells it. */
async function residentMegabytes({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)![1]) / 1024;
}

async function recordingsOrNot(): Promise<NotHere | null> {
  if (findRecordings() === null) return { notHere: `there are no recordings in ${recordingsDir()}` };
  await buildClientIfNeeded();
  return null;
}

export const startLive: Benchmark = {
  name: "start-live",
  unit: "s",
  baselineName: "budget",
  target: 1,
  rounds: 3,
  async prepare() {
    return (
      (await recordingsOrNot()) ?? {
        async ours() {
          const started = await startReplay();
          await started.stop();
          return started.seconds;
        },
        baseline: () => budgetSeconds,
      }
    );
  },
};

export const memory: Benchmark = {
  name: "memory",
  unit: "MB",
  baselineName: "budget",
  target: 1,
  rounds: 1,
  async prepare() {
    if (process.platform !== "linux") return { notHere: "resident memory is read from /proc" };
    return (
      (await recordingsOrNot()) ?? {
        async ours() {
          const { server, stop } = await startReplay();
          await sleep(settleMs);
          const megabytes = await residentMegabytes(server);
          await stop();
          return megabytes;
        },
        baseline: () => budgetMegabytes,
      }
    );
  },
};
