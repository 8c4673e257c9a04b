/**
 * Language and theme: from the URL, else as last chosen here, else by the browser. The URL stays the state. Whether
 * single keys act is of this screen alone and not in the URL.
 */

import { useSyncExternalStore } from "react";
import { languages, type Language } from "../../shared/city.ts";

export const themes = ["dark", "light", "night"] as const;
export type Theme = (typeof themes)[number];

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  /** Somebody chose the theme; else it follows the city's sun. */
  readonly isThemeChosen: boolean;
  /** Whether letters, digits and signs act as keys; who speaks to the browser may want them not to (WCAG 2.1.4). */
  readonly hasSingleKeys: boolean;
}

type Remembered = Readonly<Partial<Record<"lang" | "theme" | "keys", string | null | undefined>>>;

/** Pure: what holds, given the URL's query, what was remembered and the browser's language. */
export function choosePreferences(
  query: string,
  remembered: Remembered,
  browserLanguage: string,
): Preferences {
  const asked = new URLSearchParams(query);
  const language =
    oneOf(languages, asked.get("lang")) ??
    oneOf(languages, remembered.lang) ??
    oneOf(languages, browserLanguage.slice(0, 2).toLowerCase());
  const theme = oneOf(themes, asked.get("theme")) ?? oneOf(themes, remembered.theme);
  return {
    language: language ?? "en",
    theme: theme ?? "dark",
    isThemeChosen: theme !== undefined,
    hasSingleKeys: remembered.keys !== "off",
  };
}

function oneOf<T extends string>(known: readonly T[], word: string | null | undefined): T | undefined {
  return known.find((one) => one === word);
}

const listeners = new Set<() => void>();
/** What the city's day or night asks for. */
let sunTheme: Theme = "dark";
let current: Preferences = { language: "en", theme: "dark", isThemeChosen: false, hasSingleKeys: true };

/** Reads the page's preferences and applies them to the document. Called once at the start. */
export function startPreferences(): void {
  current = choosePreferences(location.search, rememberedChoice(), navigator.language);
  applyToDocument();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, read, read);
}

export function nextLanguage(): void {
  choose({ ...current, language: following(languages, current.language) });
}

/** Dark, light, night, then as the sun says again: what somebody tried by day must not keep a wall from dimming. */
export function nextTheme(): void {
  const isLast = current.isThemeChosen && current.theme === themes.at(-1);
  if (isLast) choose({ ...current, theme: sunTheme, isThemeChosen: false });
  else choose({ ...current, theme: following(themes, current.theme), isThemeChosen: true });
}

/** Turns keys of one letter, digit or sign off or on again, on this screen. */
export function toggleSingleKeys(): void {
  choose({ ...current, hasSingleKeys: !current.hasSingleKeys });
}

/** The theme for the city's day or night, unless somebody chose one. */
export function followSun(isNight: boolean): void {
  sunTheme = isNight ? "night" : "dark";
  if (current.isThemeChosen || current.theme === sunTheme) return;
  current = { ...current, theme: sunTheme };
  applyToDocument();
  tellListeners();
}

function following<T>(all: readonly T[], one: T): T {
  return all[(all.indexOf(one) + 1) % all.length]!;
}

function choose(next: Preferences): void {
  current = next;
  const url = new URL(location.href);
  url.searchParams.set("lang", next.language);
  if (next.isThemeChosen) url.searchParams.set("theme", next.theme);
  else url.searchParams.delete("theme");
  history.replaceState(history.state, "", url);
  try {
    localStorage.setItem("citydeck.lang", next.language);
    if (next.isThemeChosen) localStorage.setItem("citydeck.theme", next.theme);
    else localStorage.removeItem("citydeck.theme");
    localStorage.setItem("citydeck.keys", next.hasSingleKeys ? "on" : "off");
  } catch {
    // A kiosk without storage still has the URL.
  }
  applyToDocument();
  tellListeners();
}

function tellListeners(): void {
  for (const listener of Array.from(listeners)) listener();
}

function rememberedChoice(): Remembered {
  try {
    const [lang, theme, keys] = ["lang", "theme", "keys"].map((name) =>
      localStorage.getItem(`citydeck.${name}`),
    );
    return { lang, theme, keys };
  } catch {
    return {};
  }
}

function applyToDocument(): void {
  const root = document.documentElement;
  root.lang = current.language === "zh" ? "zh-Hans" : "en";
  root.dataset["theme"] = current.theme;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Preferences {
  return current;
}
