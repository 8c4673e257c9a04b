/** The polygons of one area level as they travel to clients (`/api/v1/areas/{level}`). */

import type { FeatureCollection, MultiPolygon, Polygon } from "geojson";
import type { Text } from "./city.ts";

export interface AreaProperties {
  /** As in the group key `area.<level>:<id>`. */
  readonly id: string;
  readonly name: Text;
}

export type AreaCollection = FeatureCollection<Polygon | MultiPolygon, AreaProperties>;
