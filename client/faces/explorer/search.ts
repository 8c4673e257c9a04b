import type { IndicatorDefinition } from "../../../shared/city.ts";

/** Indicators with every typed word somewhere in their titles of either language, their definition or id; replaced ones are left out. */
export function matchingIndicators<
  T extends Pick<IndicatorDefinition, "id" | "title" | "definition" | "replacedBy">,
>(indicators: readonly T[], typed: string): T[] {
  return indicators.filter(
    ({ id, title, definition, replacedBy }) =>
      replacedBy === null &&
      hasWords([id, title.en, title.zh, definition.en, definition.zh].join(" "), typed),
  );
}

/** Whether every typed word is somewhere in a text, whatever its case, accents and forms of width. */
export function hasWords(text: string, typed: string): boolean {
  const folded = fold(text);
  return fold(typed)
    .split(/\s+/)
    .every((word) => folded.includes(word));
}

/** Without case, accents and forms of width. */
function fold(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
