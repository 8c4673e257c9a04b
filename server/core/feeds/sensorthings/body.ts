/** What a body holds: a collection or one entity by its resource path (OGC 18-088 §9), or an entity that MQTT tells of. */

import { ok, type Result } from "../../../../shared/result.ts";
import { isObject, parseJsonObject, quote, textOf, unreadable, type JsonObject } from "../body.ts";
import type { Failure, Part } from "../connector.ts";
import { parsePath, type ResourcePath } from "./path.ts";

const collections = ["Things", "Datastreams", "Observations", "Locations"] as const;
type Collection = (typeof collections)[number];

export interface Body {
  readonly collection: Collection;
  readonly items: readonly JsonObject[];
  /** How many of the collection are no entities. */
  readonly lost: number;
  /** `false`: one entity alone, which says nothing of the others. */
  readonly isList: boolean;
  readonly nextLink: unknown;
  /** What the part's name says, `null` when it is no resource path. */
  readonly path: ResourcePath | null;
}

const expected = "a SensorThings collection or entity";

export function readBody(part: Part): Result<Body, Failure> {
  const json = parseJsonObject(part.name, part.bytes);
  if (!json.ok) return json;
  const body = json.value;
  const list = Array.isArray(body["value"]) ? (body["value"] as unknown[]) : null;
  const items = list === null ? [body] : list.filter(isObject);
  const isList = list !== null;
  const path = parsePath(part.name);
  const collection = collections.find((name) => name === path?.collection) ?? shapeOfSome(items);
  if (collection === null || (!isList && shapeOf(body) === null))
    return unreadable(part.name, expected, describe(body));
  const lost = (list?.length ?? 1) - items.length;
  return ok({ collection, items, lost, isList, nextLink: body["@iot.nextLink"], path });
}

/** An empty collection may be of anything; a spoilt entry says nothing of the others. */
function shapeOfSome(items: readonly JsonObject[]): Collection | null {
  if (items.length === 0) return "Datastreams";
  for (const item of items) {
    const shape = shapeOf(item);
    if (shape !== null) return shape;
  }
  return null;
}

function shapeOf(item: JsonObject): Collection | null {
  const has = (...names: readonly string[]): boolean => names.some((name) => name in item);
  if (has("result")) return "Observations";
  if (has("unitOfMeasurement", "observationType", "ObservedProperty", "Observations")) return "Datastreams";
  if (has("location")) return "Locations";
  return has("Datastreams", "Locations", "Datastreams@iot.navigationLink") ? "Things" : null;
}

function describe(body: JsonObject): string {
  const message = textOf(body["message"]);
  if (message !== null) return `the service's error ${quote(message)}`;
  return `an object with ${Object.keys(body).slice(0, 8).map(quote).join(", ") || "no members"}`;
}

/**
 * The entities that are expanded under `name`, `null` when none are, and the link to the rest of them (`$expand`,
 * and server-driven pagination inside it); to all of them when none are.
 */
export function listIn(
  owner: JsonObject,
  name: string,
): { readonly items: readonly JsonObject[] | null; readonly link: unknown } {
  const list = owner[name];
  if (!Array.isArray(list)) return { items: null, link: owner[`${name}@iot.navigationLink`] };
  // What is no object is one that says nothing: its lack of an id is noticed.
  const items = (list as unknown[]).map((one) => (isObject(one) ? one : {}));
  return { items, link: owner[`${name}@iot.nextLink`] };
}

/** An id is a number or a text. */
export function idOf(entity: JsonObject): string | null {
  const id = entity["@iot.id"];
  return typeof id === "number" ? String(id) : textOf(id);
}
