import { entityId, type EntityOf } from "../../../../shared/entity.ts";
import type { StopTimeUpdates } from "../../../../shared/stop-time-updates.ts";
import type { EntityNotes } from "./entity-notes.ts";
import {
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

/** The rules that need the updates alone (validator E001, E002, E022, E025, E036, E037, E040 to E044). */
function noteStopTimes(
  message: TripUpdateMessage,
  relationship: string | null,
  notes: EntityNotes,
  who: () => string,
): void {
  const { stopTimeUpdates: updates, events, withoutRelationship, inMilliseconds } = message;
  if (withoutRelationship > 0) {
    const example = (): string => `${who()}: stop_time_update without schedule_relationship`;
    notes.add("W009", "info", example, withoutRelationship);
  }
  if (inMilliseconds.length > 0) {
    const example = (): string =>
      `${who()}: time ${inMilliseconds[0]}, expected seconds; read as milliseconds`;
    notes.add("E001", "error", example, inMilliseconds.length);
  }
  if (updates.length === 0 && !mayBeEmpty.has(relationship))
    notes.add("E041", "warning", () => `${who()}: no stop_time_update, expected one unless CANCELED`);
  const rows = new RowNotes(updates, notes, who);
  let lastAt = Number.NaN;
  for (let row = 0; row < updates.length; row++) {
    notePresence(updates, events[row]!, row, rows);
    if (row > 0) noteOrder(updates, row, rows);
    lastAt = noteTimes(updates, row, lastAt, rows);
  }
}

const mayBeEmpty: ReadonlySet<string | null> = new Set(["CANCELED", "DELETED", "DUPLICATED"]);

/** Says what is wrong with a row. Its examples are made apart from the rules, which run for every stop of every trip. */
class RowNotes {
  readonly #updates: StopTimeUpdates;
  readonly #notes: EntityNotes;
  readonly #who: () => string;

  constructor(updates: StopTimeUpdates, notes: EntityNotes, who: () => string) {
    this.#updates = updates;
    this.#notes = notes;
    this.#who = who;
  }

  add(code: string, row: number, what: string): void {
    this.#notes.add(code, "error", () => `${this.#nameOf(row)}: ${what}`);
  }

  #nameOf(row: number): string {
    const sequence = this.#updates.stopSequence(row);
    const stopId = this.#updates.stopId(row);
    const named = `${Number.isNaN(sequence) ? "" : ` stop_sequence ${sequence}`}${stopId && ` stop_id ${stopId}`}`;
    return `${this.#who()},${named || ` stop_time_update ${row}`}`;
  }
}

function notePresence(updates: StopTimeUpdates, events: number, row: number, rows: RowNotes): void {
  if (updates.stopId(row) === "" && Number.isNaN(updates.stopSequence(row)))
    rows.add("E040", row, "without stop_id and stop_sequence");
  const relationship = updates.scheduleRelationship(row);
  if (relationship === skipped) return;
  if (relationship === noData) {
    if (events !== 0) rows.add("E042", row, "NO_DATA with a prediction");
  } else if (events === 0) rows.add("E043", row, "neither arrival nor departure");
  else if (hasEmptyEvent(updates, events, row)) rows.add("E044", row, "an event without delay and time");
}

function hasEmptyEvent(updates: StopTimeUpdates, events: number, row: number): boolean {
  const saysNothing = (at: number, delay: number): boolean => Number.isNaN(at) && Number.isNaN(delay);
  return (
    ((events & 1) !== 0 && saysNothing(updates.arrivalAt(row), updates.arrivalDelaySeconds(row))) ||
    ((events & 2) !== 0 && saysNothing(updates.departureAt(row), updates.departureDelaySeconds(row)))
  );
}

function noteOrder(updates: StopTimeUpdates, row: number, rows: RowNotes): void {
  const before = updates.stopSequence(row - 1);
  const sequence = updates.stopSequence(row);
  if (sequence < before) rows.add("E002", row, `after ${before}`);
  if (sequence === before) rows.add("E036", row, "the same twice");
  const stopId = updates.stopId(row);
  if (stopId !== "" && stopId === updates.stopId(row - 1))
    rows.add("E037", row, "the same stop_id twice in a row");
}

/** Returns the latest time seen so far. */
function noteTimes(updates: StopTimeUpdates, row: number, lastAt: number, rows: RowNotes): number {
  const arrivalAt = updates.arrivalAt(row);
  const departureAt = updates.departureAt(row);
  if (departureAt < arrivalAt) rows.add("E025", row, "departs before it arrives");
  const firstAt = Number.isNaN(arrivalAt) ? departureAt : arrivalAt;
  if (firstAt < lastAt) rows.add("E022", row, "earlier than the stop before");
  const at = Number.isNaN(departureAt) ? arrivalAt : departureAt;
  return Number.isNaN(at) ? lastAt : at;
}
