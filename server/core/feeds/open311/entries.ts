/** A GeoReport v2 body, JSON or XML, as entries of names and texts. */

import { fail, ok, type Result } from "../../../../shared/result.ts";
import { decodeUtf, describeBody, isObject, quote, unreadable } from "../body.ts";
import type { Failure, Part } from "../connector.ts";
import { collapse, parseXml } from "../xml.ts";

export interface Entry {
  /** Name → its texts in the order of the body. Empty texts and nulls, also the text `null`, are left out. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** Names that the body gives more than once. */
  readonly repeated: ReadonlySet<string>;
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
  const { texts } = entry;
  return texts.has("code") && !texts.has("service_code") && !texts.has("service_request_id");
}

/** The first text of that name. */
export function textIn(entry: Entry, name: string): string | null {
  return entry.texts.get(name)?.[0] ?? null;
}

function readXml(part: Part): Result<readonly Entry[], Failure> {
  const document = parseXml(part.name, part.bytes);
  if (!document.ok) return document;
  const { root } = document.value;
  if (root.name !== "service_requests" && root.name !== "services" && root.name !== "errors")
    return unreadable(part.name, "service_requests, services or errors", describeBody(part.bytes));
  return ok(
    root.children.map((element) =>
      entryOf(element.children.map((child) => [child.name, collapse(child.text)] as const)),
    ),
  );
}

function readJson(part: Part, text: string): Result<readonly Entry[], Failure> {
  let body: unknown;
  try {
    JSON.parse(text);
    body = JSON.parse(keepRepeatedNames(text));
  } catch {
    return unreadable(part.name, "JSON or XML", describeBody(part.bytes));
  }
  const list = listIn(body);
  if (list === null)
    return unreadable(part.name, "a list of service requests or services", `JSON that is ${quote(body)}`);
  return ok(list.map((value) => entryOf(isObject(value) ? Object.entries(value).map(jsonMember) : [])));
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

function jsonMember([name, value]: readonly [string, unknown]): readonly [string, string | null] {
  const plain = name.split(repetition)[0] ?? name;
  if (typeof value === "string") return [plain, collapse(value)];
  return [plain, typeof value === "number" || typeof value === "boolean" ? String(value) : null];
}

function entryOf(members: readonly (readonly [string, string | null])[]): Entry {
  const texts = new Map<string, string[]>();
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const [name, text] of members) {
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
    if (text === null || text === "null") continue;
    const known = texts.get(name);
    if (known) known.push(text);
    else texts.set(name, [text]);
  }
  return { texts, repeated };
}
