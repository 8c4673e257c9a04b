/**
 * A GTFS timetable in columns: the static half of every transit join. Plain data and pure functions, so that it can
 * cross a thread; small integers stand for ids, and -1 is "none".
 */

import type { Position } from "../../../../shared/entity.ts";

export interface Schedule {
  /** `feed_version`, else a hash of the stop times. */
  readonly version: string;
  /** The agency's IANA zone: what every time of the timetable means. */
  readonly zone: string;
  /** First and last service date `YYYYMMDD` of the calendars; `null` when there are none. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly agencyIds: ReadonlySet<string>;
  readonly stops: Stops;
  readonly routes: Routes;
  readonly services: Services;
  readonly trips: Trips;
  readonly stopTimes: StopTimes;
  readonly frequencies: Frequencies;
  readonly shapes: Shapes;
}

export interface Stops {
  readonly ids: readonly string[];
  readonly index: ReadonlyMap<string, number>;
  readonly names: readonly string[];
  /** Degrees; NaN where the stop has no place. */
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  /** `location_type`: 0 is a stop or platform. */
  readonly locationType: Uint8Array;
}

export interface Routes {
  readonly ids: readonly string[];
  readonly index: ReadonlyMap<string, number>;
  /** `route_short_name`, else `route_long_name`. */
  readonly names: readonly string[];
}

/** Days are whole days since 1970-01-01. */
export interface Services {
  readonly ids: readonly string[];
  /** Bit 0 Monday … bit 6 Sunday; 0 for services that only calendar_dates.txt knows. */
  readonly weekdays: Uint8Array;
  readonly startDay: Int32Array;
  readonly endDay: Int32Array;
  /** Rows of calendar_dates.txt by day. */
  readonly exceptions: ReadonlyMap<number, readonly { readonly service: number; readonly added: boolean }[]>;
}

export interface Trips {
  readonly ids: readonly string[];
  readonly index: ReadonlyMap<string, number>;
  readonly route: Int32Array;
  readonly service: Int32Array;
  readonly shape: Int32Array;
  /** -1 unknown. */
  readonly direction: Int8Array;
  /** Stop times of trip `t` are rows `firstStopTime[t]` up to, but not including, `firstStopTime[t + 1]`. */
  readonly firstStopTime: Int32Array;
  /** Frequencies of trip `t`, likewise. */
  readonly firstFrequency: Int32Array;
}

/** By trip, then by stop_sequence. Seconds from the start of the service day; -1 where the trip has no fixed times. */
export interface StopTimes {
  readonly stop: Int32Array;
  readonly sequence: Int32Array;
  readonly arrival: Int32Array;
  readonly departure: Int32Array;
  /** `shape_dist_traveled` in the feed's unit, NaN where absent; empty when no row has one. */
  readonly distance: Float64Array;
}

/** By trip. Seconds from the start of the service day. */
export interface Frequencies {
  readonly startSeconds: Int32Array;
  readonly endSeconds: Int32Array;
  readonly headwaySeconds: Int32Array;
  /** 1: a compact timetable; 0: times are only approximate (frequencies.txt, exact_times). */
  readonly exact: Uint8Array;
}

/** Points by shape, then by shape_pt_sequence. */
export interface Shapes {
  /** Points of shape `s` are `firstPoint[s]` up to, but not including, `firstPoint[s + 1]`. */
  readonly firstPoint: Int32Array;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  /** `shape_dist_traveled` in the feed's unit, NaN where absent; empty when no row has one. */
  readonly distance: Float64Array;
}

/** A half-open range of rows. */
export interface Rows {
  readonly from: number;
  readonly to: number;
}

export function stopTimesOf(schedule: Schedule, trip: number): Rows {
  const { firstStopTime } = schedule.trips;
  return { from: firstStopTime[trip] ?? 0, to: firstStopTime[trip + 1] ?? 0 };
}

export function frequenciesOf(schedule: Schedule, trip: number): Rows {
  const { firstFrequency } = schedule.trips;
  return { from: firstFrequency[trip] ?? 0, to: firstFrequency[trip + 1] ?? 0 };
}

/** Whether the trip runs every so often instead of at fixed times (exact_times = 0). */
export function isFrequencyBased(schedule: Schedule, trip: number): boolean {
  const { from, to } = frequenciesOf(schedule, trip);
  return to > from && schedule.frequencies.exact[from] === 0;
}

/** First departure and last arrival of a trip, in seconds of its service day; `null` when it has no fixed times. */
export function spanOf(schedule: Schedule, trip: number): { start: number; end: number } | null {
  const { from, to } = stopTimesOf(schedule, trip);
  if (to <= from) return null;
  const start = schedule.stopTimes.departure[from] as number;
  const end = schedule.stopTimes.arrival[to - 1] as number;
  return start < 0 || end < 0 ? null : { start, end };
}

/** Where a stop is; `null` for an unknown stop and for one without a place. */
export function findStopPosition(schedule: Pick<Schedule, "stops">, stop: number): Position | null {
  const lon = schedule.stops.lon[stop] ?? Number.NaN;
  const lat = schedule.stops.lat[stop] ?? Number.NaN;
  return Number.isNaN(lon) || Number.isNaN(lat) ? null : [lon, lat];
}

/** The row of `trip` with this stop_sequence, -1 when it has none. */
export function findBySequence(schedule: Schedule, trip: number, sequence: number): number {
  const { from, to } = stopTimesOf(schedule, trip);
  let low = from;
  let high = to - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = schedule.stopTimes.sequence[middle] as number;
    if (found === sequence) return middle;
    if (found < sequence) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The first row of `trip` at or after `row` that serves `stop`, -1 when none does. */
export function findByStop(schedule: Schedule, trip: number, stop: number, row: number): number {
  const { from, to } = stopTimesOf(schedule, trip);
  for (let at = Math.max(from, row); at < to; at++) if (schedule.stopTimes.stop[at] === stop) return at;
  return -1;
}
