/** A level of areas from GeoJSON, refused when its polygons are not what a map and a point-in-polygon test need. */

import type { MultiPolygon, Polygon, Position } from "geojson";
import type { Area } from "../../shared/areas.ts";
import type { Settings, Text } from "../../shared/city.ts";
import { isClosed } from "../core/rings.ts";
import type { Fault } from "./fault.ts";
import { keyPath } from "./fault.ts";
import type { JsonDocument, JsonPath } from "./json-document.ts";
import { slugPattern, text } from "./words.ts";

export interface AreaSource {
  readonly file: string;
  readonly document: JsonDocument;
  /** Which properties hold id and name. A recorded file's ids are made from its names' letters. */
  readonly properties: { readonly id: string; readonly name: string };
  readonly recorded: boolean;
}

type Ring = readonly Position[];

export function readAreas(
  source: AreaSource,
  bounds: Settings["bounds"],
): { areas: readonly Area[]; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const placed: Placed[] = [];
  const blame = (kind: Fault["kind"], path: JsonPath, value: unknown, expected: string): void => {
    const line = source.document.lineOf(path);
    faults.push({ kind, file: source.file, line, key: keyPath(path), value, expected });
  };

  const features = member(source.document.value, "features");
  if (member(source.document.value, "type") !== "FeatureCollection" || !Array.isArray(features)) {
    blame("geometry", ["type"], member(source.document.value, "type"), "a GeoJSON FeatureCollection");
    return { areas: [], faults };
  }
  features.forEach((feature: unknown, i) => {
    const name = member(member(feature, "properties"), source.properties.name);
    const id = member(member(feature, "properties"), source.properties.id);
    const geometry = member(feature, "geometry");
    const at = ["features", i] as const;
    const title = toText(name);
    if (title === null)
      return blame(
        "setting",
        [...at, "properties", source.properties.name],
        name,
        "the area's name, as a text or { en, zh }",
      );
    const areaId = source.recorded ? slugOf(String(id)) : id;
    if (typeof areaId !== "string" || !(source.recorded ? areaId !== "" : slugPattern.test(areaId)))
      return blame("setting", [...at, "properties", source.properties.id], id, "an id such as old-town");
    if (!isAreaGeometry(geometry))
      return blame("geometry", [...at, "geometry"], member(geometry, "type"), "a Polygon or MultiPolygon");
    const population = member(member(feature, "properties"), "population") ?? null;
    if (population !== null && !(Number.isInteger(population) && Number(population) >= 0))
      return blame(
        "setting",
        [...at, "properties", "population"],
        population,
        "a whole number of inhabitants",
      );
    placed.push({
      index: i,
      area: {
        id: areaId,
        name: title,
        aliases: aliasesOf(feature),
        population: population as number | null,
        geometry,
      },
    });
  });

  checkNames(placed, blame);
  checkPositions(placed, bounds, blame);
  return { areas: placed.map(({ area }) => area), faults };
}

/** An area and where its feature stands in the file. */
interface Placed {
  readonly index: number;
  readonly area: Area;
}

type Blame = (kind: Fault["kind"], path: JsonPath, value: unknown, expected: string) => void;

function checkNames(placed: readonly Placed[], blame: Blame): void {
  const seen = new Map<string, number>();
  for (const { index, area } of placed) {
    for (const word of new Set([area.id, area.name.en, area.name.zh, ...area.aliases])) {
      const other = seen.get(word);
      const expected = `an id and names that features[${other ?? index}] does not have`;
      if (other !== undefined) blame("setting", ["features", index, "properties"], word, expected);
      if (other !== undefined) break;
      seen.set(word, index);
    }
  }
}

/** One fault per file for numbers that are no degrees at all; otherwise one per area for its first bad ring. */
function checkPositions(areas: readonly Placed[], bounds: Settings["bounds"], blame: Blame): void {
  const notDegrees = findPosition(areas, ([x = NaN, y = NaN]) => !(Math.abs(x) <= 180 && Math.abs(y) <= 180));
  if (notDegrees) {
    const metres = notDegrees.position.every((axis) => Number.isFinite(axis));
    const hint = metres ? "; these look like metres of a projection such as EPSG:3857" : "";
    return blame(
      "geometry",
      notDegrees.path,
      notDegrees.position,
      `longitude and latitude in degrees${hint}`,
    );
  }
  if (areas.length > 0 && !areas.some((area) => touches(area, bounds))) {
    const swapped = areas.some((area) => touches(area, [bounds[1], bounds[0], bounds[3], bounds[2]]));
    const first = findPosition(areas, () => true);
    return blame(
      "geometry",
      first?.path ?? ["features"],
      first?.position,
      swapped
        ? "longitude first, then latitude; these are swapped"
        : `areas inside the city's bounds ${JSON.stringify(bounds)}`,
    );
  }
  const offGlobe = findPosition(areas, ([, lat = NaN]) => Math.abs(lat) > 90);
  if (offGlobe) blame("geometry", offGlobe.path, offGlobe.position, "a latitude from -90 to 90");
  for (const area of areas) {
    for (const { ring, path } of ringsOf(area)) {
      if (ring.length < 4) return blame("geometry", path, ring.length, "a ring of at least four positions");
      if (!isClosed(ring))
        return blame(
          "geometry",
          path,
          [ring[0], ring.at(-1)],
          "a closed ring: first and last position equal",
        );
    }
  }
}

function touches(area: Placed, [west, south, east, north]: Settings["bounds"]): boolean {
  return ringsOf(area).some(({ ring }) =>
    ring.some(([lon = NaN, lat = NaN]) => lon >= west && lon <= east && lat >= south && lat <= north),
  );
}

function findPosition(
  areas: readonly Placed[],
  matches: (position: readonly number[]) => boolean,
): { path: JsonPath; position: readonly number[] } | null {
  for (const area of areas) {
    for (const { ring, path } of ringsOf(area)) {
      const at = ring.findIndex(matches);
      const position = ring[at];
      if (position) return { path: [...path, at], position };
    }
  }
  return null;
}

function ringsOf({ index, area: { geometry } }: Placed): { ring: Ring; path: JsonPath }[] {
  const path: JsonPath = ["features", index, "geometry", "coordinates"];
  return geometry.type === "Polygon"
    ? geometry.coordinates.map((ring, r) => ({ ring, path: [...path, r] }))
    : geometry.coordinates.flatMap((polygon, p) =>
        polygon.map((ring, r) => ({ ring, path: [...path, p, r] })),
      );
}

function isAreaGeometry(value: unknown): value is Polygon | MultiPolygon {
  const coordinates = member(value, "coordinates");
  const type = member(value, "type");
  return (
    (type === "Polygon" && isNested(coordinates, 3)) || (type === "MultiPolygon" && isNested(coordinates, 4))
  );
}

/** Lists in lists, `depth` deep, of numbers, none of them empty. */
function isNested(value: unknown, depth: number): boolean {
  if (depth === 0) return typeof value === "number";
  return Array.isArray(value) && value.length > 0 && value.every((inner) => isNested(inner, depth - 1));
}

/** A name in one language serves for all. */
function toText(name: unknown): Text | null {
  if (typeof name === "string" && name.trim() !== "") return { en: name.trim(), zh: name.trim() };
  const parsed = text.safeParse(name);
  return parsed.success ? parsed.data : null;
}

function aliasesOf(feature: unknown): string[] {
  const aliases = member(member(feature, "properties"), "aliases");
  return Array.isArray(aliases) ? aliases.filter((alias) => typeof alias === "string") : [];
}

/** "Twin Peaks / Diamond Heights" as `twin-peaks-diamond-heights`. */
function slugOf(name: string): string {
  const letters = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return letters.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
