/** What every kind of GTFS-Realtime entity is judged by. Codes are those of the public validator. */

import type { ConnectorFeed } from "../connector.ts";
import { clockSkewMs, earliestSensibleAt } from "../instant.ts";
import type { EntityNotes } from "./entity-notes.ts";
import { enumText, type TripDescriptor, type VehicleDescriptor } from "./message.ts";

/** Where the entities of a body come from. */
export interface Source {
  readonly feed: ConnectorFeed;
  readonly receivedAt: number;
}

export interface Instant {
  /** Epoch milliseconds; `null` when the source gives none that can be believed. */
  readonly at: number | null;
  /** Ahead of our clock: the next poll may believe it. */
  readonly ahead: boolean;
}

const unknownInstant: Instant = { at: null, ahead: false };
/** 2100-01-01 in seconds. A number beyond it was meant in milliseconds. */
const latestSeconds = 4_102_444_800;
export const latestAt = latestSeconds * 1000;

/** The source's own time of a thing. Missing, senseless or future is a notice, never "now". */
export function judgeTimestamp(
  seconds: number,
  source: Source,
  notes: EntityNotes,
  who: () => string,
): Instant {
  if (Number.isNaN(seconds) || seconds === 0) {
    notes.add(
      "W001",
      "warning",
      () => `${who()}: timestamp ${seconds === 0 ? "0" : "missing"}, expected POSIX time`,
    );
    return unknownInstant;
  }
  const at = inMilliseconds(seconds);
  if (at !== seconds * 1000) {
    notes.add(
      "E001",
      "error",
      () => `${who()}: timestamp ${seconds}, expected seconds; read as milliseconds`,
    );
  }
  if (at < earliestSensibleAt || at > latestAt) {
    notes.add("E001", "error", () => `${who()}: timestamp ${seconds}, expected POSIX time in seconds`);
    return unknownInstant;
  }
  if (at > source.receivedAt + clockSkewMs) {
    const ahead = Math.round((at - source.receivedAt) / 1000);
    notes.add("E050", "error", () => `${who()}: timestamp ${seconds} is ${ahead} s ahead of our clock`);
    return { at: null, ahead: true };
  }
  return { at, ahead: false };
}

/** POSIX seconds as epoch milliseconds; a number too large for seconds is taken for milliseconds. */
export function inMilliseconds(seconds: number): number {
  return seconds > latestSeconds && seconds <= latestAt ? seconds : seconds * 1000;
}

export const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
export const textOrNull = (value: string): string | null => (value === "" ? null : value);

/** What a run of a trip is called everywhere: trip id, start date, start time; "" when there is no trip id. */
export function tripKey(trip: { tripId: string; startDate: string; startTime: string } | null): string {
  if (!trip || trip.tripId === "") return "";
  const { tripId, startDate, startTime } = trip;
  const dated = startDate === "" ? tripId : `${tripId}/${startDate}`;
  return startTime === "" ? dated : `${dated}/${startTime}`;
}

/** What a TripDescriptor says of a trip, in the fields that predictions and vehicles share. */
export function tripFields(trip: TripDescriptor | null) {
  return {
    tripId: textOrNull(trip?.tripId ?? ""),
    routeId: textOrNull(trip?.routeId ?? ""),
    startDate: textOrNull(trip?.startDate ?? ""),
    startTime: textOrNull(trip?.startTime ?? ""),
    directionId: orNull(trip?.directionId ?? Number.NaN),
    scheduleRelationship: trip && enumText("tripRelationship", trip.scheduleRelationship),
  };
}

export function noteTrip(trip: TripDescriptor, notes: EntityNotes, who: () => string): void {
  if (trip.scheduleRelationship < 0) {
    notes.add("W009", "info", () => `${who()}: schedule_relationship missing, SCHEDULED is understood`);
  }
  if (trip.startTime !== "" && !/^\d{1,2}:[0-5]\d:[0-5]\d$/.test(trip.startTime)) {
    notes.add("E020", "error", () => `${who()}: start_time "${trip.startTime}", expected HH:MM:SS`);
  }
  if (trip.startDate !== "" && !isServiceDate(trip.startDate)) {
    notes.add("E021", "error", () => `${who()}: start_date "${trip.startDate}", expected YYYYMMDD`);
  }
}

function isServiceDate(text: string): boolean {
  return /^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(text);
}

export function nameOf(what: string, trip: TripDescriptor | null, vehicle: VehicleDescriptor | null): string {
  if (vehicle && vehicle.id !== "") return `${what} of vehicle ${vehicle.id}`;
  if (trip && trip.tripId !== "") return `${what} of trip ${trip.tripId}`;
  return `${what} without trip_id and vehicle.id`;
}
