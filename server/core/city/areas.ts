/** Which area of each level a place lies in: bounding boxes in an R-tree, then the even-odd rule. */

import Flatbush from "flatbush";
import type { Geometry, MultiPolygon, Polygon, Position as Vertex } from "geojson";
import { polygonsOf } from "../../../shared/areas.ts";
import type { Position } from "../../../shared/entity.ts";
import { side } from "../rings.ts";

export interface Area {
  readonly id: string;
  readonly geometry: Polygon | MultiPolygon;
}

/**
 * Per level, in the order of the levels: the group key (`area.district:harbour`) of the area a place lies in, `null`
 * for none; of a thing with an extent the keys of all areas that it touches. Places in the same areas share one list, of
 * which there are few; extents touch ever new sets of areas, and each has a list of its own that goes with it.
 */
export type AreaKeys = readonly (string | null | readonly string[])[];

export interface AreaIndex {
  readonly levels: readonly string[];
  /** The group keys of all areas of a level. */
  keysOf(level: string): readonly string[];
  /** By its extent where `geometry` is a polygon, else by its place. */
  locate(position: Position | null, geometry?: Geometry): AreaKeys;
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
  const known = new Map([[nowhere.join("\n"), nowhere]]);
  return {
    levels: levels.map(({ level }) => level),
    keysOf: (level) => located.find((index) => index.level === level)?.keys ?? [],
    locate(position, geometry) {
      if (geometry?.type === "Polygon" || geometry?.type === "MultiPolygon") {
        const extent = polygonsOf(geometry);
        return located.map((index) => index.touching(extent));
      }
      if (position === null) return nowhere;
      const keys = located.map((index) => index.locate(position));
      const name = keys.join("\n");
      const same = known.get(name);
      if (!same) known.set(name, keys);
      return same ?? keys;
    },
  };
}

function levelIndex(level: string, areas: readonly Area[]) {
  const keys = areas.map((area) => areaKey(level, area.id));
  const polygons = areas.flatMap(({ geometry }, area) =>
    polygonsOf(geometry).map((rings) => ({ area, rings })),
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
    touching(extent: readonly Rings[]): readonly string[] {
      const touched = new Set<number>();
      for (const rings of extent) {
        for (const i of tree?.search(...boundsOf(rings[0] ?? [])) ?? []) {
          const { area, rings: ofArea } = polygons[i]!;
          if (!touched.has(area) && meet(rings, ofArea)) touched.add(area);
        }
      }
      return [...touched].toSorted((a, b) => a - b).map((area) => keys[area]!);
    },
  };
}

type Rings = readonly (readonly Vertex[])[];

/** Whether two polygons have a point in common: one holds a corner of the other, or their sides cross. */
function meet(a: Rings, b: Rings): boolean {
  const holdsCorner = (holder: Rings, other: Rings): boolean =>
    other.some((ring) => ring.some(([lon, lat]) => insideRings(lon!, lat!, holder)));
  return holdsCorner(a, b) || holdsCorner(b, a) || a.some((one) => b.some((other) => cross(one, other)));
}

function cross(a: readonly Vertex[], b: readonly Vertex[]): boolean {
  for (let i = 1; i < a.length; i++) {
    const [p, q] = [a[i - 1]!, a[i]!];
    for (let j = 1; j < b.length; j++) {
      const [r, s] = [b[j - 1]!, b[j]!];
      if (side(p, q, r) * side(p, q, s) <= 0 && side(r, s, p) * side(r, s, q) <= 0 && overlap(p, q, r, s))
        return true;
    }
  }
  return false;
}

/** Whether the boxes of two sides overlap: sides on one line may lie apart. */
function overlap(p: Vertex, q: Vertex, r: Vertex, s: Vertex): boolean {
  return [0, 1].every(
    (axis) =>
      Math.min(p[axis]!, q[axis]!) <= Math.max(r[axis]!, s[axis]!) &&
      Math.min(r[axis]!, s[axis]!) <= Math.max(p[axis]!, q[axis]!),
  );
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
