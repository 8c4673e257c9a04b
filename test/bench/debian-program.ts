/** A server of Debian's that a benchmark measures us against: as installed, else unpacked without installing it. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";

const cache = join(resolve(import.meta.dirname, "../.."), ".cache");

/** The path of `installed` (such as `/usr/bin/influxd`) of a package, `null` when it cannot be brought here. */
export async function debianProgram(package_: string, installed: string): Promise<string | null> {
  if (existsSync(installed)) return installed;
  const unpacked = join(cache, package_);
  const program = join(unpacked, installed);
  if (existsSync(program)) return program;
  await mkdir(unpacked, { recursive: true });
  spawnSync("apt-get", ["download", package_], { cwd: unpacked, timeout: 120_000 });
  const [file] = (await readdir(unpacked)).filter((name) => name.startsWith(`${package_}_`));
  if (file !== undefined) spawnSync("dpkg-deb", ["-x", file, "."], { cwd: unpacked });
  return existsSync(program) ? program : null;
}
