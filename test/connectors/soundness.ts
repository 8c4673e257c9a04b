/** What no update of any connector may be, whatever its body held. */

import type { Geometry } from "geojson";
import { entityId, type Entity } from "../../shared/entity.ts";
import { kindSchemas, type FieldType } from "../../shared/kinds.ts";
import type { Connector, ConnectorFeed, Update } from "../../server/core/feeds/connector.ts";
import { clockSkewMs } from "../../server/core/feeds/instant.ts";

/** Of a `Date` (ECMA-262 §21.4.1.1). */
const lastInstant = 8.64e15;
const mostNoticeCodes = 200;
const longestExample = 2_000;

/** Every rule that `update` breaks, each once, with its first example. None for a sound one. */
export function unsoundness(
  connector: Connector,
  feed: ConnectorFeed,
  receivedAt: number,
  update: Update,
): string[] {
  const broken = new Map<string, string>();
  const rule = (holds: boolean, name: string, example: unknown): void => {
    if (!holds && !broken.has(name)) broken.set(name, `${name}: ${JSON.stringify(example)?.slice(0, 200)}`);
  };
  checkHead(update, feed, rule);
  const given = new Set(connector.gives(feed.options));
  const ids = new Set<string>();
  for (const entity of update.entities) {
    rule(!ids.has(entity.id), "an id stands for one thing of an update", entity.id);
    ids.add(entity.id);
    rule(given.has(entity.kind), "only kinds that `gives` declares", entity.kind);
    checkEntity(entity, feed, receivedAt, rule);
  }
  for (const { entityId: id, value, observedAt } of update.observations)
    rule(
      id !== "" && Number.isFinite(value) && isInstant(observedAt),
      "an observation has thing, value and time",
      id,
    );
  checkTimesNoticed(update, receivedAt, rule);
  return [...broken.values()];
}

type Rule = (holds: boolean, name: string, example: unknown) => void;

function checkHead(update: Update, feed: ConnectorFeed, rule: Rule): void {
  rule(["full", "partial"].includes(update.mode), "an update is full or partial", update.mode);
  rule(update.scope !== "", "an update names its scope", update.scope);
  rule(update.version === null || typeof update.version === "string", "a version is text", update.version);
  rule(
    update.publishedAt === null || isInstant(update.publishedAt),
    "publishedAt is an instant",
    update.publishedAt,
  );
  rule(
    update.mode === "partial" || update.removed === undefined,
    "`removed` belongs to partial updates",
    update.removed,
  );
  rule(
    update.mode === "full" || update.unchanged === undefined,
    "`unchanged` belongs to full updates",
    update.unchanged,
  );
  for (const id of [...(update.removed ?? []), ...(update.unchanged ?? [])])
    rule(id.startsWith(`${encodeURIComponent(feed.id)}/`), "ids are the feed's own", id);
  for (const { url, name } of update.follow ?? [])
    rule(URL.canParse(url) && name !== "", "what is followed has a name and an absolute URL", url);
  rule(update.notices.length <= mostNoticeCodes, "notices are counted by code", update.notices.length);
  for (const { code, severity, count, example } of update.notices) {
    rule(/^([A-Z]\d{3}|[a-z0-9]+([-_][a-z0-9]+)+)$/.test(code), "a notice has a code", code);
    rule(["info", "warning", "error"].includes(severity), "a notice has a severity", severity);
    rule(Number.isInteger(count) && count > 0, "a notice counts", count);
    rule(
      example !== "" && example.length <= longestExample,
      "a notice has an example of bounded length",
      example,
    );
  }
}

function checkEntity(entity: Entity, feed: ConnectorFeed, receivedAt: number, rule: Rule): void {
  const { id, kind, sourceId, feedId, observedAt, position, geometry, quality } = entity;
  rule(sourceId !== "", "a thing has an id of its source", sourceId);
  rule(id === entityId(feed.id, kind, sourceId), "an id is feed, kind and source id", id);
  rule(feedId === feed.id, "a thing is its feed's", feedId);
  rule(entity.receivedAt === receivedAt, "receivedAt is when the body came", entity.receivedAt);
  rule(observedAt === null || isInstant(observedAt), "observedAt is an instant", [id, observedAt]);
  rule(quality === "good" || quality === "estimated", "quality is good or estimated", quality);
  rule(position === null || isPlace(position), "a position is in range", [id, position]);
  rule(geometry === undefined || coordinatesOf(geometry).every(isPlace), "a geometry is in range", id);
  const schema: Readonly<Record<string, FieldType>> = kindSchemas[kind].fields;
  for (const [name, value] of Object.entries(entity.fields)) {
    const type = Object.hasOwn(schema, name) ? schema[name] : undefined;
    rule(type !== undefined, "only fields of the kind", [kind, name]);
    rule(type === undefined || value === null || isOf(type, value), "a field is of its type", [
      kind,
      name,
      value,
    ]);
  }
}

/** A time that is missing or ahead is said, never made up or passed over. */
function checkTimesNoticed({ entities, notices }: Update, receivedAt: number, rule: Rule): void {
  const silent = notices.length === 0;
  for (const { id, kind, observedAt } of entities) {
    if (observedAt === null) rule(!silent || !kindSchemas[kind].sampled, "a missing time is noticed", id);
    else
      rule(!silent || observedAt <= receivedAt + clockSkewMs, "a future time is noticed", [id, observedAt]);
  }
}

function isOf(type: FieldType, value: unknown): boolean {
  switch (type) {
    case "number":
      return Number.isFinite(value);
    case "at":
      return isInstant(value);
    case "text":
      return typeof value === "string";
    case "flag":
      return typeof value === "boolean";
    case "texts":
      return Array.isArray(value) && value.every((text) => typeof text === "string");
  }
}

function isInstant(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) <= lastInstant;
}

function isPlace(position: readonly unknown[]): boolean {
  const [lon, lat] = position;
  return typeof lon === "number" && typeof lat === "number" && Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
}

function coordinatesOf(geometry: Geometry): readonly (readonly unknown[])[] {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(coordinatesOf);
  const flat: (readonly unknown[])[] = [];
  const walk = (value: unknown): void => {
    if (!Array.isArray(value)) flat.push([value]);
    else if (Array.isArray(value[0])) value.forEach(walk);
    else flat.push(value);
  };
  walk(geometry.coordinates);
  return flat;
}
