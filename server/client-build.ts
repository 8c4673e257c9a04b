/** Builds the client when its sources are newer than what was built. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

const projectDir = join(import.meta.dirname, "..");
/** The folder of the built client. */
export const clientDir = join(projectDir, "dist", "client");
const sources = ["client", "shared", "package-lock.json", "vite.config.ts"];

/** Resolves to whether it had to build. Throws when the build fails, which has said why by then. */
export async function buildClientIfNeeded(): Promise<boolean> {
  const builtAt = await changedAt(join(clientDir, "index.html"));
  const newest = await Promise.all(sources.map((source) => newestChange(join(projectDir, source))));
  if (Math.max(...newest) <= builtAt) return false;
  // A process of its own: building takes ten times the memory of running, and React is built for NODE_ENV.
  const vite = join(projectDir, "node_modules/vite/bin/vite.js");
  const env = { ...process.env, NODE_ENV: "production" };
  const build = spawn(process.execPath, [vite, "build", "--logLevel", "error"], {
    cwd: projectDir,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = (await once(build, "exit")) as [number | null];
  if (code !== 0) throw new Error("the client could not be built");
  return true;
}

/** The newest change of a file or of any file in a folder but tests, epoch milliseconds. */
export async function newestChange(path: string): Promise<number> {
  const file = await stat(path);
  if (!file.isDirectory()) return file.mtimeMs;
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.includes(".test."));
  return Math.max(
    ...(await Promise.all(files.map((entry) => changedAt(join(entry.parentPath, entry.name))))),
  );
}

/** Epoch milliseconds, 0 for what is not there. */
export async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    (file) => file.mtimeMs,
    () => 0,
  );
}
