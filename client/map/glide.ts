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

/** Tracks by slot. */
export type Tracks = readonly (Track | undefined)[];

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
export function followRows(kept: Tracks, rows: Iterable<EntityRow>, nowMs: number, steps: boolean): Tracks {
  const tracks: Track[] = [];
  for (const { slot, position } of rows) {
    if (position === null) continue;
    const known = kept[slot];
    tracks[slot] = known && !steps ? moved(known, position, nowMs) : standing(position, nowMs);
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

export interface Motion {
  /** Until when something moves, wall milliseconds; 0 when nothing does. */
  readonly untilMs: number;
  /** How fast the fastest moves, in degrees of longitude per millisecond. */
  readonly fastest: number;
}

export const stillness: Motion = { untilMs: 0, fastest: 0 };

export function motionOf(tracks: Tracks): Motion {
  let { untilMs, fastest } = stillness;
  for (const track of tracks) {
    if (track === undefined || track.spanMs === 0) continue;
    const { from, to, startMs, spanMs } = track;
    untilMs = Math.max(untilMs, startMs + spanMs);
    // A degree of latitude is drawn longer than one of longitude.
    const north = (to[1] - from[1]) / Math.cos((to[1] * Math.PI) / 180);
    fastest = Math.max(fastest, Math.hypot(to[0] - from[0], north) / spanMs);
  }
  return { untilMs, fastest };
}

export function bothMotions(a: Motion, b: Motion): Motion {
  return { untilMs: Math.max(a.untilMs, b.untilMs), fastest: Math.max(a.fastest, b.fastest) };
}

/** Milliseconds to the next picture: when the fastest has moved far enough for an eye to see it. */
export function nextFrameMs({ fastest }: Motion, pixelsPerDegree: number): number {
  return Math.min(Math.max(visiblePixels / (fastest * pixelsPerDegree), quickestFrameMs), slowestFrameMs);
}

const visiblePixels = 1 / 3;
const quickestFrameMs = 50;
const slowestFrameMs = 1_000;
