import { entityId, type EntityOf, type StopTimeUpdates } from "../../../../shared/entity.ts";
import type { EntityNotes } from "./entity-notes.ts";
import {
  inMilliseconds,
  latestAt,
  judgeTimestamp,
  nameOf,
  noteTrip,
  orNull,
  textOrNull,
  tripFields,
  tripKey,
  type Instant,
  type Source,
} from "./judge.ts";
import type { TripUpdateMessage } from "./message.ts";

const skipped = 1;
const noData = 2;

/**
 * The predictions for one run of a trip, named by trip id, start date and start time. A DUPLICATED trip is named by
 * its own new id and start, and refers to the timetable by `tripId`. `delaySeconds` is the source's own trip-level
 * figure until the timetable is joined.
 */
export function readTripUpdate(
  message: TripUpdateMessage,
  source: Source,
  notes: EntityNotes,
): { entity: EntityOf<"TripUpdate">; instant: Instant } | null {
  const { trip, vehicle } = message;
  const who = (): string => nameOf("update", trip, null);
  if (!trip || trip.tripId === "") notes.add("W006", "warning", () => `${who()}: trip_id missing`);
  const startDate = message.newStartDate || (trip?.startDate ?? "");
  const startTime = message.newStartTime || (trip?.startTime ?? "");
  const sourceId =
    tripKey({ tripId: message.newTripId || (trip?.tripId ?? ""), startDate, startTime }) ||
    (vehicle?.id ?? "");
  if (sourceId === "") {
    notes.add("gtfs-rt-without-id", "error", () => `${who()}: nothing to tell it from the others by`);
    return null;
  }
  if (trip) noteTrip(trip, notes, who);
  const named = tripFields(trip);
  noteStopTimes(message, named.scheduleRelationship, notes, who);
  const instant = judgeTimestamp(message.timestamp, source, notes, who);
  const { feed, receivedAt } = source;
  const entity: EntityOf<"TripUpdate"> = {
    id: entityId(feed.id, "TripUpdate", sourceId),
    kind: "TripUpdate",
    feedId: feed.id,
    sourceId,
    observedAt: instant.at,
    receivedAt,
    position: null,
    quality: "good",
    fields: {
      ...named,
      startDate: textOrNull(startDate),
      startTime: textOrNull(startTime),
      vehicleId: textOrNull(vehicle?.id ?? ""),
      delaySeconds: orNull(message.delay),
    },
    stopTimeUpdates: message.stopTimeUpdates,
  };
  return { entity, instant };
}

/** The rules that need the updates alone (validator E002, E022, E025, E036, E037, E040 to E044). */
function noteStopTimes(
  message: TripUpdateMessage,
  relationship: string | null,
  notes: EntityNotes,
  who: () => string,
): void {
  const { stopTimeUpdates: updates, events, withoutRelationship } = message;
  const length = updates.stopId.length;
  if (withoutRelationship > 0) {
    const example = (): string => `${who()}: stop_time_update without schedule_relationship`;
    notes.add("W009", "info", example, withoutRelationship);
  }
  if (
    length === 0 &&
    relationship !== "CANCELED" &&
    relationship !== "DELETED" &&
    relationship !== "DUPLICATED"
  ) {
    notes.add("E041", "warning", () => `${who()}: no stop_time_update, expected one unless CANCELED`);
  }
  let lastAt = Number.NaN;
  for (let row = 0; row < length; row++) {
    toMilliseconds(updates.arrivalAt, row, notes, who);
    toMilliseconds(updates.departureAt, row, notes, who);
    notePresence(updates, events, row, notes, who);
    if (row > 0) noteOrder(updates, row, notes, who);
    lastAt = noteTimes(updates, row, lastAt, notes, who);
  }
}

/** Predictions that were meant in milliseconds came out a thousand times too large. */
function toMilliseconds(column: Float64Array, row: number, notes: EntityNotes, who: () => string): void {
  const at = column[row] as number;
  if (!(at > latestAt)) return;
  const read = inMilliseconds(at / 1000);
  if (read === at) return;
  notes.add("E001", "error", () => `${who()}: time ${at / 1000}, expected seconds; read as milliseconds`);
  column[row] = read;
}

function notePresence(
  updates: StopTimeUpdates,
  events: Uint8Array,
  row: number,
  notes: EntityNotes,
  who: () => string,
): void {
  if (updates.stopId[row] === "" && Number.isNaN(updates.stopSequence[row] as number)) {
    notes.add("E040", "error", () => `${who()}: stop_time_update ${row} without stop_id and stop_sequence`);
  }
  const given = events[row] as number;
  const relationship = updates.scheduleRelationship[row];
  if (relationship === skipped) return;
  if (relationship === noData) {
    if (given !== 0)
      notes.add("E042", "error", () => `${stopName(updates, row, who)}: NO_DATA with a prediction`);
  } else if (given === 0) {
    notes.add("E043", "error", () => `${stopName(updates, row, who)}: neither arrival nor departure`);
  } else if (isEmptyEvent(updates, given, row)) {
    notes.add("E044", "error", () => `${stopName(updates, row, who)}: an event without delay and time`);
  }
}

function isEmptyEvent(updates: StopTimeUpdates, given: number, row: number): boolean {
  const { arrivalAt, arrivalDelaySeconds, departureAt, departureDelaySeconds } = updates;
  if ((given & 1) !== 0 && Number.isNaN(arrivalAt[row]) && Number.isNaN(arrivalDelaySeconds[row]))
    return true;
  return (given & 2) !== 0 && Number.isNaN(departureAt[row]) && Number.isNaN(departureDelaySeconds[row]);
}

function noteOrder(updates: StopTimeUpdates, row: number, notes: EntityNotes, who: () => string): void {
  const before = updates.stopSequence[row - 1] as number;
  const sequence = updates.stopSequence[row] as number;
  if (sequence < before) notes.add("E002", "error", () => `${stopName(updates, row, who)}: after ${before}`);
  if (sequence === before) notes.add("E036", "error", () => `${stopName(updates, row, who)}: the same twice`);
  const stopId = updates.stopId[row];
  if (stopId !== "" && stopId === updates.stopId[row - 1]) {
    notes.add("E037", "error", () => `${stopName(updates, row, who)}: the same stop_id twice in a row`);
  }
}

/** Returns the latest time seen so far. */
function noteTimes(
  updates: StopTimeUpdates,
  row: number,
  lastAt: number,
  notes: EntityNotes,
  who: () => string,
): number {
  const arrivalAt = updates.arrivalAt[row] as number;
  const departureAt = updates.departureAt[row] as number;
  if (departureAt < arrivalAt) {
    notes.add("E025", "error", () => `${stopName(updates, row, who)}: departs before it arrives`);
  }
  const firstAt = Number.isNaN(arrivalAt) ? departureAt : arrivalAt;
  if (firstAt < lastAt) {
    notes.add("E022", "error", () => `${stopName(updates, row, who)}: earlier than the stop before`);
  }
  const at = Number.isNaN(departureAt) ? arrivalAt : departureAt;
  return Number.isNaN(at) ? lastAt : at;
}

function stopName(updates: StopTimeUpdates, row: number, who: () => string): string {
  const sequence = updates.stopSequence[row] as number;
  const stop = updates.stopId[row] === "" ? "" : ` stop_id ${updates.stopId[row]}`;
  return `${who()},${Number.isNaN(sequence) ? "" : ` stop_sequence ${sequence}`}${stop}`;
}
