/** The wall's keyboard, and which of its panels is open. */

import { useCallback, useEffect, useRef, useState } from "react";
import { nextLanguage, nextTheme, usePreferences } from "../../look/preferences.ts";
import type { SceneControl } from "./rotation.ts";

type Panel =
  | { readonly kind: "help" }
  | { readonly kind: "scenes" }
  | { readonly kind: "definition"; readonly id: string }
  | null;

export interface WallKeys {
  readonly panel: Panel;
  readonly open: (id: string) => void;
  readonly close: () => void;
  /** Does what a key does, for who touches. */
  readonly act: (action: Action) => void;
  /** Says what the keys for scenes turn. */
  readonly onScene: (control: SceneControl) => void;
  /** Says what the key for the past does. */
  readonly onPast: (toggle: () => void) => void;
}

export type Action =
  | "language"
  | "theme"
  | "fullscreen"
  | "help"
  | "scenes"
  | "next"
  | "previous"
  | "pause"
  | "past"
  | { readonly scene: number };

const actions: Readonly<Record<string, Action>> = {
  l: "language",
  t: "theme",
  f: "fullscreen",
  "?": "help",
  "？": "help",
  s: "scenes",
  n: "next",
  pagedown: "next",
  p: "previous",
  pageup: "previous",
  " ": "pause",
  h: "past",
};

/**
 * What a key does, apart from moving and opening, which belong to the focused figure. Without single keys neither
 * letters nor digits nor signs do anything.
 */
export function keyAction(key: string, hasSingleKeys: boolean): Action | null {
  if (!hasSingleKeys && key.length === 1 && key !== " ") return null;
  if (/^[1-9]$/.test(key)) return { scene: Number(key) - 1 };
  return actions[key.toLowerCase()] ?? null;
}

export function useWallKeys(): WallKeys {
  const [panel, setPanel] = useState<Panel>(null);
  const { hasSingleKeys } = usePreferences();
  const scenes = useRef<SceneControl | null>(null);
  const past = useRef<() => void>(() => undefined);
  const act = useCallback((action: Action): void => {
    const toggle = (kind: "help" | "scenes"): void =>
      setPanel((now) => (now?.kind === kind ? null : { kind }));
    if (typeof action === "object") return scenes.current?.goTo(action.scene);
    switch (action) {
      case "language":
        return nextLanguage();
      case "theme":
        return nextTheme();
      case "fullscreen":
        return toggleFullscreen();
      case "help":
      case "scenes":
        return toggle(action);
      case "next":
        return scenes.current?.turn(1);
      case "previous":
        return scenes.current?.turn(-1);
      case "pause":
        return scenes.current?.pause();
      case "past":
        return past.current();
    }
  }, []);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      // Letters that somebody types are words, not orders.
      if (event.target instanceof HTMLInputElement) return;
      // Space and Enter belong to a focused button.
      const isOnButton = document.activeElement instanceof HTMLButtonElement;
      const action = event.key === " " && isOnButton ? null : keyAction(event.key, hasSingleKeys);
      if (action !== null) {
        act(action);
        if (event.key === " " || event.key.startsWith("Page")) event.preventDefault();
      } else if (event.key.startsWith("Arrow") && document.activeElement === document.body)
        focusFirstTile(event);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [act, hasSingleKeys]);
  return {
    panel,
    act,
    open: useCallback((id: string) => setPanel({ kind: "definition", id }), []),
    close: useCallback(() => setPanel(null), []),
    onScene: useCallback((control: SceneControl) => {
      scenes.current = control;
    }, []),
    onPast: useCallback((toggle: () => void) => {
      past.current = toggle;
    }, []),
  };
}

function focusFirstTile(event: KeyboardEvent): void {
  document.querySelector<HTMLElement>("[data-indicator]")?.focus();
  event.preventDefault();
}

function toggleFullscreen(): void {
  // Refused without a gesture or by a kiosk's policy: then the screen simply stays as it is.
  const change = document.fullscreenElement
    ? document.exitFullscreen()
    : document.documentElement.requestFullscreen();
  change.catch(() => undefined);
}
