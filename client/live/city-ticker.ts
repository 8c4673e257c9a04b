/** One shared timer per step, so that every age on the face changes in the same render. */

import { moment } from "./city-clock.ts";
import type { LiveStore } from "./live-store.ts";

interface CityTicker {
  readonly subscribe: (listener: () => void) => () => void;
  readonly now: () => number | null;
}

const tickers = new WeakMap<LiveStore, Map<string, CityTicker>>();

/** The ticker of a store that steps at whole multiples of `everyMs` of city time, and never twice within `leastMs` of a wall clock. */
export function cityTicker(store: LiveStore, everyMs: number, leastMs = 100): CityTicker {
  const byStep = tickers.get(store) ?? new Map<string, CityTicker>();
  tickers.set(store, byStep);
  const key = `${everyMs} ${leastMs}`;
  const known = byStep.get(key);
  if (known) return known;
  const made = makeTicker(store, everyMs, leastMs);
  byStep.set(key, made);
  return made;
}

function makeTicker(store: LiveStore, everyMs: number, leastMs: number): CityTicker {
  const listeners = new Set<() => void>();
  let at: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = (): boolean => {
    const now = store.cityNow(moment());
    const step = now === null ? null : Math.floor(now / everyMs) * everyMs;
    const changed = step !== at;
    at = step;
    return changed;
  };
  const tick = (): void => {
    const changed = read();
    timer = setTimeout(tick, nextTickMs(store, everyMs, leastMs));
    if (changed) for (const listener of Array.from(listeners)) listener();
  };
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      if (timer === undefined) tick();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
    now: () => {
      if (timer === undefined) read();
      return at;
    },
  };
}

/** Wall milliseconds to the next step; a clock that stands still or races is looked at about once a second. */
function nextTickMs(store: LiveStore, everyMs: number, leastMs: number): number {
  const now = store.cityNow(moment());
  const speed = store.anchor?.clock.speed ?? 0;
  if (now === null || speed <= 0) return Math.min(everyMs, 250);
  return Math.max(Math.min((everyMs - (now % everyMs)) / speed + 5, 1_000), leastMs);
}
