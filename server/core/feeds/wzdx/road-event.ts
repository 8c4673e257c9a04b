/**
 * One road event (WZDx 4.2, RoadEventFeature; 3.1 has the same names on one level). One event is one direction of a road:
 * works on both sides are two.
 */

import type { Geometry } from "geojson";
import { type EntityOf, type Position } from "../../../../shared/entity.ts";
import { isObject, quote, type JsonObject } from "../body.ts";
import { isoText } from "../instant.ts";
import { Feature, type Reading } from "./feature.ts";
import { flagOf, idOf, numberOf, objectsOf, textOf, textsOf } from "./members.ts";
import { relatedOf, type Link } from "./related.ts";

type Fields = EntityOf<"WorkZone">["fields"];

const eventTypes = new Set(["work-zone", "detour", "restriction", "incident"]);
const kilometresPerMile = 1.609344;

/** `details` are the core details, `properties` the event's own; both are one object in 3.1. `null` without an id. */
export function readRoadEvent(
  feature: JsonObject,
  details: JsonObject,
  properties: JsonObject,
  i: number,
  reading: Reading,
): EntityOf<"WorkZone"> | null {
  const { feed, receivedAt, notices } = reading;
  const sourceId = idOf(feature["id"]) ?? idOf(properties["road_event_id"]);
  if (sourceId === null) {
    notices.add("wzdx-no-id", "error", `feature ${i + 1}: expected an id; it is left out`);
    return null;
  }
  const event = new Feature("event", sourceId, reading);
  const extent = extentOf(event, feature["geometry"]);
  const isSound = extent?.isWhole === true && areEndsSure(details, properties);
  return {
    id: reading.workZoneId(sourceId),
    kind: "WorkZone",
    feedId: feed.id,
    sourceId,
    observedAt: event.observedAt(details),
    receivedAt,
    position: extent?.middle ?? null,
    quality: isSound ? "good" : "estimated",
    ...(extent ? { geometry: extent.geometry } : {}),
    fields: fieldsOf(event, details, properties, reading.links),
  };
}

/** Only work zones say whether their ends were verified; detours and restrictions have no such word. */
function areEndsSure(details: JsonObject, properties: JsonObject): boolean {
  const start = wordOf(properties["is_start_position_verified"], properties["beginning_accuracy"]);
  const end = wordOf(properties["is_end_position_verified"], properties["ending_accuracy"]);
  const isWorkZone = (details["event_type"] ?? "work-zone") === "work-zone";
  return isWorkZone ? start === true && end === true : start !== false && end !== false;
}

function wordOf(flag: unknown, accuracy: unknown): unknown {
  return flag ?? (accuracy === undefined ? undefined : accuracy === "verified");
}

function fieldsOf(event: Feature, details: JsonObject, properties: JsonObject, links: Link[]): Fields {
  const startsAt = event.instant("start_date", properties["start_date"]);
  const endsAt = event.instant("end_date", properties["end_date"]);
  if (startsAt !== null && endsAt !== null && endsAt < startsAt)
    event.note(
      "wzdx-time-order",
      "warning",
      `ends ${isoText(endsAt)}, expected not before its start ${isoText(startsAt)}`,
    );
  const roadNames = roadNamesOf(details);
  const lanes = lanesOf(event, properties["lanes"]);
  return {
    name: textOf(details["name"]) ?? roadNames[0] ?? null,
    status: textOf(properties["event_status"]),
    eventType: eventTypeOf(event, details, properties),
    roadNames,
    direction: textOf(details["direction"]),
    vehicleImpact: textOf(properties["vehicle_impact"]),
    typesOfWork: objectsOf(properties["types_of_work"]).flatMap((work) => textOf(work["type_name"]) ?? []),
    restrictions: restrictionsOf(properties, lanes ?? []),
    relatedRoadEvents: relatedOf(event, details, links),
    lanes: lanes?.length ?? numberOf(properties["total_num_lanes"]),
    lanesClosed: lanes?.filter((lane) => lane["status"] === "closed").length ?? null,
    reducedSpeedLimitKph: speedLimit(properties),
    areWorkersPresent: workersIn(properties),
    startsAt,
    endsAt,
  };
}

/** 3.1, which has all on one level, does not ask for the type. */
function eventTypeOf(event: Feature, details: JsonObject, properties: JsonObject): string | null {
  const eventType = textOf(details["event_type"]);
  const isLeftOut = eventType === null && details === properties;
  if (!isLeftOut && (eventType === null || !eventTypes.has(eventType)))
    event.note(
      "wzdx-event-type",
      "warning",
      `event_type ${quote(eventType)}, expected ${[...eventTypes].join(", ")}`,
    );
  return eventType;
}

/** 3.1 may still have one `road_name` and one `road_number`. */
function roadNamesOf(details: JsonObject): readonly string[] {
  const names = textsOf(details["road_names"]);
  return names.length > 0
    ? names
    : [details["road_name"], details["road_number"]].flatMap((n) => textOf(n) ?? []);
}

/** `reduced-height 10.5 feet`, of the road and of its lanes, each once. 3.1 has plain words for the road's. */
function restrictionsOf(road: JsonObject, lanes: readonly JsonObject[]): readonly string[] {
  const all: string[] = [];
  addRestrictions(road, all);
  for (const lane of lanes) addRestrictions(lane, all);
  return all.length < 2 ? all : [...new Set(all)];
}

function addRestrictions({ restrictions }: JsonObject, all: string[]): void {
  if (restrictions === undefined) return;
  all.push(...textsOf(restrictions));
  for (const restriction of objectsOf(restrictions)) {
    const type = textOf(restriction["type"] ?? restriction["restriction_type"]);
    const value = numberOf(restriction["value"] ?? restriction["restriction_value"]);
    const unit = textOf(restriction["unit"] ?? restriction["restriction_units"]);
    if (type !== null) all.push(value === null ? type : [type, value, unit ?? ""].join(" ").trimEnd());
  }
}

/** 3.1 has a flag where 4.x has an object. */
function workersIn({ worker_presence: presence, workers_present: flag }: JsonObject): boolean | null {
  return isObject(presence) ? flagOf(presence["are_workers_present"]) : flagOf(flag);
}

/** Lanes are told all or not at all, numbered from the left from 1 on (WZDx 4.2, Lane `order`). */
function lanesOf(event: Feature, value: unknown): readonly JsonObject[] | null {
  const lanes = objectsOf(value);
  if (lanes.length === 0) return null;
  if (lanes.every((lane, i) => lane["order"] === i + 1)) return lanes;
  const orders = lanes.map((lane) => lane["order"]).toSorted((a, b) => Number(a) - Number(b));
  if (orders.some((order, i) => order !== i + 1))
    event.note(
      "wzdx-lanes",
      "warning",
      `lanes ${orders.map(quote).join(", ")}, expected all from 1 to ${lanes.length}`,
    );
  return lanes;
}

interface Extent {
  readonly geometry: Geometry;
  /** A point of it that stands for the whole. */
  readonly middle: Position;
  /** `false`: only its ends are known. */
  readonly isWhole: boolean;
}

/** A line, or with MultiPoint only its ends. One place that cannot be believed makes the whole extent unknown. */
function extentOf(event: Feature, geometry: unknown): Extent | null {
  const type = isObject(geometry) ? geometry["type"] : undefined;
  const coordinates: unknown = isObject(geometry) ? geometry["coordinates"] : undefined;
  if (
    (type !== "LineString" && type !== "MultiPoint") ||
    !Array.isArray(coordinates) ||
    coordinates.length < 2
  ) {
    event.note(
      "wzdx-geometry",
      "error",
      `geometry ${quote(type)}, expected LineString or MultiPoint of two places or more`,
    );
    return null;
  }
  const places: Position[] = [];
  for (const coordinate of coordinates as unknown[]) {
    const place = event.place(coordinate);
    if (place === null) return null;
    places.push(place);
  }
  if (type === "MultiPoint")
    event.note("wzdx-ends-only", "info", "a MultiPoint: only its ends are known, not the way between");
  else if (places.length === 2)
    event.note("wzdx-chord", "info", "a line of two places: perhaps only its ends, joined straight across");
  // A thing's geometry is never changed.
  const shape = places as [number, number][];
  return { geometry: { type, coordinates: shape }, middle: middleOf(places), isWhole: type === "LineString" };
}

/** The vertex half way along the places, in their count: near enough for one symbol. */
function middleOf(places: readonly Position[]): Position {
  const at = (places.length - 1) / 2;
  const [before, after] = [places[Math.floor(at)]!, places[Math.ceil(at)]!];
  return [(before[0] + after[0]) / 2, (before[1] + after[1]) / 2];
}

/** 3.1 gives miles per hour under another name. */
function speedLimit(properties: JsonObject): number | null {
  const { reduced_speed_limit_kph: kph, reduced_speed_limit: mph } = properties;
  if (typeof kph === "number") return kph;
  return typeof mph === "number" ? mph * kilometresPerMile : null;
}
