/** Finds issued briefings by words. */

import type { BriefingItem } from "../../../shared/briefing.ts";
import { languages } from "../../../shared/city.ts";

/** Those with every word of `search` in their id, title, period or cover line, in either language; "" finds all. */
export function briefingsAbout(items: readonly BriefingItem[], search: string): readonly BriefingItem[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return words.length === 0
    ? items
    : items.filter((item) => words.every((word) => textOf(item).includes(word)));
}

function textOf({ id, title, cover, period }: BriefingItem): string {
  const texts = [title, cover, period.words].flatMap((text) => languages.map((language) => text[language]));
  return [id, ...texts].join(" ").toLowerCase();
}
