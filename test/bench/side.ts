/** One side of a benchmark in a process of its own, which `tellSide` makes answer and `startSide` asks. */

import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { nodeFlags } from "./start-live.ts";

export interface Side {
  /** Milliseconds of processor time, the garbage collector's included, that one run costs. */
  ask(): Promise<number>;
  stop(): void;
}

/** Starts a file of this folder as a side; it is warm when the promise is kept. */
export async function startSide(file: string, args: readonly string[]): Promise<Side> {
  const execArgv = [...nodeFlags, "--single-threaded-gc"];
  const side = fork(join(import.meta.dirname, file), args, { execArgv });
  await once(side, "message");
  return {
    async ask() {
      const answer = once(side, "message");
      side.send("round");
      return (await answer)[0] as number;
    },
    stop: () => side.kill(),
  };
}

/** In the side's own process: tells the parent that it is warm, then answers every message with what `round` costs. */
export function tellSide(round: () => number): void {
  process.on("message", () => process.send!(round()));
  process.send!("ready");
}

/** Milliseconds of processor time. */
export function costOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
