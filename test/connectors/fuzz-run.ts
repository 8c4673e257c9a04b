/** `npm run fuzz -- [--spec SPEC] [--minutes N] [--seed N]`: keeps what it finds in `fixtures/fuzz`; exit 1 when it finds any. */

import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { connectorFor } from "../../server/core/feeds/index.ts";
import { isSpec, type Spec } from "../../shared/feed.ts";
import type { Finding, FuzzReport } from "./fuzz.ts";
import { keepFinding } from "./fuzz-cases.ts";
import { deskBytes, deskHead, type FuzzWork } from "./fuzz-desk.ts";
import { connectors, listSpecimens } from "./specimens.ts";

/** A body that is read for so long is never read to its end. */
const hangSeconds = 30;

const { values } = parseArgs({
  options: {
    spec: { type: "string" },
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(Math.floor(Date.now() / 1_000)) },
  },
});
const { spec: asked } = values;
if (asked !== undefined && !isSpec(asked))
  throw new Error(`"${asked}" is not a standard that Citydeck reads`);
let found = 0;
for (const spec of asked === undefined ? connectors.map((connector) => connector.spec) : [asked]) {
  const report = await watch(spec, Number(values.minutes) * 60, Number(values.seed));
  const paths = report.findings.map((finding) => `\n  ${finding.fault}\n    ${keepFinding(finding)}`);
  found += paths.length;
  console.log(
    `${spec}, seed ${values.seed}: ${report.runs} bodies, ${report.seeds} seeds, ${report.functions} functions, ` +
      `${report.idleBlocks} blocks never run, ${paths.length} findings${paths.join("")}`,
  );
}
process.exitCode = found > 0 ? 1 : 0;

/** Fuzzes on another thread; a body that hangs or kills it is a finding too. */
function watch(spec: Spec, seconds: number, seed: number): Promise<FuzzReport> {
  const work: FuzzWork = { spec, seed, seconds, desk: new SharedArrayBuffer(deskBytes) };
  const worker = new Worker(new URL("fuzz-worker.ts", import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: 1_024 },
  });
  return new Promise((resolve) => {
    let last = -1;
    const end = (report: FuzzReport): void => {
      clearInterval(timer);
      void worker.terminate();
      resolve(report);
    };
    const timer = setInterval(() => {
      const [runs = 0] = new Uint32Array(work.desk, 0, 1);
      if (runs === last) end(reportOf(work, `takes longer than ${hangSeconds} s`));
      last = runs;
    }, hangSeconds * 1_000);
    worker.once("message", end);
    worker.once("error", (error) => end(reportOf(work, `kills the process: ${String(error)}`)));
  });
}

function reportOf({ spec, desk }: FuzzWork, fault: string): FuzzReport {
  const [runs = 0, length = 0, parent = 0] = new Uint32Array(desk, 0, 3);
  const like = listSpecimens(connectorFor(spec))[parent];
  const bytes = new Uint8Array(desk, deskHead, length).slice();
  const findings: Finding[] = like ? [{ specimen: { ...like, bytes }, fault }] : [];
  return { runs, seeds: 0, functions: 0, idleBlocks: 0, findings };
}
