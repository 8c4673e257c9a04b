/** The address as a face, and going to another one without loading the page again. */

import { useSyncExternalStore } from "react";

export type Route =
  | { readonly face: "start" }
  | { readonly face: "wall"; readonly id: string }
  | { readonly face: "admin"; readonly folder: "indicators" | "walls"; readonly id: string | null }
  | { readonly face: "briefing-editor"; readonly id: string }
  | { readonly face: "briefing-issue" }
  | { readonly face: "feeds" }
  | { readonly face: "explorer" }
  | { readonly face: "desk" }
  | { readonly face: "alarm-system" }
  | { readonly face: "shift" }
  | { readonly face: "area" }
  | { readonly face: "rules"; readonly id: string | null }
  | { readonly face: "unknown" };

/** Pure: which face a path names. */
export function parseRoute(path: string): Route {
  const parts = path.split("/").filter((part) => part !== "");
  if (parts.length === 0) return { face: "start" };
  const [head, id] = parts;
  if (head === "wall" && id !== undefined && parts.length === 2) {
    const wall = decoded(id);
    if (wall !== null) return { face: "wall", id: wall };
  }
  if (head === "briefing" && id !== undefined && parts.length === 3 && parts[2] === "edit") {
    const briefing = decoded(id);
    if (briefing !== null) return { face: "briefing-editor", id: briefing };
  }
  if (head === "briefings" && id === "issue" && parts.length === 2) return { face: "briefing-issue" };
  if (head === "admin" && id === undefined) return { face: "admin", folder: "walls", id: null };
  if (head === "admin" && (id === "indicators" || id === "walls") && parts.length <= 3) {
    const file = parts[2] === undefined ? null : decoded(parts[2]);
    return { face: "admin", folder: id, id: file };
  }
  if (head === "desk" && id === "system" && parts.length === 2) return { face: "alarm-system" };
  if (head === "desk" && (id === "shift" || id === "area") && parts.length === 2) return { face: id };
  if (head === "desk" && id === "rules" && parts.length <= 3)
    return { face: "rules", id: parts[2] === undefined ? null : decoded(parts[2]) };
  if ((head === "feeds" || head === "explorer" || head === "desk") && parts.length === 1)
    return { face: head };
  return { face: "unknown" };
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

/** The address's query as it stands. */
export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => location.search);
}

/** A parameter of the address; `null` when it is not there. */
export function useQuery(name: string): string | null {
  return useSyncExternalStore(subscribe, () => new URLSearchParams(location.search).get(name));
}

/** Says in the address what is chosen on this page, without a step to go back to; `null` takes it out. */
export function setQuery(values: Readonly<Record<string, string | null>>): void {
  const search = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values))
    if (value === null || value === "") search.delete(name);
    else search.set(name, value);
  history.replaceState(null, "", location.pathname + (search.size > 0 ? `?${search}` : ""));
  for (const listener of Array.from(listeners)) listener();
}

/** What in the address belongs to every page; all else is of one page and not of the next. */
const ofEveryPage = new Set(["lang", "theme", "screen", "at", "speed", "known"]);

/** Goes to a path of this product with its parameters; language, theme, screen and the past instant stay. `keepsPlace`: it is the same page. */
export function goTo(to: string, keepsPlace = false): void {
  const [path = "", query = ""] = to.split("?");
  const search = new URLSearchParams(location.search);
  for (const name of Array.from(search.keys())) if (!ofEveryPage.has(name)) search.delete(name);
  for (const [name, value] of new URLSearchParams(query)) search.set(name, value);
  history.pushState(null, "", path + (search.size > 0 ? `?${search}` : ""));
  for (const listener of Array.from(listeners)) listener();
  // Another page begins at its top; going back is the browser's own, which remembers where it was.
  if (!keepsPlace) scrollTo(0, 0);
}
