/**
 * What of GTFS-Realtime only the timetable shows to be wrong. Rules and codes are those of the public
 * gtfs-realtime-validator (RULES.md); the ones a body shows by itself are judged where it is decoded.
 */

import type { EntityOf, Position } from "../../../shared/entity.ts";
import { noData, skipped, type StopTimeUpdates } from "../../../shared/stop-time-updates.ts";
import {
  frequenciesOf,
  findByStop,
  findBySequence,
  stopTimesOf,
  type Schedule,
} from "../feeds/gtfs/schedule.ts";
import { coverageOf, isNearShape, metresPerDegree } from "../feeds/gtfs/shape-line.ts";
import { EntityNotes, type Note } from "../feeds/gtfs-rt/entity-notes.ts";
import { secondsOf } from "./run.ts";

export type JudgedEntity = EntityOf<"TripUpdate"> | EntityOf<"VehiclePosition"> | EntityOf<"ServiceAlert">;

/** How far outside the box around the timetable's shapes (or stops) a vehicle may be, in metres (E028). */
const coverageBufferMetres = 1609;
/** How far from its trip's shape a vehicle may be, in metres (E029). */
const shapeBufferMetres = 200;

/**
 * The notices of one reported entity against its timetable. `isDetoured` is asked only for a vehicle that is off its
 * shape: whether a service alert in force says DETOUR of its trip or route.
 */
export function judgeAgainstTimetable(
  schedule: Schedule,
  entity: JudgedEntity,
  isDetoured: () => boolean,
): readonly Note[] | null {
  const notes = new EntityNotes();
  const who = (): string => `${entity.kind} ${entity.sourceId}`;
  if (entity.kind === "ServiceAlert") judgeAlert(schedule, entity, notes, who);
  else {
    const trip = judgeTrip(schedule, entity, notes, who);
    if (entity.kind === "TripUpdate") judgeStopTimes(schedule, trip, entity, notes, who);
    else judgeVehicle(schedule, trip, entity, isDetoured, notes, who);
  }
  return notes.take();
}

/**
 * Whether a vehicle and the predictions for its trip name each other (E047, W003). `update` is `null` when its
 * timetable's trip updates have none for this trip.
 */
export function judgePair(
  vehicle: EntityOf<"VehiclePosition">,
  update: EntityOf<"TripUpdate"> | null,
): readonly Note[] | null {
  const { tripId, vehicleId } = vehicle.fields;
  if (!tripId || !vehicleId) return null;
  const notes = new EntityNotes();
  const other = update?.fields.vehicleId;
  if (!update) {
    notes.add("W003", "warning", () => `VehiclePosition ${vehicleId}: trip_id ${tripId} has no trip update`);
  } else if (other && other !== vehicleId) {
    notes.add(
      "E047",
      "error",
      () => `VehiclePosition ${vehicleId}: trip_id ${tripId}, whose trip update names vehicle ${other}`,
    );
  }
  return notes.take();
}

function judgeAlert(
  schedule: Schedule,
  { fields }: EntityOf<"ServiceAlert">,
  notes: EntityNotes,
  who: () => string,
): void {
  for (const id of fields.agencyIds ?? []) {
    if (!schedule.agencyIds.has(id))
      notes.add("E034", "error", () => unknown(who, "agency_id", id, "agency"));
  }
  for (const id of fields.routeIds ?? []) judgeRoute(schedule, id, notes, who);
  for (const id of fields.stopIds ?? []) judgeStop(schedule, id, notes, who);
}

function unknown(who: () => string, field: string, id: string, table: string): string {
  return `${who()}: ${field} "${id}", expected one of ${table}.txt`;
}

function judgeRoute(schedule: Schedule, id: string, notes: EntityNotes, who: () => string): void {
  if (!schedule.routes.index.has(id))
    notes.add("E004", "error", () => unknown(who, "route_id", id, "routes"));
}

function judgeStop(schedule: Schedule, id: string, notes: EntityNotes, who: () => string): void {
  const stop = schedule.stops.index.get(id);
  if (stop === undefined) notes.add("E011", "error", () => unknown(who, "stop_id", id, "stops"));
  else if (schedule.stops.locationType[stop] !== 0) {
    const type = schedule.stops.locationType[stop];
    notes.add("E015", "error", () => `${who()}: stop_id "${id}" has location_type ${type}, expected 0`);
  }
}

/** The trip descriptor; returns the index of the trip, -1 when the timetable has none of this id. */
function judgeTrip(
  schedule: Schedule,
  { fields }: EntityOf<"TripUpdate"> | EntityOf<"VehiclePosition">,
  notes: EntityNotes,
  who: () => string,
): number {
  const { tripId, routeId, scheduleRelationship: relationship } = fields;
  if (routeId) judgeRoute(schedule, routeId, notes, who);
  if (!tripId) return -1;
  const trip = schedule.trips.index.get(tripId);
  const isAdded = relationship === "ADDED" || relationship === "NEW";
  if (trip === undefined) {
    if (!isAdded) notes.add("E003", "error", () => unknown(who, "trip_id", tripId, "trips"));
    return -1;
  }
  if (isAdded) {
    notes.add("E016", "error", () => `${who()}: ${relationship} trip_id "${tripId}" is in trips.txt`);
  }
  const direction = schedule.trips.direction[trip] as number;
  const given = fields.directionId;
  if (given != null && direction >= 0 && given !== direction) {
    notes.add("E024", "error", () => `${who()}: direction_id ${given}, expected ${direction} of trips.txt`);
  }
  const route = schedule.routes.ids[schedule.trips.route[trip] as number];
  if (routeId && route !== undefined && routeId !== route) {
    notes.add(
      "E035",
      "error",
      () => `${who()}: route_id "${routeId}", expected "${route}" of trip "${tripId}"`,
    );
  }
  if (!isAdded && relationship !== "DUPLICATED") judgeStart(schedule, trip, fields, notes, who);
  return trip;
}

type TripFields = EntityOf<"TripUpdate" | "VehiclePosition">["fields"];

/** `start_time`, and what a trip of frequencies.txt must say so that its runs can be told apart. */
function judgeStart(
  schedule: Schedule,
  trip: number,
  fields: TripFields,
  notes: EntityNotes,
  who: () => string,
): void {
  const { from, to } = frequenciesOf(schedule, trip);
  if (from < to && schedule.frequencies.exact[from] !== 1) {
    judgeTimelessRun(fields, notes, who);
    return;
  }
  const start = secondsOf(fields.startTime ?? "");
  if (Number.isNaN(start)) return;
  if (from === to) {
    const expected = schedule.stopTimes.arrival[stopTimesOf(schedule, trip).from] ?? -1;
    if (expected >= 0 && start !== expected)
      notes.add(
        "E023",
        "error",
        () =>
          `${who()}: start_time ${fields.startTime}, expected second ${expected} of the service day, its first arrival`,
      );
  } else if (!startsOnHeadway(schedule, from, to, start))
    notes.add(
      "E019",
      "error",
      () =>
        `${who()}: start_time ${fields.startTime}, expected a multiple of headway_secs after a start_time of frequencies.txt`,
    );
}

/** Only its start tells one run of a trip without times (`exact_times` = 0) from another. */
function judgeTimelessRun(fields: TripFields, notes: EntityNotes, who: () => string): void {
  for (const [name, value] of [
    ["start_date", fields.startDate],
    ["start_time", fields.startTime],
  ] as const) {
    if (!value) notes.add("E006", "error", () => `${who()}: ${name} missing, required for exact_times = 0`);
  }
  const { scheduleRelationship: relationship, vehicleId } = fields;
  if (relationship && relationship !== "UNSCHEDULED")
    notes.add(
      "E013",
      "error",
      () =>
        `${who()}: schedule_relationship ${relationship}, expected UNSCHEDULED or none for exact_times = 0`,
    );
  if (!vehicleId)
    notes.add("W005", "warning", () => `${who()}: vehicle.id missing, expected for exact_times = 0`);
}

function startsOnHeadway(schedule: Schedule, from: number, to: number, start: number): boolean {
  const { startSeconds, endSeconds, headwaySeconds } = schedule.frequencies;
  for (let row = from; row < to; row++) {
    const after = start - (startSeconds[row] as number);
    const isWithin = after >= 0 && start <= (endSeconds[row] as number);
    if (isWithin && after % (headwaySeconds[row] as number) === 0) return true;
  }
  return false;
}

function judgeStopTimes(
  schedule: Schedule,
  trip: number,
  { fields, stopTimeUpdates: updates }: EntityOf<"TripUpdate">,
  notes: EntityNotes,
  who: () => string,
): void {
  if (!updates) return;
  for (const id of updates.stopIds) if (id !== "") judgeStop(schedule, id, notes, who);
  if (trip < 0 || fields.scheduleRelationship === "REPLACEMENT") return;
  if (lacksSequence(updates)) judgeLoop(schedule, trip, notes, who);
  let next = stopTimesOf(schedule, trip).from;
  for (let at = 0; at < updates.length; at++) {
    const sequence = updates.stopSequence(at);
    const stopId = updates.stopId(at);
    const bySequence = !Number.isNaN(sequence);
    const row = bySequence
      ? findBySequence(schedule, trip, sequence)
      : findByStop(schedule, trip, schedule.stops.index.get(stopId) ?? -1, next);
    if (row < 0 && bySequence) {
      notes.add(
        "E051",
        "error",
        () => `${who()}: stop_sequence ${sequence}, expected one of the trip in stop_times.txt`,
      );
    }
    if (row < 0) continue;
    next = row + 1;
    const expected = schedule.stops.ids[schedule.stopTimes.stop[row] as number] ?? "";
    if (bySequence && stopId !== "" && stopId !== expected) {
      notes.add(
        "E045",
        "error",
        () => `${who()}: stop_sequence ${sequence} with stop_id "${stopId}", expected "${expected}"`,
      );
    }
    judgeTimeless(schedule, row, updates, at, notes, who);
  }
}

function lacksSequence(updates: StopTimeUpdates): boolean {
  for (let row = 0; row < updates.length; row++) if (Number.isNaN(updates.stopSequence(row))) return true;
  return false;
}

/** A delay alone needs a time of the timetable that it is a delay to. */
function judgeTimeless(
  schedule: Schedule,
  row: number,
  updates: StopTimeUpdates,
  at: number,
  notes: EntityNotes,
  who: () => string,
): void {
  const relationship = updates.scheduleRelationship(at);
  if (relationship === skipped || relationship === noData) return;
  const isTimeless = (time: number, delay: number, scheduled: Int32Array): boolean =>
    Number.isNaN(time) && !Number.isNaN(delay) && scheduled[row]! < 0;
  const { arrival, departure } = schedule.stopTimes;
  if (
    isTimeless(updates.arrivalAt(at), updates.arrivalDelaySeconds(at), arrival) ||
    isTimeless(updates.departureAt(at), updates.departureDelaySeconds(at), departure)
  ) {
    notes.add(
      "E046",
      "error",
      () => `${who()}: stop_time_update ${at} has a delay and no time, and stop_times.txt no time either`,
    );
  }
}

/** Without stop_sequence nobody can tell which visit of a stop is meant. */
function judgeLoop(schedule: Schedule, trip: number, notes: EntityNotes, who: () => string): void {
  const { from, to } = stopTimesOf(schedule, trip);
  const seen = new Set<number>();
  for (let row = from; row < to; row++) {
    const stop = schedule.stopTimes.stop[row] as number;
    if (seen.has(stop)) {
      const id = schedule.stops.ids[stop];
      notes.add(
        "E009",
        "error",
        () => `${who()}: stop_sequence missing, expected since the trip visits "${id}" twice`,
      );
      return;
    }
    seen.add(stop);
  }
}

function judgeVehicle(
  schedule: Schedule,
  trip: number,
  { fields, position }: EntityOf<"VehiclePosition">,
  isDetoured: () => boolean,
  notes: EntityNotes,
  who: () => string,
): void {
  if (fields.stopId) judgeStop(schedule, fields.stopId, notes, who);
  if (!position) return;
  const place = (): string => `${who()}: latitude ${position[1]}, longitude ${position[0]}`;
  if (!isCovered(schedule, position)) {
    notes.add(
      "E028",
      "error",
      () => `${place()}, expected within ${coverageBufferMetres} m of the agency's area`,
    );
  } else if (trip >= 0 && !isNearShape(schedule, trip, position, shapeBufferMetres) && !isDetoured()) {
    notes.add(
      "E029",
      "error",
      () => `${place()}, expected within ${shapeBufferMetres} m of the shape of trip "${fields.tripId}"`,
    );
  }
}

function isCovered(schedule: Schedule, [lon, lat]: Position): boolean {
  const box = coverageOf(schedule);
  if (!box) return true;
  const [west, south, east, north] = box;
  const y = coverageBufferMetres / metresPerDegree;
  const x = y / Math.cos((lat * Math.PI) / 180);
  return lon >= west - x && lon <= east + x && lat >= south - y && lat <= north + y;
}
