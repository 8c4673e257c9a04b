/**
 * What transit entities learn from their timetable and from each other. Pure and cheap: it runs for every entity that
 * changed, and again when `until` has come. Always give it the reported entity, never its own answer.
 */

import type { EntityOf } from "../../../shared/entity.ts";
import { StopTimeUpdates } from "../../../shared/stop-time-updates.ts";
import { findBySequence, findStopPosition, isFrequencyBased, type Schedule } from "../feeds/gtfs/schedule.ts";
import { runningTrips } from "../feeds/gtfs/service-day.ts";
import { findRun, stateAt, timesOfUpdates, timesOnSchedule, type ShiftedSchedule } from "./run.ts";

export interface TransitJoined<K extends "TripUpdate" | "VehiclePosition"> {
  readonly entity: EntityOf<K>;
  /** The instant at which time alone changes the answer; Infinity for never. */
  readonly until: number;
}

export const noUpdates = StopTimeUpdates.of([]);

/** A TripUpdate with delay at and name of its next stop, route, and an estimated place while it is under way. */
export function joinTripUpdate(
  timetable: ShiftedSchedule | null,
  reported: EntityOf<"TripUpdate">,
  now: number,
): TransitJoined<"TripUpdate"> {
  const { fields } = reported;
  const schedule = timetable?.schedule ?? null;
  const route = routeOf(schedule, fields);
  const relationship = fields.scheduleRelationship;
  if (relationship === "CANCELED" || relationship === "DELETED") {
    const nothing = { delaySeconds: null, nextStopId: null, nextStopSequence: null, isRunning: false };
    return {
      entity: { ...reported, position: null, fields: { ...fields, ...route, ...nothing } },
      until: Infinity,
    };
  }
  const updates = reported.stopTimeUpdates ?? noUpdates;
  const tripDelay = fields.delaySeconds ?? Number.NaN;
  const run = timetable && findRun(timetable, fields, firstPrediction(updates) ?? now);
  const times =
    run && schedule
      ? timesOnSchedule(schedule, run, updates, tripDelay)
      : timesOfUpdates(schedule, updates, tripDelay);
  if (times.columns.length === 0) {
    const unknown = { nextStopId: null, nextStopSequence: null, isRunning: null };
    return { entity: { ...reported, fields: { ...fields, ...route, ...unknown } }, until: Infinity };
  }
  const state = stateAt(times, now);
  const isTimeless = run !== null && schedule !== null && isFrequencyBased(schedule, run.trip);
  const sequence = state.next < 0 ? Number.NaN : times.columns.sequences[state.next]!;
  return {
    entity: {
      ...reported,
      position: state.position,
      quality: state.position ? "estimated" : reported.quality,
      fields: {
        ...fields,
        ...route,
        delaySeconds: isTimeless ? null : state.delaySeconds,
        nextStopId: state.next < 0 ? null : times.stopId(state.next) || null,
        nextStopSequence: Number.isNaN(sequence) ? null : sequence,
        isRunning: state.isRunning,
      },
    },
    until: state.until,
  };
}

function firstPrediction(updates: StopTimeUpdates): number | null {
  for (let row = 0; row < updates.length; row++) {
    if (!Number.isNaN(updates.arrivalAt(row))) return updates.arrivalAt(row);
    if (!Number.isNaN(updates.departureAt(row))) return updates.departureAt(row);
  }
  return null;
}

/** Route by the entity's own word, else by its trip; its name by the timetable. */
function routeOf(
  schedule: Schedule | null,
  fields: EntityOf<"TripUpdate" | "VehiclePosition">["fields"],
): { routeId: string | null; routeName: string | null } {
  const reported = fields.routeId ?? null;
  if (!schedule) return { routeId: reported, routeName: reported };
  const trip = schedule.trips.index.get(fields.tripId ?? "") ?? -1;
  const ofTrip = schedule.trips.route[trip] ?? -1;
  const route = schedule.routes.index.get(reported ?? "") ?? ofTrip;
  return {
    routeId: reported ?? schedule.routes.ids[route] ?? null,
    routeName: schedule.routes.names[route] ?? reported,
  };
}

/**
 * A VehiclePosition with its route's name, the delay that the TripUpdate of its run says (`update` is the joined one),
 * and the place of its stop where it reports none. Time alone never changes it.
 */
export function joinVehiclePosition(
  timetable: ShiftedSchedule | null,
  reported: EntityOf<"VehiclePosition">,
  update: EntityOf<"TripUpdate"> | null,
): TransitJoined<"VehiclePosition"> {
  const schedule = timetable?.schedule ?? null;
  const route = routeOf(schedule, reported.fields);
  const delaySeconds = update?.fields.delaySeconds ?? null;
  const placed = reported.position === null && schedule ? stopPlace(schedule, reported) : null;
  const entity = {
    ...reported,
    position: reported.position ?? placed,
    quality: placed ? ("estimated" as const) : reported.quality,
    fields: { ...reported.fields, ...route, delaySeconds },
  };
  return { entity, until: Infinity };
}

/** The place of the stop a vehicle stands at or goes to: by stop_sequence where its trip is known, else by stop_id. */
function stopPlace(
  schedule: Schedule,
  { fields }: EntityOf<"VehiclePosition">,
): EntityOf<"Stop">["position"] {
  const stop = schedule.stops.index.get(fields.stopId ?? "");
  if (stop !== undefined) return findStopPosition(schedule, stop);
  const trip = schedule.trips.index.get(fields.tripId ?? "");
  if (trip === undefined || fields.currentStopSequence == null) return null;
  const row = findBySequence(schedule, trip, fields.currentStopSequence);
  return row < 0 ? null : findStopPosition(schedule, schedule.stopTimes.stop[row] as number);
}

/** How many trips the timetable says are under way at `now`, and until when: for the share of the schedule seen. */
export function scheduledTrips(
  { schedule, shiftMs }: ShiftedSchedule,
  now: number,
): { count: number; until: number } {
  const { count, untilAt } = runningTrips(schedule, now - shiftMs);
  return { count, until: untilAt + shiftMs };
}
