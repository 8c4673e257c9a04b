/** One run of a trip: which trip of the timetable, on which service day, and when it is where. */

import type { EntityOf, Position, StopTimeUpdates } from "../../../shared/entity.ts";
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

const skipped = 1;
const noData = 2;

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

/** The stops of a run in order, with when it comes and goes. Instants are NaN and delays NaN where nothing is known. */
export interface RunTimes {
  readonly stopIds: readonly string[];
  readonly sequences: Float64Array;
  readonly arrivalAt: Float64Array;
  readonly departureAt: Float64Array;
  readonly arrivalDelay: Float64Array;
  readonly departureDelay: Float64Array;
  /** 1 where the run stops, 0 where it passes (SKIPPED). */
  readonly stops: Uint8Array;
  /** The first stop that the predictions speak of: what lies before has been passed. */
  readonly firstPredicted: number;
  /** Whether the first row is surely the run's first stop. */
  readonly isWhole: boolean;
  place(from: number, to: number, fraction: number): Position | null;
}

/** All columns share one buffer: making one costs far more than its bytes. */
function emptyTimes(length: number) {
  const values = new Float64Array(5 * length).fill(Number.NaN);
  const column = (index: number): Float64Array => values.subarray(index * length, (index + 1) * length);
  return {
    sequences: column(0),
    arrivalAt: column(1),
    departureAt: column(2),
    arrivalDelay: column(3),
    departureDelay: column(4),
    stops: new Uint8Array(length).fill(1),
  };
}

/** Which update speaks of each stop of the timetable, -1 where none does. By stop_sequence before stop_id: loops. */
function matchUpdates(schedule: Schedule, trip: number, updates: StopTimeUpdates): Int32Array {
  const { from, to } = stopTimesOf(schedule, trip);
  const matched = new Int32Array(to - from).fill(-1);
  let next = from;
  for (let update = 0; update < updates.stopId.length; update++) {
    const sequence = updates.stopSequence[update] as number;
    const stop = schedule.stops.index.get(updates.stopId[update] as string) ?? -1;
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
  updates: StopTimeUpdates | undefined,
  tripDelay: number,
): RunTimes {
  const { from, to } = stopTimesOf(schedule, run.trip);
  const times = emptyTimes(to - from);
  const matched = updates ? matchUpdates(schedule, run.trip, updates) : new Int32Array(to - from).fill(-1);
  const firstPredicted = Math.max(
    0,
    matched.findIndex((update) => update >= 0),
  );
  let delay = matched.some((update) => update >= 0) ? Number.NaN : tripDelay;
  for (let at = 0; at < times.stops.length; at++) {
    const { stopTimes } = schedule;
    const arrivalAt = run.startOfDayAt + (stopTimes.arrival[from + at] as number) * 1000;
    const departureAt = run.startOfDayAt + (stopTimes.departure[from + at] as number) * 1000;
    const update = matched[at] as number;
    const relationship = update < 0 || !updates ? 0 : (updates.scheduleRelationship[update] as number);
    times.sequences[at] = stopTimes.sequence[from + at] as number;
    if (relationship === noData) delay = Number.NaN;
    if (relationship === skipped) times.stops[at] = 0;
    const given = updates && update >= 0 && relationship !== noData && relationship !== skipped;
    const arrives = given
      ? eventDelay(updates.arrivalAt, updates.arrivalDelaySeconds, update, arrivalAt)
      : Number.NaN;
    const departs = given
      ? eventDelay(updates.departureAt, updates.departureDelaySeconds, update, departureAt)
      : Number.NaN;
    const arrivalDelay = firstKnown(arrives, delay, departs);
    const departureDelay = firstKnown(departs, arrives, delay);
    times.arrivalDelay[at] = arrivalDelay;
    times.departureDelay[at] = departureDelay;
    times.arrivalAt[at] = predictedAt(given ? updates.arrivalAt[update] : undefined, arrivalAt, arrivalDelay);
    times.departureAt[at] = Math.max(
      times.arrivalAt[at] as number,
      predictedAt(given ? updates.departureAt[update] : undefined, departureAt, departureDelay),
    );
    delay = departureDelay;
  }
  moveEarlierStops(times, firstPredicted);
  const stopIds = Array.from(
    { length: to - from },
    (_, at) => schedule.stops.ids[schedule.stopTimes.stop[from + at] as number] ?? "",
  );
  return {
    ...times,
    stopIds,
    firstPredicted,
    isWhole: true,
    place: (a, b, fraction) => placeBetween(schedule, run.trip, from + a, from + b, fraction),
  };
}

function firstKnown(...values: readonly number[]): number {
  return values.find((value) => !Number.isNaN(value)) ?? Number.NaN;
}

/** The source's own delay, else its time against the timetable. */
function eventDelay(at: Float64Array, delay: Float64Array, update: number, scheduledAt: number): number {
  const given = delay[update] as number;
  return Number.isNaN(given) ? ((at[update] as number) - scheduledAt) / 1000 : given;
}

function predictedAt(given: number | undefined, scheduledAt: number, delay: number): number {
  if (given !== undefined && !Number.isNaN(given)) return given;
  return Number.isNaN(delay) ? scheduledAt : scheduledAt + delay * 1000;
}

/** What was passed before the first prediction was passed as late as that says: only to place the vehicle. */
function moveEarlierStops(times: ReturnType<typeof emptyTimes>, firstPredicted: number): void {
  const delay = firstKnown(times.arrivalDelay[firstPredicted] ?? Number.NaN, 0);
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
  const { length } = updates.stopId;
  const times = emptyTimes(length);
  for (let at = 0; at < length; at++) {
    const arrivalAt = updates.arrivalAt[at] as number;
    const departureAt = updates.departureAt[at] as number;
    const relationship = updates.scheduleRelationship[at];
    if (relationship === skipped) times.stops[at] = 0;
    times.sequences[at] = updates.stopSequence[at] as number;
    times.arrivalAt[at] = firstKnown(arrivalAt, departureAt);
    times.departureAt[at] = firstKnown(departureAt, arrivalAt);
    if (relationship === noData) continue;
    const [arrives, departs] = [updates.arrivalDelaySeconds[at], updates.departureDelaySeconds[at]] as [
      number,
      number,
    ];
    times.arrivalDelay[at] = firstKnown(arrives, departs, tripDelay);
    times.departureDelay[at] = firstKnown(departs, arrives, tripDelay);
  }
  const positionOf = (at: number): Position | null =>
    schedule && findStopPosition(schedule, schedule.stops.index.get(updates.stopId[at] as string) ?? -1);
  const place = (a: number, b: number, fraction: number): Position | null => {
    const [from, to] = [positionOf(a), positionOf(b)];
    return from && to && straightBetween(from, to, fraction);
  };
  return {
    ...times,
    stopIds: updates.stopId,
    firstPredicted: 0,
    isWhole: updates.stopSequence[0] === 1,
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
  const { arrivalAt, departureAt, stops } = times;
  const last = stops.lastIndexOf(1);
  const first = stops.indexOf(1);
  let next = Math.max(first, times.firstPredicted);
  const leavesAt = (at: number): number => (at === last ? arrivalAt : departureAt)[at] as number;
  while (next >= 0 && next <= last && !(stops[next] === 1 && leavesAt(next) >= now)) next++;
  if (first < 0 || next > last) {
    return { next: -1, isRunning: false, delaySeconds: null, position: null, until: Infinity };
  }
  const startAt = departureAt[first] as number;
  const hasStarted = now >= startAt;
  const isRunning = hasStarted ? true : times.isWhole ? false : null;
  const isThere = (arrivalAt[next] as number) <= now;
  const delay = isThere
    ? firstKnown(times.departureDelay[next] as number, times.arrivalDelay[next] as number)
    : firstKnown(times.arrivalDelay[next] as number, times.departureDelay[next] as number);
  const position = isRunning === true ? placeAt(times, next, isThere, now) : null;
  const changes = [startAt, arrivalAt[next] as number, leavesAt(next) + 1].filter((at) => at > now);
  if (position && !isThere) changes.push(now + movingStepMs);
  return {
    next,
    isRunning,
    delaySeconds: Number.isNaN(delay) ? null : Math.round(delay),
    position,
    until: Math.min(...changes, Infinity),
  };
}

function placeAt(times: RunTimes, next: number, isThere: boolean, now: number): Position | null {
  if (isThere) return times.place(next, next, 0);
  const before = next === 0 ? -1 : times.stops.lastIndexOf(1, next - 1);
  if (before < 0) return null;
  const leftAt = times.departureAt[before] as number;
  const takes = (times.arrivalAt[next] as number) - leftAt;
  return times.place(before, next, takes > 0 ? Math.min(1, Math.max(0, (now - leftAt) / takes)) : 1);
}
