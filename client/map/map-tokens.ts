/** The colours the map draws with, read from the page's tokens (`client/look/tokens.css`). */

import { useMemo } from "react";
import { usePreferences } from "../look/preferences.ts";

export const mapTokenNames = [
  "page",
  "ink0",
  "ink1",
  "ink2",
  "ink3",
  "select",
  "edge",
  "map-land",
  "map-beyond",
  "map-water",
  "map-shore",
  "map-park",
  "map-building",
  "map-minor",
  "map-secondary",
  "map-primary",
  "map-motorway",
  "map-rail",
  "map-area",
  "map-label",
  "map-water-label",
  "map-halo",
  "live",
  "critical",
  "high",
  "medium",
  "low",
  "s1",
  "s2",
  "s3",
  "s4",
  "s5",
  "s6",
  "s7",
] as const;

export type MapTokens = Readonly<Record<(typeof mapTokenNames)[number], string>>;

/** The seven steps of the sequential ramp, lowest first. */
export function rampOf(tokens: MapTokens): readonly string[] {
  return [tokens.s1, tokens.s2, tokens.s3, tokens.s4, tokens.s5, tokens.s6, tokens.s7];
}

export function readMapTokens(style: Pick<CSSStyleDeclaration, "getPropertyValue">): MapTokens {
  return Object.fromEntries(
    mapTokenNames.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as MapTokens;
}

/** The tokens of the theme in force; the same object until the theme changes. */
export function useMapTokens(): MapTokens {
  const { theme } = usePreferences();
  // The theme is on the document before its listeners are called, so reading the computed style is in time.
  return useMemo(
    () => (theme ? readMapTokens(getComputedStyle(document.documentElement)) : ({} as MapTokens)),
    [theme],
  );
}
