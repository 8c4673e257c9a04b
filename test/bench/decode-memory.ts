/**
 * The most memory that a decode holds at any moment, beside the body: what is alive after each of many collections of
 * garbage on the way and at the end, less what was alive before, as a multiple of the body. In a process of its own whose
 * collections are all whole ones.
 */

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Benchmark } from "./benchmark.ts";
import { largeBodies } from "./large-bodies.ts";

const budgetTimes = 6;
/** So much may be made between two collections. */
const flags = ["--expose-gc", "--max-semi-space-size=8"];

export const decodeMemories: readonly Benchmark[] = largeBodies.map(({ name }) => ({
  name: `decode-memory-${name}`,
  unit: "× the body",
  baselineName: "budget",
  target: 1,
  rounds: 1,
  async prepare() {
    const times = await peakOf(name);
    if (times === null) return { notHere: "there are no recordings" };
    return { ours: () => times, baseline: () => budgetTimes };
  },
}));

async function peakOf(name: string): Promise<number | null> {
  const args = [...flags, join(import.meta.dirname, "decode-memory-peak.ts"), name];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as number | null;
}
