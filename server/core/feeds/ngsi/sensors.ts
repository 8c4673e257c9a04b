/** Entities into Sensors: one for each declared property of each entity. */

import { entityId, type EntityOf, type Observation } from "../../../../shared/entity.ts";
import type { Notices } from "../../../../shared/notice.ts";
import { quote, textOf } from "../body.ts";
import type { ConnectorFeed } from "../connector.ts";
import { clockSkewMs, isoText, isOlder } from "../instant.ts";
import type { NgsiEntity } from "./entity.ts";
import { placeOf } from "./location.ts";
import { declaredIn, namesOf, numberOf, numbersIn, type Measured } from "./measured.ts";
import type { Note } from "../note.ts";
import type { NgsiEntityRule, NgsiOptions } from "./options.ts";
import { Times, type EntityTimes } from "./times.ts";

/** What NGSI-LD writes in a notification where an attribute was deleted (ETSI GS CIM 009 §4.5.0). */
const deleted = "urn:ngsi-ld:null";
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

type Common = Omit<EntityOf<"Sensor">, "id" | "sourceId" | "observedAt">;

export class SensorReader {
  readonly found: Found = { sensors: [], observations: [], removed: [] };
  readonly #reading: Reading;
  readonly #times: Times;
  /** Of each rule that an entity had, the properties that none has had so far. */
  readonly #missing = new Map<NgsiEntityRule, Set<string>>();

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#times = new Times(reading.feed.options.zone ?? "UTC");
  }

  read(entity: NgsiEntity): void {
    const note: Note = (code, severity, text) =>
      this.#reading.notices.add(code, severity, () => `entity ${quote(entity.id)}: ${text}`);
    const { entities } = this.#reading.feed.options;
    const rule = entities?.find(({ type }) => entity.isOf(type));
    if (entities !== undefined && rule === undefined)
      return note("ngsi-other-type", "info", `type ${quote(entity.types[0])} is not declared`);
    const pointId = pointIdOf(entity, rule, note);
    if (pointId === null) return;
    if (entity.isDeleted) return this.#remove(pointId, Object.keys(rule?.properties ?? {}));
    const measured = rule ? this.#declared(entity, rule) : numbersIn(entity, note);
    if (measured.length === 0) note("ngsi-no-number", "info", "no attribute that is read, expected a number");
    else this.#readValues(entity, rule, pointId, measured, note);
  }

  /** Declared attributes that no entity of their type has: a renamed one would look like silence. */
  noteMissing(): void {
    if (this.#reading.isNotification) return;
    for (const [{ type, properties }, missing] of this.#missing)
      for (const property of missing) {
        const names = namesOf(properties[property]!).join(" or ");
        const text = `no entity has ${names} of ${type}, expected one to`;
        this.#reading.notices.add("ngsi-missing-attribute", "warning", text);
      }
  }

  #declared(entity: NgsiEntity, rule: NgsiEntityRule): readonly Measured[] {
    const measured = declaredIn(entity, rule.properties);
    const missing = this.#missing.get(rule) ?? new Set(Object.keys(rule.properties));
    for (const { property } of measured) missing.delete(property);
    this.#missing.set(rule, missing);
    return measured;
  }

  #readValues(
    entity: NgsiEntity,
    rule: NgsiEntityRule | undefined,
    pointId: string,
    measured: readonly Measured[],
    note: Note,
  ): void {
    const { feed, receivedAt, isNotification } = this.#reading;
    const times = this.#times.ofEntity(entity, rule?.observedAt, note);
    const location = entity.find(rule?.location ?? "location")?.value ?? entity.geometry;
    const name = entity.find(rule?.name ?? "name");
    // What a notification leaves out of a sensor stays as it is known.
    const isPartial =
      isNotification && (location === undefined || (rule?.name !== undefined && name === null));
    const common: Common | null = isPartial
      ? null
      : {
          kind: "Sensor",
          feedId: feed.id,
          receivedAt,
          position: placeOf(location, feed.bounds, note),
          quality: "good",
          fields: {
            name: textOf(name?.value),
            validFromAt: times.valid?.fromAt ?? null,
            validToAt: times.valid?.toAt ?? null,
          },
        };
    for (const one of measured) this.#readValue(one, sourceIdOf(pointId, one.property), common, times, note);
  }

  /** `common`: what the sensors of the entity share; `null` where it tells of values alone. */
  #readValue(
    measured: Measured,
    sourceId: string,
    common: Common | null,
    times: EntityTimes,
    note: Note,
  ): void {
    const { feed, receivedAt } = this.#reading;
    const { property, attribute } = measured;
    const id = entityId(feed.id, "Sensor", sourceId);
    if (attribute.value === deleted) {
      this.found.removed.push(id);
      return;
    }
    const value = numberOf(measured, note);
    const observedAt = this.#times.ofValue(attribute, times, note);
    if (observedAt === null)
      note("ngsi-no-observed-at", "warning", `${property}: expected a time of the value or of the entity`);
    else if (isOlder(observedAt, feed.options.maxAgeSeconds, receivedAt))
      return note("ngsi-silent", "info", `${property} is of ${isoText(observedAt)}; left out`);
    else if (observedAt > receivedAt + clockSkewMs)
      note("ngsi-future", "warning", `${isoText(observedAt)}, expected a time before ${isoText(receivedAt)}`);
    if (common !== null)
      this.found.sensors.push({
        ...common,
        id,
        sourceId,
        observedAt,
        fields: { ...common.fields, property, value },
      });
    else if (value !== null && observedAt !== null)
      this.found.observations.push({ entityId: id, property, value, observedAt, receivedAt });
  }

  #remove(pointId: string, properties: readonly string[]): void {
    for (const property of properties)
      this.found.removed.push(entityId(this.#reading.feed.id, "Sensor", sourceIdOf(pointId, property)));
  }
}

/** What names the measuring point: the entity's id unless the rule says otherwise. */
function pointIdOf(entity: NgsiEntity, rule: NgsiEntityRule | undefined, note: Note): string | null {
  if (rule?.id === undefined) {
    if (datedId.test(entity.id))
      note("ngsi-dated-id", "warning", "its id holds a time: expected one that lasts, or `id` to name one");
    return entity.id;
  }
  const value = entity.find(rule.id)?.value;
  const id = typeof value === "number" ? String(value) : textOf(value);
  if (id === null) note("ngsi-no-id", "error", `${rule.id} ${quote(value)}, expected an id`);
  return id;
}

function sourceIdOf(pointId: string, property: string): string {
  return `${pointId}|${property}`;
}
