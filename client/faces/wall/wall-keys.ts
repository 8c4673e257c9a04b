/** The wall's keyboard, and which of its two panels is open. */

import { useCallback, useEffect, useState } from "react";
import { nextLanguage, nextTheme } from "../../look/preferences.ts";

type Open = { readonly panel: "help" } | { readonly panel: "definition"; readonly id: string } | null;

export interface WallKeys {
  readonly opened: string | null;
  readonly helping: boolean;
  readonly open: (id: string) => void;
  readonly close: () => void;
}

/** What a key does, apart from moving and opening, which belong to the focused figure. */
export function keyAction(key: string): "language" | "theme" | "fullscreen" | "help" | null {
  switch (key.toLowerCase()) {
    case "l":
      return "language";
    case "t":
      return "theme";
    case "f":
      return "fullscreen";
    case "?":
    case "？":
      return "help";
    default:
      return null;
  }
}

export function useWallKeys(): WallKeys {
  const [opened, setOpened] = useState<Open>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const action = keyAction(event.key);
      if (action === "language") nextLanguage();
      else if (action === "theme") nextTheme();
      else if (action === "fullscreen") toggleFullscreen();
      else if (action === "help") setOpened((now) => (now?.panel === "help" ? null : { panel: "help" }));
      else if (event.key.startsWith("Arrow") && document.activeElement === document.body)
        focusFirstTile(event);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return {
    opened: opened?.panel === "definition" ? opened.id : null,
    helping: opened?.panel === "help",
    open: useCallback((id: string) => setOpened({ panel: "definition", id }), []),
    close: useCallback(() => setOpened(null), []),
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
