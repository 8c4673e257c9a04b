/** What the map needs of the areas besides their polygons: where to write their names, and all that lies beyond. */

import type { Feature, FeatureCollection, MultiPolygon, Point, Position } from "geojson";
import { polygonsOf, type AreaCollection } from "../../shared/areas.ts";
import type { Language, Settings } from "../../shared/city.ts";
import { deepestPoint, depthInside, ringArea, ringBounds, type Ring } from "../../shared/polygon.ts";

type Bounds = Settings["bounds"];
/**
 * West, south, east, north of all areas, as far as they lie within the bounds; the bounds themselves where there are
 * none: a small map has no room for what is around the areas.
 */
export function areasWithin(areas: AreaCollection | null, bounds: Bounds): Bounds {
  const rings = (areas?.features ?? []).flatMap(({ geometry }) =>
    polygonsOf(geometry).map(([outer]) => ringBounds(outer ?? [])),
  );
  const [west, south, east, north] = [
    Math.max(bounds[0], Math.min(...rings.map((one) => one[0]))),
    Math.max(bounds[1], Math.min(...rings.map((one) => one[1]))),
    Math.min(bounds[2], Math.max(...rings.map((one) => one[2]))),
    Math.min(bounds[3], Math.max(...rings.map((one) => one[3]))),
  ];
  return west < east && south < north ? [west, south, east, north] : bounds;
}

/** One label point per area: the place deepest inside its largest polygon, the name in one language, largest first. */
export function areaLabels(
  areas: AreaCollection,
  language: Language,
): FeatureCollection<Point, { id: string; name: string; rank: number }> {
  const labels = areas.features.flatMap(({ geometry, properties }) => {
    const largest = polygonsOf(geometry).toSorted((a, b) => ringArea(b[0] ?? []) - ringArea(a[0] ?? []))[0];
    if (!largest?.[0] || largest[0].length < 4) return [];
    const label: Feature<Point, { id: string; name: string; rank: number }> = {
      type: "Feature",
      properties: { id: properties.id, name: properties.name[language], rank: -ringArea(largest[0]) },
      geometry: { type: "Point", coordinates: deepestPoint(largest) },
    };
    return [label];
  });
  return { type: "FeatureCollection", features: labels };
}

/** Tells which places lie in an area. */
export function landOf(areas: AreaCollection | null): (place: readonly [number, number]) => boolean {
  const land = (areas?.features ?? [])
    .flatMap(({ geometry }) => polygonsOf(geometry))
    .map((rings) => ({ rings, box: ringBounds(rings[0] ?? []) }));
  return ([x, y]) =>
    land.some(
      ({ rings, box: [west, south, east, north] }) =>
        x >= west && x <= east && y >= south && y <= north && depthInside([x, y], rings, 1) > 0,
    );
}

const beyondRows = 480;

/**
 * Everything but the areas, as far as anybody scrolls: what the map dims. Boxes between the areas' crossings of evenly
 * spaced parallels, because neighbouring areas that share a border are no holes that a polygon may have. A row takes in
 * what its neighbours do, so that no coast is dimmed. Without areas nothing lies beyond.
 */
export function beyondAreas(areas: AreaCollection): FeatureCollection<MultiPolygon> {
  const polygons = areas.features.flatMap(({ geometry }) => polygonsOf(geometry));
  const [south, north] = latitudes(polygons);
  if (!(south < north)) return { type: "FeatureCollection", features: [] };
  const height = (north - south) / beyondRows;
  const rows = Array.from({ length: beyondRows }, (_, row) =>
    spansAt(south + (row + 0.5) * height, polygons),
  );
  const boxes = [box(-180, -85, 180, south), box(-180, north, 180, 85)];
  rows.forEach((_, row) => {
    const inside = [...(rows[row - 1] ?? []), ...rows[row]!, ...(rows[row + 1] ?? [])];
    for (const [west, east] of gaps(inside))
      boxes.push(box(west, south + row * height, east, south + (row + 1) * height));
  });
  const geometry: MultiPolygon = { type: "MultiPolygon", coordinates: boxes };
  return { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry }] };
}

/** The zoom whose tiles a wall's own view reads: where the basemap's extract of a city ends. */
const windowZoom = 12;

/**
 * All that lies outside the tiles that hold the city. A basemap is cut out along its tiles, and what was not cut out
 * is neither land nor water.
 */
export function outsideBasemap(
  bounds: readonly [number, number, number, number],
): FeatureCollection<MultiPolygon> {
  const [west, south, east, north] = tileWindow(bounds, windowZoom);
  const boxes = [
    box(-180, -85, 180, south),
    box(-180, north, 180, 85),
    box(-180, south, west, north),
    box(east, south, 180, north),
  ];
  const geometry: MultiPolygon = { type: "MultiPolygon", coordinates: boxes };
  return { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry }] };
}

/** The bounds grown to whole tiles of the web map's grid. */
export function tileWindow(
  [west, south, east, north]: readonly [number, number, number, number],
  zoom: number,
): [number, number, number, number] {
  const tiles = 2 ** zoom;
  const row = (lat: number): number =>
    ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * tiles;
  const latitude = (y: number): number =>
    (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / tiles))) * 180) / Math.PI;
  const longitude = (x: number): number => (x / tiles) * 360 - 180;
  const column = (lon: number): number => ((lon + 180) / 360) * tiles;
  return [
    longitude(Math.floor(column(west))),
    latitude(Math.ceil(row(south))),
    longitude(Math.ceil(column(east))),
    latitude(Math.floor(row(north))),
  ];
}

type Span = readonly [west: number, east: number];

function latitudes(polygons: readonly (readonly Ring[])[]): [number, number] {
  let [south, north] = [Infinity, -Infinity];
  for (const rings of polygons) {
    const [, low, , high] = ringBounds(rings[0] ?? []);
    south = Math.min(south, low);
    north = Math.max(north, high);
  }
  return [south, north];
}

/** Where a parallel runs through the polygons: the even-odd rule, polygon by polygon. */
function spansAt(latitude: number, polygons: readonly (readonly Ring[])[]): Span[] {
  return polygons.flatMap((rings) => {
    const crossings: number[] = [];
    for (const ring of rings)
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [ax, ay] = ring[i] as [number, number];
        const [bx, by] = ring[j] as [number, number];
        if (ay > latitude !== by > latitude) crossings.push(ax + ((latitude - ay) / (by - ay)) * (bx - ax));
      }
    crossings.sort((a, b) => a - b);
    return Array.from({ length: crossings.length >> 1 }, (_, i): Span => [
      crossings[2 * i]!,
      crossings[2 * i + 1]!,
    ]);
  });
}

/** What the spans leave free between 180° west and 180° east. */
function gaps(spans: readonly Span[]): Span[] {
  const free: Span[] = [];
  let reached = -180;
  for (const [west, east] of spans.toSorted((a, b) => a[0] - b[0])) {
    if (west > reached) free.push([reached, west]);
    reached = Math.max(reached, east);
  }
  return [...free, [reached, 180]];
}

function box(west: number, south: number, east: number, north: number): Position[][] {
  return [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ];
}
