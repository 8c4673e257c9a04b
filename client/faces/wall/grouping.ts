import { useCity } from "../../live/store.ts";
import { useWords } from "../../words/words.ts";
import { fieldInLetters, groupingWords } from "../grouping-words.ts";

const areaPrefix = "area.";

/** What a figure is grouped by in the middle of a line: "district" for `area.district`, "kind" for `callTypeGroup`. */
export function useGrouping(by: string): string {
  const { t, text, language } = useWords();
  const city = useCity();
  const level = levelOf(by);
  const title = city?.areaLevels.find((one) => one.level === level)?.title;
  if (title) return text(title).toLocaleLowerCase(language);
  const words = groupingWords(by);
  return words === null ? fieldInLetters(by) : t(words);
}

/** The level of areas that a figure is grouped by; `null` when it is by something else. */
export function levelOf(by: string): string | null {
  return by.startsWith(areaPrefix) ? by.slice(areaPrefix.length) : null;
}
