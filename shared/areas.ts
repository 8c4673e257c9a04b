/** The polygons of one area level as they travel to clients (`/api/v1/areas/{level}`). */

import type { FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import type { AreaLevel, Text } from "./city.ts";

export interface AreaProperties {
  /** As in the group key `area.<level>:<id>`. */
  readonly id: string;
  readonly name: Text;
}

export type AreaCollection = FeatureCollection<Polygon | MultiPolygon, AreaProperties>;

export interface Area extends AreaProperties {
  /** Other names that sources use for it. */
  readonly aliases: readonly string[];
  /** Inhabitants, where the file says how many; `null` where it does not. */
  readonly population: number | null;
  /** WGS 84 degrees, longitude first (RFC 7946). */
  readonly geometry: Polygon | MultiPolygon;
}

/** One level of areas, as the city folder has it. */
export interface AreaLayer extends AreaLevel {
  readonly areas: readonly Area[];
}

/** The polygons of a geometry, each a list of rings. */
export function polygonsOf(geometry: Polygon | MultiPolygon): readonly (readonly (readonly Position[])[])[] {
  return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
}

export function toAreaCollection({ areas }: AreaLayer): AreaCollection {
  return {
    type: "FeatureCollection",
    features: areas.map(({ id, name, geometry }) => ({
      type: "Feature",
      id,
      properties: { id, name },
      geometry,
    })),
  };
}
