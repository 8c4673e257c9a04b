import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const client = fileURLToPath(new URL("..", import.meta.url));

function leaves(node: unknown, path = ""): Map<string, string> {
  if (typeof node === "string") return new Map([[path, node]]);
  const all = new Map<string, string>();
  for (const [key, child] of Object.entries(node as object))
    for (const [at, text] of leaves(child, path === "" ? key : `${path}.${key}`)) all.set(at, text);
  return all;
}

function dictionary(language: string): Map<string, string> {
  const files = globSync(`{*.,}${language}.json`, { cwd: `${client}/words` });
  return new Map(
    files.flatMap((file) => Array.from(leaves(JSON.parse(readFileSync(`${client}/words/${file}`, "utf8"))))),
  );
}

function withoutPlural(key: string): string {
  return key.replace(/_(one|other)$/, "");
}

const en = dictionary("en");
const zh = dictionary("zh");
const keys = new Set(Array.from(en.keys(), withoutPlural));

const sources = globSync("**/*.{ts,tsx}", { cwd: client })
  .filter((path) => !path.includes(".test."))
  .map((path) => ({ path, code: readFileSync(`${client}/${path}`, "utf8") }));

/** `t("a.b")` names a key; a template such as `domains.${domain}` names all that match. */
function usedKeys(code: string): RegExp[] {
  const literal = Array.from(code.matchAll(/"([a-z]+(?:\.[A-Za-z-]+)+)"/g), (m) => m[1]!);
  const template = Array.from(
    code.matchAll(/`([a-z]+(?:\.[A-Za-z-]+)*\.\$\{[^}]+\}[A-Za-z]*)`/g),
    (m) => m[1]!,
  );
  return [...literal, ...template].map(
    (key) => new RegExp(`^${key.replaceAll(".", "\\.").replace(/\$\{[^}]+\}/, "[^.]+")}$`),
  );
}

describe("words", () => {
  it("has the same keys in every language", () => {
    expect(Array.from(new Set(Array.from(zh.keys(), withoutPlural))).toSorted()).toEqual(
      Array.from(keys).toSorted(),
    );
  });

  it("fills in the same names in every language", () => {
    const names = (text: string): string =>
      Array.from(new Set(Array.from(text.matchAll(/\{\{(\w+)\}\}/g), (m) => m[1]!)))
        .toSorted()
        .join(" ");
    // Chinese has one plural form; its words for a target need not repeat the figure.
    const free = new Set(["faces.wall.above", "faces.wall.below"]);
    const differing = Array.from(zh).filter(
      ([key, text]) => !free.has(key) && names(text) !== names(en.get(key) ?? ""),
    );
    expect(differing).toEqual([]);
  });

  it("has no empty word", () => {
    expect([...en, ...zh].filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  it("uses every key", () => {
    const patterns = sources.flatMap(({ code }) => usedKeys(code));
    expect(Array.from(keys).filter((key) => !patterns.some((pattern) => pattern.test(key)))).toEqual([]);
  });

  it("asks for no key that is missing", () => {
    const asked = sources.flatMap(({ path, code }) =>
      Array.from(code.matchAll(/\bt\(\s*"([^"]+)"/g), (m) => ({ path, key: m[1]! })),
    );
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ key }) => !keys.has(key))).toEqual([]);
  });

  it("has no visible text outside the dictionaries", () => {
    const written = sources
      .filter(({ path }) => path.endsWith(".tsx"))
      .flatMap(({ path, code }) => [
        ...Array.from(code.matchAll(/>([^<>{}=;()]*[A-Za-z\u4e00-\u9fff]{2}[^<>{}=;()]*)<\//g), (m) => ({
          path,
          text: m[1]!.trim(),
        })),
        ...Array.from(code.matchAll(/\b(?:aria-label|title|alt|placeholder)="([^"]+)"/g), (m) => ({
          path,
          text: m[1]!,
        })),
      ])
      // A product name and the names of keys are the same in every language.
      .filter(({ text }) => !/^(Citydeck|Enter|Esc)$/.test(text));
    expect(written).toEqual([]);
  });
});
