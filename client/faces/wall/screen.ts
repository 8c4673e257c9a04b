/** The screen that a wall is drawn on: its shape, and its part of a drawing that several screens share. */

import { useCallback, useSyncExternalStore, type CSSProperties } from "react";
import { bezelShare, canvasOf, veryWideFrom, wideFrom } from "../../../shared/viewing.ts";
import type { ScreenShape, Viewing } from "../../../shared/wall.ts";

/** From these shapes on the drawing stacks its parts (`wall.module.css`). */
const upright = "(max-aspect-ratio: 4 / 3), (max-height: 639px)";
const veryWide = `(min-aspect-ratio: ${veryWideFrom * 10} / 10)`;
const wide = `(min-aspect-ratio: ${wideFrom * 10} / 10)`;

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

/** Whether the parts are stacked, nothing beside the map. */
export function useIsStacked(): boolean {
  return useMedia(upright);
}

/** The shape of what is looked at: a shared drawing is wide, however its single screens are. */
export function useScreenShape(viewing: Viewing): ScreenShape {
  const isUpright = useMedia(upright);
  const isWide = useMedia(wide);
  if (partOfScreens(viewing, location.search) !== null) return "32:9";
  return isUpright ? "9:16" : isWide ? "32:9" : "16:9";
}

/** Whether what stands beside the map has room for two columns. */
export function useIsVeryWide(viewing: Viewing): boolean {
  const isVeryWide = useMedia(veryWide);
  const { width, height } = canvasOf(viewing);
  return partOfScreens(viewing, location.search) === null ? isVeryWide : width / height >= veryWideFrom;
}

/**
 * `?screen=2` of a wall of several screens: the whole drawing, moved so that this screen shows its own part and what
 * lies behind the bezels is left out. `null`: one window shows everything.
 */
export function partOfScreens(viewing: Viewing, query: string): CSSProperties | null {
  const { across } = viewing.screens;
  const screen = Number(new URLSearchParams(query).get("screen") ?? NaN);
  if (across < 2 || !Number.isInteger(screen) || screen < 1 || screen > across) return null;
  const bezel = bezelShare(viewing);
  return {
    width: `${(across + (across - 1) * bezel) * 100}vw`,
    marginLeft: `${-(screen - 1) * (1 + bezel) * 100}vw`,
  };
}
