/** The notes that operators set on figures: few, kept in one small file, sent whole whenever one changes. */

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Logger } from "pino";
import { isInForce, type Note } from "../../shared/note.ts";

export class Notes {
  readonly #path: string;
  readonly #log: Pick<Logger, "warn">;
  readonly #notes = new Map<string, Note>();
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, log: Pick<Logger, "warn">) {
    this.#path = path;
    this.#log = log;
  }

  /** Those that say something at `now` (city time). */
  inForce(now: number): readonly Note[] {
    return Array.from(this.#notes.values()).filter((note) => isInForce(note, now));
  }

  /** Replaces what was said about the same figure. */
  set(note: Note): void {
    this.#forgetOver(note.setAt);
    this.#notes.set(note.indicator, note);
    this.#write();
  }

  /** `false`: there was none. */
  clear(indicator: string): boolean {
    const had = this.#notes.delete(indicator);
    if (had) this.#write();
    return had;
  }

  /** Reads back what an earlier run kept; what cannot be read is said and left. */
  async restore(now: number): Promise<void> {
    try {
      const kept = JSON.parse(await readFile(this.#path, "utf8")) as readonly Note[];
      for (const note of kept) if (isInForce(note, now)) this.#notes.set(note.indicator, note);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT")
        this.#log.warn({ path: this.#path, error: String(error) }, "notes cannot be read; starting without");
    }
  }

  /** Resolves when everything is on disk, or known not to be. */
  flushed(): Promise<void> {
    return this.#writing;
  }

  #forgetOver(now: number): void {
    for (const note of this.#notes.values()) if (!isInForce(note, now)) this.#notes.delete(note.indicator);
  }

  #write(): void {
    this.#writing = this.#writing
      .then(async () => {
        await mkdir(dirname(this.#path), { recursive: true });
        await writeFile(`${this.#path}.new`, JSON.stringify(Array.from(this.#notes.values())));
        await rename(`${this.#path}.new`, this.#path);
      })
      .catch((error: unknown) => {
        this.#log.warn({ path: this.#path, error: String(error) }, "notes cannot be written");
      });
  }
}
