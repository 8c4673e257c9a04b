/** One run of a trip: which trip of the timetable, on which service day, and when it is where. */

import type { EntityOf, Position } from "../../../shared/entity.ts";
import { noData, skipped, type StopTimeUpdates } from "../../../shared/stop-time-updates.ts";
import {
  findByStop,
  findBySequence,
  findStopPosition,
  isFrequencyBased,
  spanOf,
  stopTimesOf,
  type Schedule,
} from "../feeds/gtfs/schedule.ts";
import { dayOf, dayOfServiceDate, dayStartAt, runsOn } from "../feeds/gtfs/service-day.ts";
import { placeBetween, straightBetween } from "../feeds/gtfs/shape-line.ts";

/** A timetable, and what a replay added to all of its instants. */
export interface ShiftedSchedule {
  readonly schedule: Schedule;
  readonly shiftMs: number;
}

export interface Run {
  readonly trip: number;
  /** The instant from which the seconds of the timetable count for this run. */
  readonly startOfDayAt: number;
}

/** Seconds of an `HH:MM:SS`, NaN for anything else. */
export function secondsOf(time: string): number {
  const match = /^(\d{1,3}):(\d\d):(\d\d)$/.exec(time);
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : Number.NaN;
}

/**
 * The run that a TripUpdate or VehiclePosition tells of; `null` when the timetable does not know the trip. Without a
 * start date it is the run that is nearest to `nearAt`.
 */
export function findRun(
  { schedule, shiftMs }: ShiftedSchedule,
  fields: EntityOf<"TripUpdate" | "VehiclePosition">["fields"],
  nearAt: number,
): Run | null {
  const trip = schedule.trips.index.get(fields.tripId ?? "");
  const span = trip === undefined ? null : spanOf(schedule, trip);
  if (trip === undefined || !span) return null;
  const start = secondsOf(fields.startTime ?? "");
  const movesStart = isFrequencyBased(schedule, trip) || fields.scheduleRelationship === "DUPLICATED";
  const offset = movesStart && !Number.isNaN(start) ? start - span.start : 0;
  const named = dayOfServiceDate(fields.startDate ?? "");
  const day = Number.isNaN(named) ? nearestDay(schedule, trip, (nearAt - shiftMs) / 1000, span) : named;
  return { trip, startOfDayAt: dayStartAt(schedule, day) + offset * 1000 + shiftMs };
}

function nearestDay(
  schedule: Schedule,
  trip: number,
  nearSeconds: number,
  span: { start: number; end: number },
): number {
  const today = dayOf(schedule, nearSeconds * 1000);
  let best = today;
  let bestSeconds = Infinity;
  for (let day = today + 1; day >= today - 2; day--) {
    const at = nearSeconds - dayStartAt(schedule, day) / 1000;
    const away = Math.max(span.start - at, at - span.end, 0) + (runsOn(schedule, trip, day) ? 0 : 1e9);
    if (away >= bestSeconds) continue;
    best = day;
    bestSeconds = away;
  }
  return best;
}

/**
 * The stops of a run in order, with when it comes and goes. Instants are NaN and delays NaN where nothing is known.
 * Runs are worked out one at a time and by the thousand, so the columns serve again: what `timesOnSchedule` and
 * `timesOfUpdates` answer holds until either is called next.
 */
class RunColumns {
  length = 0;
  sequences = new Float64Array(0);
  arrivalAt = new Float64Array(0);
  departureAt = new Float64Array(0);
  arrivalDelay = new Float64Array(0);
  departureDelay = new Float64Array(0);
  /** 1 where the run stops, 0 where it passes (SKIPPED). */
  stops = new Uint8Array(0);

  /** Room for `length` stops, at which the run stops and of which nothing else is known. */
  cleared(length: number): this {
    this.length = length;
    if (length > this.stops.length) this.#widen(2 * length);
    this.sequences.fill(Number.NaN, 0, length);
    this.arrivalAt.fill(Number.NaN, 0, length);
    this.departureAt.fill(Number.NaN, 0, length);
    this.arrivalDelay.fill(Number.NaN, 0, length);
    this.departureDelay.fill(Number.NaN, 0, length);
    this.stops.fill(1, 0, length);
    return this;
  }

  #widen(room: number): void {
    this.sequences = new Float64Array(room);
    this.arrivalAt = new Float64Array(room);
    this.departureAt = new Float64Array(room);
    this.arrivalDelay = new Float64Array(room);
    this.departureDelay = new Float64Array(room);
    this.stops = new Uint8Array(room);
  }
}

const columns = new RunColumns();

export interface RunTimes {
  readonly columns: RunColumns;
  /** The first stop that the predictions speak of: what lies before has been passed. */
  readonly firstPredicted: number;
  /** Whether the first row is surely the run's first stop. */
  readonly isWhole: boolean;
  stopId(at: number): string;
  place(from: number, to: number, fraction: number): Position | null;
}

/** Which update speaks of each stop of the timetable, -1 where none does. By stop_sequence before stop_id: loops. */
function matchUpdates(schedule: Schedule, trip: number, updates: StopTimeUpdates): Int32Array {
  const { from, to } = stopTimesOf(schedule, trip);
  const matched = new Int32Array(to - from).fill(-1);
  let next = from;
  for (let update = 0; update < updates.length; update++) {
    const sequence = updates.stopSequence(update);
    const stop = schedule.stops.index.get(updates.stopId(update)) ?? -1;
    const row = Number.isNaN(sequence) ? -1 : findBySequence(schedule, trip, sequence);
    const found = row >= 0 ? row : findByStop(schedule, trip, stop, next);
    if (found < 0) continue;
    matched[found - from] = update;
    next = found + 1;
  }
  return matched;
}

/**
 * The timetable's times moved by the predictions (GTFS-Realtime, Trip Updates): a delay holds for later stops until
 * the next update, NO_DATA ends it, a SKIPPED stop passes it on. A time without a delay is compared with the timetable.
 */
export function timesOnSchedule(
  schedule: Schedule,
  run: Run,
  updates: StopTimeUpdates,
  tripDelay: number,
): RunTimes {
  const { from, to } = stopTimesOf(schedule, run.trip);
  const times = columns.cleared(to - from);
  const matched = matchUpdates(schedule, run.trip, updates);
  const firstPredicted = Math.max(
    0,
    matched.findIndex((update) => update >= 0),
  );
  let delay = matched.some((update) => update >= 0) ? Number.NaN : tripDelay;
  const { stopTimes } = schedule;
  for (let at = 0; at < times.length; at++) {
    const arrivalAt = run.startOfDayAt + (stopTimes.arrival[from + at] as number) * 1000;
    const departureAt = run.startOfDayAt + (stopTimes.departure[from + at] as number) * 1000;
    const update = matched[at]!;
    const relationship = update < 0 ? 0 : updates.scheduleRelationship(update);
    times.sequences[at] = stopTimes.sequence[from + at]!;
    if (relationship === noData) delay = Number.NaN;
    if (relationship === skipped) times.stops[at] = 0;
    const given = update >= 0 && relationship !== noData && relationship !== skipped;
    const givenArrivalAt = given ? updates.arrivalAt(update) : Number.NaN;
    const givenDepartureAt = given ? updates.departureAt(update) : Number.NaN;
    // The source's own delay, else its time against the timetable.
    const arrives = known(
      given ? updates.arrivalDelaySeconds(update) : Number.NaN,
      (givenArrivalAt - arrivalAt) / 1000,
    );
    const departs = known(
      given ? updates.departureDelaySeconds(update) : Number.NaN,
      (givenDepartureAt - departureAt) / 1000,
    );
    const arrivalDelay = known(arrives, known(delay, departs));
    const departureDelay = known(departs, known(arrives, delay));
    times.arrivalDelay[at] = arrivalDelay;
    times.departureDelay[at] = departureDelay;
    times.arrivalAt[at] = known(givenArrivalAt, arrivalAt + known(arrivalDelay, 0) * 1000);
    times.departureAt[at] = Math.max(
      times.arrivalAt[at]!,
      known(givenDepartureAt, departureAt + known(departureDelay, 0) * 1000),
    );
    delay = departureDelay;
  }
  moveEarlierStops(times, firstPredicted);
  return {
    columns: times,
    firstPredicted,
    isWhole: true,
    stopId: (at) => schedule.stops.ids[stopTimes.stop[from + at] as number] ?? "",
    place: (a, b, fraction) => placeBetween(schedule, run.trip, from + a, from + b, fraction),
  };
}

/** `value`, else `otherwise`; NaN is what is not known. */
function known(value: number, otherwise: number): number {
  return Number.isNaN(value) ? otherwise : value;
}

/** What was passed before the first prediction was passed as late as that says: only to place the vehicle. */
function moveEarlierStops(times: RunColumns, firstPredicted: number): void {
  const delay = known(firstPredicted < times.length ? times.arrivalDelay[firstPredicted]! : Number.NaN, 0);
  for (let at = 0; at < firstPredicted; at++) {
    times.arrivalAt[at] = (times.arrivalAt[at] as number) + delay * 1000;
    times.departureAt[at] = (times.departureAt[at] as number) + delay * 1000;
  }
}

/** Predictions alone, of a trip that the timetable does not have (ADDED, NEW, or another numbering). */
export function timesOfUpdates(
  schedule: Schedule | null,
  updates: StopTimeUpdates,
  tripDelay: number,
): RunTimes {
  const { length } = updates;
  const times = columns.cleared(length);
  for (let at = 0; at < length; at++) {
    const arrivalAt = updates.arrivalAt(at);
    const departureAt = updates.departureAt(at);
    const relationship = updates.scheduleRelationship(at);
    if (relationship === skipped) times.stops[at] = 0;
    times.sequences[at] = updates.stopSequence(at);
    times.arrivalAt[at] = known(arrivalAt, departureAt);
    times.departureAt[at] = known(departureAt, arrivalAt);
    if (relationship === noData) continue;
    const arrives = updates.arrivalDelaySeconds(at);
    const departs = updates.departureDelaySeconds(at);
    times.arrivalDelay[at] = known(arrives, known(departs, tripDelay));
    times.departureDelay[at] = known(departs, known(arrives, tripDelay));
  }
  const positionOf = (at: number): Position | null =>
    schedule && findStopPosition(schedule, schedule.stops.index.get(updates.stopId(at)) ?? -1);
  const place = (a: number, b: number, fraction: number): Position | null => {
    const [from, to] = [positionOf(a), positionOf(b)];
    return from && to && straightBetween(from, to, fraction);
  };
  return {
    columns: times,
    firstPredicted: 0,
    isWhole: length > 0 && updates.stopSequence(0) === 1,
    stopId: (at) => updates.stopId(at),
    place,
  };
}

/** Where a run is at one instant. */
export interface RunState {
  /** The stop it stands at or goes to; -1 once it has arrived at its last. */
  readonly next: number;
  /** `null` when the predictions do not say whether it has started. */
  readonly isRunning: boolean | null;
  readonly delaySeconds: number | null;
  readonly position: Position | null;
  /** When time alone changes this; Infinity for never. */
  readonly until: number;
}

const movingStepMs = 15_000;

export function stateAt(times: RunTimes, now: number): RunState {
  const { arrivalAt, departureAt, arrivalDelay, departureDelay, length } = times.columns;
  const first = nextStop(times.columns, 0);
  const last = stopBefore(times.columns, length);
  const leavesAt = (at: number): number => (at === last ? arrivalAt : departureAt)[at]!;
  let next = nextStop(times.columns, Math.max(first, times.firstPredicted));
  while (next < length && !(leavesAt(next) >= now)) next = nextStop(times.columns, next + 1);
  if (next === length) {
    return { next: -1, isRunning: false, delaySeconds: null, position: null, until: Infinity };
  }
  const startAt = departureAt[first]!;
  const hasStarted = now >= startAt;
  const isRunning = hasStarted ? true : times.isWhole ? false : null;
  const isThere = arrivalAt[next]! <= now;
  const delay = isThere
    ? known(departureDelay[next]!, arrivalDelay[next]!)
    : known(arrivalDelay[next]!, departureDelay[next]!);
  const position = isRunning === true ? placeAt(times, next, isThere, now) : null;
  const changesAt = Math.min(
    after(startAt, now),
    after(arrivalAt[next]!, now),
    after(leavesAt(next) + 1, now),
    position && !isThere ? now + movingStepMs : Infinity,
  );
  return {
    next,
    isRunning,
    delaySeconds: Number.isNaN(delay) ? null : Math.round(delay),
    position,
    until: changesAt,
  };
}

/** `at` if it is still to come, else Infinity. */
function after(at: number, now: number): number {
  return at > now ? at : Infinity;
}

/** The first stop from `at` on at which the run stops; `length` when there is none. */
function nextStop({ stops, length }: RunColumns, at: number): number {
  while (at < length && stops[at] !== 1) at++;
  return at;
}

/** The last stop before `at` at which the run stops; -1 when there is none. */
function stopBefore({ stops }: RunColumns, at: number): number {
  do at--;
  while (at >= 0 && stops[at] !== 1);
  return at;
}

function placeAt(times: RunTimes, next: number, isThere: boolean, now: number): Position | null {
  if (isThere) return times.place(next, next, 0);
  const { arrivalAt, departureAt } = times.columns;
  const before = stopBefore(times.columns, next);
  if (before < 0) return null;
  const leftAt = departureAt[before]!;
  const takes = arrivalAt[next]! - leftAt;
  return times.place(before, next, takes > 0 ? Math.min(1, Math.max(0, (now - leftAt) / takes)) : 1);
}
