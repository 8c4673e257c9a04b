/** The client as it is delivered, built when a source is newer than the last build. */

import { execFileSync } from "node:child_process";
import { globSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const outDir = join(root, "dist/client");

/** The folder of the built client. */
export function builtClient(): string {
  const builtAt = changedAt(join(outDir, "index.html"));
  const sources = globSync(["client/**/*.*", "shared/**/*.ts", "vite.config.ts", "package-lock.json"], {
    cwd: root,
  });
  const newest = Math.max(...sources.map((path) => changedAt(join(root, path))));
  // A process of its own: the test runner's NODE_ENV would build React for development.
  if (newest > builtAt)
    execFileSync(
      process.execPath,
      [join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "error"],
      { cwd: root, env: { ...process.env, NODE_ENV: "production" } },
    );
  return outDir;
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
