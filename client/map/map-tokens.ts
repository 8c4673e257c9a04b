/** The colours the map draws with, read from the page's tokens (`client/look/tokens.css`). */

import { useMemo } from "react";
import { usePreferences } from "../look/preferences.ts";
import type { Ramp } from "./shade.ts";

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
  "lo3",
  "lo2",
  "lo1",
  "mid",
  "hi1",
  "hi2",
  "hi3",
] as const;

export type MapTokens = Readonly<Record<(typeof mapTokenNames)[number], string>>;

/** The tokens of the seven steps of each ramp, lowest first. */
const rampTokens = {
  amount: ["s1", "s2", "s3", "s4", "s5", "s6", "s7"],
  change: ["lo3", "lo2", "lo1", "mid", "hi1", "hi2", "hi3"],
} as const satisfies Readonly<Record<Ramp, readonly (keyof MapTokens)[]>>;

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
