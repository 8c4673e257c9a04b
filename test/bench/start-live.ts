/** How long a city takes from the command to live, and how much memory it then needs: the recordings and the demo city. */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { findRecordings, recordingsDir } from "../../server/city-folder/recordings.ts";
import { buildClientIfNeeded } from "../../server/client-build.ts";
import { prepareSimulatorIfNeeded } from "../../server/simulator.ts";
import { temporaryDir } from "../city-files.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { Benchmark, NotHere } from "./benchmark.ts";

const root = resolve(import.meta.dirname, "../..");
const budgetSeconds = 5;
const budgetMegabytes = 350;
/**
 * As the scripts of package.json start it: V8 would keep 128 MB for the garbage of a start long past, let what lives grow
 * fourfold before it looks what of it is dead, and look ten times during a start (docs/decisions/0015).
 */
export const nodeFlags = [
  "--max-semi-space-size=16",
  "--initial-old-space-size=200",
  "--heap-growing-percent=50",
  "--expose-gc",
];
/** Likewise: glibc would keep what a timetable needed while it was read, for the next one as large. */
const env = {
  ...process.env,
  MALLOC_MMAP_THRESHOLD_: "65536",
  NODE_COMPILE_CACHE: join(root, ".cache/node"),
};
/** By then the garbage of the start is gone, or never will be. */
const settleMs = 30_000;

interface Started {
  readonly server: ChildProcess;
  readonly url: string;
  readonly seconds: number;
  stop(): Promise<void>;
}

const startReplay = (): Promise<Started> => startServer(["replay", join(root, "fixtures/san-francisco")]);

interface StartOptions {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/** Starts a command on a free port with nothing kept from before; resolves when it says where it is live. */
export async function startServer(
  command: readonly string[],
  { secrets = {}, flags = nodeFlags }: StartOptions = {},
): Promise<Started> {
  const dataDir = await temporaryDir("bench");
  const args = [...flags, join(root, "server/citydeck.ts"), ...command, "--port", "0", "--data", dataDir];
  const startedAt = performance.now();
  const server = spawn(process.execPath, args, {
    env: { ...env, ...secrets },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(server, "exit");
  const live = new Promise<string>((done) => {
    createInterface({ input: server.stdout }).on("line", (line) => {
      const url = /http:\/\/[^/]+/.exec(line)?.[0];
      if (url !== undefined) done(url);
    });
  });
  const ended = exited.then(([code]) => {
    throw new Error(`the server ended with ${code} before it was live`);
  });
  const url = await Promise.race([live, ended]);
  const seconds = (performance.now() - startedAt) / 1000;
  // From here on it may end.
  ended.catch(() => undefined);
  return {
    server,
    url,
    seconds,
    async stop() {
      server.kill();
      await exited;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Resident megabytes (2^20 bytes) of a process, as Linux tells it. */
export async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)![1]) / 1024;
}

/** Seconds that all threads of a process have had of the processors, as Linux counts them: in hundredths. */
export async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const counts = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(counts[11]) + Number(counts[12])) / 100;
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
          const megabytes = await residentMegabytes(server.pid!);
          await stop();
          return megabytes;
        },
        baseline: () => budgetMegabytes,
      }
    );
  },
};

const demoSeconds = 10;
const simulatorMegabytes = 200;

function demoBudget(
  name: string,
  unit: string,
  rounds: number,
  budget: number,
  ours: () => Promise<number>,
): Benchmark {
  return {
    name,
    unit,
    baselineName: "budget",
    target: 1,
    rounds,
    async prepare() {
      if (process.platform !== "linux") return { notHere: "resident memory is read from /proc" };
      await Promise.all([buildClientIfNeeded(), prepareSimulatorIfNeeded()]);
      return { ours, baseline: () => budget };
    },
  };
}

type Listed = Pick<FeedStatus, "id" | "status">;

const giveUpMs = 60_000;

/** From the command until every feed of the demo city is fresh. */
export const demoFresh = demoBudget("demo-fresh", "s", 3, demoSeconds, async () => {
  const { url, seconds, stop } = await startServer(["start"]);
  const liveAt = performance.now();
  for (let late = ["all"]; late.length > 0; await sleep(50)) {
    const feeds = (await (await fetch(`${url}/api/v1/feeds`)).json()) as readonly Listed[];
    late = feeds.filter(({ status }) => status !== "fresh").map(({ id, status }) => `${id} is ${status}`);
    if (performance.now() - liveAt > giveUpMs) throw new Error(`not all fresh: ${late.join(", ")}`);
  }
  const freshAfter = (performance.now() - liveAt) / 1000;
  await stop();
  return seconds + freshAfter;
});

/** The server of the demo city, settled. */
export const demoMemory = demoBudget("demo-memory", "MB", 1, budgetMegabytes, async () => {
  const { server, stop } = await startServer(["start"]);
  await sleep(settleMs);
  const megabytes = await residentMegabytes(server.pid!);
  await stop();
  return megabytes;
});

/** Its simulator, settled. */
export const simulatorMemory = demoBudget("simulator-memory", "MB", 1, simulatorMegabytes, async () => {
  const { server, stop } = await startServer(["start"]);
  await sleep(settleMs);
  const children = await readFile(`/proc/${server.pid}/task/${server.pid}/children`, "utf8");
  const megabytes = await residentMegabytes(Number(children.trim().split(" ")[0]));
  await stop();
  return megabytes;
});
