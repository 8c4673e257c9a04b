/** Entities into Sensors: one for each declared property of each entity. */

import { entityId, type EntityOf, type Observation, type Position } from "../../../../shared/entity.ts";
import type { Notices, NoticeSeverity } from "../../../../shared/notice.ts";
import { isObject, quote, textOf } from "../body.ts";
import type { ConnectorFeed } from "../connector.ts";
import { clockSkewMs, isoText } from "../instant.ts";
import { judgePlace, placeExpectation } from "../place.ts";
import type { Attribute, NgsiEntity } from "./entity.ts";
import type { NgsiEntityRule, NgsiOptions, NgsiPropertyRule } from "./options.ts";
import { Times, type EntityTimes } from "./times.ts";

/** What NGSI-LD writes in a notification where an attribute was deleted (ETSI GS CIM 009 §4.5.0). */
const deleted = "urn:ngsi-ld:null";
const plainNumber = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;
const datedId = /\d{4}-\d\d-\d\dT\d\d:\d\d/;

export interface Found {
  readonly sensors: EntityOf<"Sensor">[];
  /** Of sensors whose place the body leaves out. */
  readonly observations: Observation[];
  readonly removed: string[];
}

export interface Reading {
  readonly feed: ConnectorFeed<NgsiOptions>;
  readonly receivedAt: number;
  readonly notices: Notices;
  /** A notification may hold only what changed. */
  readonly isNotification: boolean;
}

/** One value of one property. */
interface Measured {
  readonly property: string;
  readonly attribute: Attribute;
  readonly rule: Exclude<NgsiPropertyRule, string>;
}

export class SensorReader {
  readonly found: Found = { sensors: [], observations: [], removed: [] };
  readonly #reading: Reading;
  readonly #times: Times;
  /** `type property` of what was looked for, and whether any entity has it. */
  readonly #sought = new Map<string, boolean>();

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#times = new Times(reading.feed.options.zone ?? "UTC");
  }

  read(entity: NgsiEntity): void {
    const { entities } = this.#reading.feed.options;
    const rule = entities?.find(({ type }) => entity.isOf(type));
    if (entities !== undefined && rule === undefined)
      return this.#note("ngsi-other-type", "info", entity, `type ${quote(entity.types[0])} is not declared`);
    const pointId = this.#pointIdOf(entity, rule);
    if (pointId === null) return;
    if (entity.isDeleted) return this.#remove(pointId, Object.keys(rule?.properties ?? {}));
    const measured = rule ? this.#declared(entity, rule) : this.#numbersOf(entity);
    if (measured.length === 0)
      return this.#note("ngsi-no-number", "info", entity, "no attribute that is read, expected a number");
    this.#readValues(entity, rule, pointId, measured);
  }

  /** Declared attributes that no entity of their type has: a renamed one would look like silence. */
  noteMissing(): void {
    if (this.#reading.isNotification) return;
    for (const [sought, isFound] of this.#sought)
      if (!isFound)
        this.#reading.notices.add(
          "ngsi-missing-attribute",
          "warning",
          `no entity has ${sought}, expected one to`,
        );
  }

  #pointIdOf(entity: NgsiEntity, rule: NgsiEntityRule | undefined): string | null {
    if (rule?.id === undefined) {
      if (datedId.test(entity.id))
        this.#note(
          "ngsi-dated-id",
          "warning",
          entity,
          "its id holds a time: expected one that lasts, or `id` to name one",
        );
      return entity.id;
    }
    const value = entity.find(rule.id)?.value;
    const id = typeof value === "number" ? String(value) : textOf(value);
    if (id === null) this.#note("ngsi-no-id", "error", entity, `${rule.id} ${quote(value)}, expected an id`);
    return id;
  }

  #declared(entity: NgsiEntity, { type, properties }: NgsiEntityRule): readonly Measured[] {
    return Object.entries(properties).flatMap(([property, plain]) => {
      const rule = typeof plain === "string" ? { attribute: plain } : plain;
      const names = typeof rule.attribute === "string" ? [rule.attribute] : rule.attribute;
      const attribute = entity.findFirst(names);
      const sought = `${names.join(" or ")} of ${type}`;
      this.#sought.set(sought, attribute !== null || this.#sought.get(sought) === true);
      return attribute === null ? [] : [{ property, attribute, rule }];
    });
  }

  /** Without rules every number is read. */
  #numbersOf(entity: NgsiEntity): readonly Measured[] {
    return Array.from(entity.attributes()).flatMap(([property, attribute]) => {
      const { value } = attribute;
      if (typeof value === "number") return [{ property, attribute, rule: { attribute: property } }];
      if (isObject(value) && Object.values(value).some((member) => typeof member === "number"))
        this.#note(
          "ngsi-structured",
          "info",
          entity,
          `${property} holds several numbers, expected a rule that names one`,
        );
      return [];
    });
  }

  #readValues(
    entity: NgsiEntity,
    rule: NgsiEntityRule | undefined,
    pointId: string,
    measured: readonly Measured[],
  ): void {
    const { feed, receivedAt, isNotification } = this.#reading;
    const noteTime = (code: string, text: string): void => this.#note(code, "warning", entity, text);
    const times = this.#times.ofEntity(entity, rule?.observedAt, noteTime);
    const place = entity.find(rule?.location ?? "location")?.value ?? entity.geometry;
    const name = entity.find(rule?.name ?? "name");
    // The rest of what is known of the sensor stays as it is.
    const isPartial = isNotification && (place === undefined || (rule?.name !== undefined && name === null));
    const position = isPartial ? null : this.#place(entity, place);
    for (const { property, attribute, rule: how } of measured) {
      const sourceId = sourceIdOf(pointId, property);
      const id = entityId(feed.id, "Sensor", sourceId);
      if (attribute.value === deleted) {
        this.found.removed.push(id);
        continue;
      }
      const value = this.#value(entity, property, attribute, how);
      const observedAt = this.#observedAt(entity, property, attribute, times);
      if (!isPartial)
        this.found.sensors.push({
          id,
          kind: "Sensor",
          feedId: feed.id,
          sourceId,
          observedAt,
          receivedAt,
          position,
          quality: "good",
          fields: {
            name: textOf(name?.value),
            property,
            value,
            validFromAt: times.valid?.fromAt ?? null,
            validToAt: times.valid?.toAt ?? null,
          },
        });
      else if (value !== null && observedAt !== null)
        this.found.observations.push({ entityId: id, property, value, observedAt, receivedAt });
    }
  }

  #value(entity: NgsiEntity, property: string, attribute: Attribute, rule: Measured["rule"]): number | null {
    const { unitCode } = attribute;
    if (rule.unitCode !== undefined && unitCode !== null && unitCode !== rule.unitCode) {
      this.#note(
        "ngsi-unit",
        "error",
        entity,
        `${property} in ${quote(unitCode)}, expected ${quote(rule.unitCode)}`,
      );
      return null;
    }
    const whole = attribute.value;
    const value = rule.member !== undefined && isObject(whole) ? whole[rule.member] : whole;
    if (value === null || value === undefined) return null;
    const isText = typeof value === "string" && plainNumber.test(value);
    const number = isText ? Number(value) : value;
    if (typeof number !== "number" || !Number.isFinite(number)) {
      this.#note("ngsi-bad-number", "error", entity, `${property} ${quote(value)}, expected a number`);
      return null;
    }
    if (isText)
      this.#note(
        "ngsi-text-number",
        "info",
        entity,
        `${property} ${quote(value)} is a text, expected a number`,
      );
    return number * (rule.times ?? 1);
  }

  #observedAt(entity: NgsiEntity, property: string, attribute: Attribute, times: EntityTimes): number | null {
    const { receivedAt } = this.#reading;
    const at = this.#times.ofValue(attribute, times, (code, text) =>
      this.#note(code, "warning", entity, text),
    );
    if (at === null)
      this.#note(
        "ngsi-no-observed-at",
        "warning",
        entity,
        `${property}: expected a time of the value or of the entity`,
      );
    else if (at > receivedAt + clockSkewMs)
      this.#note(
        "ngsi-future",
        "warning",
        entity,
        `${isoText(at)}, expected a time before ${isoText(receivedAt)}`,
      );
    return at;
  }

  /** A GeoJSON Point, or NGSIv2's `geo:point`, whose numbers are the other way round: `lat, lon`. */
  #place(entity: NgsiEntity, value: unknown): Position | null {
    const [lat, lon] = typeof value === "string" ? value.split(",").map((degrees) => Number(degrees)) : [];
    const isPoint = isObject(value) && value["type"] === "Point";
    if (isObject(value) && !isPoint) {
      this.#note(
        "ngsi-geometry",
        "info",
        entity,
        `location ${quote(value["type"])}, expected a Point; it has no place`,
      );
      return null;
    }
    const coordinates: unknown = isPoint ? value["coordinates"] : [lon, lat];
    const [x, y] = Array.isArray(coordinates) ? (coordinates as unknown[]) : [];
    const judged = judgePlace(x, y, this.#reading.feed.bounds);
    if (judged.fault === null) return judged.position;
    const severity = judged.fault === "missing" ? "info" : "warning";
    const found = value === undefined || value === null ? "no location" : `location ${quote(x)}, ${quote(y)}`;
    const text = `${found}, expected ${placeExpectation(judged.fault)}`;
    this.#note(`ngsi-place-${judged.fault}`, severity, entity, text);
    return null;
  }

  #remove(pointId: string, properties: readonly string[]): void {
    for (const property of properties)
      this.found.removed.push(entityId(this.#reading.feed.id, "Sensor", sourceIdOf(pointId, property)));
  }

  #note(code: string, severity: NoticeSeverity, entity: NgsiEntity, text: string): void {
    this.#reading.notices.add(code, severity, () => `entity ${quote(entity.id)}: ${text}`);
  }
}

function sourceIdOf(pointId: string, property: string): string {
  return `${pointId}|${property}`;
}
