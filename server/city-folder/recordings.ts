/** Where the recorded feeds are: the only place that knows. Nothing recorded is part of this repository. */

import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { FolderFiles, Loaded } from "./folder-files.ts";
import type { JsonPath } from "./json-document.ts";

const projectDir = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The folder of recordings: `CITYDECK_RECORDINGS`, else `../shared/feeds` beside the project; `null` when there is none. */
export function findRecordings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | null {
  const dir = recordingsDir(env);
  return existsSync(dir) && statSync(dir).isDirectory() ? dir : null;
}

/** Where recordings are looked for, whether or not anything is there: for telling people. */
export function recordingsDir(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = env["CITYDECK_RECORDINGS"];
  return named ? resolve(named) : join(projectDir, "..", "shared", "feeds");
}

/** The absolute path of a recording, or `null` when its name leaves the folder. */
export function recordingPath(recordings: string, name: string): string | null {
  const clean = normalize(name);
  return isAbsolute(clean) || clean.startsWith("..") ? null : join(recordings, clean);
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** A folder stands for the files directly in it. */
function isEmptyFolder(path: string): boolean {
  if (!statSync(path).isDirectory()) return false;
  const entries = readdirSync(path, { withFileTypes: true });
  return !entries.some((entry) => entry.isFile() && !entry.name.startsWith("."));
}

/** The path of a recording that a file names at `key`; a fault and `null` when it is not on this machine. */
export function findRecording(
  files: FolderFiles,
  at: Loaded<unknown>,
  key: JsonPath,
  name: string,
  recordings: string,
): string | null {
  const path = recordingPath(recordings, name);
  if (path === null) files.blame(at, key, "setting", "a path inside the folder of recordings");
  else if (!existsSync(path)) files.blame(at, key, "recording-not-found", `${path} to be there`);
  else if (isEmptyFolder(path)) files.blame(at, key, "recording-not-found", `a file in the folder ${path}`);
  else return path;
  return null;
}
