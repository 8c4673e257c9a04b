/**
 * Issued briefings, each a file of its own that is never written again: `issued/<id>.json`. It is written beside its
 * place, brought to the disk and then given its name, which fails where there is one: whatever breaks meanwhile, nothing
 * half-made is ever there. What editors do is added to a file beside it; `untold/<id>` is there until it was sent.
 */

import { createHash } from "node:crypto";
import { appendFile, link, mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  plainText,
  type Briefing,
  type BriefingItem,
  type Edition,
  type IssuedBriefing,
} from "../../shared/briefing.ts";
import { languages, type Text } from "../../shared/city.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import { wordsOf } from "../core/briefing/archive-search.ts";
import { ArchiveText } from "./archive-text.ts";

interface Kept extends BriefingItem {
  readonly dueAt: number | null;
}

/** Ids are file names. */
const idPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export class BriefingArchive {
  readonly #dir: string;
  readonly #items = new Map<string, Kept>();
  readonly #editions = new Map<string, Edition>();
  /** By the id of the issue that each corrects. */
  readonly #corrections = new Map<string, string>();
  readonly #unreadable: string[] = [];
  readonly #text = new ArchiveText();
  #untold: readonly string[] = [];
  /** What `list` answers, until something else is issued or edited. */
  #listed: readonly BriefingItem[] | null = null;
  #lastEdit: Promise<unknown> = Promise.resolve();

  private constructor(dir: string) {
    this.#dir = dir;
  }

  /** Rejects when the folder cannot be made or read; a file that is not a briefing is left out and named. */
  static async open(dir: string): Promise<BriefingArchive> {
    const archive = new BriefingArchive(dir);
    await mkdir(join(dir, "issued"), { recursive: true });
    await mkdir(join(dir, "editions"), { recursive: true });
    await mkdir(join(dir, "untold"), { recursive: true });
    for (const name of await readdir(join(dir, "issued"))) {
      if (name.endsWith(".new")) await rm(join(dir, "issued", name), { force: true });
      else if (name.endsWith(".json")) await archive.#take(name.slice(0, -".json".length));
    }
    archive.#untold = (await readdir(join(dir, "untold"))).filter((id) => archive.#items.has(id));
    return archive;
  }

  get unreadable(): readonly string[] {
    return this.#unreadable;
  }

  /** What earlier runs issued and nobody was told of. */
  get untold(): readonly string[] {
    return this.#untold;
  }

  /** The newest first. */
  list(): readonly BriefingItem[] {
    this.#listed ??= [...this.#items.values()]
      .toSorted((a, b) => b.issuedAt - a.issuedAt || (a.id < b.id ? 1 : -1))
      .map(({ dueAt: _dueAt, ...item }) => this.#withLater(item));
    return this.#listed;
  }

  /** Those that say all words of a search, in any order and either language; all of them where there is none. */
  async search(search: string): Promise<readonly BriefingItem[]> {
    if (wordsOf(search).length === 0) return this.list();
    const sentences = await this.#text.find(search);
    return this.list().flatMap((item) => {
      const found = sentences.get(item.id);
      return found ? [{ ...item, found }] : [];
    });
  }

  /** Whether no other issue can have this id: there is one, or a file of its name that cannot be read. */
  isTaken(id: string): boolean {
    return this.#items.has(id) || this.#unreadable.includes(`issued/${id}.json`);
  }

  /** The newest issue of a definition that was not corrected by a later one. */
  latestId(definition: string): string | null {
    return (
      this.list().find((item) => item.definition === definition && item.correctedBy === null)?.id ?? null
    );
  }

  /** Whether a definition's time of schedule, or a later one, was issued. */
  hasDue(definition: string, dueAt: number): boolean {
    return [...this.#items.values()].some(
      (item) => item.definition === definition && (item.dueAt ?? Number.NEGATIVE_INFINITY) >= dueAt,
    );
  }

  /** Every issue of an incident, by when that began. */
  ofIncident(definition: string, fromAt: number): readonly BriefingItem[] {
    return this.list().filter((item) => item.definition === definition && item.period.fromAt === fromAt);
  }

  /** `null`: there is none. Rejects when its file cannot be read. */
  async find(id: string): Promise<IssuedBriefing | null> {
    const item = this.#items.get(id);
    if (!item) return null;
    const bytes = await readFile(this.#pathOf(id));
    const { correctedBy } = this.#withLater(item);
    return {
      briefing: JSON.parse(bytes.toString()) as Briefing,
      hash: hashOf(bytes),
      correctedBy,
      edition: this.#editions.get(id) ?? null,
    };
  }

  /** Rejects when it could not be kept whole: then it is not issued. It is untold until `markTold`. */
  async issue(briefing: Briefing): Promise<void> {
    if (!idPattern.test(briefing.id)) throw new Error(`"${briefing.id}" is no id of a briefing`);
    const bytes = Buffer.from(`${JSON.stringify(briefing)}\n`);
    const path = this.#pathOf(briefing.id);
    const beside = `${path}.new`;
    try {
      const file = await open(beside, "w", 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await writeFile(this.#untoldOf(briefing.id), "");
      // Unlike a rename, a link never replaces what is there.
      await link(beside, path);
    } finally {
      await rm(beside, { force: true });
    }
    await syncFolder(join(this.#dir, "issued"));
    this.#keep(briefing, hashOf(bytes));
  }

  /** Everybody who receives it was told. */
  async markTold(id: string): Promise<void> {
    await rm(this.#untoldOf(id), { force: true });
  }

  /**
   * What an editor did; `number` is one more than that of the edition it was made from, else somebody was faster.
   * Rejects when it could not be written.
   */
  edit(edition: Edition): Promise<Result<Edition, "missing" | "changed">> {
    const made = this.#lastEdit.then(() => this.#edit(edition));
    this.#lastEdit = made.catch(() => undefined);
    return made;
  }

  async #edit(edition: Edition): Promise<Result<Edition, "missing" | "changed">> {
    const { briefing: id, number } = edition;
    if (!this.#items.has(id)) return fail("missing");
    if (number !== (this.#editions.get(id)?.number ?? 0) + 1) return fail("changed");
    // What a crash has left of a line ends before this one begins.
    await appendFile(this.#editionsOf(id), `\n${JSON.stringify(edition)}\n`, { flush: true });
    this.#editions.set(id, edition);
    this.#listed = null;
    return ok(edition);
  }

  /** Of a briefing: every edition, the oldest first. */
  async editions(id: string): Promise<readonly Edition[]> {
    if (!this.#items.has(id)) return [];
    const text = await readFile(this.#editionsOf(id), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    return text.split("\n").flatMap((line): Edition[] => {
      try {
        return line === "" ? [] : [JSON.parse(line) as Edition];
      } catch {
        // What a crash has left of one.
        return [];
      }
    });
  }

  async #take(id: string): Promise<void> {
    try {
      const bytes = await readFile(this.#pathOf(id));
      const briefing = JSON.parse(bytes.toString()) as Briefing;
      if (briefing.id !== id || briefing.version !== 1) throw new Error("it is another one");
      this.#keep(briefing, hashOf(bytes));
      const edition = (await this.editions(id)).at(-1);
      if (edition) this.#editions.set(id, edition);
    } catch {
      this.#unreadable.push(`issued/${id}.json`);
    }
  }

  #keep(briefing: Briefing, hash: string): void {
    this.#items.set(briefing.id, keptOf(briefing, hash));
    this.#text.add(briefing);
    if (briefing.corrects) this.#corrections.set(briefing.corrects.id, briefing.id);
    this.#listed = null;
  }

  #withLater(item: BriefingItem): BriefingItem {
    return {
      ...item,
      correctedBy: this.#corrections.get(item.id) ?? null,
      isSigned: this.#editions.get(item.id)?.isSigned ?? false,
    };
  }

  #pathOf(id: string): string {
    return join(this.#dir, "issued", `${id}.json`);
  }

  #untoldOf(id: string): string {
    return join(this.#dir, "untold", id);
  }

  #editionsOf(id: string): string {
    return join(this.#dir, "editions", `${id}.jsonl`);
  }
}

function keptOf(briefing: Briefing, hash: string): Kept {
  const { id, definition, title, audience, period, knownAt, issuedAt, dueAt, cover } = briefing;
  const [en, zh] = languages.map((language) => plainText(cover, language));
  const text: Text = { en: en!, zh: zh! };
  return {
    id,
    definition,
    title,
    audience,
    period,
    knownAt,
    issuedAt,
    dueAt,
    cover: text,
    hash,
    corrects: briefing.corrects?.id ?? null,
    correctedBy: null,
    isSigned: false,
  };
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A name is on disk when its folder is. */
async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
