/** Which past instant this page wants to see instead of now. The address says it, so that a link shows the same. */

import { useSyncExternalStore } from "react";
import { fastestPast, type PastRefusal, type PastRequest } from "../../shared/protocol.ts";
import { store } from "./store.ts";

/** What somebody chooses. */
export type PastChoice = Omit<PastRequest, "request">;

/** Pure: the instant that the query of an address names; `null` without one, or when it is no instant. */
export function pastOf(query: string): PastChoice | null {
  const asked = new URLSearchParams(query);
  const at = Date.parse(asked.get("at") ?? "");
  if (Number.isNaN(at)) return null;
  const speed = Number(asked.get("speed") ?? 0);
  return {
    at,
    speed: speed >= 0 && speed <= fastestPast ? speed : 0,
    known: asked.get("known") === "now" ? "now" : "then",
  };
}

/** Pure: the query of the same page at `past`, or at now. */
export function queryAt(past: PastChoice | null, query: string): string {
  const asked = new URLSearchParams(query);
  for (const name of ["at", "speed", "known"]) asked.delete(name);
  const rest = asked.toString();
  if (past === null) return rest === "" ? "" : `?${rest}`;
  // Readable as it stands in the address: nobody writes %3A.
  const instant = new Date(past.at).toISOString().replace(/\.000Z$/, "Z");
  const own = [`at=${instant}`, ...(past.speed > 0 ? [`speed=${past.speed}`] : []), `known=${past.known}`];
  return `?${[...(rest === "" ? [] : [rest]), ...own].join("&")}`;
}

let requests = 0;
/** Chosen while the choice before it was still on its way: asked for when that has come. */
let next: PastChoice | null = null;

/** Shows the city at a past instant. Who chooses faster than instants come sees the newest choice next. */
export function lookAt(past: PastChoice): void {
  const query = queryAt(past, location.search);
  history.replaceState(history.state, "", location.pathname + query);
  if (isUnderWay()) next = past;
  else ask(past);
}

/** Back to now. */
export function leavePast(): void {
  next = null;
  if (store.past === null) return;
  history.replaceState(history.state, "", location.pathname + queryAt(null, location.search));
  store.setPast(null);
}

/** Shows what the address names. Called once at the start, before the first hello. */
export function startPast(): void {
  const past = pastOf(location.search);
  if (past) ask(past);
  store.subscribe("past", () => {
    if (next === null || isUnderWay()) return;
    const chosen = next;
    next = null;
    ask(chosen);
  });
}

function ask(past: PastChoice): void {
  store.setPast({ ...past, request: ++requests });
}

function isUnderWay(): boolean {
  return store.past !== null && store.shownPast?.request !== store.past.request;
}

export interface PastView {
  /** What was asked for; `null`: now. */
  readonly asked: PastRequest | null;
  /** What is shown; `null`: now. */
  readonly shown: PastRequest | null;
  /** Why the last wish could not be met; `null` when it was. */
  readonly refused: PastRefusal | null;
}

/** The past that this page asks for and shows. */
export function usePast(): PastView {
  return useSyncExternalStore(subscribe, read, read);
}

const subscribe = (listener: () => void): (() => void) => store.subscribe("past", listener);

let view: PastView = { asked: null, shown: null, refused: null };

/** The same object until it changes. */
function read(): PastView {
  const { past: asked, shownPast: shown, pastRefused: refused } = store;
  if (view.asked !== asked || view.shown !== shown || view.refused !== refused)
    view = { asked, shown, refused };
  return view;
}
