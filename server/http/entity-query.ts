/** `/api/v1/entities`: the things of one kind as GeoJSON (RFC 7946), by box or by distance. */

import { z } from "zod";
import type { Feature, FeatureCollection, Geometry, Polygon } from "geojson";
import { isKind, kinds, type Kind } from "../../shared/kinds.ts";
import type { Entity } from "../../shared/entity.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import { withinOutline } from "../core/dossier/dossier.ts";
import { shown } from "./instants.ts";
import { outlineText, readOutline } from "./outline.ts";
import { findUnknown, type BadParameter, type QueryParameters } from "./parameters.ts";

export interface EntityQuery {
  readonly kind: Kind;
  /** West, south, east, north in degrees. */
  readonly bbox: readonly [number, number, number, number] | null;
  readonly near: { readonly lon: number; readonly lat: number; readonly metres: number } | null;
  readonly within: Polygon | null;
}

export const entityParameters = {
  kind: { description: "What kind of things.", required: true, schema: z.enum(kinds) },
  bbox: { description: "Only things in this box: `west,south,east,north` in degrees.", schema: z.string() },
  near: { description: "Only things this near a place: `lon,lat,metres`.", schema: z.string() },
  within: { description: outlineText, schema: z.string() },
} as const satisfies QueryParameters;

/** Reads the parameters of `entityParameters`. */
export function readEntityQuery(query: Readonly<Record<string, string>>): Result<EntityQuery, BadParameter> {
  const unknown = findUnknown(query, entityParameters);
  if (unknown) return fail(unknown);
  const kind = query["kind"] ?? "";
  if (!isKind(kind))
    return fail({ parameter: "kind", detail: `kind: "${shown(kind)}" is not one of ${kinds.join(", ")}` });
  const bbox = readNumbers(query["bbox"], 4);
  if (bbox === undefined || (bbox && (bbox[0]! > bbox[2]! || bbox[1]! > bbox[3]!))) {
    return fail({
      parameter: "bbox",
      detail: `bbox: "${shown(query["bbox"]!)}" is not west,south,east,north in degrees`,
    });
  }
  const near = readNumbers(query["near"], 3);
  if (
    near === undefined ||
    (near && (near[2]! <= 0 || Math.abs(near[0]!) > 180 || Math.abs(near[1]!) > 90))
  ) {
    return fail({ parameter: "near", detail: `near: "${shown(query["near"]!)}" is not lon,lat,metres` });
  }
  const within = readOutline("within", query["within"]);
  if (!within.ok) return within;
  return ok({
    kind,
    within: within.value,
    bbox: bbox as EntityQuery["bbox"],
    near: near && { lon: near[0]!, lat: near[1]!, metres: near[2]! },
  });
}

/** `null` when absent, `undefined` when wrong. */
function readNumbers(text: string | undefined, count: number): readonly number[] | null | undefined {
  if (text === undefined) return null;
  const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  return numbers.length === count && numbers.every(Number.isFinite) ? numbers : undefined;
}

export function featuresOf(
  entities: Iterable<Entity>,
  { bbox, near, within }: EntityQuery,
): FeatureCollection<Geometry | null> {
  const features: Feature<Geometry | null>[] = [];
  const isWithin = within && withinOutline(within);
  for (const entity of entities) {
    if (isWithin && !isWithin(entity)) continue;
    if (bbox && !isInside(entity, bbox)) continue;
    if (near && !isNear(entity, near)) continue;
    features.push(featureOf(entity));
  }
  return { type: "FeatureCollection", features };
}

function featureOf(entity: Entity): Feature<Geometry | null> {
  const { id, kind, feedId, sourceId, observedAt, receivedAt, position, quality, geometry, fields } = entity;
  return {
    type: "Feature",
    id,
    geometry: geometry ?? (position && { type: "Point", coordinates: [...position] }),
    properties: { kind, feedId, sourceId, observedAt, receivedAt, quality, ...fields },
  };
}

function isInside(
  { position }: Entity,
  [west, south, east, north]: NonNullable<EntityQuery["bbox"]>,
): boolean {
  return (
    position !== null &&
    position[0] >= west &&
    position[0] <= east &&
    position[1] >= south &&
    position[1] <= north
  );
}

const earthRadiusMetres = 6_371_008.8;

/** Great-circle distance by the haversine formula on the mean earth radius. */
function isNear({ position }: Entity, { lon, lat, metres }: NonNullable<EntityQuery["near"]>): boolean {
  if (position === null) return false;
  const radians = Math.PI / 180;
  const dLat = (position[1] - lat) * radians;
  const dLon = (position[0] - lon) * radians;
  const a =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(lat * radians) * Math.cos(position[1] * radians) * Math.sin(dLon / 2) ** 2;
  return 2 * earthRadiusMetres * Math.asin(Math.min(1, Math.sqrt(a))) <= metres;
}
