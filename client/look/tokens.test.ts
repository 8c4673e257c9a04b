import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("tokens.css", import.meta.url), "utf8");

const [usual = "", contrasted = ""] = css.split("@media (prefers-contrast: more)");

function tokensOf(theme: string, sheet = usual): Map<string, string> {
  const block = sheet.match(new RegExp(`:root\\[data-theme="${theme}"\\] \\{([^}]*)\\}`))?.[1];
  if (block === undefined) throw new Error(`tokens.css has no theme ${theme}`);
  return new Map(Array.from(block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g), (m) => [m[1]!, m[2]!]));
}

/** Relative luminance (WCAG 2.2, "relative luminance"). */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

const priorities = ["critical", "high", "medium", "low"];

/** What is read, on what it is read. */
const texts: [string, string][] = [
  ...["page", "panel", "raised", "map-land", "map-park"].flatMap((ground) =>
    ["ink0", "ink1", "ink2", "ink3"].map((ink): [string, string] => [ink, ground]),
  ),
  ...priorities.flatMap((p): [string, string][] => [
    [`${p}-on`, p],
    [`${p}-text`, "page"],
    [`${p}-text`, "panel"],
    [`${p}-text`, `${p}-wash`],
    ["ink1", `${p}-wash`],
    ["ink3", `${p}-wash`],
  ]),
  ["select-on", "select"],
  ["select", "page"],
  // Tags (STALE, DOWN, REPLAY) are page-coloured text on ink.
  ["page", "ink1"],
  ["map-label", "map-land"],
  ["map-label", "map-halo"],
];

/** What is recognised by its shape, on what it lies. */
const shapes: [string, string][] = [
  ["edge", "page"],
  ["edge", "panel"],
  ["live", "map-land"],
  ["live", "map-park"],
  ["live", "map-water"],
  // Large text: names of waters are set wide and at least 24 px (WCAG 1.4.3).
  ["map-water-label", "map-water"],
  // The legend's words have a halo of water.
  ["ink1", "map-water"],
  ["ink2", "map-water"],
  ...["d1", "d2", "d3", "d4", "d5", "d6"].map((d): [string, string] => [d, "panel"]),
  // The edge of an alarm's shape; by day the fill of a medium one alone would not do.
  ...priorities.map((p): [string, string] => [`${p}-text`, "map-land"]),
];

describe.each(["dark", "light", "night"])("theme %s", (theme) => {
  const tokens = tokensOf(theme);
  const measure = ([front, ground]: [string, string]): string => {
    const [a, b] = [tokens.get(front), tokens.get(ground)];
    if (a === undefined || b === undefined) return `${front} or ${ground} is missing`;
    return contrast(a, b).toFixed(2);
  };

  it("has the same tokens as the others", () => {
    expect(Array.from(tokens.keys())).toEqual(Array.from(tokensOf("dark").keys()));
  });

  it("keeps text at 4.5 : 1 and more", () => {
    const weak = texts
      .map((pair) => [...pair, measure(pair)])
      .filter(([, , ratio]) => !(Number(ratio) >= 4.5));
    expect(weak).toEqual([]);
  });

  it("keeps shapes and edges at 3 : 1 and more", () => {
    const weak = shapes
      .map((pair) => [...pair, measure(pair)])
      .filter(([, , ratio]) => !(Number(ratio) >= 3));
    expect(weak).toEqual([]);
  });
});

describe.each(["dark", "light"])("theme %s with more contrast", (theme) => {
  const tokens = new Map([...tokensOf(theme), ...tokensOf(theme, contrasted)]);
  const ratio = ([front, ground]: [string, string]): number =>
    contrast(tokens.get(front) ?? "", tokens.get(ground) ?? "");

  it("keeps what is read on a plain ground at 7 : 1 and more", () => {
    const inks = ["ink0", "ink1", "ink2", "ink3", ...priorities.map((p) => `${p}-text`)];
    const pairs = inks.flatMap((ink): [string, string][] => [
      [ink, "page"],
      [ink, "raised"],
    ]);
    const weak = [...pairs, ["map-label", "map-land"] as [string, string]].filter(
      (pair) => !(ratio(pair) >= 7),
    );
    expect(weak).toEqual([]);
  });

  it("keeps shapes, edges and the names of waters at 4.5 : 1 and more", () => {
    const pairs: [string, string][] = [
      ["edge", "page"],
      ["live", "map-land"],
      ["map-water-label", "map-water"],
    ];
    expect(pairs.filter((pair) => !(ratio(pair) >= 4.5))).toEqual([]);
  });
});
