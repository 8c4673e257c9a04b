/** Where a Thing is (OGC 18-088 §8.2.2): the first of its Locations that is a point near the city. */

import type { Position } from "../../../../shared/entity.ts";
import { isObject, quote, type JsonObject } from "../body.ts";
import { judgePlace, placeExpectation, type Bounds } from "../place.ts";
import type { Note } from "../note.ts";

/** GeoJSON, as a geometry or a Feature. A notice says what is wrong when there is no place in any of them. */
export function placeIn(locations: readonly JsonObject[], bounds: Bounds, note: Note): Position | null {
  let fault: (() => void) | null = null;
  for (const { location } of locations) {
    const geometry = isObject(location) && location["type"] === "Feature" ? location["geometry"] : location;
    const type = isObject(geometry) ? geometry["type"] : undefined;
    const coordinates: unknown = isObject(geometry) ? geometry["coordinates"] : undefined;
    if (type !== "Point" || !Array.isArray(coordinates)) {
      fault ??= () =>
        note("sensorthings-geometry", "info", `location ${quote(type)}, expected a Point; no place`);
      continue;
    }
    const [lon, lat] = coordinates as readonly unknown[];
    const place = judgePlace(lon, lat, bounds);
    if (typeof place !== "string") return place;
    const text = `location ${quote(lon)}, ${quote(lat)}, expected ${placeExpectation(place)}`;
    fault ??= () => note(`sensorthings-place-${place}`, "warning", text);
  }
  fault?.();
  return null;
}
