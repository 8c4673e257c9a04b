/** The process that `decode-memory.ts` starts: decodes the body that is named and prints the peak as JSON. */

import { GCProfiler, setFlagsFromString } from "node:v8";
import { largeBodies } from "./large-bodies.ts";
import { decodeAll } from "./large-body.ts";

/** Large beside what is made between two looks. */
const bodyBytes = 12_000_000;

function peakTimes(name: string): number | null {
  const body = largeBodies.find((one) => one.name === name)!.make(bodyBytes);
  if (!body) return null;
  // What is compiled and remembered once is not the body's.
  decodeAll(body);
  gc!();
  const profiler = new GCProfiler();
  profiler.start();
  gc!();
  setFlagsFromString("--gc-global");
  const updates = decodeAll(body);
  gc!();
  const alive = profiler
    .stop()!
    .statistics.map(
      ({ afterGC: { heapStatistics } }) => heapStatistics.usedHeapSize + heapStatistics.externalMemory,
    );
  if (updates.length === 0) throw new Error("nothing was decoded");
  const bytes = body.parts.reduce((sum, part) => sum + part.bytes.length, 0);
  return (Math.max(...alive) - alive[0]!) / bytes;
}

process.stdout.write(JSON.stringify(peakTimes(process.argv[2]!)));
