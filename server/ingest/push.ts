/** A push and its answer. */

import type { RefusedLines } from "../core/feeds/connector.ts";

export interface Push {
  /** By lower-case name. */
  header(name: string): string | undefined;
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** What of the request's address the body's meaning depends on (the precision of line protocol); never a secret. */
  readonly url?: string;
}

/** The fault of a push as a stable word, for the `type` of the HTTP problem. */
export type PushProblem =
  | "unauthorized"
  | "replayed"
  | "too-large"
  | "unsupported-encoding"
  | "unreadable"
  | "not-kept"
  | "busy"
  | "not-set-up"
  | "crashed";

export interface PushAnswer {
  /** 202 when the body is safely on disk, or was before; 429: as 503, but nothing is wrong, there is only too much. */
  readonly status: 202 | 401 | 413 | 415 | 422 | 429 | 500 | 503;
  readonly problem?: { readonly type: PushProblem; readonly detail: string };
  /** Lines of an accepted body that could not be read: they are lost, and sending them again would not help. */
  readonly refused?: RefusedLines;
  readonly retryAfterSeconds?: number;
}

/** Ticks come four times a second, and disks are not slower for long. */
const busySeconds = 1;

export function busy(detail: string): PushAnswer {
  return { ...refuse(429, "busy", detail), retryAfterSeconds: busySeconds };
}

export function refuse(status: PushAnswer["status"], type: PushProblem, detail: string): PushAnswer {
  return { status, problem: { type, detail } };
}
