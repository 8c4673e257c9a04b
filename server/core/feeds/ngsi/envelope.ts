/** What a body is: an answer with all there is, or a notification of some of it. */

import { ok, type Result } from "../../../../shared/result.ts";
import { isObject, parseJson, quote, textOf, unreadable, type JsonObject } from "../body.ts";
import type { Failure, Part } from "../connector.ts";
import { parseRfc3339 } from "../instant.ts";

export interface Envelope {
  readonly isNotification: boolean;
  /** When a notification was sent, as NGSI-LD says. */
  readonly publishedAt: number | null;
  /** Entities or GeoJSON Features, not looked at yet. */
  readonly entities: readonly unknown[];
}

const expected = "NGSI entities, a GeoJSON FeatureCollection of them, or a notification";

/** Takes the entities out of whatever they came in. */
export function readEnvelope(part: Part): Result<Envelope, Failure> {
  const json = parseJson(part.name, part.bytes, expected);
  if (!json.ok) return json;
  const body = json.value;
  const answer = entitiesIn(body);
  if (answer !== null) return ok({ isNotification: false, publishedAt: null, entities: answer });
  if (!isObject(body)) return unreadable(part.name, expected, `JSON that is ${quote(body)}`);
  const isNotification = "subscriptionId" in body || body["type"] === "Notification";
  const data = isNotification ? entitiesIn(body["data"]) : null;
  if (data === null) return unreadable(part.name, expected, describe(body, isNotification));
  const notifiedAt = textOf(body["notifiedAt"]);
  const publishedAt = notifiedAt === null ? null : parseRfc3339(notifiedAt);
  return ok({ isNotification, publishedAt, entities: data });
}

/** A list, a FeatureCollection, or one entity or Feature. A notification has an id and a type as well. */
function entitiesIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (!isObject(value)) return null;
  const type = value["type"] ?? value["@type"];
  if (type === "FeatureCollection") return Array.isArray(value["features"]) ? value["features"] : null;
  if (type === "Notification" || type === undefined) return null;
  return "id" in value || "@id" in value ? [value] : null;
}

/** NGSIv2 errors have `error` and `description`, NGSI-LD's are problem details (RFC 7807). */
function describe(body: JsonObject, isNotification: boolean): string {
  if (isNotification) return `a notification whose data is ${quote(body["data"])}`;
  const error = textOf(body["error"]) ?? textOf(body["title"]);
  const detail = textOf(body["description"]) ?? textOf(body["detail"]);
  if (error !== null)
    return `the broker's error ${quote(error)}${detail === null ? "" : `, ${quote(detail)}`}`;
  if ("contextResponses" in body || "contextElements" in body) return "NGSIv1, which was withdrawn";
  return `an object with ${Object.keys(body).slice(0, 8).map(quote).join(", ") || "no members"}`;
}
