/**
 * The city's now in the browser, carried from pulse to pulse. Between pulses two clocks are read: the monotonic one
 * stands still while a laptop sleeps, the wall clock may be set. The larger elapsed time wins: an old number may for
 * two seconds look older than it is, never younger; the next pulse puts both right.
 */

import { cityTimeAfter, type CityClock } from "../../shared/clock.ts";

/** Both clocks of the browser, read at the same moment. */
export interface Moment {
  /** `performance.now()` */
  readonly monotonicMs: number;
  /** `Date.now()` */
  readonly wallMs: number;
}

/** The city clock and when it was heard. */
export interface Anchor {
  readonly clock: CityClock;
  readonly heard: Moment;
}

/** Wall milliseconds since the anchor was heard, never negative. */
export function elapsedMs(heard: Moment, now: Moment): number {
  return Math.max(now.monotonicMs - heard.monotonicMs, now.wallMs - heard.wallMs, 0);
}

/** City time in epoch milliseconds. */
export function cityNow(anchor: Anchor, now: Moment): number {
  return cityTimeAfter(anchor.clock, elapsedMs(anchor.heard, now));
}

export function moment(): Moment {
  return { monotonicMs: performance.now(), wallMs: Date.now() };
}
