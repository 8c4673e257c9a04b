/**
 * The JSON form of GTFS-Realtime as it is met in the wild: names in snake_case or camelCase (protobuf's JSON mapping),
 * enums as text or numbers, 64-bit numbers as text.
 */

import { isObject, type JsonObject } from "../body.ts";
import {
  absent,
  emptyAlert,
  emptyTrip,
  emptyVehiclePosition,
  enumNumber,
  type AlertMessage,
  type EntitySelector,
  type EnumName,
  type FeedEntityMessage,
  type FeedHeader,
  type TimeRange,
  type Translation,
  type TripDescriptor,
  type TripUpdateMessage,
  type VehicleDescriptor,
  type VehiclePositionMessage,
} from "./message.ts";
import { StopTimeRows } from "./stop-time-rows.ts";

const snakeNames = new Map<string, string>();

function snakeOf(name: string): string {
  let snake = snakeNames.get(name);
  if (snake === undefined) {
    snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakeNames.set(name, snake);
  }
  return snake;
}

/** A member by its camelCase name, in either spelling; `undefined` when absent or null. */
function member(object: JsonObject, name: string): unknown {
  return object[name] ?? object[snakeOf(name)] ?? undefined;
}

function textOf(object: JsonObject, name: string): string {
  const value = member(object, name);
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function numberOf(object: JsonObject, name: string): number {
  const value = member(object, name);
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

function enumOf(object: JsonObject, name: string, values: EnumName): number {
  const value = member(object, name);
  if (typeof value === "number") return value;
  return typeof value === "string" ? enumNumber(values, value) : absent;
}

function objectOf(object: JsonObject, name: string): JsonObject | null {
  const value = member(object, name);
  return isObject(value) ? value : null;
}

function listOf(object: JsonObject, name: string): JsonObject[] {
  const value = member(object, name);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** `null` when the object has no header, so that it is no FeedMessage. */
export function readJsonHeader(body: JsonObject): FeedHeader | null {
  const header = objectOf(body, "header");
  if (!header) return null;
  return {
    version: textOf(header, "gtfsRealtimeVersion"),
    incrementality: enumOf(header, "incrementality", "incrementality"),
    timestamp: numberOf(header, "timestamp"),
  };
}

/** `null` for something in `entity` that is no object. */
export function readJsonEntity(value: unknown): FeedEntityMessage | null {
  if (!isObject(value)) return null;
  const vehicle = objectOf(value, "vehicle");
  const tripUpdate = objectOf(value, "tripUpdate");
  const alert = objectOf(value, "alert");
  return {
    id: textOf(value, "id"),
    isDeleted: member(value, "isDeleted") === true,
    vehicle: vehicle && readVehiclePosition(vehicle),
    tripUpdate: tripUpdate && readTripUpdate(tripUpdate),
    alert: alert && readAlert(alert),
  };
}

function readTrip(object: JsonObject | null): TripDescriptor | null {
  if (!object) return null;
  return {
    tripId: textOf(object, "tripId"),
    routeId: textOf(object, "routeId"),
    startTime: textOf(object, "startTime"),
    startDate: textOf(object, "startDate"),
    directionId: numberOf(object, "directionId"),
    scheduleRelationship: enumOf(object, "scheduleRelationship", "tripRelationship"),
  };
}

function readVehicle(object: JsonObject | null): VehicleDescriptor | null {
  return object && { id: textOf(object, "id"), label: textOf(object, "label") };
}

function readVehiclePosition(object: JsonObject): VehiclePositionMessage {
  const position = objectOf(object, "position");
  const at = position ?? {};
  return {
    ...emptyVehiclePosition(),
    trip: readTrip(objectOf(object, "trip")),
    vehicle: readVehicle(objectOf(object, "vehicle")),
    hasPosition: position !== null,
    latitude: numberOf(at, "latitude"),
    longitude: numberOf(at, "longitude"),
    bearing: numberOf(at, "bearing"),
    speed: numberOf(at, "speed"),
    currentStopSequence: numberOf(object, "currentStopSequence"),
    stopId: textOf(object, "stopId"),
    currentStatus: enumOf(object, "currentStatus", "vehicleStopStatus"),
    timestamp: numberOf(object, "timestamp"),
    congestionLevel: enumOf(object, "congestionLevel", "congestionLevel"),
    occupancyStatus: enumOf(object, "occupancyStatus", "occupancyStatus"),
    occupancyPercentage: numberOf(object, "occupancyPercentage"),
  };
}

function readTripUpdate(object: JsonObject): TripUpdateMessage {
  const rows = new StopTimeRows();
  for (const update of listOf(object, "stopTimeUpdate")) readStopTimeUpdate(update, rows);
  const properties = readTrip(objectOf(object, "tripProperties")) ?? emptyTrip();
  return {
    trip: readTrip(objectOf(object, "trip")),
    vehicle: readVehicle(objectOf(object, "vehicle")),
    timestamp: numberOf(object, "timestamp"),
    delay: numberOf(object, "delay"),
    newTripId: properties.tripId,
    newStartDate: properties.startDate,
    newStartTime: properties.startTime,
    ...rows.take(),
  };
}

function readStopTimeUpdate(object: JsonObject, rows: StopTimeRows): void {
  const arrival = objectOf(object, "arrival");
  const departure = objectOf(object, "departure");
  rows.startRow();
  rows.stopSequence(numberOf(object, "stopSequence"));
  rows.stopId(textOf(object, "stopId"));
  rows.scheduleRelationship(enumOf(object, "scheduleRelationship", "stopRelationship"));
  if (arrival) {
    rows.arrives();
    rows.arrivalTime(numberOf(arrival, "time"));
    rows.arrivalDelay(numberOf(arrival, "delay"));
  }
  if (departure) {
    rows.departs();
    rows.departureTime(numberOf(departure, "time"));
    rows.departureDelay(numberOf(departure, "delay"));
  }
  rows.endRow();
}

function readAlert(object: JsonObject): AlertMessage {
  return {
    ...emptyAlert(),
    activePeriods: listOf(object, "activePeriod").map(readTimeRange),
    informedEntities: listOf(object, "informedEntity").map(readSelector),
    cause: enumOf(object, "cause", "cause"),
    effect: enumOf(object, "effect", "effect"),
    severityLevel: enumOf(object, "severityLevel", "severityLevel"),
    url: readTranslations(objectOf(object, "url")),
    headerText: readTranslations(objectOf(object, "headerText")),
  };
}

function readTimeRange(object: JsonObject): TimeRange {
  return { start: numberOf(object, "start"), end: numberOf(object, "end") };
}

function readSelector(object: JsonObject): EntitySelector {
  return {
    agencyId: textOf(object, "agencyId"),
    routeId: textOf(object, "routeId"),
    routeType: numberOf(object, "routeType"),
    stopId: textOf(object, "stopId"),
    trip: readTrip(objectOf(object, "trip")),
  };
}

function readTranslations(object: JsonObject | null): Translation[] {
  if (!object) return [];
  return listOf(object, "translation").map((translation) => ({
    text: textOf(translation, "text"),
    language: textOf(translation, "language"),
  }));
}
