/**
 * Changes one file of a city folder for somebody who does not want to write JSON: the whole folder is checked with the
 * change before anything is written, and what the file said before is kept aside.
 */

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { EditableFile, NotWritten } from "../../shared/city-file.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import { readCityFolder, type ReadOptions } from "./city-folder.ts";
import { faultLine } from "./fault.ts";

const editable = /^(indicators|rules|walls)\/[a-z0-9][a-z0-9.-]*\.json$/;
/** Versions of one file that are kept aside. */
const keptVersions = 20;

export class FolderEditor {
  readonly #dir: string;
  readonly #previousDir: string;
  readonly #options: ReadOptions;
  #writing: Promise<unknown> = Promise.resolve();

  /** `previousDir` holds the versions before each change, a folder per file. */
  constructor(dir: string, previousDir: string, options: ReadOptions) {
    this.#dir = dir;
    this.#previousDir = previousDir;
    this.#options = options;
  }

  /** The file as it stands; `null` when there is none, or none that may be changed here. */
  async read(file: string): Promise<EditableFile | null> {
    const text = editable.test(file) ? await readText(join(this.#dir, file)) : null;
    if (text === null) return null;
    const versions = await this.#versions(file);
    const last = versions.at(-1);
    const previous = last === undefined ? null : await readText(join(this.#previousDir, file, last));
    return { file, text, print: printOf(text), previous };
  }

  /** What would be wrong with the city if the file, there or new, said this; a line per fault. `null`: none that may be changed here. */
  check(file: string, text: string): readonly string[] | null {
    return editable.test(file) ? this.#faults(file, text) : null;
  }

  #faults(file: string, text: string): readonly string[] {
    const drafts = new Map([[file, text]]);
    const read = readCityFolder(this.#dir, { ...this.#options, drafts });
    return read.ok ? [] : read.failure.map(faultLine);
  }

  /** Writes the text in one step if the city is sound with it; `print: null` makes a new file. One change at a time. */
  write(file: string, text: string, print: string | null): Promise<Result<EditableFile, NotWritten>> {
    const written = this.#writing.then(() => this.#write(file, text, print));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #write(file: string, text: string, print: string | null): Promise<Result<EditableFile, NotWritten>> {
    const before = await this.read(file);
    if (before === null && (print !== null || !editable.test(file))) return fail({ reason: "missing" });
    if (before !== null && before.print !== print) return fail({ reason: "changed", print: before.print });
    if (before?.text === text) return ok(before);
    const faults = this.#faults(file, text);
    if (faults.length > 0) return fail({ reason: "faults", faults });
    if (before === null) await mkdir(dirname(join(this.#dir, file)), { recursive: true });
    else await this.#keepPrevious(file, before.text);
    await replaceFile(join(this.#dir, file), text);
    return ok({ file, text, print: printOf(text), previous: before?.text ?? null });
  }

  async #keepPrevious(file: string, text: string): Promise<void> {
    const folder = join(this.#previousDir, file);
    await mkdir(folder, { recursive: true });
    const versions = await this.#versions(file);
    const number = Number(versions.at(-1)?.slice(0, numberDigits) ?? 0) + 1;
    await replaceFile(join(folder, `${String(number).padStart(numberDigits, "0")}.json`), text);
    for (const old of versions.slice(0, -keptVersions + 1)) await rm(join(folder, old), { force: true });
  }

  async #versions(file: string): Promise<string[]> {
    const names = await readdir(join(this.#previousDir, file)).catch(() => []);
    return names.filter((name) => /^\d+\.json$/.test(name)).toSorted();
  }
}

const numberDigits = 6;

function printOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch(() => null);
}

/** Whoever reads the folder meanwhile sees the old text or the new one, never a half. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = join(dirname(path), `.${String(process.pid)}.new`);
  await writeFile(draft, text);
  await rename(draft, path);
}
