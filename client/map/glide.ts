/**
 * How vehicles move between two reports: from where they are drawn to where they were last seen, in about the time
 * that the last two reports lay apart. Nothing is ever drawn beyond the last report. Times are wall milliseconds
 * (`performance.now()`), because motion is for the eye.
 */

import type { EntityRow } from "../../shared/entity-frame.ts";

export interface Track {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly startMs: number;
  /** 0: it stands. */
  readonly spanMs: number;
}

export type Tracks = ReadonlyMap<number, Track>;

const shortestMs = 1_000;
const longestMs = 60_000;
/** A longer way between two reports is a jump (another trip, a corrected place), not a movement. */
const longestDegrees = 0.02;

/** Where a track is at `nowMs`. */
export function placeAt(track: Track, nowMs: number): [number, number] {
  const share = track.spanMs === 0 ? 1 : Math.min(Math.max((nowMs - track.startMs) / track.spanMs, 0), 1);
  return [
    track.from[0] + (track.to[0] - track.from[0]) * share,
    track.from[1] + (track.to[1] - track.from[1]) * share,
  ];
}

/** The tracks after a change of `rows`. With `steps` (reduced motion) everything stands at its last report. */
export function followRows(
  kept: Tracks,
  rows: Iterable<EntityRow>,
  nowMs: number,
  steps: boolean,
): Map<number, Track> {
  const tracks = new Map<number, Track>();
  for (const { slot, position } of rows) {
    if (position === null) continue;
    const known = kept.get(slot);
    tracks.set(slot, known && !steps ? moved(known, position, nowMs) : standing(position, nowMs));
  }
  return tracks;
}

function standing(position: readonly [number, number], nowMs: number): Track {
  return { from: position, to: position, startMs: nowMs, spanMs: 0 };
}

function moved(track: Track, to: readonly [number, number], nowMs: number): Track {
  if (track.to[0] === to[0] && track.to[1] === to[1]) return track;
  const from = placeAt(track, nowMs);
  if (Math.hypot(to[0] - from[0], to[1] - from[1]) > longestDegrees) return standing(to, nowMs);
  const spanMs = Math.min(Math.max(nowMs - track.startMs, shortestMs), longestMs);
  return { from, to, startMs: nowMs, spanMs };
}

/** Until when something moves; 0 when nothing does. */
export function movesUntil(tracks: Tracks): number {
  let until = 0;
  for (const { startMs, spanMs } of tracks.values())
    if (spanMs > 0) until = Math.max(until, startMs + spanMs);
  return until;
}
