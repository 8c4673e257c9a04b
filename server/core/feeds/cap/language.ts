/** Whether a text can be in the language that is declared for it, by its letters. */

const scripts: readonly { readonly letters: RegExp; readonly languages: string }[] = [
  {
    letters: /\p{Script=Latin}/u,
    languages: "cs da de en es et fi fr hr hu id it lt lv ms nb nl nn no pl pt ro sk sl sv tr vi",
  },
  { letters: /\p{Script=Han}/u, languages: "zh" },
  { letters: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u, languages: "ja" },
  { letters: /\p{Script=Hangul}/u, languages: "ko" },
  { letters: /\p{Script=Cyrillic}/u, languages: "be bg mk ru uk" },
  { letters: /\p{Script=Arabic}/u, languages: "ar fa ur" },
  { letters: /\p{Script=Greek}/u, languages: "el" },
  { letters: /\p{Script=Hebrew}/u, languages: "he" },
  { letters: /\p{Script=Thai}/u, languages: "th" },
  { letters: /\p{Script=Devanagari}/u, languages: "hi mr ne" },
];
const lettersOf = new Map(
  scripts.flatMap(({ letters, languages }) => languages.split(" ").map((one) => [one, letters] as const)),
);
/** An abbreviation or a name may be written in any script. */
const fewestLetters = 5;

/** `language`: an RFC 3066 tag in lower case. One that we do not know by its letters can be anything. */
export function canBeIn(language: string, text: string): boolean {
  const letters = lettersOf.get(language.split("-")[0]!);
  const found = text.match(/\p{L}/gu)?.length ?? 0;
  return letters === undefined || found < fewestLetters || letters.test(text);
}
