/** Few words of people that hold until a time, one per subject, kept in one small file. */

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Logger } from "pino";
import { isInForce } from "../../shared/note.ts";

interface Timed {
  /** City time, epoch milliseconds. */
  readonly setAt: number;
  readonly untilAt: number | null;
}

interface KeptUntilOptions<T extends Timed> {
  readonly path: string;
  /** What they are called in the log. */
  readonly name: string;
  /** What a word is about: of one subject the newest word stands. */
  readonly subjectOf: (word: T) => string;
  readonly log: Pick<Logger, "warn">;
}

export class KeptUntil<T extends Timed> {
  readonly #options: KeptUntilOptions<T>;
  readonly #words = new Map<string, T>();
  #writing: Promise<void> = Promise.resolve();

  constructor(options: KeptUntilOptions<T>) {
    this.#options = options;
  }

  /** Those that say something at `now` (city time). */
  inForce(now: number): readonly T[] {
    return Array.from(this.#words.values()).filter((word) => isInForce(word, now));
  }

  /** Replaces what was said about the same. */
  set(word: T): void {
    this.#forgetOver(word.setAt);
    this.#words.set(this.#options.subjectOf(word), word);
    this.#write();
  }

  /** `false`: there was none. */
  clear(subject: string): boolean {
    const had = this.#words.delete(subject);
    if (had) this.#write();
    return had;
  }

  /** Reads back what an earlier run kept; what cannot be read is said and left. */
  async restore(now: number): Promise<void> {
    const { path, name, subjectOf, log } = this.#options;
    try {
      const kept = JSON.parse(await readFile(path, "utf8")) as readonly T[];
      for (const word of kept) if (isInForce(word, now)) this.#words.set(subjectOf(word), word);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT")
        log.warn({ path, error: String(error) }, `${name} cannot be read; starting without`);
    }
  }

  /** Resolves when everything is on disk, or known not to be. */
  flushed(): Promise<void> {
    return this.#writing;
  }

  #forgetOver(now: number): void {
    for (const [subject, word] of this.#words) if (!isInForce(word, now)) this.#words.delete(subject);
  }

  #write(): void {
    const { path, name, log } = this.#options;
    this.#writing = this.#writing
      .then(async () => {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(`${path}.new`, JSON.stringify(Array.from(this.#words.values())));
        await rename(`${path}.new`, path);
      })
      .catch((error: unknown) => {
        log.warn({ path, error: String(error) }, `${name} cannot be written`);
      });
  }
}
