/** Ages in words: one unit, rounded down, so that nothing is called older than it is or blinks between two words. */

import type { Language } from "../../shared/city.ts";
import { digitsOf, formatNumber } from "./format-number.ts";
import { wordsIn, type WordKey } from "./words.ts";

interface Step {
  readonly seconds: number;
  readonly word: WordKey;
}

const steps: readonly [Step, ...Step[]] = [
  { seconds: 1, word: "ages.seconds" },
  { seconds: 60, word: "ages.minutes" },
  { seconds: 3_600, word: "ages.hours" },
  { seconds: 86_400, word: "ages.days" },
];

/** Hours up to two days; a source a little ahead of the city clock is 0 s old. */
function stepOf(seconds: number): Step {
  if (seconds < 60) return steps[0];
  if (seconds < 3_600) return steps[1]!;
  return seconds < 2 * 86_400 ? steps[2]! : steps[3]!;
}

/** `8 s`, `7 min`, `3 h`, `4 d`. */
export function formatAge(seconds: number, language: Language): string {
  const age = Math.max(seconds, 0);
  const step = stepOf(age);
  const figure = formatNumber(Math.floor(age / step.seconds), 0, language);
  return wordsIn(language)(step.word, { figure });
}

/** A limit as it was set: `90 s`, `3 min`, `1.5 h`. Exact where an age is rounded. */
export function formatLimit(seconds: number, language: Language): string {
  const fitting = steps.findLast(
    (step) => seconds >= step.seconds && digitsOf(seconds / step.seconds, 2) < 2,
  );
  const step = fitting ?? steps[0];
  const shown = seconds / step.seconds;
  return wordsIn(language)(step.word, { figure: formatNumber(shown, digitsOf(shown, 1), language) });
}

/** `7 min old, limit 3`: the limit's unit is left out where it is the age's. */
export function ageAgainstLimit(ageSeconds: number, limitSeconds: number, language: Language): string {
  const age = formatAge(ageSeconds, language);
  const shown = limitSeconds / stepOf(Math.max(ageSeconds, 0)).seconds;
  const short = shown >= 1 && digitsOf(shown, 2) < 2;
  const limit = short
    ? formatNumber(shown, digitsOf(shown, 1), language)
    : formatLimit(limitSeconds, language);
  return wordsIn(language)("faces.wall.olderThan", { age, limit });
}
