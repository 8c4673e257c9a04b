/** The product's words. `useWords()` gives the words of the chosen language and renders again when it changes. */

import i18next from "i18next";
import type { Language, Text } from "../../shared/city.ts";
import { usePreferences } from "../look/preferences.ts";
import en from "./en.json";
import zh from "./zh.json";

type Leaves<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaves<T[K]>}` }[keyof T &
  string];
type WithoutPlural<K> = K extends `${infer Head}_one` | `${infer Head}_other` ? Head : K;

/** A key of `en.json`, or of the words that some faces bring themselves; plural forms go by their common name. */
export type WordKey = WithoutPlural<
  | Leaves<typeof en>
  | Leaves<typeof import("./admin.en.json")>
  | Leaves<typeof import("./alarm.en.json")>
  | Leaves<typeof import("./briefing.en.json")>
  | Leaves<typeof import("./explorer.en.json")>
  | Leaves<typeof import("./feeds.en.json")>
  | Leaves<typeof import("./start.en.json")>
  | Leaves<typeof import("./desk.en.json")>
  | Leaves<typeof import("./system.en.json")>
  | Leaves<typeof import("./shift.en.json")>
  | Leaves<typeof import("./dossier.en.json")>
  | Leaves<typeof import("./rules.en.json")>
>;

/** Says a key's words with `{{name}}` filled in from `values`; `count` also chooses the plural form. */
export type Words = (key: WordKey, values?: Readonly<Record<string, string | number>>) => string;

const dictionary = i18next.createInstance();
void dictionary.init({
  lng: "en",
  fallbackLng: "en",
  resources: { en: { translation: en }, zh: { translation: zh } },
  initAsync: false,
  interpolation: { escapeValue: false },
});

const saidIn: Record<Language, Words> = { en: fixedWords("en"), zh: fixedWords("zh") };

function fixedWords(language: Language): Words {
  const t = dictionary.getFixedT(language);
  return (key, values) => t(key, { ...values });
}

/** More words, of a face that brings its own so that the others need not load them. */
export function addWords(language: Language, words: object): void {
  dictionary.addResourceBundle(language, "translation", words, true, true);
}

/** The words of one language, outside React. */
export function wordsIn(language: Language): Words {
  return saidIn[language];
}

export interface UsedWords {
  readonly t: Words;
  readonly language: Language;
  /** A text of the city's data in this language. */
  readonly text: (text: Text) => string;
}

const used: Record<Language, UsedWords> = {
  en: { t: saidIn.en, language: "en", text: (text) => text.en },
  zh: { t: saidIn.zh, language: "zh", text: (text) => text.zh },
};

export function useWords(): UsedWords {
  return used[usePreferences().language];
}
