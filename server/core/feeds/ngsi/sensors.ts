/** Entities into Sensors: one for each declared property of each entity. */

import { entityIds, type EntityOf, type Observation, type Position } from "../../../../shared/entity.ts";
import type { Notices } from "../../../../shared/notice.ts";
import { quote, textOf } from "../body.ts";
import type { ConnectorFeed } from "../connector.ts";
import { clockSkewMs, isoText, isOlder } from "../instant.ts";
import type { NgsiEntity } from "./entity.ts";
import { placeOf } from "./location.ts";
import { declaredIn, numberOf, numbersIn, soughtBy, type Measured, type Sought } from "./measured.ts";
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

/** What the Sensors of one entity share. */
interface Point {
  readonly name: string | null;
  readonly position: Position | null;
}

/** A rule, and the properties that no entity of its type has had so far. */
interface Ruled {
  readonly rule: NgsiEntityRule;
  readonly sought: readonly Sought[];
  readonly missing: Set<string>;
  isMet: boolean;
}

export class SensorReader {
  readonly found: Found = { sensors: [], observations: [], removed: [] };
  readonly #reading: Reading;
  readonly #times: Times;
  readonly #idOf: (sourceId: string) => string;
  readonly #points = new Set<string>();
  #isTwice = false;
  /** `null`: without rules every number is read. */
  readonly #rules: readonly Ruled[] | null;

  constructor(reading: Reading) {
    const { zone, entities } = reading.feed.options;
    this.#reading = reading;
    this.#times = new Times(zone ?? "UTC");
    this.#idOf = entityIds(reading.feed.id, "Sensor");
    this.#rules =
      entities?.map((rule) => ({
        rule,
        sought: soughtBy(rule.properties),
        missing: new Set(Object.keys(rule.properties)),
        isMet: false,
      })) ?? null;
  }

  read(entity: NgsiEntity): void {
    const note: Note = (code, severity, text) =>
      this.#reading.notices.add(code, severity, () => `entity ${quote(entity.id)}: ${text}`);
    const ruled = this.#ruleOf(entity);
    if (this.#rules !== null && ruled === undefined)
      return note("ngsi-other-type", "info", `type ${quote(entity.types[0])} is not declared`);
    const pointId = pointIdOf(entity, ruled?.rule, note);
    if (pointId === null) return;
    if (this.#points.size === this.#points.add(pointId).size) this.#isTwice = true;
    if (entity.isDeleted) return this.#remove(pointId, Object.keys(ruled?.rule.properties ?? {}));
    const measured = ruled ? declaredIn(entity, ruled.sought) : numbersIn(entity, note);
    if (ruled) {
      ruled.isMet = true;
      if (ruled.missing.size > 0) for (const { property } of measured) ruled.missing.delete(property);
    }
    if (measured.length === 0) note("ngsi-no-number", "info", "no attribute that is read, expected a number");
    else this.#readValues(entity, ruled?.rule, pointId, measured, note);
  }

  #ruleOf(entity: NgsiEntity): Ruled | undefined {
    for (const ruled of this.#rules ?? []) if (entity.isOf(ruled.rule.type)) return ruled;
    return undefined;
  }

  /** Whether any measuring point was told of more than once. */
  get isTwice(): boolean {
    return this.#isTwice;
  }

  /** Declared attributes that no entity of their type has: a renamed one would look like silence. */
  noteMissing(): void {
    if (this.#reading.isNotification) return;
    for (const { rule, sought, missing, isMet } of this.#rules ?? [])
      for (const { property, names } of isMet ? sought : [])
        if (missing.has(property)) {
          const text = `no entity has ${names.join(" or ")} of ${rule.type}, expected one to`;
          this.#reading.notices.add("ngsi-missing-attribute", "warning", text);
        }
  }

  #readValues(
    entity: NgsiEntity,
    rule: NgsiEntityRule | undefined,
    pointId: string,
    measured: readonly Measured[],
    note: Note,
  ): void {
    const { feed, isNotification } = this.#reading;
    const location = entity.find(rule?.location ?? "location")?.value ?? entity.geometry;
    const name = entity.find(rule?.name ?? "name");
    // What a notification leaves out of a sensor stays as it is known.
    const isPartial =
      isNotification && (location === undefined || (rule?.name !== undefined && name === null));
    const point = isPartial
      ? null
      : { name: textOf(name?.value), position: placeOf(location, feed.bounds, note) };
    const times = this.#times.ofEntity(entity, rule?.observedAt, note);
    for (const one of measured) this.#readValue(one, pointId, point, times, note);
  }

  /** `point`: `null` where the entity tells of its values alone. */
  #readValue(measured: Measured, pointId: string, point: Point | null, times: EntityTimes, note: Note): void {
    const { feed, receivedAt } = this.#reading;
    const { property, attribute } = measured;
    const sourceId = sourceIdOf(pointId, property);
    const id = this.#idOf(sourceId);
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
    if (point === null) {
      if (value !== null && observedAt !== null)
        this.found.observations.push({ entityId: id, property, value, observedAt, receivedAt });
      return;
    }
    this.found.sensors.push({
      id,
      kind: "Sensor",
      feedId: feed.id,
      sourceId,
      observedAt,
      receivedAt,
      position: point.position,
      quality: "good",
      fields: {
        name: point.name,
        property,
        value,
        validFromAt: times.valid?.fromAt ?? null,
        validToAt: times.valid?.toAt ?? null,
      },
    });
  }

  #remove(pointId: string, properties: readonly string[]): void {
    for (const property of properties) this.found.removed.push(this.#idOf(sourceIdOf(pointId, property)));
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
