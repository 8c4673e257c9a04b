/** Pictures to take along: they say by themselves what they show, and are sound XML whatever the city's texts hold. */

import { describe, expect, it } from "vitest";
import type { AreaCollection } from "../../../shared/areas.ts";
import { writtenShade } from "../../map/shade.ts";
import { areaPicture } from "./area-picture.ts";
import { framed, wrapped } from "../../charts/picture-frame.ts";

const look = {
  ink0: "#000",
  ink1: "#111",
  ink2: "#222",
  ink3: "#333",
  line: "#444",
  edge: "#555",
  band: "#666",
  page: "#fff",
  select: "#00f",
  data: ["#a", "#b", "#c", "#d", "#e"],
  priorities: { low: "#low", medium: "#medium", high: "#high", critical: "#critical" },
  ramp: ["#s1", "#s2", "#s3", "#s4", "#s5", "#s6", "#s7"],
  changeRamp: ["#lo3", "#lo2", "#lo1", "#mid", "#hi1", "#hi2", "#hi3"],
  font: '"IBM Plex Sans", sans-serif',
  u: 1,
};
const paper = { look, width: 900, scale: 1 };

function square(id: string, name: string, west: number): AreaCollection["features"][number] {
  const ring = [
    [west, 38],
    [west + 1, 38],
    [west + 1, 39],
    [west, 39],
    [west, 38],
  ];
  return {
    type: "Feature",
    properties: { id, name: { en: name, zh: "港区" } },
    geometry: { type: "Polygon", coordinates: [ring] },
  };
}

const areas: AreaCollection = {
  type: "FeatureCollection",
  features: [square("a", "Harbour & <Docks>", 0), square("b", "Old town", 1), square("c", "Hills", 2)],
};

function pictureOf(width: number): string {
  const readings = [
    { id: "a", value: 12 },
    { id: "b", value: 41 },
    { id: "c", value: null },
  ];
  return areaPicture(
    {
      areas,
      shade: writtenShade(["a", "b", "c"], readings, "percent", "en"),
      bounds: [0, 38, 3, 39],
      language: "en",
      words: { step: (from, to) => `${from} to ${to}`, unknown: "not known" },
    },
    { ...paper, width },
  );
}

/** Opening and closing tags match. */
function isSound(xml: string): boolean {
  const open: string[] = [];
  for (const [, end, name, , own] of xml.matchAll(/<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    if (end === "/") {
      if (open.pop() !== name) return false;
    } else if (own !== "/") open.push(name!);
  }
  return open.length === 0 && !/&(?!amp;|lt;|gt;|quot;)/.test(xml);
}

describe("a picture of areas", () => {
  it("has a shape and, where there is room, a name for each, and a legend of the steps in use", () => {
    const svg = pictureOf(900);
    expect(isSound(svg)).toBe(true);
    expect(svg.match(/<path /g)).toHaveLength(3);
    expect(svg).toContain("Harbour &amp; &lt;Docks&gt;");
    expect(svg).toMatch(/<path d="[^"]+" fill="#s1"/);
    // Nobody knows of the third: it has a hatch, and the legend says so.
    expect(svg.match(/fill="url\(#unknown\)"/g)).toHaveLength(2);
    expect(svg).toContain("not known");
    expect(svg).toMatch(/10 to 15[^]*%|%[^]*10 to 15/);
  });

  it("has its legend below where there is no room beside it", () => {
    expect(pictureOf(900)).toContain('<g transform="translate(0 0)">');
    expect(pictureOf(360)).toMatch(/<g transform="translate\(0 [1-9]/);
  });
});

describe("the frame", () => {
  it("says title, time, source and licence inside the picture, which it makes larger by that", () => {
    const words = {
      title: "Bikes <now>",
      lines: ["1 to 20 November 2026"],
      foot: ["Source: Bikes (CC-BY-4.0)"],
    };
    const svg = framed('<svg width="900" height="400" xmlns="x"><g></g></svg>', words, paper);
    expect(isSound(svg)).toBe(true);
    for (const text of ["Bikes &lt;now&gt;", "1 to 20 November 2026", "Source: Bikes (CC-BY-4.0)"])
      expect(svg).toContain(text);
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
    expect(width).toBeGreaterThan(900);
    expect(height).toBeGreaterThan(450);
    expect(svg).toContain('<svg x="16" y=');
  });

  it("breaks long lines between words, and Chinese anywhere", () => {
    expect(wrapped("one two three four", 60, 12)).toEqual(["one two", "three", "four"]);
    expect(wrapped("数据来源：服务请求", 48, 12)).toEqual(["数据来源", "：服务请", "求"]);
    expect(wrapped("unbreakablewordthatiswiderthanallroom", 40, 12)).toHaveLength(1);
    expect(wrapped("", 40, 12)).toEqual([]);
  });

  it("leaves out what XML cannot hold", () => {
    const svg = framed(
      '<svg width="9" height="9"></svg>',
      { title: "a\u0000b\u0008", lines: [], foot: [] },
      paper,
    );
    expect(svg).toContain(">ab<");
  });
});
