/**
 * JSON as people edit it: the same values as `JSON.parse`, and for every key the line it stands on, duplicate keys
 * noticed, and a syntax error that names line, column and what was expected there.
 */

import { fail, ok, type Result } from "../../shared/result.ts";

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export type JsonPath = readonly PropertyKey[];

export interface JsonDocument {
  readonly value: JsonValue;
  /** The line of the value at `path`, or of its nearest parent when there is no such value. From 1. */
  lineOf(path: JsonPath): number;
  readonly duplicateKeys: readonly { readonly path: JsonPath; readonly line: number }[];
}

export interface JsonSyntaxError {
  readonly line: number;
  readonly column: number;
  /** What was found, as text. */
  readonly found: string;
  readonly expected: string;
}

/** Nobody writes settings deeper than this; a deeper file is an accident or an attack on the stack. */
const maxDepth = 64;

export function parseJson(text: string): Result<JsonDocument, JsonSyntaxError> {
  try {
    const duplicateKeys: { path: JsonPath; line: number }[] = [];
    const reader = new JsonReader(text, {
      duplicate: (path, offset) => duplicateKeys.push({ path, line: positionOf(text, offset).line }),
    });
    const value = reader.readDocument();
    return ok({ value, duplicateKeys, lineOf: (path) => lineOf(text, path) });
  } catch (error) {
    if (error instanceof UnexpectedText) return fail({ ...positionOf(text, error.offset), ...error.detail });
    throw error;
  }
}

function lineOf(text: string, path: JsonPath): number {
  let best = { depth: -1, offset: 0 };
  const reader = new JsonReader(text, {
    value: (at, offset) => {
      if (at.length > best.depth && at.every((step, i) => step === path[i]))
        best = { depth: at.length, offset };
    },
  });
  reader.readDocument();
  return positionOf(text, best.offset).line;
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

class UnexpectedText extends Error {
  readonly offset: number;
  readonly detail: { found: string; expected: string };
  constructor(offset: number, found: string, expected: string) {
    super(expected);
    this.offset = offset;
    this.detail = { found, expected };
  }
}

interface Visitor {
  value?(path: JsonPath, offset: number): void;
  duplicate?(path: JsonPath, offset: number): void;
}

/** A recursive-descent reader of RFC 8259. Throws `UnexpectedText`, which never leaves this file. */
class JsonReader {
  readonly #text: string;
  readonly #visitor: Visitor;
  readonly #path: (string | number)[] = [];
  #offset = 0;

  constructor(text: string, visitor: Visitor) {
    this.#text = text;
    this.#visitor = visitor;
  }

  readDocument(): JsonValue {
    const value = this.#readValue();
    this.#skipSpace();
    if (this.#offset < this.#text.length) this.#unexpected("the end of the file");
    return value;
  }

  #readValue(): JsonValue {
    this.#skipSpace();
    this.#visitor.value?.(this.#path, this.#offset);
    if (this.#path.length > maxDepth) this.#unexpected(`at most ${maxDepth} levels`);
    const char = this.#text[this.#offset];
    if (char === "{") return this.#readObject();
    if (char === "[") return this.#readArray();
    if (char === '"') return this.#readString("a text");
    return this.#readLiteral();
  }

  #readObject(): JsonValue {
    const object: { [key: string]: JsonValue } = {};
    this.#offset += 1;
    if (this.#skipTo("}")) return object;
    do {
      this.#skipSpace();
      const keyOffset = this.#offset;
      const key = this.#readString("a key in double quotes");
      if (!this.#skipTo(":")) this.#unexpected('":"');
      this.#path.push(key);
      if (Object.hasOwn(object, key)) this.#visitor.duplicate?.([...this.#path], keyOffset);
      const value = this.#readValue();
      // "__proto__" must become an own property like any other key.
      Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
      this.#path.pop();
    } while (this.#skipTo(","));
    if (!this.#skipTo("}")) this.#unexpected('"," or "}"');
    return object;
  }

  #readArray(): JsonValue {
    const array: JsonValue[] = [];
    this.#offset += 1;
    if (this.#skipTo("]")) return array;
    do {
      this.#path.push(array.length);
      array.push(this.#readValue());
      this.#path.pop();
    } while (this.#skipTo(","));
    if (!this.#skipTo("]")) this.#unexpected('"," or "]"');
    return array;
  }

  #readString(expected: string): string {
    // oxlint-disable-next-line no-control-regex -- RFC 8259 §7: control characters must be escaped
    const token = this.#match(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
    if (token === null) {
      const closed = this.#text[this.#offset] === '"' ? "a text that ends on its own line" : expected;
      return this.#unexpected(closed);
    }
    return JSON.parse(token) as string;
  }

  #readLiteral(): JsonValue {
    const token = this.#match(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (token === null) return this.#unexpected("a value");
    return JSON.parse(token) as JsonValue;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#offset;
    const token = pattern.exec(this.#text)?.[0] ?? null;
    if (token !== null) this.#offset += token.length;
    return token;
  }

  #skipSpace(): void {
    while (" \t\r\n".includes(this.#text[this.#offset] ?? "end")) this.#offset += 1;
  }

  #skipTo(char: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#offset] !== char) return false;
    this.#offset += 1;
    return true;
  }

  #unexpected(expected: string): never {
    const found = /^\S{0,20}/.exec(this.#text.slice(this.#offset, this.#offset + 20))?.[0] ?? "";
    throw new UnexpectedText(this.#offset, found === "" ? "the end of the file" : found, expected);
  }
}
