/** `citydeck new-connector` in a copy of the source tree: what it makes compiles, is tidy, and conforms as it is. */

import { spawnSync } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "./feed-rig.ts";
import { runCitydeck } from "./run-command.ts";

const root = join(import.meta.dirname, "..");
const copied = [
  "client",
  "docs",
  "fixtures",
  "server",
  "shared",
  "test",
  "package.json",
  "tsconfig.base.json",
  "tsconfig.json",
  "vite.config.ts",
  ".prettierrc.json",
  ".prettierignore",
];

test("makes a connector that passes the checks and the conformance suite", { timeout: 120_000 }, async () => {
  const copy = await temporaryFolder();
  for (const name of copied) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const made = await runCitydeck("new-connector", "tide-gauge", "--into", copy);
  expect(made).toMatchObject({ code: 0, stderr: "" });

  const run = (program: string, ...args: readonly string[]): string => {
    const env = { ...process.env, CITYDECK_RECORDINGS: join(copy, "none"), VITEST: "", NODE_ENV: "" };
    const ended = spawnSync(process.execPath, [join("node_modules", program), ...args], { cwd: copy, env });
    return ended.status === 0 ? "" : `${ended.stdout.toString()}${ended.stderr.toString()}`;
  };
  const written = made.stdout.split("\n").flatMap((line) => (line.startsWith("  ") ? [line.trim()] : []));
  expect(written.length).toBe(13);
  expect(run("prettier/bin/prettier.cjs", "--check", ...written)).toBe("");
  expect(run("typescript/bin/tsc", "-b", "server")).toBe("");
  const suites = [
    "server/core/feeds/tide-gauge",
    "test/connectors/conformance.test.ts",
    "test/connectors/fault-proxy.test.ts",
  ];
  expect(run("vitest/vitest.mjs", "run", ...suites, "-t", "tide-gauge")).toBe("");
});

test("says what is wrong with a name, and leaves a connector that is there alone", async () => {
  expect((await runCitydeck("new-connector", "Tide Gauge")).stderr).toMatch(
    /expected the name of a standard/,
  );
  expect((await runCitydeck("new-connector", "gbfs")).stderr).toMatch(/is there already/);
});
