/** Builds the client when its sources are newer than what was built, and compresses it once for every visitor. */

import { constants, brotliCompress, gzip } from "node:zlib";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const projectDir = join(import.meta.dirname, "..");
export const clientDir = join(projectDir, "dist", "client");
const sources = ["client", "shared", "package-lock.json", "vite.config.ts"];
const compressible = /\.(js|mjs|css|html|svg|json)$/;

/** Resolves to whether it had to build. */
export async function buildClientIfNeeded(): Promise<boolean> {
  const built = join(clientDir, "built");
  const builtAt = existsSync(built) ? (await stat(built)).mtimeMs : 0;
  const newest = Math.max(
    ...(await Promise.all(sources.map((source) => newestChange(join(projectDir, source))))),
  );
  if (newest <= builtAt) return false;
  const { build } = await import("vite");
  await build({
    root: join(projectDir, "client"),
    configFile: join(projectDir, "vite.config.ts"),
    logLevel: "warn",
  });
  await compressAll(clientDir);
  await mkdir(clientDir, { recursive: true });
  await writeFile(built, "");
  return true;
}

async function newestChange(path: string): Promise<number> {
  const { mtimeMs } = await stat(path);
  if (!(await stat(path)).isDirectory()) return mtimeMs;
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const changes = entries
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => stat(join(entry.parentPath, entry.name)));
  return Math.max(mtimeMs, ...(await Promise.all(changes)).map((file) => file.mtimeMs));
}

async function compressAll(dir: string): Promise<void> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !compressible.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params }));
    await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
  }
}
