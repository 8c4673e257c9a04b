/**
 * One entity in any of its forms: NGSIv2 and NGSI-LD, normalized, concise and keyValues (in NGSI-LD: simplified), as an
 * object or as a GeoJSON Feature. The form is seen attribute by attribute, because feeds mix them.
 */

import type { Notices } from "../../../../shared/notice.ts";
import { isObject, quote, textOf, type JsonObject } from "../body.ts";

/** One attribute, whatever form it came in. */
export interface Attribute {
  readonly value: unknown;
  /** UN/CEFACT code as the source gives it. */
  readonly unitCode: string | null;
  /** The time of this very value: NGSI-LD `observedAt`, NGSIv2 metadata. */
  readonly observedAt: unknown;
  /** When the broker took it in. */
  readonly modifiedAt: unknown;
}

/** In NGSIv2 a value's own time is metadata of no fixed name; these are what IoT agents and adapters write. */
const timeMetadata = ["TimeInstant", "observedAt", "timestamp", "dateObserved"];
const unitMetadata = ["unitCode"];
const modifiedMetadata = ["dateModified"];
/** Where an attribute keeps its value, by its NGSI-LD type (ETSI GS CIM 009 §4.5.2, 4.5.3, 4.5.18 and 4.5.24). */
const valueMembers = ["value", "object", "languageMap", "json", "vocab", "valueList"];
const ldTypes = new Set([
  "Property",
  "GeoProperty",
  "Relationship",
  "LanguageProperty",
  "JsonProperty",
  "VocabProperty",
  "ListProperty",
  "ListRelationship",
]);
const notAttributes = new Set(["id", "type", "@id", "@type", "@context", "scope"]);

export type NgsiVersion = "NGSIv2" | "NGSI-LD";

export class NgsiEntity {
  readonly id: string;
  /** One, but NGSI-LD entities may have several. */
  readonly types: readonly string[];
  /** Of a Feature. */
  readonly geometry: unknown;
  readonly #members: JsonObject;
  /** Attributes whose names are expanded or prefixed. */
  readonly #longNames: readonly string[];
  readonly #isLd: boolean;

  constructor(id: string, types: readonly string[], members: JsonObject, isLd: boolean, geometry: unknown) {
    this.id = id;
    this.types = types;
    this.geometry = geometry;
    this.#members = members;
    this.#longNames = longNamesOf(members);
    this.#isLd = isLd;
  }

  /** The attribute of that name, else the one whose expanded or prefixed name ends in it. */
  find(name: string): Attribute | null {
    // Nothing in JSON is undefined: most names that are looked for are not there, and that is soon seen.
    const raw = this.#members[name];
    if (raw !== undefined && Object.hasOwn(this.#members, name) && !notAttributes.has(name))
      return attributeOf(raw);
    return this.#longNames.length === 0 ? null : this.#findLong(name);
  }

  #findLong(name: string): Attribute | null {
    const long = this.#longNames.find((one) => shortName(one) === name);
    return long === undefined ? null : attributeOf(this.#members[long]);
  }

  /** The first of `names` that the entity has. */
  findFirst(names: readonly string[]): Attribute | null {
    for (const name of names) {
      const attribute = this.find(name);
      if (attribute !== null) return attribute;
    }
    return null;
  }

  /** Short name and attribute of all that it has. */
  *attributes(): Generator<readonly [name: string, attribute: Attribute]> {
    for (const [name, raw] of Object.entries(this.#members))
      if (!notAttributes.has(name)) yield [shortName(name), attributeOf(raw)];
  }

  isOf(type: string): boolean {
    for (const one of this.types) if (one === type || (isLong(one) && shortName(one) === type)) return true;
    return false;
  }

  /** What the broker was told of: NGSIv2 `alterationType`, NGSI-LD `deletedAt` (ETSI GS CIM 009 §4.8). */
  get isDeleted(): boolean {
    return this.find("alterationType")?.value === "entityDelete" || this.find("deletedAt") !== null;
  }

  /** The standard whose form it has; keyValues without a `@context` are the same in both. */
  get version(): NgsiVersion | null {
    if (this.#isLd) return "NGSI-LD";
    for (const raw of Object.values(this.#members)) {
      const [one] = Array.isArray(raw) ? (raw as unknown[]) : [raw];
      if (!isObject(one) || typeof one["type"] !== "string") continue;
      if (ldTypes.has(one["type"])) return "NGSI-LD";
      if ("value" in one) return "NGSIv2";
    }
    return null;
  }
}

/** `null`, with a notice, for what is no entity. */
export function readEntity(raw: unknown, i: number, notices: Notices): NgsiEntity | null {
  const isFeature = isObject(raw) && raw["type"] === "Feature";
  const members = isFeature ? raw["properties"] : raw;
  const head = isObject(raw) ? raw : {};
  const id = textOf(head["id"]) ?? textOf(head["@id"]);
  const types = isObject(members) ? typesOf(members["type"] ?? members["@type"]) : [];
  if (!isObject(members) || id === null || types.length === 0) {
    notices.add("ngsi-no-entity", "error", `entity ${i + 1}: expected an id and a type, found ${quote(raw)}`);
    return null;
  }
  // Only NGSI-LD has Features.
  const isLd = isFeature || "@context" in members;
  return new NgsiEntity(id, types, members, isLd, isFeature ? geometryOf(raw, id, notices) : undefined);
}

/** A Feature's geometry is GeoJSON (ETSI GS CIM 009 §4.5.16); some write the whole GeoProperty there. */
function geometryOf(feature: JsonObject, id: string, notices: Notices): unknown {
  const { geometry } = feature;
  if (!isObject(geometry) || !isObject(geometry["value"])) return geometry;
  notices.add(
    "ngsi-wrapped-geometry",
    "warning",
    () => `entity ${quote(id)}: geometry ${quote(geometry["type"])}, expected GeoJSON; its value is read`,
  );
  return geometry["value"];
}

function typesOf(value: unknown): readonly string[] {
  if (typeof value === "string") return value.trim() === "" ? [] : [value];
  return Array.isArray(value) ? value.flatMap((type) => textOf(type) ?? []) : [];
}

const lastStep = /[/#:]([^/#:]+)$/;

const none: readonly string[] = [];

function longNamesOf(members: JsonObject): readonly string[] {
  let long: string[] | null = null;
  for (const name in members) if (isLong(name)) (long ??= []).push(name);
  return long ?? none;
}

function isLong(name: string): boolean {
  return name.includes(":") || name.includes("/") || name.includes("#");
}

/** `NO2` of `https://smartdatamodels.org/dataModel.Environment/NO2`, `…#NO2` and `env:NO2`. */
function shortName(name: string): string {
  return lastStep.exec(name)?.[1] ?? name;
}

function valueMemberOf(attribute: JsonObject): string | undefined {
  return "value" in attribute ? "value" : otherValueMemberOf(attribute);
}

function otherValueMemberOf(attribute: JsonObject): string | undefined {
  return valueMembers.find((name) => name in attribute);
}

function attributeOf(raw: unknown): Attribute {
  const one = defaultInstance(raw);
  const member = isObject(one) ? valueMemberOf(one) : undefined;
  if (!isObject(one) || member === undefined)
    return { value: one, unitCode: null, observedAt: undefined, modifiedAt: undefined };
  const metadata = isObject(one["metadata"]) ? one["metadata"] : null;
  return {
    value: member === "languageMap" ? anyText(one[member]) : one[member],
    unitCode: textOf(one["unitCode"]) ?? textOf(metaOf(metadata, unitMetadata)),
    observedAt: one["observedAt"] ?? metaOf(metadata, timeMetadata),
    modifiedAt: one["modifiedAt"] ?? metaOf(metadata, modifiedMetadata),
  };
}

/** The first of these metadata of NGSIv2 that is there. */
function metaOf(metadata: JsonObject | null, names: readonly string[]): unknown {
  if (metadata === null) return undefined;
  for (const name of names) {
    const meta = metadata[name];
    if (isObject(meta) && meta["value"] !== undefined) return meta["value"];
  }
  return undefined;
}

/** One of the languages of a text (ETSI GS CIM 009 §4.5.18): English, else the first. */
function anyText(languageMap: unknown): unknown {
  return isObject(languageMap) ? (languageMap["en"] ?? Object.values(languageMap)[0]) : languageMap;
}

/**
 * An attribute may have several instances, told apart by `datasetId` (ETSI GS CIM 009 §4.5.5): the one without counts,
 * else the first.
 */
function defaultInstance(raw: unknown): unknown {
  if (!Array.isArray(raw) || !raw.every((one) => isObject(one) && ldTypes.has(String(one["type"]))))
    return raw;
  const instances = raw as readonly JsonObject[];
  return instances.find((one) => !("datasetId" in one)) ?? instances[0];
}
