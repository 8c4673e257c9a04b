/** The areas of a CAP warning as GeoJSON: polygons, circles and geocodes (CAP 1.2 §3.2.4). */

import type { Geometry, Position as GeoPosition } from "geojson";
import type { Position } from "../../../../shared/entity.ts";
import { isClosed, side } from "../../rings.ts";
import { judgePlace, placeExpectation } from "../place.ts";
import { childrenOf, collapse, textOf, type XmlElement } from "../xml.ts";
import { note, requireText, type Reading } from "./reading.ts";

/** All areas of one warning together. */
export interface Areas {
  /** The descriptions, joined by "; ". */
  readonly areaDesc: string | null;
  /** `<valueName>:<value>` as the publisher writes them. */
  readonly geocodes: readonly string[];
  readonly geometry: Geometry | null;
  /** The centre, only of a warning whose whole area is one circle. */
  readonly position: Position | null;
}

type Ring = GeoPosition[];

const earthRadiusKm = 6371;
const circlePoints = 64;
/** Comparing every side with every other costs the square; rings beyond this are not checked for crossings. */
const maxCheckedPoints = 200;

export function readAreas(reading: Reading, infos: readonly XmlElement[], label: string): Areas {
  const areas = infos.flatMap((info) => childrenOf(info, "area"));
  const descriptions = areas.map((area) => requireText(reading, area, "areaDesc", label));
  const geocodes = distinct(areas.flatMap((area) => childrenOf(area, "geocode").map(readGeocode)));
  const polygons = textsOf(areas, "polygon").map((text) => readPolygon(reading, text, label));
  const circles = textsOf(areas, "circle").map((text) => readCircle(reading, text, label));
  const rings = [...polygons, ...circles.map((circle) => circle && circleRing(circle))].filter(
    (ring) => ring !== null,
  );
  const only = polygons.length === 0 && circles.length === 1 ? circles[0] : null;
  if (areas.length > 0 && rings.length === 0 && !only) noteNoShape(reading, geocodes, label);
  return {
    areaDesc: distinct(descriptions).join("; ") || null,
    geocodes,
    geometry: toGeometry(rings),
    position: only ? [only.lon, only.lat] : null,
  };
}

/** Each once: a publisher may repeat an area in a second block only to add a geocode. */
function distinct(texts: readonly (string | null)[]): string[] {
  return Array.from(new Set(texts)).filter((text) => text !== null);
}

function textsOf(areas: readonly XmlElement[], name: string): string[] {
  return distinct(areas.flatMap((area) => childrenOf(area, name).map((one) => one.text.trim())));
}

function noteNoShape(reading: Reading, geocodes: readonly string[], label: string): void {
  if (geocodes.length > 0)
    note(
      reading,
      "cap-geocodes-only",
      "info",
      label,
      "area",
      geocodes.join(" "),
      "a polygon or circle beside the geocodes",
    );
  else
    note(
      reading,
      "cap-no-area",
      "warning",
      label,
      "area",
      null,
      "a polygon, circle or geocode that can be read",
    );
}

function readGeocode(element: XmlElement): string | null {
  const value = textOf(element, "value");
  const name = textOf(element, "valueName");
  // CAP 1.0 wrote `name=value` as text.
  return value === null ? collapse(element.text) : name === null ? value : `${name}:${value}`;
}

function toGeometry(rings: readonly Ring[]): Geometry | null {
  const [first] = rings;
  if (!first) return null;
  if (rings.length === 1) return { type: "Polygon", coordinates: [first] };
  return { type: "MultiPolygon", coordinates: rings.map((ring) => [ring]) };
}

/** "lat,lon lat,lon …", the last pair like the first, as a closed ring of lon, lat turning left (RFC 7946 §3.1.6). */
function readPolygon(reading: Reading, text: string, label: string): Ring | null {
  const pairs = text.trim().split(/\s+/);
  const ring: Ring = [];
  for (const pair of pairs) {
    const point = readPair(reading, pair, "polygon", label);
    if (point === null) return null;
    ring.push(point);
  }
  if (!isClosed(ring)) {
    note(
      reading,
      "cap-polygon-open",
      "warning",
      label,
      "polygon",
      text,
      "a last pair equal to the first; it was closed",
    );
    ring.push(ring[0]!);
  }
  if (ring.length < 4) {
    note(reading, "cap-polygon-points", "error", label, "polygon", text, "at least 4 pairs");
    return null;
  }
  if (!isBelievable(reading, ring, label)) return null;
  if (ring.length <= maxCheckedPoints && crossesItself(ring))
    note(reading, "cap-polygon-crossing", "warning", label, "polygon", text, "sides that do not cross");
  return turnsLeft(ring) ? ring : ring.reverse();
}

const pairPattern = /^([+-]?\d{1,9}(?:\.\d{0,20})?),([+-]?\d{1,9}(?:\.\d{0,20})?)(,?)$/;

/** One "lat,lon" in the order of GeoJSON. */
function readPair(reading: Reading, pair: string, element: string, label: string): GeoPosition | null {
  const match = pairPattern.exec(pair);
  if (!match) {
    note(reading, "cap-bad-pair", "error", label, `${element} pair`, pair, 'a pair "lat,lon"');
    return null;
  }
  if (match[3] === ",")
    note(reading, "cap-pair-comma", "warning", label, `${element} pair`, pair, "no comma at its end");
  return [Number(match[2]), Number(match[1])];
}

/** A warning may lie anywhere, but not beyond the poles, and not in the city only when turned the other way round. */
function isBelievable(reading: Reading, ring: readonly GeoPosition[], label: string): boolean {
  let isNear = false;
  for (const [lon = Number.NaN, lat = Number.NaN] of ring) {
    const place = judgePlace(lon, lat, reading.bounds);
    if (typeof place !== "string") isNear = true;
    else if (isBeyondPoles(lon, lat) || !(isNear || place === "far" || place === "missing")) {
      note(reading, `cap-place-${place}`, "error", label, "point", `${lat},${lon}`, placeExpectation(place));
      return false;
    }
  }
  return true;
}

function isBeyondPoles(lon: number, lat: number): boolean {
  return Math.abs(lon) > 180 || Math.abs(lat) > 90;
}

interface Circle {
  readonly lon: number;
  readonly lat: number;
  readonly radiusKm: number;
}

/** "lat,lon radius" with the radius in kilometres; 0 is a place without extent. */
function readCircle(reading: Reading, text: string, label: string): Circle | null {
  const [pair = "", radius = "", ...rest] = text.trim().split(/\s+/);
  const centre = readPair(reading, pair, "circle", label);
  if (centre === null) return null;
  const radiusKm = /^\d{1,9}(\.\d{0,20})?$/.test(radius) ? Number(radius) : Number.NaN;
  if (rest.length > 0 || !(radiusKm <= Math.PI * earthRadiusKm)) {
    note(reading, "cap-bad-circle", "error", label, "circle", text, '"lat,lon radius" with kilometres');
    return null;
  }
  const [lon = 0, lat = 0] = centre;
  return isBelievable(reading, [centre], label) ? { lon, lat, radiusKm } : null;
}

/** The circle on the sphere as a ring of 64 points; `null` for one without extent. */
function circleRing({ lon, lat, radiusKm }: Circle): Ring | null {
  if (radiusKm === 0) return null;
  const ring: Ring = [];
  for (let at = 0; at < circlePoints; at++) {
    // Against the clock, so that the ring turns left.
    ring.push(destination(lon, lat, radiusKm, -(at / circlePoints) * 2 * Math.PI));
  }
  ring.push(ring[0]!);
  return ring;
}

/** Where a great circle leads from a point, `bearing` in radians from north. */
function destination(lon: number, lat: number, distanceKm: number, bearing: number): GeoPosition {
  const angle = distanceKm / earthRadiusKm;
  const phi = toRadians(lat);
  const sine = Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing);
  const y = Math.sin(bearing) * Math.sin(angle) * Math.cos(phi);
  const toLon = lon + toDegrees(Math.atan2(y, Math.cos(angle) - Math.sin(phi) * sine));
  return [round(((toLon + 540) % 360) - 180), round(toDegrees(Math.asin(Math.max(-1, Math.min(1, sine)))))];
}

const toRadians = (degrees: number): number => (degrees * Math.PI) / 180;
const toDegrees = (radians: number): number => (radians * 180) / Math.PI;
/** To about 10 cm. */
const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

function turnsLeft(ring: readonly GeoPosition[]): boolean {
  let doubleArea = 0;
  for (let at = 1; at < ring.length; at++) {
    const [x1 = 0, y1 = 0] = ring[at - 1]!;
    const [x2 = 0, y2 = 0] = ring[at]!;
    doubleArea += x1 * y2 - x2 * y1;
  }
  return doubleArea >= 0;
}

function crossesItself(ring: readonly GeoPosition[]): boolean {
  const sides = ring.length - 1;
  for (let a = 0; a < sides; a++) {
    for (let b = a + 2; b < sides; b++) {
      const areNeighbours = a === 0 && b === sides - 1;
      if (!areNeighbours && cross(ring[a]!, ring[a + 1]!, ring[b]!, ring[b + 1]!)) return true;
    }
  }
  return false;
}

/** Whether two sides cross at a point inside both. */
function cross(a: GeoPosition, b: GeoPosition, c: GeoPosition, d: GeoPosition): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}
