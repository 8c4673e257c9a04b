/** The rule tables of the connectors against what the connectors raise, and the document made of them. */

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listRuleTables, severitiesOf, type RuleTable } from "../server/core/feeds/rules.ts";
import { qualityDocument, qualityPath } from "../server/feed-quality.ts";
import type { Spec } from "../shared/feed.ts";

const root = join(import.meta.dirname, "..");

function textOf(pattern: string, isWanted: (path: string) => boolean = () => true): string {
  return globSync(pattern, { cwd: root })
    .filter((path) => isWanted(path))
    .map((path) => readFileSync(join(root, path), "utf8"))
    .join("\n");
}

const isSource = (path: string): boolean => !/\.test\.ts$|(^|\/)rules\.ts$/.test(path);
/** What judges a feed outside its connector's folder. */
const judgedIn: Readonly<Partial<Record<Spec, string>>> = {
  "gtfs-rt": "server/core/city/against-timetable.ts",
  datex2: "server/core/city/situation-join.ts",
  sql: "server/core/feeds/table/{cells,things}.ts",
  mqtt: "server/core/feeds/table/{cells,things}.ts",
};

function sourceOf(spec: Spec): string {
  const judged = judgedIn[spec];
  return `${textOf(`server/core/feeds/${spec}/**/*.ts`, isSource)}\n${judged ? textOf(judged) : ""}`;
}

/** Codes that the source writes out, with the severity beside them where it stands there. */
function raisedIn(spec: Spec, source: string): { code: string; severity: string | null }[] {
  const severity = String.raw`(?:\s*(?:"[^"]*"|[\w.?: ]+)?,\s*"(error|warning|info)")?`;
  const own = new RegExp(String.raw`"(${spec}-[a-z0-9-]+|[EW]\d{3})"${severity}`, "g");
  const others = /"([a-z]+(?:_[a-z]+)+)",\s*"(error|warning|info)"/g;
  // Rows and cells have notices of the standard that reads them: `${spec}-bad-time`.
  const slugs = /\badd(?:About)?\(\s*"([a-z]+(?:-[a-z]+)*)",\s*"(error|warning|info)"|\bslug: "([a-z-]+)"/g;
  return [
    ...Array.from(
      [...source.matchAll(own), ...source.matchAll(others)],
      ([, code, word]) => [code, word] as const,
    ),
    ...Array.from(source.matchAll(slugs), ([, slug, word, failure]) => [slug ?? failure, word] as const)
      .filter(([slug]) => slug !== undefined && !slug.startsWith(`${spec}-`))
      .map(([slug, word]) => [`${spec}-${slug}`, word] as const),
  ].map(([code, word]) => ({ code: code!, severity: word ?? null }));
}

/** Codes put together with a fault's name: `gbfs-place-${fault}`, or `place-${fault}` of a row. */
function prefixesIn(spec: Spec, source: string): string[] {
  return Array.from(source.matchAll(/`([a-z0-9-]+-)\$\{[^}]+\}`/g), ([, prefix]) => prefix!)
    .filter((prefix) => prefix !== `${spec}-`)
    .map((prefix) => (prefix.startsWith(`${spec}-`) ? prefix : `${spec}-${prefix}`));
}

const tables: [Spec, RuleTable][] = listRuleTables().map((table) => [table.spec, table]);

describe.each(tables)("the rules of %s", (spec, { rules }) => {
  const source = sourceOf(spec);
  const raised = raisedIn(spec, source);
  const byCode = new Map(rules.map((rule) => [rule.code, rule]));

  it("name each code once", () => {
    expect(rules.map(({ code }) => code)).toEqual([...byCode.keys()]);
  });

  it("hold every code that the connector can raise, with its severity", () => {
    expect(raised.length).toBeGreaterThan(0);
    const unknown = raised.filter(({ code, severity }) => {
      const rule = byCode.get(code);
      return !rule || (severity !== null && !(severitiesOf(rule) as string[]).includes(severity));
    });
    expect(unknown).toEqual([]);
  });

  it("hold none that it never raises", () => {
    const written = new Set(raised.map(({ code }) => code));
    const prefixes = prefixesIn(spec, source);
    const silent = rules.filter(
      ({ code }) => !written.has(code) && !prefixes.some((prefix) => code.startsWith(prefix)),
    );
    expect(silent.map(({ code }) => code)).toEqual([]);
  });

  it("say what they mean in both languages", () => {
    const unsaid = rules.filter(
      ({ meaning, basis }) =>
        basis === "" || !meaning.en.endsWith(".") || !/[\u4e00-\u9fff].*。$/.test(meaning.zh),
    );
    expect(unsaid).toEqual([]);
  });
});

it("docs/feed-quality.md is what the tables say", () => {
  expect(readFileSync(qualityPath, "utf8"), "run node server/feed-quality.ts").toBe(qualityDocument());
});
