/** What of a briefing is searched, and how what somebody types is taken apart. */

import { plainText, type Briefing } from "../../../shared/briefing.ts";
import type { Text } from "../../../shared/city.ts";

/** Longer questions are nobody's. */
export const longestSearch = 200;

/** Every sentence, with the title and the period before them and the id after them. */
export function sentencesOf(briefing: Briefing): readonly Text[] {
  const { id, title, period, cover, corrects, sections } = briefing;
  const statements = [...(corrects?.changes ?? []), ...sections.flatMap((section) => section.statements)];
  const told = [cover, ...statements.flatMap(({ text, cause }) => (cause ? [text, cause.text] : [text]))];
  return [
    title,
    period.words,
    ...told.map((text) => ({ en: plainText(text, "en"), zh: plainText(text, "zh") })),
    { en: id, zh: id },
  ];
}

/** As it is compared: of small letters, and of one width. */
export function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** The words of a search, each once; where Chinese meets other letters a new one begins, as our text has a space there. */
export function wordsOf(search: string): readonly string[] {
  return [...new Set(folded(search).match(/\p{Script=Han}+|[^\p{Script=Han}\s]+/gu) ?? [])];
}
