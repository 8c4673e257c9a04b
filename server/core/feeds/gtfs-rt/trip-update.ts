import { entityId, type EntityOf } from "../../../../shared/entity.ts";
import { noData, skipped, type StopTimeUpdates } from "../../../../shared/stop-time-updates.ts";
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
  const { stopTimeUpdates: updates, withoutRelationship, inMilliseconds } = message;
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
  const judge = new RowJudge(message, notes, who);
  let lastAt = Number.NaN;
  for (let row = 0; row < updates.length; row++) lastAt = judge.judge(row, lastAt);
}

const mayBeEmpty: ReadonlySet<string | null> = new Set(["CANCELED", "DELETED", "DUPLICATED"]);

/**
 * Judges the rows of one trip in their order. It runs for every stop of every trip, so it hands no numbers around and
 * makes no words until something is wrong.
 */
class RowJudge {
  readonly #updates: StopTimeUpdates;
  readonly #events: Uint8Array;
  readonly #notes: EntityNotes;
  readonly #who: () => string;

  constructor({ stopTimeUpdates, events }: TripUpdateMessage, notes: EntityNotes, who: () => string) {
    this.#updates = stopTimeUpdates;
    this.#events = events;
    this.#notes = notes;
    this.#who = who;
  }

  /** `lastAt` is the last time that a row before this one gave; says the last one after it. */
  judge(row: number, lastAt: number): number {
    this.#judgePresence(row);
    if (row > 0) this.#judgeOrder(row);
    return this.#judgeTimes(row, lastAt);
  }

  #judgePresence(row: number): void {
    const updates = this.#updates;
    const events = this.#events[row]!;
    if (updates.stopId(row) === "" && Number.isNaN(updates.stopSequence(row)))
      this.#add("E040", row, "without stop_id and stop_sequence");
    const relationship = updates.scheduleRelationship(row);
    if (relationship === skipped) return;
    if (relationship === noData) {
      if (events !== 0) this.#add("E042", row, "NO_DATA with a prediction");
    } else if (events === 0) this.#add("E043", row, "neither arrival nor departure");
    else if (this.#hasEmptyEvent(row)) this.#add("E044", row, "an event without delay and time");
  }

  #hasEmptyEvent(row: number): boolean {
    const updates = this.#updates;
    const events = this.#events[row]!;
    if (events & 1 && Number.isNaN(updates.arrivalAt(row)) && Number.isNaN(updates.arrivalDelaySeconds(row)))
      return true;
    return (
      (events & 2) !== 0 &&
      Number.isNaN(updates.departureAt(row)) &&
      Number.isNaN(updates.departureDelaySeconds(row))
    );
  }

  #judgeOrder(row: number): void {
    const updates = this.#updates;
    const before = updates.stopSequence(row - 1);
    const sequence = updates.stopSequence(row);
    if (sequence < before) this.#add("E002", row, `after ${before}`);
    if (sequence === before) this.#add("E036", row, "the same twice");
    const stopId = updates.stopId(row);
    if (stopId !== "" && stopId === updates.stopId(row - 1))
      this.#add("E037", row, "the same stop_id twice in a row");
  }

  #judgeTimes(row: number, lastAt: number): number {
    const arrivalAt = this.#updates.arrivalAt(row);
    const departureAt = this.#updates.departureAt(row);
    if (departureAt < arrivalAt) this.#add("E025", row, "departs before it arrives");
    const firstAt = Number.isNaN(arrivalAt) ? departureAt : arrivalAt;
    if (firstAt < lastAt) this.#add("E022", row, "earlier than the stop before");
    const at = Number.isNaN(departureAt) ? arrivalAt : departureAt;
    return Number.isNaN(at) ? lastAt : at;
  }

  #add(code: string, row: number, what: string): void {
    this.#notes.add(code, "error", () => `${this.#nameOf(row)}: ${what}`);
  }

  #nameOf(row: number): string {
    const sequence = this.#updates.stopSequence(row);
    const stopId = this.#updates.stopId(row);
    const named = `${Number.isNaN(sequence) ? "" : ` stop_sequence ${sequence}`}${stopId && ` stop_id ${stopId}`}`;
    return `${this.#who()},${named || ` stop_time_update ${row}`}`;
  }
}
