/**
 * `npm test`: every check there is, one after the other, and all of them even when an early one fails.
 * The last line is `N passed, N failed`, where each check that is not a test suite counts as one.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { findRecordings, recordingsDir } from "../server/city-folder/recordings.ts";
import { findBrowser } from "../server/briefing/print/find-browser.ts";
import { browserAdvice } from "./browser/browser.ts";

const root = resolve(import.meta.dirname, "..");
const reports = join(root, ".cache/test");

interface Tally {
  passed: number;
  failed: number;
}

interface Step {
  readonly name: string;
  /** What a person types to run this step alone. */
  readonly alone: string;
  run(): Tally;
}

/** Runs a program of `node_modules` under this Node; `true` when it ended well. */
function program(bin: string, args: readonly string[]): boolean {
  const run = spawnSync(process.execPath, [join(root, "node_modules", bin), ...args], {
    cwd: root,
    stdio: "inherit",
  });
  return run.status === 0;
}

function check(name: string, bin: string, args: readonly string[]): Step {
  return {
    name,
    alone: [
      "npx",
      bin
        .split("/")
        .at(-1)!
        .replace(/\.\w+$/, ""),
      ...args,
    ].join(" "),
    run: () => (program(bin, args) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
  };
}

/** A suite counts its tests; files that could not even be loaded count as one failed test each. */
function suite(name: string, args: readonly string[]): Step {
  return {
    name,
    alone: ["npx vitest run", ...args].join(" "),
    run() {
      const report = join(reports, `${name}.json`);
      rmSync(report, { force: true });
      const good = program("vitest/vitest.mjs", [
        "run",
        ...args,
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
      ]);
      const tally = existsSync(report) ? readTally(report) : { passed: 0, failed: 0 };
      if (!good && tally.failed === 0) tally.failed = 1;
      return tally;
    },
  };
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

function readTally(path: string): Tally {
  const report = JSON.parse(readFileSync(path, "utf8")) as Report;
  const unloaded = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length };
}

/** Tests that need a browser fail, and say why in one line, on a machine that has none. */
const browserSuite: Step = {
  ...suite("browser", ["test/browser", "--no-file-parallelism"]),
  run() {
    if (findBrowser() !== null) return suite("browser", ["test/browser", "--no-file-parallelism"]).run();
    console.error(browserAdvice);
    return { passed: 0, failed: 1 };
  },
};

/** Recordings are not part of the repository: a machine without them skips their tests, but never in CI. */
const recordings: Step = {
  name: "recordings",
  alone: "CITYDECK_RECORDINGS=DIR npm test",
  run() {
    if (findRecordings() !== null) return { passed: 1, failed: 0 };
    console.error(
      `No recorded feeds in ${recordingsDir()}: the tests on them are skipped; name their folder in CITYDECK_RECORDINGS.`,
    );
    return { passed: 0, failed: process.env["CI"] ? 1 : 0 };
  },
};

const steps: readonly Step[] = [
  check("types", "typescript/bin/tsc", ["-b"]),
  check("lint", "oxlint/bin/oxlint", ["--type-aware"]),
  check("format", "prettier/bin/prettier.cjs", ["--check", "."]),
  check("unused", "knip/bin/knip.js", []),
  check("build", "vite/bin/vite.js", ["build"]),
  recordings,
  suite("tests", ["--exclude", "test/browser/**"]),
  browserSuite,
];

if (Number(process.versions.node.split(".")[0]) < 24) {
  console.error(`Citydeck needs Node 24 or newer; this is ${process.version}. "npm ci" brings one on Linux.`);
  process.exit(1);
}
mkdirSync(reports, { recursive: true });
const total: Tally = { passed: 0, failed: 0 };
const failed: Step[] = [];
for (const step of steps) {
  const startedAt = performance.now();
  console.log(`\n── ${step.name}`);
  const tally = step.run();
  total.passed += tally.passed;
  total.failed += tally.failed;
  if (tally.failed > 0) failed.push(step);
  console.log(
    `── ${step.name}: ${tally.passed} passed, ${tally.failed} failed, ${Math.round((performance.now() - startedAt) / 1000)} s`,
  );
}
if (failed.length > 0) console.log("");
for (const step of failed) console.log(`${step.name} failed; alone: ${step.alone}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
