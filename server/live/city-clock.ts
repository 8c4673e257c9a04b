/** The server's city clock: live it is the wall's, otherwise it starts at a city instant and runs at a speed. */

import { cityTimeAfter, type CityClock, type ClockKind } from "../../shared/clock.ts";

export interface RunningCityClock {
  /** City time in epoch milliseconds. */
  readonly now: () => number;
  /** The clock as clients get it. */
  readonly read: () => CityClock;
}

export interface CityClockStart {
  readonly kind: ClockKind;
  /** City time at the start; default: wall time. A live clock has no other. */
  readonly startAt?: number;
  /** City seconds per wall second, default 1. */
  readonly speed?: number;
  readonly wallNow?: () => number;
  /** Milliseconds that never go back, whatever happens to the wall clock. */
  readonly steadyNow?: () => number;
}

/** Throws a RangeError for a negative speed, and for a live clock that should show or run another time than the wall. */
export function startCityClock({
  kind,
  wallNow = Date.now,
  steadyNow = performance.now.bind(performance),
  startAt,
  speed = 1,
}: CityClockStart): RunningCityClock {
  if (!(speed >= 0)) throw new RangeError(`the city clock cannot run at speed ${speed}`);
  if (kind === "live") {
    if (startAt !== undefined || speed !== 1) throw new RangeError("a live city clock shows wall time");
    return { now: wallNow, read: () => ({ kind, cityAt: wallNow(), speed }) };
  }
  const start: CityClock = { kind, cityAt: startAt ?? wallNow(), speed };
  const startedAt = steadyNow();
  const now = (): number => Math.floor(cityTimeAfter(start, steadyNow() - startedAt));
  return { now, read: () => ({ kind, cityAt: now(), speed }) };
}
