/** The city clock: what `now` means on every screen and in every computation (staleness, windows, alarms). */

/**
 * - `live`: city time is wall time.
 * - `simulated`: a simulator drives the feeds, possibly faster than wall time.
 * - `replay`: recordings shifted to the present; city time is wall time (or faster), the data is old.
 * - `past`: a frozen or played-back moment from history.
 */
export type ClockKind = "live" | "simulated" | "replay" | "past";

export interface CityClock {
  readonly kind: ClockKind;
  /** City time in epoch milliseconds at the moment the clock was read. */
  readonly cityAt: number;
  /** City seconds per wall second. 0 stands still. */
  readonly speed: number;
}

/** City time `wallElapsedMs` after `clock` was read. */
export function cityTimeAfter(clock: CityClock, wallElapsedMs: number): number {
  return clock.cityAt + wallElapsedMs * clock.speed;
}
