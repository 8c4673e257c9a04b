/**
 * Watches a few files by their folders, so that replacing by rename, deleting and coming back are all seen, and looks
 * at them slowly as well, for file systems that do not tell (network shares, containers).
 */

import { watch, type FSWatcher } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { PartFault } from "./part-decoder.ts";

export interface WatchedFile {
  readonly name: string;
  readonly path: string;
}

export interface FileTiming {
  /** How long a file must have been still before it is read. */
  readonly settleMs: number;
  /** The slow look for file systems that send no events. */
  readonly lookMs: number;
}

export const fileTiming: FileTiming = { settleMs: 40, lookMs: 2_000 };

/** `modifiedAt` is wall time in whole milliseconds; `first` is true for what was already there at the start. */
export type FileNews =
  | {
      readonly file: WatchedFile;
      readonly first: boolean;
      readonly bytes: Uint8Array;
      readonly modifiedAt: number;
    }
  | { readonly file: WatchedFile; readonly first: boolean; readonly fault: PartFault };

export interface FileWatch {
  /** Resolves when every file was looked at once. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

/** Calls `onNews` once for each file as it is now, then at every change; never two at a time. */
export function watchFiles(
  files: readonly WatchedFile[],
  maxBytes: number,
  timing: FileTiming,
  onNews: (news: FileNews) => Promise<void> | void,
): FileWatch {
  const seen = new Map<string, string>();
  const settling = new Set<NodeJS.Timeout>();
  let stopped = false;
  let work: Promise<void> = Promise.resolve();

  const look = (file: WatchedFile): void => {
    work = work.then(async () => {
      if (stopped) return;
      const first = !seen.has(file.path);
      const print = await fingerprint(file.path);
      if (print === seen.get(file.path)) return;
      seen.set(file.path, print);
      const read = await readLimited(file, maxBytes);
      await onNews(read.ok ? { file, first, ...read.value } : { file, first, fault: read.failure });
    });
  };

  const lookWhenStill = (file: WatchedFile, before: string | null): void => {
    const timer = setTimeout(() => {
      settling.delete(timer);
      void fingerprint(file.path).then((print) => {
        if (stopped) return;
        if (print === before) look(file);
        else lookWhenStill(file, print);
      });
    }, timing.settleMs);
    settling.add(timer);
  };

  for (const file of files) look(file);
  const ready = work;
  const stopWatching = watchFolders(files, (file) => {
    if (settling.size < 1_000) lookWhenStill(file, null);
  });
  const slowLook = setInterval(() => {
    for (const file of files) {
      void fingerprint(file.path).then((print) => {
        if (!stopped && print !== seen.get(file.path)) lookWhenStill(file, print);
      });
    }
  }, timing.lookMs);

  return {
    ready,
    async stop() {
      stopped = true;
      clearInterval(slowLook);
      for (const timer of settling) clearTimeout(timer);
      stopWatching();
      await work;
    },
  };
}

/** A folder that is missing or cannot be watched is left to the slow look. */
function watchFolders(files: readonly WatchedFile[], onChange: (file: WatchedFile) => void): () => void {
  const watchers: FSWatcher[] = [];
  for (const folder of new Set(files.map((file) => dirname(file.path)))) {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, changed) => {
        for (const file of files) {
          if (dirname(file.path) !== folder) continue;
          if (changed === null || changed === basename(file.path)) onChange(file);
        }
      });
      watcher.on("error", () => watcher.close());
      watchers.push(watcher);
    } catch {
      continue;
    }
  }
  return () => watchers.forEach((watcher) => watcher.close());
}

/** Changes whenever the file is written, replaced or removed; `missing` when it is not there. */
async function fingerprint(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch (error) {
    return `missing ${String((error as NodeJS.ErrnoException).code)}`;
  }
}

/** The file's bytes, or why not; never reads more than `maxBytes`. */
export async function readLimited(
  file: WatchedFile,
  maxBytes: number,
): Promise<Result<{ readonly bytes: Uint8Array; readonly modifiedAt: number }, PartFault>> {
  let handle;
  try {
    handle = await open(file.path, "r");
    const { size, mtimeMs } = await handle.stat();
    if (size > maxBytes) {
      const message = `${file.name}: ${file.path} has ${size} bytes, at most ${maxBytes} are accepted`;
      return fail({ class: "too-large", message });
    }
    const bytes = new Uint8Array(size);
    let read = 0;
    while (read < size) {
      const { bytesRead } = await handle.read(bytes, read, size - read, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return ok({ bytes: bytes.subarray(0, read), modifiedAt: Math.trunc(mtimeMs) });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${String(code)})`;
    return fail({ class: "missing", message: `${file.name}: ${file.path}: ${why}` });
  } finally {
    await handle?.close();
  }
}
