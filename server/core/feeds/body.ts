/** A body before anything is known about it: its text, and words for what it is when it is not what it should be. */

import { fail, ok, type Result } from "../../../shared/result.ts";
import type { Failure } from "./connector.ts";

const htmlTitle = /<title[^>]{0,200}>([^<]{0,200})/i;

/** The body as text: UTF-8 unless a byte order mark says UTF-16. Broken sequences become U+FFFD. */
export function decodeUtf(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** A value in a message: short, on one line, quoted like JSON. */
export function quote(value: unknown): string {
  let text: string | undefined;
  if (typeof value === "string") text = JSON.stringify(value.slice(0, 100));
  else if (typeof value === "object" && value !== null) text = Array.isArray(value) ? "a list" : "an object";
  else text = String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** What a body that could not be used turned out to be, for a person: `an HTML page titled "Maintenance"`. */
export function describeBody(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty body";
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "gzip data that no header declared";
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return "a ZIP archive";
  const start = decodeUtf(bytes.subarray(0, 4096)).trim();
  if (start === "") return "nothing but blanks";
  if (/^(<!doctype html|<html)/i.test(start)) {
    const title = htmlTitle.exec(start)?.[1]?.trim();
    return title ? `an HTML page titled ${quote(title)}` : "an HTML page";
  }
  if (start.startsWith("<")) return `XML starting with ${quote(start.slice(0, 60))}`;
  if (/^[[{]/.test(start) && isJson(bytes)) return `JSON starting with ${quote(start.slice(0, 40))}`;
  if (/^[[{]/.test(start))
    return `broken or cut JSON of ${bytes.length} bytes starting with ${quote(start.slice(0, 40))}`;
  return `text starting with ${quote(start.slice(0, 60))}`;
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(decodeUtf(bytes));
    return true;
  } catch {
    return false;
  }
}

/** The failure of a body of which nothing can be used. */
export function unreadable(part: string, expected: string, found: string): { ok: false; failure: Failure } {
  return fail({ class: "unreadable", message: `${part}: expected ${expected}, found ${found}` });
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The body as JSON; `expected` says for the failure what it should have been. */
export function parseJson(part: string, bytes: Uint8Array, expected: string): Result<unknown, Failure> {
  try {
    return ok(JSON.parse(decodeUtf(bytes)) as unknown);
  } catch {
    return unreadable(part, expected, describeBody(bytes));
  }
}

/** The body as one JSON object. */
export function parseJsonObject(part: string, bytes: Uint8Array): Result<JsonObject, Failure> {
  const json = parseJson(part, bytes, "a JSON object");
  if (!json.ok) return json;
  const { value } = json;
  return isObject(value) ? ok(value) : unreadable(part, "a JSON object", `JSON that is ${quote(value)}`);
}

/** A member's text without blanks around it, `null` where it holds none. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}
