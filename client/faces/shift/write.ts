/** Writes for a shift, at the server: an entry of the log, a hand-over, an acknowledgement. */

import { askToChange, reasonOf } from "../../live/access.ts";
import type { OnDuty } from "../alarm-desk/on-duty.ts";

/** Why nothing was written; `token`: this browser is not signed in. */
export type NotWritten = { readonly why: "token" } | { readonly why: "failed"; readonly reason: string };

/** `null`: it is written down. `key`: the same one writes once, however often it is sent. */
export function writeEntry(text: string, duty: OnDuty, key: string): Promise<NotWritten | null> {
  return post("/api/v1/shifts/log", { ...duty, text, key });
}

export function handOver(text: string, duty: OnDuty, key: string): Promise<NotWritten | null> {
  return post("/api/v1/shifts/handovers", { ...duty, text, key });
}

export function acknowledge(id: string, text: string | null, duty: OnDuty): Promise<NotWritten | null> {
  return post(`/api/v1/shifts/handovers/${encodeURIComponent(id)}/acknowledgement`, { ...duty, text });
}

async function post(path: string, body: unknown): Promise<NotWritten | null> {
  try {
    const answer = await askToChange(path, "POST", body);
    if (answer.ok) return null;
    return answer.status === 401 ? { why: "token" } : { why: "failed", reason: await reasonOf(answer) };
  } catch (error) {
    return { why: "failed", reason: String(error) };
  }
}
