import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { describe, expect, it } from "vitest";
import type { AreaCollection } from "../../shared/areas.ts";
import { groundStyle, protomapsLayers, shadeColor, unknownFilter, type Ground } from "./basemap-style.ts";
import { mapTokenNames, readMapTokens } from "./map-tokens.ts";
import { shadeAreas } from "./shade.ts";
import { warningAreas } from "./warnings.ts";

const tokens = readMapTokens({
  getPropertyValue: (name) =>
    ` #${(mapTokenNames.indexOf(name.slice(2) as "page") + 10).toString(16).padStart(6, "0")}`,
});
const areas: AreaCollection = {
  type: "FeatureCollection",
  features: ["harbour", "hill"].map((id, i) => ({
    type: "Feature",
    properties: { id, name: { en: id, zh: `${id}区` } },
    geometry: {
      type: "Polygon",
      coordinates: [
        [
          [i, 0],
          [i + 1, 0],
          [i + 1, 1],
          [i, 0],
        ],
      ],
    },
  })),
};
const shade = shadeAreas(["harbour", "hill"], [{ id: "harbour", value: 4 }]);
const ground: Ground = {
  tokens,
  language: "en",
  scale: 1,
  basemap: { url: "pmtiles://http://127.0.0.1/basemap.pmtiles", bounds: [0, 0, 2, 1] },
  areas,
  shade,
  marks: [],
  warnings: warningAreas(
    [
      {
        slot: 0,
        id: "w/CapAlert/1",
        kind: "CapAlert",
        position: null,
        estimated: false,
        observedAt: null,
        fields: { status: "Actual", severity: "Severe" },
        geometry: areas.features[0]!.geometry,
      },
    ],
    null,
    "en",
  ),
};

describe("groundStyle", () => {
  const variants: [string, Ground][] = [
    ["a whole ground", ground],
    ["Chinese", { ...ground, language: "zh" }],
    ["a 4K wall", { ...ground, scale: 2 }],
    ["no basemap", { ...ground, basemap: null }],
    ["no areas", { ...ground, areas: null, shade: null }],
    ["nothing", { ...ground, basemap: null, areas: null, shade: null }],
  ];

  it.each(variants)("is a sound MapLibre style: %s", (_, variant) => {
    expect(validateStyleMin(groundStyle(variant)).map(({ message }) => message)).toEqual([]);
  });

  it("reads only layers that the basemap has, and no points of interest", () => {
    for (const layer of groundStyle(ground).layers)
      if ("source-layer" in layer) expect(protomapsLayers).toContain(layer["source-layer"]);
  });

  it("draws only in the theme's tokens", () => {
    const colors = JSON.stringify(groundStyle({ ...ground, areas: null })).match(/#[0-9a-f]{6}/g) ?? [];
    expect(colors.length).toBeGreaterThan(8);
    for (const color of colors) expect(Object.values(tokens)).toContain(color);
  });

  it("is the same drawing on a larger canvas: one zoom later, twice as wide", () => {
    const width = (scale: number) => {
      const layer = groundStyle({ ...ground, scale }).layers.find(({ id }) => id === "street-primary");
      const paint = layer!.paint as { "line-width": unknown[] };
      return paint["line-width"].slice(3) as number[];
    };
    const [once, twice] = [width(1), width(2)];
    // Its tiles are twice as large too, which MapLibre takes into account once more.
    expect(twice).toEqual(once.map((value, i) => (i % 2 === 0 ? value + 1 : value * 4)));
  });

  it("needs no glyphs and no sprite", () => {
    const style = groundStyle(ground);
    expect(style.glyphs).toBeUndefined();
    expect(style.sprite).toBeUndefined();
  });
});

describe("shadeColor, unknownFilter", () => {
  it("colours what is known and hatches what is not", () => {
    expect(shadeColor(shade, tokens)).toEqual([
      "match",
      ["get", "id"],
      "harbour",
      tokens.s1,
      "rgba(0, 0, 0, 0)",
    ]);
    expect(unknownFilter(shade)).toEqual(["in", ["get", "id"], ["literal", ["hill"]]]);
  });

  it("leaves all areas plain without a shade", () => {
    expect(shadeColor(null, tokens)).toBe("rgba(0, 0, 0, 0)");
    expect(unknownFilter(null)).toEqual(["in", ["get", "id"], ["literal", []]]);
  });
});
