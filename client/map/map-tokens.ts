/** The colours the map draws with, read from the page's tokens (`client/look/tokens.css`). */

import { useMemo } from "react";
import { usePreferences } from "../look/preferences.ts";
import { rampTokens, type Ramp } from "../look/ramps.ts";

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
  ...rampTokens.amount,
  ...rampTokens.change,
] as const;

export type MapTokens = Readonly<Record<(typeof mapTokenNames)[number], string>>;

/** The colours of a ramp's steps, lowest first. */
export function rampOf(tokens: MapTokens, ramp: Ramp): readonly string[] {
  return rampTokens[ramp].map((name) => tokens[name]);
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
