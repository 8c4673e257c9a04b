/**
 * Where an Alert-C reference is, by its location table (DATEX II, AlertCMethod2 and AlertCMethod4; EN ISO 14819-3). A
 * table has points, not roads: what lies between two of them is straight, so every such place is an estimate.
 */

import type { Geometry, Position as GeoPosition } from "geojson";
import type { Position } from "../../../../shared/entity.ts";
import type { AlertCLocation, AlertCPoint } from "../../../../shared/situation.ts";
import { midway, trimLine } from "./line.ts";
import type { Location, LocationTable } from "./location-table.ts";

export interface ResolvedPlace {
  readonly position: Position;
  readonly geometry: Geometry | null;
  readonly roadNumber: string | null;
  readonly roadName: string | null;
  /** `Pirkkalan liittymä – Rajaniemen liittymä`. */
  readonly name: string | null;
}

/** More points than between any two ends of one happening. */
const maxSteps = 400;

/** All locations of one record as one place; `null` when none of them can be found. */
export function resolveAlertC(
  table: LocationTable,
  locations: readonly AlertCLocation[],
): ResolvedPlace | null {
  const places = locations.flatMap((location) => resolveOne(table, location) ?? []);
  const [first] = places;
  if (!first) return null;
  const lines = places.flatMap(({ line }) => (line.length > 1 ? [line] : []));
  return {
    position: first.middle,
    geometry:
      lines.length === 0
        ? null
        : lines.length === 1
          ? { type: "LineString", coordinates: lines[0]! }
          : { type: "MultiLineString", coordinates: lines },
    roadNumber: first.from.roadNumber,
    roadName: first.from.roadName,
    name: nameOf(first.from, first.to),
  };
}

/** The codes that the table does not know or places nowhere. */
export function unknownCodes(table: LocationTable, locations: readonly AlertCLocation[]): readonly number[] {
  return locations.flatMap((location) => {
    const { type, tableNumber, primary, secondary } = location;
    if (type === "line") return resolveOne(table, location) ? [] : [primary.code];
    const codes = [primary, secondary].flatMap((point) => point?.code ?? []);
    return codes.filter((code) => !table.find(tableNumber, code)?.position);
  });
}

function nameOf(from: Location, to: Location): string | null {
  const names = [...new Set([from.name, to.name])].filter((name) => name !== null);
  return names.join(" – ") || null;
}

interface OnePlace {
  readonly line: GeoPosition[];
  readonly middle: Position;
  readonly from: Location;
  readonly to: Location;
}

function resolveOne(table: LocationTable, location: AlertCLocation): OnePlace | null {
  const { tableNumber, primary, secondary, type } = location;
  if (type === "line") return resolveLine(table, tableNumber, primary.code);
  const [from, to] = [primary, secondary].map((point) => point && table.find(tableNumber, point.code));
  const start = from?.position ? from : to;
  if (!start?.position) return null;
  if (!from?.position || !to?.position) return { line: [], middle: start.position, from: start, to: start };
  const way = [primary.code, ...codesBetween(table, tableNumber, primary, secondary!), secondary!.code];
  const line = trimLine(
    way.flatMap((code) => geo(table.find(tableNumber, code)?.position) ?? []),
    primary.offsetMetres,
    secondary!.offsetMetres,
  );
  return { line, middle: midway(line), from, to };
}

function geo(position: Position | null | undefined): GeoPosition[] {
  return position ? [[position[0], position[1]]] : [];
}

/** The points of the road between two of its points; none when the table does not lead from one to the other. */
function codesBetween(
  table: LocationTable,
  tableNumber: number | null,
  from: AlertCPoint,
  to: AlertCPoint,
): readonly number[] {
  for (const direction of ["positive", "negative"] as const) {
    const codes: number[] = [];
    let code = table.neighbour(tableNumber, from.code, direction);
    while (code !== null && code !== to.code && codes.length < maxSteps) {
      codes.push(code);
      code = table.neighbour(tableNumber, code, direction);
    }
    if (code === to.code) return codes;
  }
  return [];
}

/** A whole line: its points from the one at its negative end on. */
function resolveLine(table: LocationTable, tableNumber: number | null, code: number): OnePlace | null {
  const points = new Set(table.pointsOf(tableNumber, code));
  const line = table.find(tableNumber, code);
  const first = [...points].find((point) => {
    const before = table.neighbour(tableNumber, point, "negative");
    return before === null || !points.has(before);
  });
  if (!line || first === undefined) return null;
  const way: GeoPosition[] = [];
  let at: number | null = first;
  while (at !== null && points.delete(at)) {
    way.push(...geo(table.find(tableNumber, at)?.position));
    at = table.neighbour(tableNumber, at, "positive");
  }
  return { line: way, middle: midway(way), from: line, to: line };
}
