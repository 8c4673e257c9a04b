/** The ground of a map of areas, out of the city's basemap at a zoom where it is little: water and main roads. */

import { open } from "node:fs/promises";
import { VectorTile, type VectorTileFeature } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { PMTiles } from "pmtiles";
import type { MapGround } from "../../shared/briefing.ts";
import { ringBounds } from "../../shared/polygon.ts";

/** Of longitudes and latitudes. */
type Line = readonly (readonly number[])[];
type Bounds = readonly [west: number, south: number, east: number, north: number];

const tilesAtMost = 4;
/** Of all lines together: some ten kilobytes. */
const placesAtMost = 1_500;
/** The last one leaves out what is shorter than twice the width of the picture. */
const roundsAtMost = 18;
/** `kind_detail` as OpenStreetMap classes them. */
const mainRoads: ReadonlySet<unknown> = new Set(["motorway", "trunk", "primary"]);

/** Around these rings, of a PMTiles file with layers as Protomaps names them; `null` where it has none of it or cannot be read. */
export async function readGround(
  path: string | null,
  rings: readonly Line[],
): Promise<Omit<MapGround, "attribution"> | null> {
  if (path === null || rings.length === 0) return null;
  const file = await open(path).catch(() => null);
  if (!file) return null;
  try {
    const archive = new PMTiles({
      getKey: () => path,
      async getBytes(offset, length) {
        const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset);
        return { data: buffer.buffer.slice(0, bytesRead) };
      },
    });
    const bounds = around(rings);
    const drawn = await readLines(archive, bounds);
    return drawn.water.length + drawn.roads.length === 0 ? null : thinned(drawn, bounds);
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

/** With a margin, so that the shore goes on to the edge of the picture. */
function around(rings: readonly Line[]): Bounds {
  const boxes = rings.map(ringBounds);
  const [west, south, east, north] = [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
  const [x, y] = [(east - west) / 10, (north - south) / 10];
  return [west - x, south - y, east + x, north + y];
}

async function readLines(
  archive: PMTiles,
  bounds: Bounds,
): Promise<{ water: (readonly Line[])[]; roads: Line[] }> {
  const { minZoom, maxZoom } = await archive.getHeader();
  let zoom = minZoom;
  while (zoom < maxZoom && tilesOf(bounds, zoom + 1).length <= tilesAtMost) zoom++;
  const water: (readonly Line[])[] = [];
  const roads: Line[] = [];
  for (const [x, y] of tilesOf(bounds, zoom)) {
    const tile = await archive.getZxy(zoom, x, y);
    if (!tile) continue;
    const { layers } = new VectorTile(new PbfReader(new Uint8Array(tile.data)));
    const features = (name: string): VectorTileFeature[] =>
      Array.from({ length: layers[name]?.length ?? 0 }, (_, i) => layers[name]!.feature(i));
    for (const feature of features("water")) water.push(...polygonsOf(feature, x, y, zoom));
    for (const feature of features("roads"))
      if (mainRoads.has(feature.properties["kind_detail"])) roads.push(...linesOf(feature, x, y, zoom));
  }
  return {
    water: water.filter(([outer]) => outer && touches(outer, bounds)),
    roads: roads.filter((line) => touches(line, bounds)),
  };
}

/** Columns and rows of the tiles of a zoom that touch the bounds (Web Mercator). */
function tilesOf([west, south, east, north]: Bounds, zoom: number): [number, number][] {
  const count = 2 ** zoom;
  const column = (lon: number): number => Math.floor(((lon + 180) / 360) * count);
  const row = (lat: number): number => {
    const sine = Math.sin((lat * Math.PI) / 180);
    return Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * count);
  };
  const tiles: [number, number][] = [];
  for (let x = column(west); x <= column(east); x++)
    for (let y = row(north); y <= row(south); y++) tiles.push([x, y]);
  return tiles;
}

function polygonsOf(feature: VectorTileFeature, x: number, y: number, zoom: number): (readonly Line[])[] {
  const { geometry } = feature.toGeoJSON(x, y, zoom);
  if (geometry.type === "Polygon") return [geometry.coordinates];
  return geometry.type === "MultiPolygon" ? geometry.coordinates : [];
}

function linesOf(feature: VectorTileFeature, x: number, y: number, zoom: number): Line[] {
  const { geometry } = feature.toGeoJSON(x, y, zoom);
  if (geometry.type === "LineString") return [geometry.coordinates];
  return geometry.type === "MultiLineString" ? geometry.coordinates : [];
}

function touches(line: Line, [west, south, east, north]: Bounds): boolean {
  const [left, bottom, right, top] = ringBounds(line);
  return left < east && right > west && bottom < north && top > south;
}

/**
 * As fine as a picture of a few hundred pixels, and coarser until all of it is little, without what is smaller than that;
 * `null` where it is never little, or nothing is left.
 */
export function thinned(
  { water, roads }: { water: readonly (readonly Line[])[]; roads: readonly Line[] },
  [west, , east]: Bounds,
): Omit<MapGround, "attribution"> | null {
  for (let [step, round] = [(east - west) / 600, 0]; round < roundsAtMost; step *= 1.5, round++) {
    const ground = {
      water: water
        .map((polygon) => polygon.map((ring) => coarse(ring, step)).filter((ring) => ring.length > 3))
        .filter((polygon) => polygon.length > 0),
      roads: roads.map((line) => coarse(line, step)).filter((line) => isSeen(line, step)),
    };
    const places = [...ground.water.flat(), ...ground.roads].reduce((sum, line) => sum + line.length, 0);
    if (places <= placesAtMost) return places > 0 ? ground : null;
  }
  return null;
}

function isSeen(line: Line, step: number): boolean {
  const [[fromLon, fromLat], [toLon, toLat]] = [line[0]!, line.at(-1)!];
  return line.length > 2 || Math.hypot(toLon! - fromLon!, toLat! - fromLat!) >= step;
}

/** Without places nearer than `step` degrees to the one before; its ends stay. */
function coarse(line: Line, step: number): [number, number][] {
  const kept: [number, number][] = [];
  line.forEach(([lon = 0, lat = 0], i) => {
    const before = kept.at(-1);
    const isFar = !before || Math.hypot(lon - before[0], lat - before[1]) >= step;
    if (isFar || i === line.length - 1) kept.push([rounded(lon), rounded(lat)]);
  });
  return kept;
}

/** To ten metres. */
function rounded(degrees: number): number {
  return Math.round(degrees * 1e4) / 1e4;
}
