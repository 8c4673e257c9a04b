/**
 * All that issued briefings say, to be searched: in memory, packed, since briefings of one city are much alike. A search
 * unpacks some hundred issues at a time and lets others have their turn in between.
 */

import { setImmediate as turn } from "node:timers/promises";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Briefing } from "../../shared/briefing.ts";
import type { Text } from "../../shared/city.ts";
import { folded, sentencesOf, wordsOf } from "../core/briefing/archive-search.ts";

/** So many issues are packed together: less is not much smaller, more holds up others for too long. */
const issuesPacked = 100;

/** An issue's sentences, a line for each language of each. */
interface Issue {
  readonly id: string;
  readonly lines: readonly string[];
}

/** Some issues in order, all their lines as they are compared and as they are told. */
interface Pack {
  readonly ids: readonly string[];
  /** Where each issue's first line is, and where its bytes end among those that are compared. */
  readonly firstLines: readonly number[];
  readonly ends: readonly number[];
  readonly compared: Buffer;
  readonly text: Buffer;
}

export class ArchiveText {
  readonly #packs: Pack[] = [];
  #loose: Issue[] = [];

  add(briefing: Briefing): void {
    const lines = sentencesOf(briefing).flatMap(({ en, zh }) => [oneLine(en), oneLine(zh)]);
    this.#loose.push({ id: briefing.id, lines });
    if (this.#loose.length < issuesPacked) return;
    this.#packs.push(packed(this.#loose));
    this.#loose = [];
  }

  /**
   * The issues that have all words of a search, in any order and either language, each with its sentence that has most of
   * them.
   */
  async find(search: string): Promise<ReadonlyMap<string, Text>> {
    const words = wordsOf(search);
    const found = new Map<string, Text>();
    if (words.length === 0) return found;
    for (const pack of [...this.#packs, ...(this.#loose.length > 0 ? [packed(this.#loose)] : [])]) {
      for (const [id, sentence] of foundIn(pack, words)) found.set(id, sentence);
      await turn();
    }
    return found;
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function packed(issues: readonly Issue[]): Pack {
  const compared = issues.map(({ lines }) => Buffer.from(folded(joined(lines))));
  let [end, line] = [0, 0];
  return {
    ids: issues.map(({ id }) => id),
    firstLines: issues.map(({ lines }) => (line += lines.length) - lines.length),
    ends: compared.map(({ length }) => (end += length)),
    compared: zstdCompressSync(Buffer.concat(compared)),
    text: zstdCompressSync(issues.map(({ lines }) => joined(lines)).join("")),
  };
}

function foundIn(
  { ids, firstLines, ends, compared, text }: Pack,
  words: readonly string[],
): [string, Text][] {
  const bytes = zstdDecompressSync(compared);
  let having = ids.map((_, place) => place);
  for (const word of words.toSorted((a, b) => b.length - a.length)) {
    having = havingWord(bytes, ends, having, Buffer.from(word));
    if (having.length === 0) return [];
  }
  const lines = zstdDecompressSync(text).toString().split("\n");
  return having.map((place) => {
    const from = place === 0 ? 0 : ends[place - 1]!;
    const best = bestLine(bytes.toString("utf8", from, ends[place]!).split("\n"), words);
    // English and Chinese stand beneath each other.
    const english = firstLines[place]! + best - (best % 2);
    return [ids[place]!, { en: lines[english]!, zh: lines[english + 1]! }];
  });
}

/** The first of those that have most of the words. */
function bestLine(lines: readonly string[], words: readonly string[]): number {
  const counts = lines.map((line) => words.filter((word) => line.includes(word)).length);
  return counts.indexOf(Math.max(...counts));
}

/** Those of the issues `among` that have the word. */
function havingWord(
  bytes: Buffer,
  ends: readonly number[],
  among: readonly number[],
  word: Buffer,
): number[] {
  let at = -1;
  return among.filter((place) => {
    const from = place === 0 ? 0 : ends[place - 1]!;
    if (at < from) at = bytes.indexOf(word, from);
    if (at < 0) at = Number.POSITIVE_INFINITY;
    return at < ends[place]!;
  });
}
