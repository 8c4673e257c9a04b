/** Sentences in both languages at once, with the figures in them. */

import type { BriefingFigure, Run, Sentences } from "../../../shared/briefing.ts";
import { languages, type Language, type Text } from "../../../shared/city.ts";

/** A figure as a sentence names it. */
export interface Named {
  readonly figure: BriefingFigure;
  readonly words: Text;
}

export type Line = readonly (string | Named)[];

/** A line of text with figures in it: line`${fell} to ${figure}.` */
export function line(
  strings: TemplateStringsArray,
  ...pieces: readonly (string | number | Named | Line)[]
): Line {
  return strings.flatMap((text, i): Line => {
    const piece = pieces[i];
    if (piece === undefined) return [text];
    if (typeof piece === "number") return [text, String(piece)];
    return [text, ...(Array.isArray(piece) ? (piece as Line) : [piece as string | Named])];
  });
}

/** What both languages say, and the figures in the order in which English names them. */
export function sentences(lines: Readonly<Record<Language, Line>>): {
  readonly text: Sentences;
  readonly figures: readonly BriefingFigure[];
} {
  const named = languages.flatMap((language) => lines[language].filter((piece) => typeof piece !== "string"));
  const figures = [...new Set(named.map(({ figure }) => figure))];
  const runs = (language: Language): readonly Run[] =>
    (language === "zh" ? spaced : joined)(
      lines[language].map((piece) =>
        typeof piece === "string"
          ? piece
          : { figure: figures.indexOf(piece.figure), words: piece.words[language] },
      ),
    );
  return { text: { en: runs("en"), zh: runs("zh") }, figures };
}

/** Neighbouring words as one. */
function joined(runs: readonly Run[]): Run[] {
  const all: Run[] = [];
  for (const run of runs) {
    const last = all.at(-1);
    if (typeof run === "string" && typeof last === "string") all[all.length - 1] = last + run;
    else if (run !== "") all.push(run);
  }
  return all;
}

/** A space where Chinese meets figures and Latin letters, as the product writes it everywhere. */
function spaced(runs: readonly Run[]): Run[] {
  const all: Run[] = [];
  for (const run of joined(runs)) {
    const words = typeof run === "string" ? run : run.words;
    const last = all.at(-1);
    const before = last === undefined ? "" : typeof last === "string" ? last : last.words;
    const inside = words.replace(hanThenLatin, "$1 $2").replace(latinThenHan, "$1 $2");
    const gap = meets(before.slice(-1) + words.slice(0, 1)) ? " " : "";
    if (typeof run === "string") all.push(gap + inside);
    else all.push(...(gap === "" ? [] : [gap]), { ...run, words: inside });
  }
  return joined(all);
}

const hanThenLatin = /(\p{Script=Han})([A-Za-z0-9−])/gu;
const latinThenHan = /([A-Za-z0-9%])(\p{Script=Han})/gu;

function meets(two: string): boolean {
  return new RegExp(hanThenLatin.source, "u").test(two) || new RegExp(latinThenHan.source, "u").test(two);
}

/** A title in the middle of a sentence. */
export function quoted({ en, zh }: Text): Text {
  return { en: `“${en}”`, zh: `“${zh}”` };
}

/** "A, B and C"; "A、B、C". */
export function listed(names: readonly Text[]): Text {
  const en = names.map((name) => name.en);
  const last = en.at(-1) ?? "";
  return {
    en: en.length < 2 ? last : `${en.slice(0, -1).join(", ")} and ${last}`,
    zh: names.map((name) => name.zh).join("、"),
  };
}

/** "1 alarm", "12 alarms". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
}

/** The same with a capital: what begins a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "twice", "3 times". */
export function often(count: number): string {
  return count === 2 ? "twice" : counted(count, "time");
}
