/**
 * Whether this browser may change anything. It gives the access token to the server once, which has it kept in a cookie
 * that no script can read.
 */

import { useSyncExternalStore } from "react";

const address = "/api/v1/session";
const listeners = new Set<() => void>();
let mayChange: boolean | null = null;
let isAsked = false;

/** Called when this browser has signed in: it may see more from now on. */
let onSignedIn: () => void = () => undefined;

export function whenSignedIn(listener: () => void): void {
  onSignedIn = listener;
}

/** `null`: signed in; else why not: the token is wrong, or what the server or the network says. */
export async function signIn(token: string): Promise<null | "wrong" | { readonly reason: string }> {
  try {
    const body = JSON.stringify({ token });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(address, { method: "POST", headers, body });
    if (answer.status === 401) return "wrong";
    if (!answer.ok) return { reason: await reasonOf(answer) };
    set(true);
    onSignedIn();
    return null;
  } catch (error) {
    return { reason: String(error) };
  }
}

/** The page is loaded anew: it may hold what is seen only when signed in. */
export async function signOut(): Promise<void> {
  const answer = await fetch(address, { method: "DELETE" }).catch(() => null);
  if (answer?.ok) location.reload();
}

/** `null` until the server has said. */
export function useMayChange(): boolean | null {
  return useSyncExternalStore(subscribe, () => mayChange);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  void askOnce();
  return () => listeners.delete(listener);
}

async function askOnce(): Promise<void> {
  if (isAsked) return;
  isAsked = true;
  const answer = await fetch(address).catch(() => null);
  if (answer?.ok) set(((await answer.json()) as { mayChange: boolean }).mayChange);
  else isAsked = false;
}

function set(value: boolean): void {
  mayChange = value;
  for (const listener of Array.from(listeners)) listener();
}

/** Asks the server for a change, or for what only those may see who may change it; the browser adds its cookie. */
export async function askToChange(path: string, method: "GET" | "POST" | "PUT" | "DELETE", body?: unknown) {
  const answer = await fetch(path, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  if (answer.status === 401) set(false);
  return answer;
}

/** What a refusal says (RFC 9457), or its status. */
export async function reasonOf(answer: Response): Promise<string> {
  const said: unknown = await answer.json().catch(() => null);
  const detail = typeof said === "object" && said !== null && "detail" in said ? said.detail : null;
  return typeof detail === "string" ? detail : `HTTP ${answer.status}`;
}
