/**
 * A body of log lines after everything that must not be kept was taken from it: no line, no address, no name of a user
 * is in it any more, only events and how many other lines there were. It is all that the server ever stores of a log.
 */

import type { Notice } from "../../../../shared/notice.ts";
import type { Result } from "../../../../shared/result.ts";
import { ok } from "../../../../shared/result.ts";
import { isObject, parseJsonObject, unreadable } from "../body.ts";
import type { Failure } from "../connector.ts";
import type { FoundEvent } from "./finding.ts";

export interface StrippedEvent extends Pick<FoundEvent, "eventType" | "outcome" | "accountExists"> {
  readonly id: string;
  /** The keyed hash of the address. */
  readonly source: string | null;
  readonly target: string | null;
  readonly at: number | null;
}

export interface Stripped {
  readonly events: readonly StrippedEvent[];
  readonly notices: readonly Notice[];
}

/** Bytes that `readStripped` reads. */
export function writeStripped(stripped: Stripped): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ stripped: 1, ...stripped }));
}

/** Refuses everything else: a log that still has its addresses must not come this far. */
export function readStripped(part: string, bytes: Uint8Array): Result<Stripped, Failure> {
  const body = parseJsonObject(part, bytes);
  if (!body.ok || body.value["stripped"] !== 1 || !isObject(body.value))
    return unreadable(part, "log lines without addresses and names", "something else");
  return ok(body.value as unknown as Stripped);
}
