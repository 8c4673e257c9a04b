/** The payload of a message: what it says, as the objects that each tell of a thing. */

import { fail, ok, type Result } from "../../../../shared/result.ts";
import { describeBody, isObject, quote } from "../body.ts";
import { memberAt } from "../table/sheet.ts";
import type { TopicRule } from "./options.ts";

export interface Payload {
  readonly value: unknown;
  /** The objects inside it, or bare values. */
  readonly entries: readonly unknown[];
}

/** Why nothing of a payload can be used. */
export interface PayloadFault {
  readonly slug: "not-text" | "broken-json" | "no-rows" | "bare-value";
  readonly expected: string;
  readonly found: string;
}

/** JSON, or a text that is none, such as `ON`, where the rule reads `{payload}` (`takesBare`). */
export function readPayload(
  bytes: Uint8Array,
  { rows = "" }: Pick<TopicRule, "rows">,
  takesBare: boolean,
): Result<Payload, PayloadFault> {
  const expected = takesBare ? "JSON or a bare value as UTF-8" : "JSON as UTF-8";
  const text = decodeText(bytes);
  if (text === null) return fail({ slug: "not-text", expected, found: hexStart(bytes) });
  const value = parseJson(text);
  if (value === undefined && !(takesBare && isBare(text)))
    return fail({ slug: "broken-json", expected, found: describeBody(bytes) });
  const payload: unknown = value === undefined ? text.trim() : value;
  const found = rows === "" ? payload : memberAt(payload, rows);
  if (Array.isArray(found)) return ok({ value: payload, entries: found });
  if (isObject(found)) return ok({ value: payload, entries: [found] });
  if (rows !== "")
    return fail({
      slug: "no-rows",
      expected: `an object or a list of objects at ${quote(rows)}`,
      found: describeMembers(payload, found),
    });
  if (!takesBare)
    return fail({ slug: "bare-value", expected: "a JSON object or a list of objects", found: quote(found) });
  return ok({ value: payload, entries: [found] });
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decodeText(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What begins like JSON was meant to be JSON. */
function isBare(text: string): boolean {
  return !/^\s*[[{"<]/.test(text);
}

function hexStart(bytes: Uint8Array): string {
  const start = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return `${bytes.length} bytes starting ${start}`;
}

function describeMembers(payload: unknown, found: unknown): string {
  if (found !== undefined) return quote(found);
  if (!isObject(payload)) return quote(payload);
  return `the members ${Object.keys(payload).slice(0, 20).map(quote).join(", ")}`;
}
