/** Where a feed stands (a page, a newest time), kept across restarts in one small file. */

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cursor } from "../core/feeds/connector.ts";
import type { Log } from "./wiring.ts";

export interface CursorFile {
  readonly current: Cursor | null;
  /** Merges what changed, key by key; an empty text forgets a key. */
  merge(change: Cursor): void;
  /** Resolves when what was merged is on disk, or was tried. */
  saved(): Promise<void>;
}

/** Those that changed last. No standard needs as many; a source may make up more. */
const mostKeys = 1_000;

export async function openCursorFile(folder: string, feedId: string, log: Log): Promise<CursorFile> {
  const path = join(folder, "cursor.json");
  let current = await readCursor(path, feedId, log);
  let saving: Promise<void> = Promise.resolve();
  let dirty = false;

  const save = async (): Promise<void> => {
    if (!dirty) return;
    dirty = false;
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(`${path}.new`, JSON.stringify(current));
      await rename(`${path}.new`, path);
    } catch (error) {
      log.error({ feed: feedId, path, error: String(error) }, "cursor not kept");
    }
  };

  return {
    get current() {
      return current;
    },
    merge(change) {
      const changed = Object.entries(change);
      if (changed.every(([key, value]) => value === (current?.[key] ?? ""))) return;
      const others = Object.entries(current ?? {}).filter(([key]) => !Object.hasOwn(change, key));
      const known = [...others, ...changed].filter(([, value]) => value !== "");
      current = Object.fromEntries(known.slice(-mostKeys));
      dirty = true;
      saving = saving.then(save);
    },
    saved: () => saving,
  };
}

async function readCursor(path: string, feedId: string, log: Log): Promise<Cursor | null> {
  try {
    const read: unknown = JSON.parse(await readFile(path, "utf8"));
    if (isCursor(read)) return read;
    log.warn({ feed: feedId, path }, "cursor is not an object of texts and numbers; starting without");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      log.warn({ feed: feedId, path, error: String(error) }, "cursor cannot be read; starting without");
  }
  return null;
}

function isCursor(value: unknown): value is Cursor {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => typeof item === "string" || typeof item === "number")
  );
}
