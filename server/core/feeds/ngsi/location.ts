/** Where an entity says that it is. */

import type { Position } from "../../../../shared/entity.ts";
import { isObject, quote } from "../body.ts";
import { judgePlace, placeExpectation, type Bounds } from "../place.ts";
import type { Note } from "../note.ts";

/** A GeoJSON Point, or NGSIv2's `geo:point`, whose numbers are the other way round: `lat, lon`. */
export function placeOf(location: unknown, bounds: Bounds, note: Note): Position | null {
  const type = isObject(location) ? location["type"] : undefined;
  if (isObject(location) && type !== "Point") {
    note("ngsi-geometry", "info", `location ${quote(type)}, expected a Point; it has no place`);
    return null;
  }
  const [lon, lat] = isObject(location) ? coordinatesOf(location["coordinates"]) : simplePoint(location);
  const place = judgePlace(lon, lat, bounds);
  if (typeof place !== "string") return place;
  const isThere = location !== undefined && location !== null;
  const found = isThere ? `location ${quote(lon)}, ${quote(lat)}` : "no location";
  const severity = place === "missing" ? "info" : "warning";
  note(`ngsi-place-${place}`, severity, `${found}, expected ${placeExpectation(place)}`);
  return null;
}

function coordinatesOf(coordinates: unknown): readonly unknown[] {
  return Array.isArray(coordinates) ? (coordinates as unknown[]) : [];
}

function simplePoint(text: unknown): readonly unknown[] {
  return typeof text === "string" ? text.split(",").map(Number).toReversed() : [];
}
