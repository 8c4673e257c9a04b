/** What is wrong with a city folder: which file, which key, which value, and what was expected there. */

import type { $ZodIssue, $ZodRawIssue } from "zod/v4/core";
import type { JsonDocument, JsonPath } from "./json-document.ts";

/**
 * - `syntax`: the file is not JSON.
 * - `setting`: a value is missing, unknown or impossible by itself.
 * - `reference`: a value names something that the folder does not have, or that does not fit.
 * - `test`: a rule's own series does not do what the rule says of it.
 * - `geometry`: a polygon is not usable.
 * - `recording-not-found`: a recording is not on this machine; the folder itself may be sound.
 */
export type FaultKind = "syntax" | "setting" | "reference" | "test" | "geometry" | "recording-not-found";

export interface Fault {
  readonly kind: FaultKind;
  /** Relative to the city folder. */
  readonly file: string;
  readonly line: number | null;
  /** `transport.recordings[0].path`; empty for the whole file. */
  readonly key: string;
  /** What stands there; `undefined` when nothing does. */
  readonly value: unknown;
  readonly expected: string;
}

/** `feeds/bikes.json:7: cadenceSeconds: found "x", expected a number` */
export function faultLine(fault: Fault): string {
  const place = fault.line === null ? fault.file : `${fault.file}:${fault.line}`;
  const key = fault.key === "" ? "" : ` ${fault.key}:`;
  return `${place}:${key} found ${shown(fault.value)}, expected ${fault.expected}`;
}

const manyFaults = 8;
const longLine = 150;

/** The first faults as short lines and how many more there are, for places with little room such as a header. */
export function firstFaultLines(faults: readonly Fault[]): string[] {
  const lines = faults
    .slice(0, manyFaults)
    .map(faultLine)
    .map((line) => (line.length > longLine ? `${line.slice(0, longLine - 1)}…` : line));
  return faults.length > manyFaults ? [...lines, `and ${faults.length - manyFaults} more`] : lines;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  // Users and passwords inside a URL are nobody's to read.
  const text = (JSON.stringify(value) ?? typeof value).replaceAll(/\/\/[^/@"]*@/g, "//…@");
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** `["a", 0, "b"]` as `a[0].b`. */
export function keyPath(path: JsonPath): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
}

export function valueAt(value: unknown, path: JsonPath): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at;
}

/** Zod's issues as faults; the texts come from `expectedText`. */
export function faultsOfIssues(file: string, document: JsonDocument, issues: readonly $ZodIssue[]): Fault[] {
  return issues.flatMap((issue) => faultsOfIssue(file, document, issue, []));
}

function faultsOfIssue(file: string, document: JsonDocument, issue: $ZodIssue, parent: JsonPath): Fault[] {
  const path = [...parent, ...issue.path];
  if (issue.code === "invalid_union") {
    const branch = closestBranch(issue.errors);
    if (branch) return branch.flatMap((inner) => faultsOfIssue(file, document, inner, path));
  }
  const paths = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
  const expected = issue.message.split("\n");
  return paths.map((at, i) => ({
    kind: "setting",
    file,
    line: document.lineOf(at),
    key: keyPath(at),
    value: valueAt(document.value, at),
    expected: expected[i] ?? issue.message,
  }));
}

/** The only alternative whose own keys all fit: the one the author meant. */
function closestBranch(branches: readonly (readonly $ZodIssue[])[]): readonly $ZodIssue[] | null {
  const meant = branches.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 && issue.code !== "unrecognized_keys"),
  );
  return meant.length === 1 ? (meant[0] ?? null) : null;
}

/** Zod's error map of this folder: says what was expected, in words, one line per unknown key. */
export function expectedText(issue: $ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeWords[issue.expected] ?? `a ${issue.expected}`;
    case "invalid_value":
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKeyText(key, knownKeys(issue.inst))).join("\n");
    case "too_small":
      return issue.origin === "string" || issue.origin === "array"
        ? `at least ${String(issue.minimum)} ${issue.origin === "string" ? "characters" : "entries"}`
        : `a number ${issue.inclusive === false ? "above" : "of at least"} ${String(issue.minimum)}`;
    case "too_big":
      return issue.origin === "string" || issue.origin === "array"
        ? `at most ${String(issue.maximum)} ${issue.origin === "string" ? "characters" : "entries"}`
        : `a number ${issue.inclusive === false ? "below" : "of at most"} ${String(issue.maximum)}`;
    case "invalid_union": {
      const options: unknown = "options" in issue ? issue.options : null;
      return Array.isArray(options)
        ? `one of ${options.map((option) => JSON.stringify(option)).join(", ")}`
        : "another form of value";
    }
    case "invalid_key":
      return "another key";
    case "custom":
    case "invalid_element":
    case "invalid_format":
    case "not_multiple_of":
      return issue.message ?? "another value";
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object { … }",
  record: "an object { … }",
  array: "a list [ … ]",
  tuple: "a list [ … ]",
  null: "null",
};

function knownKeys(schema: unknown): string[] {
  const shape = valueAt(schema, ["_zod", "def", "shape"]);
  return typeof shape === "object" && shape !== null ? Object.keys(shape) : [];
}

function unknownKeyText(key: string, known: readonly string[]): string {
  const near = nearestWord(key, known);
  if (near) return `no such key; perhaps "${near}"`;
  return known.length > 0 ? `no such key; known are ${known.join(", ")}` : "no such key";
}

/** The known word that is at most a third of its letters away, for "perhaps you meant". */
export function nearestWord(word: string, known: Iterable<string>): string | null {
  let best: { word: string; distance: number } | null = null;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= Math.max(2, candidate.length / 3) && (best === null || distance < best.distance))
      best = { word: candidate, distance };
  }
  return best?.word ?? null;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
