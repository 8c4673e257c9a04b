/** The files of a city folder: read once, each checked against its schema, faults collected instead of thrown. */

import { isUtf8 } from "node:buffer";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { fail, ok, type Result } from "../../shared/result.ts";
import {
  expectedText,
  faultsOfIssues,
  keyPath,
  nearestWord,
  valueAt,
  type Fault,
  type FaultKind,
} from "./fault.ts";
import { parseJson, type JsonDocument, type JsonPath } from "./json-document.ts";

/** A file that is JSON, and what its schema made of it. */
export interface Loaded<T> {
  readonly file: string;
  readonly document: JsonDocument;
  readonly value: T;
}

const knownFiles = ["city.json", "departments.json", "suppliers.json", "holidays.json"];
const knownFolders = ["areas", "briefings", "feeds", "indicators", "roles", "routes", "rules", "walls"];

export class FolderFiles {
  readonly faults: Fault[] = [];
  readonly #dir: string;
  readonly #drafts: ReadonlyMap<string, string>;
  readonly #names: readonly string[];
  /** Every file that `read` found to be JSON, sound or not. */
  readonly #documents = new Map<string, JsonDocument>();

  /** `drafts` are read instead of the files of the same names, or beside them. */
  constructor(dir: string, drafts: ReadonlyMap<string, string> = new Map()) {
    this.#dir = dir;
    this.#drafts = drafts;
    this.#names = [...new Set([...listFiles(dir), ...drafts.keys()])].toSorted();
    this.#blameUnknownNames();
  }

  has(file: string): boolean {
    return this.#names.includes(file);
  }

  /** The files directly in `folder` that end in `ending`, in the order of their names. */
  list(folder: string, ending: string): string[] {
    return this.#names.filter((name) => name.startsWith(`${folder}/`) && name.endsWith(ending));
  }

  /** `null` when the file is missing or wrong, which is then among the faults. */
  read<T extends z.ZodType>(file: string, schema: T): Loaded<z.output<T>> | null {
    const document = this.readDocument(file, join(this.#dir, file));
    if (document === null) return null;
    this.#documents.set(file, document);
    const parsed = schema.safeParse(document.value, { error: expectedText });
    if (parsed.success) return { file, document, value: parsed.data };
    this.faults.push(...faultsOfIssues(file, document, parsed.error.issues));
    return null;
  }

  /** All files of a folder of one object per file, whose `id` is the file's name. */
  readEach<T extends z.ZodType<{ readonly id: string }>>(folder: string, schema: T): Loaded<z.output<T>>[] {
    return this.list(folder, ".json").flatMap((file) => {
      const loaded = this.read(file, schema);
      if (loaded && loaded.value.id !== stem(file))
        this.blame(loaded, ["id"], "setting", `"${stem(file)}", the file's name`);
      return loaded ?? [];
    });
  }

  /** The files of `folder` that were read and are JSON, whatever their schema says of them. */
  listRead(folder: string): Loaded<unknown>[] {
    return this.list(folder, ".json").flatMap((file) => {
      const document = this.#documents.get(file);
      return document ? [{ file, document, value: document.value }] : [];
    });
  }

  /** JSON from anywhere; `file` is how faults name it. */
  readDocument(file: string, path: string): JsonDocument | null {
    const draft = this.#drafts.get(file);
    const text = draft === undefined ? readText(path) : ok(draft);
    if (!text.ok) {
      this.faults.push({ kind: "setting", file, line: null, key: "", ...text.failure });
      return null;
    }
    const parsed = parseJson(text.value);
    if (!parsed.ok) {
      const { line, column, found, expected } = parsed.failure;
      this.faults.push({
        kind: "syntax",
        file,
        line,
        key: "",
        value: found,
        expected: `${expected} (column ${column})`,
      });
      return null;
    }
    for (const { path: key, line } of parsed.value.duplicateKeys)
      this.faults.push({
        kind: "setting",
        file,
        line,
        key: keyPath(key),
        value: valueAt(parsed.value.value, key),
        expected: "each key once",
      });
    return parsed.value;
  }

  /** Records a fault at a key of a loaded file; the value is what stands there. */
  blame(at: Loaded<unknown>, path: JsonPath, kind: FaultKind, expected: string): void {
    const value = valueAt(at.document.value, path);
    const line = at.document.lineOf(path);
    this.faults.push({ kind, file: at.file, line, key: keyPath(path), value, expected });
  }

  #blameUnknownNames(): void {
    for (const name of this.#names) {
      const expected = this.#expectedInsteadOf(name);
      if (expected)
        this.faults.push({ kind: "setting", file: name, line: null, key: "", value: name, expected });
    }
  }

  /** What a JSON file that nobody reads should have been; `null` for a file in its place or of another type. */
  #expectedInsteadOf(name: string): string | null {
    const [folder = "", file, deeper] = name.split("/");
    if (!/\.(geo)?json$/.test(name) || knownFiles.includes(name)) return null;
    if (file === undefined) {
      const near = nearestWord(name, knownFiles);
      return near ? `a known name, perhaps ${near}` : `one of ${knownFiles.join(", ")}`;
    }
    if (!knownFolders.includes(folder)) {
      const near = nearestWord(folder, knownFolders);
      return near ? `a known folder, perhaps ${near}/` : null;
    }
    if (deeper !== undefined) return `a file directly in ${folder}/`;
    const ending = folder === "areas" ? ".geojson" : ".json";
    return name.endsWith(ending) ? null : `a name that ends in ${ending}`;
  }
}

/** `feeds/bikes.json` → `bikes`. */
export function stem(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1).replace(/\.(geo)?json$/, "");
}

function listFiles(dir: string): string[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(dir, "/").length).replaceAll("\\", "/"))
      .filter((name) => !name.split("/").some((part) => part.startsWith(".") || part === "node_modules"))
      .toSorted();
  } catch {
    return [];
  }
}

/** Settings are small; something larger in their place is a mistake. */
const maxFileBytes = 64 * 1024 * 1024;

/** The text of a file, or what was found there instead. */
function readText(path: string): Result<string, Pick<Fault, "value" | "expected">> {
  try {
    const { size } = statSync(path);
    if (size > maxFileBytes) return fail({ value: size, expected: `at most ${maxFileBytes} bytes` });
    const bytes = readFileSync(path);
    if (!isUtf8(bytes)) return fail({ value: "other bytes", expected: "text in UTF-8" });
    return ok(new TextDecoder().decode(bytes));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail({ value: code === "ENOENT" ? undefined : code, expected: "a readable file" });
  }
}

/**
 * Changes whenever a file of settings is written, added, replaced or removed. Feeds' own data may lie in the same folder
 * and change every second; it is not the city's settings.
 */
export function folderPrint(dir: string): string {
  return listFiles(dir)
    .filter(isSettings)
    .map((name) => {
      const stat = statSync(join(dir, name), { throwIfNoEntry: false });
      return `${name} ${stat?.size} ${stat?.mtimeMs} ${stat?.ino}`;
    })
    .join("\n");
}

/** A file that reading the folder reads, or blames for its name. */
function isSettings(name: string): boolean {
  if (!/\.((geo)?json|sql)$/.test(name)) return false;
  const [folder = "", file] = name.split("/");
  if (file === undefined) return true;
  return knownFolders.includes(folder) || nearestWord(folder, knownFolders) !== null;
}
