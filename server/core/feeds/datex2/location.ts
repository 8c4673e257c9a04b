/**
 * Where a record is (DATEX II, LocationReference and GroupOfLocations): points, lines and areas by coordinates, groups of
 * them, and Alert-C references, which only a location table can place.
 */

import type { Geometry, Position as GeoPosition } from "geojson";
import type { Position } from "../../../../shared/entity.ts";
import type { AlertCLocation, AlertCPoint } from "../../../../shared/situation.ts";
import { judgePlace, placeExpectation } from "../place.ts";
import { collapse, findElement, findElements, type XmlElement } from "../xml.ts";
import { midway } from "./line.ts";
import {
  childrenNamed,
  findChild,
  findWithin,
  isDatex,
  multilingualIn,
  note,
  numberAt,
  wordOf,
  type RecordReading,
} from "./reading.ts";

export interface Place {
  readonly position: Position | null;
  /** `null` for a single point: points live in the position. */
  readonly geometry: Geometry | null;
  readonly quality: "good" | "estimated";
  /** Only where there are no coordinates but a supplier's for display. */
  readonly alertC: readonly AlertCLocation[];
}

const nowhere: Place = { position: null, geometry: null, quality: "good", alertC: [] };

/** More members of a group and more places of one line than any happening has. */
const maxMembers = 500;
const maxPlaces = 20_000;

export function readPlace(reading: RecordReading, record: XmlElement): Place {
  const members = membersIn(record);
  const shapes = members.flatMap((member) => shapesOf(reading, member));
  if (shapes.length > 0) return { ...placeOf(shapes), alertC: [] };
  const alertC = members.flatMap((member) => alertCOf(reading, member));
  const display = members.map((member) => displayOf(reading, member)).find((place) => place !== null) ?? null;
  if (alertC.length === 0 && !display) noteUnread(reading, members);
  if (alertC.length > 0)
    note(
      reading,
      "datex2-alert-c",
      "info",
      "the location reference",
      `Alert-C code ${alertC[0]!.primary.code}`,
      "coordinates; a location table gives its place",
    );
  return { ...nowhere, position: display, quality: display ? "estimated" : "good", alertC };
}

/** Whether a record says anything about where it is; an empty reference leaves that to its situation. */
export function refersToPlace(record: XmlElement): boolean {
  return membersIn(record).some(({ children }) => children.some((child) => !isBeside(child)));
}

function membersIn(record: XmlElement): XmlElement[] {
  return referencesOf(record).flatMap(membersOf).slice(0, maxMembers);
}

/** 2.x `groupOfLocations`, 3.x `locationReference`. */
function referencesOf(record: XmlElement): XmlElement[] {
  return ["groupOfLocations", "locationReference"].flatMap((name) => childrenNamed(record, name));
}

/** What a location may say beside where it is; 2.x keeps OpenLR in an extension. */
function isBeside(element: XmlElement): boolean {
  const { name } = element;
  if (name.endsWith("Extension")) return findElement(element, isOpenLr) === null;
  return ["supplementaryPositionalDescription", "externalReferencing", "destination"].includes(name);
}

/**
 * The single locations of a group, an itinerary in the order of its index: `locationContainedInGroup` and
 * `locationContainedInItinerary/location`; a location alone is its own only member.
 */
function membersOf(location: XmlElement): XmlElement[] {
  const grouped = childrenNamed(location, "locationContainedInGroup");
  const indexed = childrenNamed(location, "locationContainedInItinerary").toSorted(
    (a, b) => Number(a.attributes.get("index") ?? 0) - Number(b.attributes.get("index") ?? 0),
  );
  const members = [...grouped, ...indexed.flatMap((stop) => childrenNamed(stop, "location"))];
  return members.length === 0 ? [location] : members.flatMap(membersOf);
}

type Shape =
  | { readonly type: "point"; readonly at: Position }
  /** `isChord`: only the ends are known, not the way between. */
  | { readonly type: "line"; readonly line: GeoPosition[]; readonly isChord: boolean }
  | { readonly type: "polygon"; readonly rings: GeoPosition[][] };

/** The shapes in coordinates of a single location; none when there are none, or none that can be believed. */
function shapesOf(reading: RecordReading, member: XmlElement): Shape[] {
  const polygons = findElements(member, (element) => findChild(element, "exterior") !== null);
  if (polygons.length > 0) return polygons.flatMap((polygon) => polygonOf(reading, polygon) ?? []);
  const lines = within(member, "posList")
    .map((list) => positionsOf(reading, list))
    .filter((line) => line !== null);
  if (lines.length > 0) return lines.map((line) => ({ type: "line", line, isChord: false }));
  const points = within(member, "pointCoordinates")
    .map((point) => positionOf(reading, point))
    .filter((position) => position !== null);
  if (points.length < 2) return points.map((at) => ({ type: "point", at }));
  // A linear location by its two ends, as TPEG tells it.
  return [{ type: "line", line: points.map(([lon, lat]) => [lon, lat]), isChord: points.length === 2 }];
}

/** At any depth, but not in an OpenLR reference: its points lie on a map that nobody here has. */
function within(member: XmlElement, name: string): XmlElement[] {
  return findElements(member, (element) => element.name === name || isOpenLr(element)).filter(
    (element) => element.name === name && isDatex(element),
  );
}

function isOpenLr({ name }: XmlElement): boolean {
  return /^openlr/i.test(name);
}

/** A GmlPolygon of 3.x has an `exterior` ring, and holes as `interior` ones. */
function polygonOf(reading: RecordReading, polygon: XmlElement): Shape | null {
  const [exterior, ...holes] = ["exterior", "interior"]
    .flatMap((name) => childrenNamed(polygon, name))
    .map((ring) => {
      const list = findWithin(ring, "posList");
      const places = list && positionsOf(reading, list);
      return places && places.length > 2 ? closedRing(places) : null;
    });
  return exterior ? { type: "polygon", rings: [exterior, ...holes.filter((ring) => ring !== null)] } : null;
}

function closedRing(ring: readonly GeoPosition[]): GeoPosition[] {
  const [first, last] = [ring[0]!, ring.at(-1)!];
  return first[0] === last[0] && first[1] === last[1] ? [...ring] : [...ring, first];
}

/**
 * The places of a `posList`: latitude first, as in the standard's default "ETRS89-LatLonh", and in threes where
 * `srsDimension` says so. Some publishers write longitude first: believed where only that lies in the city's region.
 */
function positionsOf(reading: RecordReading, list: XmlElement): GeoPosition[] | null {
  const numbers = list.text
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const size = /^3$/.test(list.attributes.get("srsDimension") ?? "") ? 3 : 2;
  if (numbers.length < size * 2 || numbers.length % size !== 0 || !numbers.every(Number.isFinite)) {
    note(
      reading,
      "datex2-bad-line",
      "error",
      "posList",
      list.text.trim(),
      `numbers in ${size === 3 ? "threes" : "pairs"}`,
    );
    return null;
  }
  if (numbers.length > size * maxPlaces) {
    note(
      reading,
      "datex2-bad-line",
      "error",
      "posList",
      `${numbers.length / size} places`,
      `at most ${maxPlaces}`,
    );
    return null;
  }
  const pairs = Array.from(
    { length: numbers.length / size },
    (_, i) => [numbers[i * size]!, numbers[i * size + 1]!] as const,
  );
  const isTurned = pairs.some(([a, b]) => judgePlace(b, a, reading.bounds) === "swapped");
  if (isTurned)
    note(
      reading,
      "datex2-longitude-first",
      "warning",
      "posList",
      pairs[0]!.join(" "),
      "latitude before longitude; it is read so",
    );
  const places = pairs.map(([a, b]) => believed(reading, "posList", isTurned ? [a, b] : [b, a]));
  return places.every((place) => place !== null) ? places.map(([lon, lat]) => [lon, lat]) : null;
}

/** `latitude` and `longitude` of a PointCoordinates. */
function positionOf(reading: RecordReading, point: XmlElement): Position | null {
  const [lon, lat] = [numberAt(point, "longitude"), numberAt(point, "latitude")];
  return believed(reading, point.name, [lon, lat]);
}

/** A national publication speaks of places far from the city, and rightly so; any other fault loses the place. */
function believed(
  reading: RecordReading,
  element: string,
  [lon, lat]: readonly [number | null, number | null],
): Position | null {
  const place = judgePlace(lon, lat, reading.bounds);
  if (typeof place !== "string") return place;
  if (place === "far") return [lon!, lat!];
  note(reading, `datex2-place-${place}`, "error", element, `${lat}, ${lon}`, placeExpectation(place));
  return null;
}

/** Polygons before lines before points: what has an extent says more than what has none. */
function placeOf(shapes: readonly Shape[]): Omit<Place, "alertC"> {
  const polygons = shapes.flatMap((shape) => (shape.type === "polygon" ? [shape.rings] : []));
  const lines = shapes.flatMap((shape) => (shape.type === "line" ? [shape] : []));
  const points = shapes.flatMap((shape) => (shape.type === "point" ? [shape.at] : []));
  if (polygons.length > 0) {
    const geometry: Geometry =
      polygons.length === 1
        ? { type: "Polygon", coordinates: polygons[0]! }
        : { type: "MultiPolygon", coordinates: polygons };
    return { position: middleOf(polygons[0]![0]!), geometry, quality: "good" };
  }
  if (lines.length > 0) {
    const geometry: Geometry =
      lines.length === 1
        ? { type: "LineString", coordinates: lines[0]!.line }
        : { type: "MultiLineString", coordinates: lines.map(({ line }) => line) };
    const quality = lines.some(({ isChord }) => isChord) ? "estimated" : "good";
    return { position: midway(lines[0]!.line), geometry, quality };
  }
  const coordinates = points.map(([lon, lat]) => [lon, lat]);
  return {
    position: points[0] ?? null,
    geometry: points.length > 1 ? { type: "MultiPoint", coordinates } : null,
    quality: "good",
  };
}

/** The middle of a ring's box, for a symbol. */
function middleOf(ring: readonly GeoPosition[]): Position {
  const of = (axis: 0 | 1): number => {
    const numbers = ring.map((place) => place[axis]!);
    return (numbers.reduce((a, b) => Math.min(a, b)) + numbers.reduce((a, b) => Math.max(a, b))) / 2;
  };
  return [of(0), of(1)];
}

/** 2.x `locationForDisplay`, 3.x `coordinatesForDisplay`: where a supplier would draw it. */
function displayOf(reading: RecordReading, member: XmlElement): Position | null {
  const point = findChild(member, "locationForDisplay") ?? findChild(member, "coordinatesForDisplay");
  return point && positionOf(reading, point);
}

const alertCTypes = { alertCPoint: "point", alertCLinear: "linear", alertCArea: "area" } as const;

function alertCOf(reading: RecordReading, member: XmlElement): AlertCLocation[] {
  return Object.entries(alertCTypes).flatMap(([name, type]) =>
    childrenNamed(member, name).flatMap((element) => alertCIn(reading, element, type) ?? []),
  );
}

function alertCIn(
  reading: RecordReading,
  element: XmlElement,
  type: AlertCLocation["type"],
): AlertCLocation | null {
  const tableNumber = numberAt(element, "alertCLocationTableNumber");
  const line = findChild(element, "locationCodeForLinearLocation");
  const area = findChild(element, "areaLocation");
  const primary = pointOf(element, /PrimaryPointLocation$/);
  const whole = line ?? area;
  if (whole) {
    const code = codeOf(whole);
    if (code !== null)
      return { tableNumber, type: line ? "line" : type, primary: { code, offsetMetres: 0 }, secondary: null };
  } else if (primary) {
    return { tableNumber, type, primary, secondary: pointOf(element, /SecondaryPointLocation$/) };
  }
  const written = findWithin(element, "specificLocation");
  note(
    reading,
    "datex2-bad-code",
    "error",
    element.name,
    written && wordOf(written),
    "a location code, 1 to 65535",
  );
  return null;
}

/** `alertCMethod2PrimaryPointLocation`, `alertCMethod4SecondaryPointLocation` and their kin. */
function pointOf(element: XmlElement, name: RegExp): AlertCPoint | null {
  const point = element.children.find((child) => name.test(child.name) && isDatex(child));
  const location = point && (findChild(point, "alertCLocation") ?? point);
  const code = location ? codeOf(location) : null;
  if (!point || code === null) return null;
  const offset = numberAt(point, "offsetDistance", "offsetDistance") ?? 0;
  return { code, offsetMetres: Math.max(0, offset) };
}

function codeOf(element: XmlElement): number | null {
  const code = numberAt(element, "specificLocation");
  return code !== null && Number.isInteger(code) && code > 0 && code < 65_536 ? code : null;
}

/** What stands there instead of coordinates and codes. */
function noteUnread(reading: RecordReading, members: readonly XmlElement[]): void {
  const [first] = members.flatMap(({ children }) => children.filter((child) => !isBeside(child)));
  if (!first) return;
  const isOpen = findElement(first, isOpenLr) !== null;
  note(
    reading,
    isOpen ? "datex2-openlr" : "datex2-reference",
    "info",
    "the location reference",
    first.name,
    "coordinates or an Alert-C code; the record is kept without a place",
  );
}

/**
 * Road number and name wherever the location reference says them: a linear element's, a reference point's, a
 * description's, or a TPEG name of that type.
 */
export function readRoad(
  reading: RecordReading,
  record: XmlElement,
): { readonly roadNumber: string | null; readonly roadName: string | null } {
  const references = referencesOf(record);
  const find = (name: string): string | null => {
    const element = references.flatMap((reference) => findWithin(reference, name) ?? [])[0];
    return element ? collapse(multilingualIn(reading, element)) : null;
  };
  const tpegNames = references.flatMap((reference) => findElements(reference, isTpegName));
  const tpeg = (...types: readonly string[]): string | null => {
    const named = tpegNames.find(({ children }) => children.some(({ text }) => types.includes(text.trim())));
    const descriptor = named && findChild(named, "descriptor");
    return descriptor ? collapse(multilingualIn(reading, descriptor)) : null;
  };
  return {
    roadNumber: find("roadNumber") ?? tpeg("roadNumber", "linkNumber"),
    roadName: find("roadName") ?? tpeg("roadName", "linkName"),
  };
}

function isTpegName({ children }: XmlElement): boolean {
  return children.some(({ name }) => /^tpeg\w*DescriptorType$/.test(name));
}
