/** Language and theme: from the URL, else as last chosen here, else by the browser. The URL stays the state. */

import { useSyncExternalStore } from "react";
import { languages, type Language } from "../../shared/city.ts";

export const themes = ["dark", "light", "night"] as const;
export type Theme = (typeof themes)[number];

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  /** Somebody chose the theme; else it follows the city's sun. */
  readonly isThemeChosen: boolean;
}

/** Pure: what holds, given the URL's query, what was remembered and the browser's language. */
export function choosePreferences(
  query: string,
  remembered: Readonly<Partial<Record<"lang" | "theme", string | null>>>,
  browserLanguage: string,
): Preferences {
  const asked = new URLSearchParams(query);
  const language =
    oneOf(languages, asked.get("lang")) ??
    oneOf(languages, remembered.lang) ??
    oneOf(languages, browserLanguage.slice(0, 2).toLowerCase());
  const theme = oneOf(themes, asked.get("theme")) ?? oneOf(themes, remembered.theme);
  return { language: language ?? "en", theme: theme ?? "dark", isThemeChosen: theme !== undefined };
}

function oneOf<T extends string>(known: readonly T[], word: string | null | undefined): T | undefined {
  return known.find((one) => one === word);
}

const listeners = new Set<() => void>();
/** What the city's day or night asks for. */
let sunTheme: Theme = "dark";
let current: Preferences = { language: "en", theme: "dark", isThemeChosen: false };

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
  } catch {
    // A kiosk without storage still has the URL.
  }
  applyToDocument();
  tellListeners();
}

function tellListeners(): void {
  for (const listener of Array.from(listeners)) listener();
}

function rememberedChoice(): Partial<Record<"lang" | "theme", string | null>> {
  try {
    return { lang: localStorage.getItem("citydeck.lang"), theme: localStorage.getItem("citydeck.theme") };
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
