/** A GeoReport v2 body, JSON or XML, as entries of names and texts. */

import { fail, ok, type Result } from "../../../../shared/result.ts";
import { decodeUtf, describeBody, isObject, quote, unreadable } from "../body.ts";
import type { Failure, Part } from "../connector.ts";
import { collapse, parseXml } from "../xml.ts";

export interface Entry {
  /** JSON values or the texts of elements, by name. */
  readonly members: Readonly<Record<string, unknown>>;
  /** The texts of each name that the body gives more than once, in its order; `null` where there is none. */
  readonly repeated: ReadonlyMap<string, readonly string[]> | null;
}

/** More than any endpoint gives at once; a body with more is refused. */
const mostEntries = 50_000;
/** Where JSON endpoints put the list that the standard has at the top. */
const listNames = ["requests", "service_requests", "services", "errors", "tokens"] as const;

/** The entries of a body; an error answer is a failure that says what the endpoint said. */
export function readEntries(part: Part): Result<readonly Entry[], Failure> {
  const text = decodeUtf(part.bytes);
  const start = text.trimStart()[0];
  const read = start === "<" ? readXml(part) : readJson(part, text);
  if (!read.ok) return read;
  if (read.value.length > mostEntries)
    return fail({
      class: "too-large",
      message: `${part.name}: ${read.value.length} entries, expected at most ${mostEntries}`,
    });
  const error = read.value.find(isError);
  if (!error) return read;
  const said = `${textIn(error, "code") ?? "no code"}: ${textIn(error, "description") ?? "no description"}`;
  return unreadable(part.name, "service requests or services", `the endpoint's error ${said.slice(0, 200)}`);
}

/** GeoReport v2, "Errors": a code and a description, and nothing that names a service or a request. */
function isError(entry: Entry): boolean {
  return has(entry, "code") && !has(entry, "service_code") && !has(entry, "service_request_id");
}

/** The first text of that name; empty texts and nulls, also the text `null`, are none. */
export function textIn({ members, repeated }: Entry, name: string): string | null {
  const texts = repeated?.get(name);
  return texts ? (texts[0] ?? null) : textOfValue(members[name]);
}

export function has(entry: Entry, name: string): boolean {
  return textIn(entry, name) !== null;
}

function textOfValue(value: unknown): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? collapse(value) : null;
  return text === "null" ? null : text;
}

function readXml(part: Part): Result<readonly Entry[], Failure> {
  const document = parseXml(part.name, part.bytes);
  if (!document.ok) return document;
  const { root } = document.value;
  if (root.name !== "service_requests" && root.name !== "services" && root.name !== "errors")
    return unreadable(part.name, "service_requests, services or errors", describeBody(part.bytes));
  return ok(
    root.children.map((element) => entryOf(element.children.map(({ name, text }) => [name, text] as const))),
  );
}

function readJson(part: Part, text: string): Result<readonly Entry[], Failure> {
  let body: unknown;
  let repeats: boolean;
  try {
    body = JSON.parse(text);
    repeats = countNames(text) > countMembers(body);
    if (repeats) body = JSON.parse(keepRepeatedNames(text));
  } catch {
    return unreadable(part.name, "JSON or XML", describeBody(part.bytes));
  }
  const list = listIn(body);
  if (list === null)
    return unreadable(part.name, "a list of service requests or services", `JSON that is ${quote(body)}`);
  return ok(
    list.map((value): Entry => {
      const members = isObject(value) ? value : {};
      return repeats
        ? entryOf(Object.entries(members).map(([name, member]) => [plainName(name), member] as const))
        : { members, repeated: null };
    }),
  );
}

/** How many names of members are in the text: at most, because a text may hold what looks like one. */
function countNames(text: string): number {
  let count = 0;
  for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) <= 0x20) before--;
    if (text.charCodeAt(before) === 0x22 && !opensText(text, before)) count++;
  }
  return count;
}

/** Whether a quote opens a value that begins with a colon, as in `"requested_datetime":":27.7"`. */
function opensText(text: string, quoteAt: number): boolean {
  return text.startsWith('":', quoteAt - 2) && text[quoteAt - 3] !== "\\";
}

function countMembers(value: unknown): number {
  let count = 0;
  if (Array.isArray(value)) for (const one of value) count += countMembers(one);
  else if (isObject(value))
    for (const name in value) {
      const member = value[name];
      count += typeof member === "object" ? 1 + countMembers(member) : 1;
    }
  return count;
}

/** `null` stands for an empty list at some endpoints (an empty service list of FixMyStreet's clients). */
function listIn(body: unknown): readonly unknown[] | null {
  if (body === null) return [];
  if (Array.isArray(body)) return body as readonly unknown[];
  if (!isObject(body)) return null;
  for (const name of listNames) {
    const list = body[name];
    if (Array.isArray(list)) return list as readonly unknown[];
  }
  const isEntry = ["service_request_id", "token", "code", "service_code"].some((name) => name in body);
  return isEntry ? [body] : null;
}

/** Between a name and the number of its repetition; no standard's name has it. */
const repetition = "\u0001";

/**
 * JSON whose repeated names have been made different, because `JSON.parse` keeps only the last value of a name and
 * endpoints exist that write the value first and then a flag for "is null" under the same name.
 */
function keepRepeatedNames(text: string): string {
  const seen: Map<string, number>[] = [];
  let kept = "";
  let from = 0;
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]/gs;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [whole, colon] = match;
    if (whole === "{") seen.push(new Map());
    else if (whole === "}") seen.pop();
    else if (colon !== undefined) {
      const name = whole.slice(1, whole.lastIndexOf('"'));
      const count = seen.at(-1)?.get(name) ?? 0;
      seen.at(-1)?.set(name, count + 1);
      if (count === 0) continue;
      const end = match.index + 1 + name.length;
      kept += `${text.slice(from, end)}\\u0001${count}`;
      from = end;
    }
  }
  return kept + text.slice(from);
}

function plainName(name: string): string {
  return name.split(repetition)[0] ?? name;
}

function entryOf(written: readonly (readonly [string, unknown])[]): Entry {
  const members = Object.create(null) as Record<string, unknown>;
  const names = new Set<string>();
  for (const [name, value] of written) {
    if (name in members) names.add(name);
    members[name] = value;
  }
  if (names.size === 0) return { members, repeated: null };
  const textsOf = (wanted: string): string[] =>
    written.flatMap(([name, value]) => (name === wanted ? (textOfValue(value) ?? []) : []));
  return { members, repeated: new Map(Array.from(names, (name) => [name, textsOf(name)] as const)) };
}
