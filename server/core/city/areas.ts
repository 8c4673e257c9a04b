/** Which area of each level a place lies in: bounding boxes in an R-tree, then the even-odd rule. */

import Flatbush from "flatbush";
import type { MultiPolygon, Polygon, Position as Vertex } from "geojson";
import type { Position } from "../../../shared/entity.ts";

export interface Area {
  readonly id: string;
  readonly geometry: Polygon | MultiPolygon;
}

/** One group key (`area.district:harbour`) or `null` per level, in the order of the levels. */
export type AreaKeys = readonly (string | null)[];

export interface AreaIndex {
  readonly levels: readonly string[];
  /** The group keys of all areas of a level. */
  keysOf(level: string): readonly string[];
  locate(position: Position | null): AreaKeys;
}

export function areaKey(level: string, id: string): string {
  return `area.${level}:${id}`;
}

/** Builds the index once per epoch. Holes are honoured; on a shared border the first area in file order wins. */
export function indexAreas(
  levels: readonly { readonly level: string; readonly areas: readonly Area[] }[],
): AreaIndex {
  const located = levels.map(({ level, areas }) => levelIndex(level, areas));
  const nowhere: AreaKeys = levels.map(() => null);
  return {
    levels: levels.map(({ level }) => level),
    keysOf: (level) => located.find((index) => index.level === level)?.keys ?? [],
    locate: (position) => (position === null ? nowhere : located.map((index) => index.locate(position))),
  };
}

function levelIndex(level: string, areas: readonly Area[]) {
  const keys = areas.map((area) => areaKey(level, area.id));
  const polygons = areas.flatMap(({ geometry }, area) =>
    (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates).map((rings) => ({
      area,
      rings,
    })),
  );
  const tree = polygons.length > 0 ? new Flatbush(polygons.length) : null;
  for (const { rings } of polygons) {
    const box = boundsOf(rings[0] ?? []);
    tree!.add(box[0], box[1], box[2], box[3]);
  }
  tree?.finish();
  return {
    level,
    keys,
    locate([lon, lat]: Position): string | null {
      let first = Number.POSITIVE_INFINITY;
      for (const i of tree?.search(lon, lat, lon, lat) ?? []) {
        const { area, rings } = polygons[i]!;
        if (area < first && insideRings(lon, lat, rings)) first = area;
      }
      return keys[first] ?? null;
    },
  };
}

function boundsOf(ring: readonly Vertex[]): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of ring as readonly [number, number][]) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

/** Even-odd rule over the outer ring and the holes together. */
function insideRings(lon: number, lat: number, rings: readonly (readonly Vertex[])[]): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [lonI, latI] = ring[i] as [number, number];
      const [lonJ, latJ] = ring[j] as [number, number];
      if (latI > lat !== latJ > lat && lon < ((lonJ - lonI) * (lat - latI)) / (latJ - latI) + lonI)
        inside = !inside;
    }
  }
  return inside;
}
