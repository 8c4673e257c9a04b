/**
 * The ground of the map as a MapLibre style: our own quiet drawing of the Protomaps basemap (schema v4) and the city's
 * areas (their names are elements, `area-names.ts`). No points of interest, no shields. Sizes are in u (a 1080th of the canvas height), so that a
 * 4K wall is the same drawing, sharper.
 */

import type { FilterSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { priorities } from "../../shared/alarms.ts";
import type { AreaCollection } from "../../shared/areas.ts";
import type { Language } from "../../shared/city.ts";
import { beyondAreas, outsideBasemap } from "./area-shapes.ts";
import type { Basemap } from "./basemap-source.ts";
import { rampOf, type MapTokens } from "./map-tokens.ts";
import type { Shade } from "./shade.ts";
import { markFeatures, type AlarmMark } from "./alarm-marks.ts";
import { severityTokens, warningFeatures, type WarningArea } from "./warnings.ts";

export interface Look {
  readonly tokens: MapTokens;
  readonly language: Language;
  /** CSS pixels per u. */
  readonly scale: number;
}

export interface Ground extends Look {
  /** `null` draws the areas on plain ground. */
  readonly basemap: Basemap | null;
  readonly areas: AreaCollection | null;
  readonly shade: Shade | null;
  readonly warnings: readonly WarningArea[];
  readonly marks: readonly AlarmMark[];
}

/** The layers of the Protomaps basemap that we draw; the rest (pois, places, landcover, boundaries) stays unread. */
export const protomapsLayers = ["earth", "landuse", "water", "roads", "buildings"] as const;

/** The page's own fonts: without `glyphs` MapLibre draws labels with them. */
export const labelFonts = ["IBM Plex Sans", "Noto Sans SC"];

export const hatchImage = "hatch";
/** The basemap's tiles, and what lies beyond them. */
function basemapSources(basemap: Basemap | null): StyleSpecification["sources"] {
  if (basemap === null) return {};
  return {
    basemap: { type: "vector", url: basemap.url },
    outside: { type: "geojson", data: outsideBasemap(basemap.bounds), tolerance: 0 },
  };
}

const noAreas: AreaCollection = { type: "FeatureCollection", features: [] };

export function groundStyle(ground: Ground): StyleSpecification {
  const areas = ground.areas ?? noAreas;
  return {
    version: 8,
    sources: {
      ...basemapSources(ground.basemap),
      areas: { type: "geojson", data: areas },
      beyond: { type: "geojson", data: beyondAreas(areas), tolerance: 0 },
      warnings: { type: "geojson", data: warningFeatures(ground.warnings) },
      alarms: { type: "geojson", data: markFeatures(ground.marks) },
    },
    layers: [
      { id: "background", type: "background", paint: { "background-color": ground.tokens["map-water"] } },
      ...(ground.basemap === null ? plainGround(ground) : basemapGround(ground)),
      ...areaLines(ground),
      ...warningLines(ground),
      ...alarmPlaces(ground),
      ...(ground.basemap === null ? [] : [waterNames(ground)]),
    ],
  };
}

/**
 * The side streets of a city come one zoom later than a wall shows it, so the tiles of one zoom further in are read, on
 * a large canvas the same tiles as on a small one. The bridge sets this on the source, because a style cannot.
 */
export function basemapTileSize(scale: number): number {
  return 256 * scale;
}

/** The width of a line of the basemap by zoom. MapLibre takes the pixels of a tile of another size for larger ones. */
function lineWidth(ground: Ground, stops: readonly (readonly [zoom: number, u: number])[]): never {
  const factor = basemapTileSize(ground.scale) / 512;
  return byZoom(
    ground,
    stops.map(([zoom, u]) => [zoom, u * factor]),
  );
}

/** Width or size by zoom. Stops are for a canvas of 1080: a larger one has the same drawing at a higher zoom. */
function byZoom(ground: Ground, stops: readonly (readonly [zoom: number, u: number])[]): never {
  const lift = Math.log2(ground.scale);
  const values = stops.flatMap(([zoom, u]) => [zoom + lift, u * ground.scale]);
  // The expression's type is a tuple of unknown length, which a computed list cannot satisfy.
  return ["interpolate", ["exponential", 1.5], ["zoom"], ...values] as never;
}

function plainGround(ground: Ground): LayerSpecification[] {
  return [
    { id: "area-ground", type: "fill", source: "areas", paint: { "fill-color": ground.tokens["map-land"] } },
    ...shadeLayers(ground),
    {
      id: "area-shore",
      type: "line",
      source: "areas",
      paint: {
        "line-color": ground.tokens["map-shore"],
        "line-width": byZoom(ground, [
          [9, 0.6],
          [14, 1.4],
        ]),
      },
    },
  ];
}

function basemapGround(ground: Ground): LayerSpecification[] {
  const { tokens } = ground;
  const fill = (
    id: string,
    layer: string,
    color: string,
    filter?: FilterSpecification,
  ): LayerSpecification => ({
    id,
    type: "fill",
    source: "basemap",
    "source-layer": layer,
    ...(filter ? { filter } : {}),
    paint: { "fill-color": color },
  });
  return [
    fill("earth", "earth", tokens["map-land"], ["==", ["geometry-type"], "Polygon"]),
    fill("parks", "landuse", tokens["map-park"], ["in", ["get", "kind"], ["literal", parkKinds]]),
    ...shadeLayers(ground),
    { ...fill("buildings", "buildings", tokens["map-building"]), minzoom: 14 + Math.log2(ground.scale) },
    ...roads(ground, "street", ["!", ["has", "is_bridge"]]),
    {
      id: "beyond",
      type: "fill",
      source: "beyond",
      paint: { "fill-color": tokens["map-beyond"], "fill-opacity": 0.78, "fill-antialias": false },
    },
    fill("water", "water", tokens["map-water"], ["==", ["geometry-type"], "Polygon"]),
    {
      id: "shore",
      type: "line",
      source: "basemap",
      "source-layer": "water",
      filter: ["all", ["==", ["geometry-type"], "Polygon"], ["!=", ["get", "kind"], "swimming_pool"]],
      paint: {
        "line-color": tokens["map-shore"],
        "line-width": lineWidth(ground, [
          [9, 0.5],
          [12, 0.9],
          [15, 1.4],
        ]),
      },
    },
    ...roads(ground, "bridge", ["has", "is_bridge"]),
    {
      id: "outside",
      type: "fill",
      source: "outside",
      paint: { "fill-color": tokens["map-water"], "fill-antialias": false },
    },
  ];
}

const parkKinds = [
  "park",
  "national_park",
  "nature_reserve",
  "protected_area",
  "forest",
  "wood",
  "golf_course",
  "cemetery",
  "garden",
  "zoo",
  "grassland",
  "meadow",
  "recreation_ground",
];

/** Drawn from small to large, so that the large roads lie on top. Widths in u by zoom on a 1080 canvas. */
const roadClasses = [
  {
    id: "minor",
    color: "map-minor",
    kinds: ["minor_road"],
    details: null,
    stops: [
      [10, 0.3],
      [12, 0.7],
      [14, 1.6],
      [16, 6],
    ],
  },
  {
    id: "secondary",
    color: "map-secondary",
    kinds: ["major_road"],
    details: ["secondary", "tertiary", "secondary_link", "tertiary_link"],
    stops: [
      [10, 0.5],
      [12, 1.2],
      [14, 2.6],
      [16, 9],
    ],
  },
  {
    id: "primary",
    color: "map-primary",
    kinds: ["major_road"],
    details: ["trunk", "primary", "trunk_link", "primary_link"],
    stops: [
      [10, 0.7],
      [12, 1.7],
      [14, 3.4],
      [16, 12],
    ],
  },
  {
    id: "motorway",
    color: "map-motorway",
    kinds: ["highway"],
    details: null,
    stops: [
      [8, 0.7],
      [10, 1.2],
      [12, 2.4],
      [14, 5],
      [16, 14],
    ],
  },
] as const;

function roads(ground: Ground, prefix: string, where: FilterSpecification): LayerSpecification[] {
  const layers = roadClasses.map(({ id, color, kinds, details, stops }): LayerSpecification => {
    const kind: FilterSpecification = ["in", ["get", "kind"], ["literal", [...kinds]]];
    const detail: FilterSpecification = details
      ? ["in", ["get", "kind_detail"], ["literal", [...details]]]
      : true;
    return {
      id: `${prefix}-${id}`,
      type: "line",
      source: "basemap",
      "source-layer": "roads",
      filter: ["all", kind, detail, where] as FilterSpecification,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": ground.tokens[color], "line-width": lineWidth(ground, stops) },
    };
  });
  const rail: LayerSpecification = {
    id: `${prefix}-rail`,
    type: "line",
    source: "basemap",
    "source-layer": "roads",
    filter: [
      "all",
      ["==", ["get", "kind"], "rail"],
      ["!", ["has", "is_tunnel"]],
      where,
    ] as FilterSpecification,
    paint: {
      "line-color": ground.tokens["map-rail"],
      "line-width": lineWidth(ground, [
        [10, 0.6],
        [12, 0.9],
        [14, 1.4],
        [16, 2],
      ]),
      "line-dasharray": [5, 2],
    },
  };
  return [...layers, rail];
}

/** How strongly the ramp lies over the ground; weak, because shade is ground and never an alarm. */
const shadeOpacity = 0.45;

function shadeLayers(ground: Ground): LayerSpecification[] {
  return [
    {
      id: "area-shade",
      type: "fill",
      source: "areas",
      paint: {
        "fill-color": shadeColor(ground.shade, ground.tokens),
        "fill-opacity": shadeOpacity,
        "fill-antialias": false,
      },
    },
    {
      id: "area-unknown",
      type: "fill",
      source: "areas",
      filter: unknownFilter(ground.shade),
      paint: { "fill-pattern": hatchImage },
    },
  ];
}

/** The fill of `area-shade` for the present readings. */
export function shadeColor(shade: Shade | null, tokens: MapTokens): never {
  if (!shade || shade.stepOf.size === 0) return "rgba(0, 0, 0, 0)" as never;
  const ramp = rampOf(tokens, shade.ramp);
  const cases = Array.from(shade.stepOf, ([id, step]) => [id, ramp[step] ?? ""]).flat();
  return ["match", ["get", "id"], ...cases, "rgba(0, 0, 0, 0)"] as never;
}

/** Which areas `area-unknown` hatches. */
export function unknownFilter(shade: Shade | null): FilterSpecification {
  return ["in", ["get", "id"], ["literal", [...(shade?.unknown ?? [])]]];
}

function areaLines(ground: Ground): LayerSpecification[] {
  return [
    {
      id: "area-border",
      type: "line",
      source: "areas",
      layout: { "line-join": "round" },
      paint: {
        "line-color": ground.tokens["map-area"],
        "line-width": byZoom(ground, [
          [9, 0.5],
          [12, 0.8],
          [15, 1.4],
        ]),
        "line-opacity": 0.55,
        "line-dasharray": [1, 3],
      },
    },
  ];
}

/** The dashed outline of a warning's area in the colour of its severity; its words are elements, `warning-labels.ts`. */
function warningLines({ tokens, scale }: Ground): LayerSpecification[] {
  const colors = Object.entries(severityTokens).flatMap(([severity, token]) => [severity, tokens[token]]);
  const line = (id: string, color: unknown, width: number, dashes: readonly number[] | null) =>
    ({
      id,
      type: "line",
      source: "warnings",
      layout: { "line-join": "round" },
      paint: {
        "line-color": color,
        "line-width": width * scale,
        ...(dashes && { "line-dasharray": [...dashes] }),
      },
    }) as LayerSpecification;
  return [
    line("warning-halo", tokens["map-halo"], 4.5, null),
    line("warning-edge", ["match", ["get", "severity"], ...colors, tokens.ink2], 2, [4, 2]),
  ];
}

/** The solid outline of an area in alarm and the ring at a place in alarm; their words are elements, `alarm-marks.ts`. */
function alarmPlaces({ tokens, scale }: Ground): LayerSpecification[] {
  const colors = priorities.flatMap((priority) => [priority, tokens[priority]]);
  const color = ["match", ["get", "priority"], ...colors, tokens.ink2];
  // In a storm many areas have an alarm that can wait.
  const width = ["match", ["get", "priority"], "low", 1.2 * scale, "medium", 1.8 * scale, 2.8 * scale];
  const layer = (id: string, type: "line" | "fill" | "circle", isPlace: boolean, paint: object) =>
    ({
      id,
      type,
      source: "alarms",
      filter: [isPlace ? "==" : "!=", ["geometry-type"], "Point"],
      paint,
    }) as LayerSpecification;
  return [
    // What somebody knows of, and what can wait, has no wash.
    layer("alarm-wash", "fill", false, {
      "fill-color": color,
      "fill-opacity": ["case", ["get", "isKnown"], 0, ["match", ["get", "priority"], "low", 0, 0.14]],
    }),
    layer("alarm-halo", "line", false, { "line-color": tokens["map-halo"], "line-width": 5 * scale }),
    layer("alarm-edge", "line", false, { "line-color": color, "line-width": width }),
    layer("alarm-ring", "circle", true, {
      "circle-radius": 9 * scale,
      "circle-color": color,
      "circle-opacity": ["case", ["get", "isKnown"], 0, 0.3],
      "circle-stroke-color": color,
      "circle-stroke-width": 2.5 * scale,
    }),
  ];
}

function waterNames(ground: Ground): LayerSpecification {
  const names =
    ground.language === "zh" ? ["name:zh-Hans", "name:zh", "name:zh-Hant", "name"] : ["name:en", "name"];
  const said = ["coalesce", ...names.map((one) => ["get", one]), ""];
  // OpenStreetMap writes several names into one, "旧金山港;三藩市港": the first is enough.
  const name = ["slice", said, 0, ["index-of", ";", ["concat", said, ";"]]];
  return {
    id: "water-names",
    type: "symbol",
    source: "basemap",
    "source-layer": "water",
    minzoom: 9,
    filter: [
      "all",
      ["==", ["geometry-type"], "Point"],
      ["in", ["get", "kind"], ["literal", ["bay", "strait", "ocean", "sea", "lake"]]],
    ] as FilterSpecification,
    layout: {
      "text-field": name as never,
      "text-font": labelFonts,
      "text-size": byZoom(ground, [
        [10, 16],
        [14, 20],
      ]),
      "text-letter-spacing": 0.2,
      "text-max-width": 12,
      "text-padding": 6 * ground.scale,
    },
    paint: {
      "text-color": ground.tokens["map-water-label"],
      "text-halo-color": ground.tokens["map-water"],
      "text-halo-width": 1.2 * ground.scale,
    },
  };
}
