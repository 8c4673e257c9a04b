/**
 * `npm run test:clickhouse`: the history's conformance suite against the real ClickHouse, which is brought as the package
 * `chdb` (half a gigabyte, so it is no dependency) into `.cache`. The last line is `N passed, N failed`.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const dir = join(root, ".cache/clickhouse");
const chdb = "chdb@3.4.0";

/** The engine and, in the same version as ours, the client that it plugs into. */
function install(): boolean {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "package.json"), "{}");
  const ours = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const client = `@clickhouse/client@${ours.dependencies["@clickhouse/client"]}`;
  const args = ["install", "--no-audit", "--no-fund", "--no-save", chdb, client];
  return spawnSync("npm", args, { cwd: dir, stdio: "inherit" }).status === 0;
}

function run(): { readonly passed: number; readonly failed: number } {
  if (!existsSync(join(dir, "node_modules/chdb")) && !install()) return { passed: 0, failed: 1 };
  const report = join(dir, "report.json");
  writeFileSync(report, "{}");
  const args = ["run", "server/history/clickhouse.test.ts", "--testTimeout=300000"];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { status } = spawnSync(
    process.execPath,
    [join(root, "node_modules/vitest/vitest.mjs"), ...args, ...reporters],
    { cwd: root, stdio: "inherit", env: { ...process.env, CITYDECK_CHDB: dir } },
  );
  const { numPassedTests = 0, numFailedTests = 0 } = JSON.parse(readFileSync(report, "utf8")) as {
    readonly numPassedTests?: number;
    readonly numFailedTests?: number;
  };
  return { passed: numPassedTests, failed: status === 0 ? numFailedTests : Math.max(1, numFailedTests) };
}

const { passed, failed } = run();
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
