import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./json-document.ts";

function parsedByPlatform(text: string): unknown {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return "syntax error";
  }
}

function parsedByUs(text: string): unknown {
  const document = parseJson(text);
  return document.ok ? { value: document.value.value } : "syntax error";
}

describe("JSON document", () => {
  it("says the line of a value, and of the nearest parent of a missing one", () => {
    const document = parseJson('{\n  "a": 1,\n  "b": [\n    { "c": 2 },\n    3\n  ]\n}');
    if (!document.ok) throw new Error("expected a document");
    expect(document.value.lineOf(["a"])).toBe(2);
    expect(document.value.lineOf(["b", 0, "c"])).toBe(4);
    expect(document.value.lineOf(["b", 1])).toBe(5);
    expect(document.value.lineOf(["b", 0, "missing"])).toBe(4);
    expect(document.value.lineOf([])).toBe(1);
  });

  it("notices duplicate keys, which JSON.parse drops silently", () => {
    const document = parseJson('{ "id": "a",\n  "title": { "en": "x", "en": "y" },\n  "id": "b" }');
    expect(document.ok && document.value.duplicateKeys).toEqual([
      { path: ["title", "en"], line: 2 },
      { path: ["id"], line: 3 },
    ]);
  });

  it.each([
    ['{ "a": 1,\n  "b" 2 }', { line: 2, column: 7, found: "2", expected: '":"' }],
    ['{ "a": 1,\n}', { line: 2, column: 1, found: "}", expected: "a key in double quotes" }],
    ["[1 2]", { line: 1, column: 4, found: "2]", expected: '"," or "]"' }],
    ['{ "a": ', { line: 1, column: 8, found: "the end of the file", expected: "a value" }],
    ["[1] x", { line: 1, column: 5, found: "x", expected: "the end of the file" }],
    ['["a\nb"]', { line: 1, column: 2, found: '"a', expected: "a text that ends on its own line" }],
    ["01", { line: 1, column: 2, found: "1", expected: "the end of the file" }],
  ])("names line, column and what was expected in %j", (text, failure) => {
    expect(parseJson(text)).toEqual({ ok: false, failure });
  });

  it("refuses depth instead of overflowing the stack", () => {
    expect(parseJson("[".repeat(1_000_000))).toMatchObject({
      ok: false,
      failure: { expected: "at most 64 levels" },
    });
  });

  it("agrees with JSON.parse on JSON and on damaged JSON", () => {
    const json = fc.json({ maxDepth: 6 });
    const damaged = fc
      .tuple(json, fc.nat(), fc.string({ maxLength: 2 }), fc.nat({ max: 2 }))
      .map(([text, at, insert, drop]) => {
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + insert + text.slice(cut + drop);
      });
    fc.assert(
      fc.property(fc.oneof(json, damaged), (text) => {
        expect(parsedByUs(text)).toEqual(parsedByPlatform(text));
      }),
      { seed: 20261123, numRuns: 2000 },
    );
  });

  it("keeps a __proto__ key as data", () => {
    const document = parseJson('{ "__proto__": 1 }');
    expect(document.ok && Object.keys(document.value.value as object)).toEqual(["__proto__"]);
  });
});
