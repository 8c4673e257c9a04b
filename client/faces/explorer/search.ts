import type { IndicatorDefinition } from "../../../shared/city.ts";

/** Indicators with every typed word somewhere in their titles of either language, their definition or id; replaced ones are left out. */
export function matchingIndicators<
  T extends Pick<IndicatorDefinition, "id" | "title" | "definition" | "replacedBy">,
>(indicators: readonly T[], typed: string): T[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  return indicators.filter(({ id, title, definition, replacedBy }) => {
    if (replacedBy !== null) return false;
    const text = fold([id, title.en, title.zh, definition.en, definition.zh].join(" "));
    return words.every((word) => text.includes(word));
  });
}

/** Without case, accents and forms of width. */
function fold(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
