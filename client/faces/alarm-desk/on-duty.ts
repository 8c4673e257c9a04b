/** Who is at this desk, as they said; kept by this browser until they say otherwise. */

import { useSyncExternalStore } from "react";

export interface OnDuty {
  /** "Transport desk". */
  readonly position: string;
  readonly shift: string | null;
}

const key = "citydeck-duty";
const listeners = new Set<() => void>();
let current = read();
// For as long as the page is there: another tab may speak while nothing here shows who is at the desk.
window.addEventListener("storage", follow);

function read(): OnDuty | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    if (typeof kept !== "object" || kept === null || !("position" in kept)) return null;
    const shift = "shift" in kept && typeof kept.shift === "string" ? kept.shift : null;
    return typeof kept.position === "string" ? { position: kept.position, shift } : null;
  } catch {
    return null;
  }
}

export function beginDuty(duty: OnDuty): void {
  current = duty;
  try {
    localStorage.setItem(key, JSON.stringify(duty));
  } catch {
    // A browser that keeps nothing knows it until the page is left.
  }
  tell();
}

function tell(): void {
  for (const listener of Array.from(listeners)) listener();
}

/** Another tab of this desk has said who is there. */
function follow(event: StorageEvent): void {
  if (event.key !== key && event.key !== null) return;
  current = read();
  tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** `null` until somebody has said who they are. */
export function useOnDuty(): OnDuty | null {
  return useSyncExternalStore(subscribe, () => current);
}
