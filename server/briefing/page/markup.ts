/** What the parts of a briefing's page are written with. */

import type { Briefing, BriefingFigure, Run } from "../../../shared/briefing.ts";
import type { Language, Text } from "../../../shared/city.ts";
import { formatBucket, formatInstant, formatTick, formatTime } from "../../../shared/date-words.ts";
import { valueInWords } from "../../../shared/figure-words.ts";
import type { Unit } from "../../../shared/units.ts";
import { element, escaped } from "../charts/svg.ts";
import { pageWords, type PageWords } from "./words.ts";

/** One reader's language over one briefing. */
export interface Reader {
  readonly language: Language;
  readonly words: PageWords;
  readonly zone: string;
  /** Before each path of ours: the address of the server in a file that leaves it, else nothing. */
  readonly base: string;
}

export function readerOf({ city }: Pick<Briefing, "city">, language: Language, base: string): Reader {
  return { language, words: pageWords[language], zone: city.zone, base };
}

/** A text of the city's data as markup. */
export function said(text: Text, { language }: Reader): string {
  return escaped(text[language]);
}

/** `7 Apr 2026 17:21` */
export function instant(at: number, { zone, language }: Reader): string {
  return formatInstant(at, zone, language);
}

const dayMs = 86_400_000;

/** An instant of a stretch as briefly as that allows: `17:00` within a day or so, `Tue 7` of days, else `Tue 7 Apr 17:00`. */
export function momentWords(
  at: number,
  { stepMs, spanMs }: { readonly stepMs: number; readonly spanMs: number },
  { zone, language }: Reader,
): string {
  if (stepMs >= dayMs) return formatTick(at, "day", zone, language);
  return spanMs < 1.5 * dayMs ? formatTime(at, zone, language) : formatBucket(at, "hour", zone, language);
}

/** `71 %` on one line, or that it is not known. */
export function value(
  known: number | null,
  unit: Unit,
  { language, words }: Reader,
  reference?: number | null,
): string {
  if (known === null) return words.missing;
  return valueInWords(known, unit, language, reference ?? known).replaceAll(" ", "\u00a0");
}

/** Words that lead to their evidence and carry their exact value for programs. */
export function figureLink(words: string, known: number | null, evidence: number): string {
  const content = known === null ? escaped(words) : element("data", { value: String(known) }, escaped(words));
  return element("a", { class: "figure", href: `#evidence-${evidence + 1}` }, content);
}

/** A sentence with its figures as links. */
export function sentence(runs: readonly Run[], figures: readonly BriefingFigure[]): string {
  return runs
    .map((run) => {
      if (typeof run === "string") return escaped(run);
      const figure = figures[run.figure];
      return figure ? figureLink(run.words, figure.value, figure.evidence) : escaped(run.words);
    })
    .join("");
}

export function tag(name: string, className: string, content: string): string {
  return content === "" ? "" : element(name, { class: className }, content);
}
