/** Watches a city folder: a change is taken over when the whole folder is sound, else refused with its reasons. */

import { watch, type FSWatcher } from "node:fs";
import { readCityFolder, type CityFolder, type ReadOptions } from "./city-folder.ts";
import type { Fault } from "./fault.ts";
import { folderPrint } from "./folder-files.ts";

export interface FolderWatchOptions extends ReadOptions {
  /** The `folderPrint` of what the city runs on; what the folder holds when watching starts unless said. */
  readonly known?: string;
  /** How long the folder must have been still before it is read: editors write in several steps. */
  readonly settleMs?: number;
  /** The slow look for file systems that send no events. */
  readonly lookMs?: number;
}

/**
 * Calls `onValid` (a new epoch) or `onInvalid` (the city stays as it was) once per change of a file's content.
 * Returns the stop.
 */
export function watchCityFolder(
  dir: string,
  options: FolderWatchOptions,
  onValid: (folder: CityFolder) => void,
  onInvalid: (faults: readonly Fault[]) => void,
): () => void {
  const { settleMs = 150, lookMs = 2_000 } = options;
  let known = options.known ?? folderPrint(dir);
  let settling: NodeJS.Timeout | null = null;

  const read = (): void => {
    settling = null;
    const print = folderPrint(dir);
    if (print === known) return;
    known = print;
    const city = readCityFolder(dir, options);
    if (city.ok) onValid(city.value);
    else onInvalid(city.failure);
  };
  const readWhenStill = (): void => {
    if (settling) clearTimeout(settling);
    settling = setTimeout(read, settleMs);
  };

  const watcher = watchTree(dir, readWhenStill);
  const slowLook = setInterval(() => {
    if (!settling && folderPrint(dir) !== known) readWhenStill();
  }, lookMs);
  slowLook.unref();
  return () => {
    if (settling) clearTimeout(settling);
    clearInterval(slowLook);
    watcher?.close();
  };
}

/** A folder that cannot be watched is left to the slow look. */
function watchTree(dir: string, onChange: () => void): FSWatcher | null {
  try {
    const watcher = watch(dir, { recursive: true, persistent: false }, onChange);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
