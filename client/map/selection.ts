/** The thing the operator looks at: `?at=<entity id>` in the URL, shared by map and list, and what is pointed at. */

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let pointedAt: string | null = null;

export function selectedId(): string | null {
  return new URLSearchParams(location.search).get("at");
}

/** Selects a thing, or nothing; the address changes, the page's history does not grow. */
export function select(id: string | null): void {
  if (id !== selectedId()) setQuery("at", id);
}

/** Opens or closes the list beside the map: `?list=1`. */
export function showList(shown: boolean): void {
  setQuery("list", shown ? "1" : null);
}

function setQuery(name: string, value: string | null): void {
  const url = new URL(location.href);
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  history.replaceState(history.state, "", url);
  changed();
}

export function pointedId(): string | null {
  return pointedAt;
}

/** Marks what the pointer or the keyboard is on. */
export function pointAt(id: string | null): void {
  if (id === pointedAt) return;
  pointedAt = id;
  changed();
}

/** Asks the map to bring a thing to its middle. */
export function centreOn(id: string): void {
  select(id);
  for (const centre of Array.from(centres)) centre(id);
}

const centres = new Set<(id: string) => void>();

export function onCentre(centre: (id: string) => void): () => void {
  centres.add(centre);
  return () => centres.delete(centre);
}

export function onSelection(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

function changed(): void {
  for (const listener of Array.from(listeners)) listener();
}

export function useSelectedId(): string | null {
  return useSyncExternalStore(onSelection, selectedId, () => null);
}

export function usePointedId(): string | null {
  return useSyncExternalStore(onSelection, pointedId, () => null);
}

export function useListShown(): boolean {
  return useSyncExternalStore(
    onSelection,
    () => new URLSearchParams(location.search).get("list") === "1",
    () => false,
  );
}
