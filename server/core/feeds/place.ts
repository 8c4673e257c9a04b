/** Whether a reported place can be believed: the faults that turn up in every standard that has coordinates. */

import type { Position } from "../../../shared/entity.ts";

/** West, south, east, north in degrees; west is greater than east across the antimeridian. */
export type Bounds = readonly [number, number, number, number];

/**
 * `sign`: it would lie in the city with the other sign of one number, mostly a western longitude without its minus.
 * `metres`: Web Mercator (EPSG:3857) numbers where degrees belong. `far`: valid, but nowhere near the city.
 */
export type PlaceFault = "missing" | "zero" | "impossible" | "swapped" | "sign" | "metres" | "far";

/** A suppliers' region reaches beyond the city (San Jose is 60 km from San Francisco); another state is an error. */
export const farKilometres = 100;

const kilometresPerDegree = 111.2;
const mercatorRadiusMetres = 6_378_137;
const mercatorLimitMetres = Math.PI * mercatorRadiusMetres;

/**
 * The place, or what is wrong with it. `lon` and `lat` in degrees as the source gives them; anything that is no finite
 * number is missing.
 */
export function judgePlace(lon: unknown, lat: unknown, bounds: Bounds): Position | PlaceFault {
  if (!isFiniteNumber(lon) || !isFiniteNumber(lat)) return "missing";
  if (lon === 0 && lat === 0) return "zero";
  if (isNear(lon, lat, bounds)) return [lon, lat];
  if (isNear(lat, lon, bounds)) return "swapped";
  if (isNear(-lon, lat, bounds) || isNear(lon, -lat, bounds)) return "sign";
  if (isDegrees(lon, lat)) return "far";
  return isMercatorNear(lon, lat, bounds) ? "metres" : "impossible";
}

/** What was wrong, in words that finish "…, expected". */
export function placeExpectation(fault: PlaceFault): string {
  switch (fault) {
    case "missing":
      return "a longitude and a latitude in degrees";
    case "zero":
      return "a place, not 0°, 0°";
    case "impossible":
      return "longitude within ±180 and latitude within ±90 degrees";
    case "swapped":
      return "longitude and latitude the other way round: swapped, they lie in the city";
    case "sign":
      return "the other sign: with it the place lies in the city";
    case "metres":
      return "degrees, not the metres of EPSG:3857";
    case "far":
      return `a place within ${farKilometres} km of the city`;
  }
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isDegrees(lon: number, lat: number): boolean {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
}

function isNear(lon: number, lat: number, bounds: Bounds): boolean {
  return isDegrees(lon, lat) && kilometresOutside(lon, lat, bounds) <= farKilometres;
}

function isMercatorNear(x: number, y: number, bounds: Bounds): boolean {
  if (Math.abs(x) > mercatorLimitMetres || Math.abs(y) > mercatorLimitMetres) return false;
  const lon = (x / mercatorLimitMetres) * 180;
  const lat = (Math.atan(Math.sinh(y / mercatorRadiusMetres)) * 180) / Math.PI;
  return isNear(lon, lat, bounds);
}

/** Distance to the bounds, good to a percent or two at city scale; 0 inside. */
function kilometresOutside(lon: number, lat: number, [west, south, east, north]: Bounds): number {
  if (lon >= west && lon <= east && lat >= south && lat <= north) return 0;
  const northSouth = Math.max(south - lat, lat - north, 0);
  const width = (east - west + 360) % 360 || (east === west ? 0 : 360);
  const past = (lon - west + 360) % 360;
  const eastWest = past <= width ? 0 : Math.min(past - width, 360 - past);
  return Math.hypot(northSouth, eastWest * Math.cos((lat * Math.PI) / 180)) * kilometresPerDegree;
}
