/**
 * Files that are appended to, such as logs: only what was added is read, over rotation by rename and by cutting. Looked
 * at by the clock: a busy log changes all the time, and events would only say so.
 */

import { open, stat, type FileHandle } from "node:fs/promises";
import type { PartFault } from "./part-decoder.ts";
import type { WatchedFile } from "./watch-files.ts";

export interface FollowTiming {
  readonly lookMs: number;
  /** A last line without an end is taken as it is when nothing has come for so long. */
  readonly unendedMs: number;
}

export const followTiming: FollowTiming = { lookMs: 500, unendedMs: 5_000 };

/** `first`: what was there at the start; `modifiedAt` is wall time. */
export interface Appended {
  readonly bytes: Uint8Array;
  readonly first: boolean;
  readonly modifiedAt: number;
}

export interface Follower {
  /** Whole lines, oldest first. */
  added(file: WatchedFile, appended: Appended): void;
  fault(file: WatchedFile, fault: PartFault): void;
}

const lf = 0x0a;
/** What is read and handed on at once. */
const pieceBytes = 1 << 20;

/** Of a file that is there at the start, the last `maxBytes` are read. */
export function followFiles(
  files: readonly WatchedFile[],
  maxBytes: number,
  timing: FollowTiming,
  follower: Follower,
): { readonly ready: Promise<void>; stop(): Promise<void> } {
  const followed = files.map((file) => new FollowedFile(file, maxBytes, timing, follower));
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    for (const file of followed) if (!stopped) await file.look();
    if (!stopped)
      timer = setTimeout(() => {
        work = look();
      }, timing.lookMs);
  };
  work = look();
  return {
    ready: work,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await work;
      for (const file of followed) await file.close();
    },
  };
}

class FollowedFile {
  readonly #file: WatchedFile;
  readonly #maxBytes: number;
  readonly #timing: FollowTiming;
  readonly #follower: Follower;
  #handle: FileHandle | null = null;
  #inode = 0;
  #read = 0;
  /** The start of a line whose end has not come. */
  #rest: Uint8Array = new Uint8Array(0);
  #restAt = 0;
  #isFirst = true;
  /** Whether reading began inside a line. */
  #isInside = false;

  constructor(file: WatchedFile, maxBytes: number, timing: FollowTiming, follower: Follower) {
    this.#file = file;
    this.#maxBytes = maxBytes;
    this.#timing = timing;
    this.#follower = follower;
  }

  async look(): Promise<void> {
    try {
      await this.#readOn();
      const { ino } = await stat(this.#file.path);
      if (this.#handle !== null && ino === this.#inode) return;
      // Another file has taken the name: the old one was read to its end just now.
      await this.#openAnew();
      await this.#readOn();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${String(code)})`;
      const { name, path } = this.#file;
      this.#follower.fault(this.#file, { class: "missing", message: `${name}: ${path}: ${why}` });
    }
    this.#isFirst = false;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = null;
  }

  async #openAnew(): Promise<void> {
    this.#sayRest();
    await this.close();
    this.#handle = await open(this.#file.path, "r");
    const { ino, size } = await this.#handle.stat();
    this.#inode = ino;
    this.#read = this.#isFirst ? Math.max(0, size - this.#maxBytes) : 0;
    this.#isInside = this.#read > 0;
  }

  async #readOn(): Promise<void> {
    if (this.#handle === null) return;
    const { size, mtimeMs } = await this.#handle.stat();
    if (size < this.#read) {
      this.#sayRest();
      this.#read = 0;
      this.#isInside = false;
    }
    const buffer = new Uint8Array(Math.min(pieceBytes, size - this.#read));
    while (this.#read < size) {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.#read);
      if (bytesRead === 0) break;
      this.#read += bytesRead;
      this.#take(buffer.subarray(0, bytesRead), Math.trunc(mtimeMs));
    }
    if (this.#rest.length > 0 && performance.now() - this.#restAt >= this.#timing.unendedMs) this.#sayRest();
  }

  #take(piece: Uint8Array, modifiedAt: number): void {
    const bytes = Buffer.concat([this.#rest, piece]);
    const start = this.#isInside ? bytes.indexOf(lf) + 1 : 0;
    const end = bytes.lastIndexOf(lf) + 1;
    if (this.#isInside && start === 0) return;
    this.#isInside = false;
    if (end > start)
      this.#follower.added(this.#file, {
        bytes: bytes.subarray(start, end),
        first: this.#isFirst,
        modifiedAt,
      });
    // A line without an end that fills a piece is handed on in pieces.
    this.#rest = bytes.subarray(Math.max(start, end)).slice();
    this.#restAt = performance.now();
    if (this.#rest.length >= pieceBytes) this.#sayRest();
  }

  #sayRest(): void {
    if (this.#rest.length === 0) return;
    const bytes = this.#rest;
    this.#rest = new Uint8Array(0);
    this.#follower.added(this.#file, { bytes, first: this.#isFirst, modifiedAt: Date.now() });
  }
}
