/** Places along a trip's line: shapes.txt where the trip has a shape, else straight from stop to stop. */

import type { Position } from "../../../../shared/entity.ts";
import { findStopPosition, stopTimesOf, type Schedule } from "./schedule.ts";

export const metresPerDegree = 111_195;

/** Metres between two places; flat-earth, good to a part in a thousand over a city. */
export function metresBetween(a: Position, b: Position): number {
  const x = (b[0] - a[0]) * Math.cos(((a[1] + b[1]) / 2) * (Math.PI / 180));
  return Math.hypot(x, b[1] - a[1]) * metresPerDegree;
}

/** Worked out when first asked for; derived from the timetable alone. */
interface LineMemo {
  /** By shape: metres from its start to each point. */
  readonly metres: Map<number, Float64Array>;
  /** By trip: metres along the shape of each stop time. Trips of one pattern share theirs. */
  readonly stops: (Float64Array | undefined)[];
  /** By shape: one trip of every pattern on it. */
  readonly patterns: Map<number, number[]>;
  /** West, south, east, north of all shapes, else of all stops; `null` without any place. */
  box: readonly [number, number, number, number] | null | undefined;
}

const memos = new WeakMap<Schedule, LineMemo>();

function memoOf(schedule: Schedule): LineMemo {
  let memo = memos.get(schedule);
  if (!memo) {
    const stops = Array.from(schedule.trips.ids, () => undefined);
    memo = { metres: new Map(), stops, patterns: new Map(), box: undefined };
    memos.set(schedule, memo);
  }
  return memo;
}

function pointAt(schedule: Schedule, point: number): Position {
  return [schedule.shapes.lon[point] as number, schedule.shapes.lat[point] as number];
}

function metresAlong(schedule: Schedule, shape: number): Float64Array {
  const { metres } = memoOf(schedule);
  const known = metres.get(shape);
  if (known) return known;
  const from = schedule.shapes.firstPoint[shape] as number;
  const to = schedule.shapes.firstPoint[shape + 1] as number;
  const along = new Float64Array(to - from);
  for (let at = 1; at < along.length; at++) {
    const step = metresBetween(pointAt(schedule, from + at - 1), pointAt(schedule, from + at));
    along[at] = (along[at - 1] as number) + step;
  }
  metres.set(shape, along);
  return along;
}

/** Where `place` comes closest to the segment from `a` to `b`: how far away, and at which fraction of the segment. */
function nearestOnSegment(place: Position, a: Position, b: Position): { metres: number; fraction: number } {
  const squeeze = Math.cos(place[1] * (Math.PI / 180));
  const x = (b[0] - a[0]) * squeeze;
  const y = b[1] - a[1];
  const px = (place[0] - a[0]) * squeeze;
  const py = place[1] - a[1];
  const length = x * x + y * y;
  const fraction = length === 0 ? 0 : Math.min(1, Math.max(0, (px * x + py * y) / length));
  return { metres: Math.hypot(px - fraction * x, py - fraction * y) * metresPerDegree, fraction };
}

/** The place of each value of a rising column, by interpolation between `known` → `wanted`. */
function interpolate(known: Float64Array, wanted: Float64Array, value: number): number {
  let low = 0;
  let high = known.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((known[middle] as number) <= value) low = middle;
    else high = middle;
  }
  const a = known[low] as number;
  const b = known[high] as number;
  const fraction = b > a ? Math.min(1, Math.max(0, (value - a) / (b - a))) : 0;
  return (wanted[low] as number) + fraction * ((wanted[high] as number) - (wanted[low] as number));
}

/** Metres along the shape of each stop time of a trip, never going back. */
function stopMetres(schedule: Schedule, trip: number, shape: number): Float64Array {
  const { stops, patterns } = memoOf(schedule);
  const known = stops[trip];
  if (known) return known;
  const onShape = patterns.get(shape) ?? [];
  const alike = onShape.find((other) => isSamePattern(schedule, trip, other));
  if (alike !== undefined) return (stops[trip] = stops[alike]!);
  patterns.set(shape, [...onShape, trip]);
  return (stops[trip] = fromDistances(schedule, trip, shape) ?? byProjection(schedule, trip, shape));
}

/** Whether two trips have the same stops at the same distances. */
function isSamePattern(schedule: Schedule, trip: number, other: number): boolean {
  const { stop, distance } = schedule.stopTimes;
  const a = stopTimesOf(schedule, trip);
  const b = stopTimesOf(schedule, other);
  if (a.to - a.from !== b.to - b.from) return false;
  for (let at = 0; at < a.to - a.from; at++) {
    if (stop[a.from + at] !== stop[b.from + at]) return false;
    if (!Object.is(distance[a.from + at], distance[b.from + at])) return false;
  }
  return true;
}

/** By `shape_dist_traveled` of both tables; `null` when either lacks one. */
function fromDistances(schedule: Schedule, trip: number, shape: number): Float64Array | null {
  const { shapes, stopTimes } = schedule;
  if (shapes.distance.length === 0 || stopTimes.distance.length === 0) return null;
  const rows = stopTimesOf(schedule, trip);
  const distances = stopTimes.distance.subarray(rows.from, rows.to);
  const points = shapes.distance.subarray(
    shapes.firstPoint[shape] as number,
    shapes.firstPoint[shape + 1] as number,
  );
  if (!isRising(distances) || !isRising(points)) return null;
  const metres = metresAlong(schedule, shape);
  return distances.map((distance) => interpolate(points, metres, distance));
}

/** False for a NaN as well. */
function isRising(column: Float64Array): boolean {
  for (let at = 0; at < column.length; at++) {
    const before = at === 0 ? -Infinity : (column[at - 1] as number);
    if (!((column[at] as number) >= before)) return false;
  }
  return true;
}

function byProjection(schedule: Schedule, trip: number, shape: number): Float64Array {
  const rows = stopTimesOf(schedule, trip);
  const first = schedule.shapes.firstPoint[shape] as number;
  const metres = metresAlong(schedule, shape);
  const placed = new Float64Array(rows.to - rows.from);
  let segment = 0;
  let reached = 0;
  for (let at = 0; at < placed.length; at++) {
    const stop = findStopPosition(schedule, schedule.stopTimes.stop[rows.from + at] as number);
    if (stop) {
      const nearest = nearestAhead(schedule, first, metres, stop, segment);
      segment = nearest.segment;
      reached = Math.max(reached, nearest.along);
    }
    placed[at] = reached;
  }
  return placed;
}

function nearestAhead(
  schedule: Schedule,
  first: number,
  metres: Float64Array,
  stop: Position,
  fromSegment: number,
): { segment: number; along: number } {
  let best = { segment: fromSegment, along: metres[fromSegment] ?? 0 };
  let bestMetres = Infinity;
  for (let segment = fromSegment; segment + 1 < metres.length; segment++) {
    const a = pointAt(schedule, first + segment);
    const near = nearestOnSegment(stop, a, pointAt(schedule, first + segment + 1));
    if (near.metres >= bestMetres) continue;
    bestMetres = near.metres;
    const length = (metres[segment + 1] as number) - (metres[segment] as number);
    best = { segment, along: (metres[segment] as number) + near.fraction * length };
  }
  return best;
}

/**
 * The place a `fraction` (0–1) of the way from one stop time (a row of the timetable) to a later one of the same trip:
 * along its shape, else straight; `null` when a stop has no place.
 */
export function placeBetween(
  schedule: Schedule,
  trip: number,
  fromRow: number,
  toRow: number,
  fraction: number,
): Position | null {
  const a = findStopPosition(schedule, schedule.stopTimes.stop[fromRow] as number);
  const b = findStopPosition(schedule, schedule.stopTimes.stop[toRow] as number);
  if (!a || !b) return null;
  const shape = schedule.trips.shape[trip] as number;
  if (shape < 0 || fromRow === toRow) return straightBetween(a, b, fraction);
  const { from } = stopTimesOf(schedule, trip);
  const stops = stopMetres(schedule, trip, shape);
  const start = stops[fromRow - from] as number;
  const end = stops[toRow - from] as number;
  if (!(end > start)) return straightBetween(a, b, fraction);
  const metres = metresAlong(schedule, shape);
  const first = schedule.shapes.firstPoint[shape] as number;
  const along = start + (end - start) * fraction;
  const { lon, lat } = schedule.shapes;
  const points = { from: first, to: first + metres.length };
  return [
    interpolate(metres, lon.subarray(points.from, points.to), along),
    interpolate(metres, lat.subarray(points.from, points.to), along),
  ];
}

export function straightBetween(a: Position, b: Position, fraction: number): Position {
  return [a[0] + (b[0] - a[0]) * fraction, a[1] + (b[1] - a[1]) * fraction];
}

/** Whether `place` lies within `metres` of the trip's shape; true as well when the trip has none. */
export function isNearShape(schedule: Schedule, trip: number, place: Position, metres: number): boolean {
  const shape = schedule.trips.shape[trip] as number;
  if (shape < 0) return true;
  const from = schedule.shapes.firstPoint[shape] as number;
  const to = schedule.shapes.firstPoint[shape + 1] as number;
  for (let point = from; point + 1 < to; point++) {
    const near = nearestOnSegment(place, pointAt(schedule, point), pointAt(schedule, point + 1));
    if (near.metres <= metres) return true;
  }
  return to <= from;
}

/** West, south, east, north in degrees of all shapes, of all stops when there are none; `null` when nothing has a place. */
export function coverageOf(schedule: Schedule): readonly [number, number, number, number] | null {
  const memo = memoOf(schedule);
  if (memo.box !== undefined) return memo.box;
  const { lon, lat } = schedule.shapes.lon.length > 0 ? schedule.shapes : schedule.stops;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < lon.length; at++) {
    const [x, y] = [lon[at] as number, lat[at] as number];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    west = Math.min(west, x);
    south = Math.min(south, y);
    east = Math.max(east, x);
    north = Math.max(north, y);
  }
  memo.box = west <= east ? [west, south, east, north] : null;
  return memo.box;
}
