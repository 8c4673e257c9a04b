/** Copies everything that a city remembers into a folder, while it goes on. */

import { mkdir, open, readdir, rename, rm, stat, writeFile, type FileHandle } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { backup as copySqlite, DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { version } from "../version.ts";
import { copyBeginning } from "./copy.ts";
import {
  backupFormat,
  manifestFile,
  type BackupFile,
  type BackupManifest,
  type historyEngines,
} from "./manifest.ts";

/** What a running city, or its folder, says of itself when its history was copied. */
export interface HistoryCopy {
  readonly city: string;
  /** City time, epoch milliseconds. */
  readonly knownTo: number;
  readonly engine: (typeof historyEngines)[number];
  readonly schema: number;
}

/** What is asked of a running server: to copy its history into a folder. */
export interface HistoryQuestion {
  readonly backUpHistoryTo: string;
}

export function isHistoryQuestion(question: unknown): question is HistoryQuestion {
  return typeof (question as Partial<HistoryQuestion> | null)?.backUpHistoryTo === "string";
}

export interface BackupOptions {
  readonly dataDir: string;
  /** The folder to make; it must not be there, or be empty. */
  readonly to: string;
  /** Copies the history's database into a folder that it makes. */
  readonly copyHistory: (dir: string) => Promise<HistoryCopy>;
  /** Wall time. */
  readonly takenAt: number;
  /** How much of about how much was copied, in bytes. */
  readonly tell: (done: number, of: number) => void;
}

/** Files of one folder that are held open at once, so that they are copied as they were together. */
const mostOpen = 128;
const lookEveryMs = 250;

/** Of the history's folder: what the history copies itself, and what it makes anew. */
const ofHistory = /^history\/(history\.duckdb(\.wal|\.tmp\/.*)?|closed\/.*|demo-past-\d+\.csv)$/;
/** The sign of the server, whose folder it is, what SQLite copies itself, and what is being written. */
const notCopied = /^(in-use|city-folder|records\.sqlite.*)$|\.(new|part)$/;

/**
 * Makes the backup beside its place and puts it there when it is whole. Rejects when the place is taken or lies in the
 * data folder, and with what the disk or the history says; what was begun is then removed.
 */
export async function makeBackup(options: BackupOptions): Promise<BackupManifest> {
  const { dataDir, to } = options;
  const inside = relative(dataDir, to);
  if (inside === "" || (!inside.startsWith(`..${sep}`) && inside !== ".."))
    throw new Error(`${to} lies in the data folder ${dataDir}: choose a place outside`);
  if ((await readdir(to).catch(unlessMissing([]))).length > 0) throw new Error(`${to} is not empty`);
  const unfinished = `${to}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  try {
    const manifest = await new Backup(options, unfinished).make();
    await rename(unfinished, to);
    return manifest;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

class Backup {
  readonly #options: BackupOptions;
  readonly #dir: string;
  readonly #files: BackupFile[] = [];
  #done = 0;
  /** The history's copy is read once more: that is not told as going back. */
  #told = 0;
  /** Of the data folder; copies of databases are mostly smaller. */
  #total = 0;

  constructor(options: BackupOptions, dir: string) {
    this.#options = options;
    this.#dir = dir;
  }

  async make(): Promise<BackupManifest> {
    const { dataDir, copyHistory, takenAt } = this.#options;
    this.#total = await sizeOf(dataDir);
    // What is remembered as taken into the history must be in its copy: so these come before it.
    await this.#copyFolder("history");
    const { city, knownTo, engine, schema } = await this.#copyHistory(copyHistory);
    for (const name of await namesIn(dataDir)) if (name !== "history") await this.#copyFolder(name);
    await this.#copyRecords();
    // How much there was to do is known now.
    this.#total = this.#done;
    this.#tell();
    const manifest: BackupManifest = {
      format: backupFormat,
      citydeck: version,
      city,
      takenAt: new Date(takenAt).toISOString(),
      knownTo: new Date(knownTo).toISOString(),
      history: { engine, schema },
      files: this.#files,
    };
    await writeFile(join(this.#dir, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`, {
      mode: 0o600,
      flush: true,
    });
    return manifest;
  }

  /** The history writes its copy by itself: how far it is shows in what is there. */
  async #copyHistory(copyHistory: BackupOptions["copyHistory"]): Promise<HistoryCopy> {
    const before = this.#done;
    const copying = join(this.#dir, "history-copy");
    const ended = new AbortController();
    const looking = (async () => {
      while (!ended.signal.aborted) {
        this.#done = before + (await sizeOf(copying));
        this.#tell();
        await sleep(lookEveryMs, undefined, { signal: ended.signal }).catch(() => undefined);
      }
    })();
    let copy: HistoryCopy;
    try {
      copy = await copyHistory(copying);
    } finally {
      ended.abort();
      await looking;
    }
    this.#done = before;
    await mkdir(join(this.#dir, "history"), { recursive: true, mode: 0o700 });
    for (const name of await namesIn(copying)) {
      await rename(join(copying, name), join(this.#dir, "history", name));
      await this.#note(join("history", name));
    }
    await rm(copying, { recursive: true, force: true });
    return copy;
  }

  /** Notes what is in the backup already. */
  async #note(path: string): Promise<void> {
    const full = join(this.#dir, path);
    if ((await stat(full)).isDirectory()) {
      for (const name of await namesIn(full)) await this.#note(join(path, name));
      return;
    }
    const file = await open(full);
    try {
      const { size } = await file.stat();
      this.#put(path, await copyBeginning(file, size, null, this.#took));
    } finally {
      await file.close();
    }
  }

  async #copyRecords(): Promise<void> {
    const path = join(this.#options.dataDir, "records.sqlite");
    if ((await stat(path).catch(unlessMissing(null))) === null) return;
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      await copySqlite(database, join(this.#dir, "records.sqlite"));
    } finally {
      database.close();
    }
    await this.#note("records.sqlite");
  }

  /** A file or a folder of the data folder. What goes while it is copied is gone. */
  async #copyFolder(path: string): Promise<void> {
    const full = join(this.#options.dataDir, path);
    const there = await stat(full).catch(unlessMissing(null));
    if (there === null) return;
    if (there.isFile()) return this.#copyFiles([path]);
    if (!there.isDirectory()) return;
    const entries = await readdir(full, { withFileTypes: true }).catch(unlessMissing([]));
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => join(path, name));
    for (let from = 0; from < files.length; from += mostOpen)
      await this.#copyFiles(files.slice(from, from + mostOpen));
    for (const entry of entries) if (entry.isDirectory()) await this.#copyFolder(join(path, entry.name));
  }

  /**
   * Files that are written to, replaced and removed meanwhile: each as it was when all were open, up to where it ended. What
   * is half a line or half a body there is what a crash leaves, which every reader of these files knows.
   */
  async #copyFiles(paths: readonly string[]): Promise<void> {
    const opened: { readonly path: string; readonly file: FileHandle; readonly bytes: number }[] = [];
    try {
      for (const path of paths) {
        const name = path.split(sep).join("/");
        if (ofHistory.test(name) || notCopied.test(name)) continue;
        const file = await open(join(this.#options.dataDir, path)).catch(unlessMissing(null));
        if (file) opened.push({ path, file, bytes: (await file.stat()).size });
      }
      for (const { path, file, bytes } of opened)
        this.#put(path, await copyBeginning(file, bytes, join(this.#dir, path), this.#took));
    } finally {
      for (const { file } of opened) await file.close();
    }
  }

  #put(path: string, copied: { readonly bytes: number; readonly sha256: string }): void {
    this.#files.push({ path: path.split(sep).join("/"), ...copied });
  }

  readonly #took = (bytes: number): void => {
    this.#done += bytes;
    this.#tell();
  };

  #tell(): void {
    this.#told = Math.max(this.#told, Math.min(this.#done, this.#total));
    this.#options.tell(Math.min(this.#told, this.#total), this.#total);
  }
}

/** Bytes of everything in a folder. */
async function sizeOf(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  let sum = 0;
  for (const entry of entries)
    if (entry.isFile())
      sum += (await stat(join(entry.parentPath, entry.name)).catch(unlessMissing(null)))?.size ?? 0;
  return sum;
}

async function namesIn(dir: string): Promise<string[]> {
  return (await readdir(dir).catch(unlessMissing<string[]>([]))).toSorted();
}

function unlessMissing<T>(otherwise: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code !== "ENOENT") throw error;
    return otherwise;
  };
}
