/** When a rule is valid, by the city's own clock: days of 23 and 25 hours, and stretches over midnight, included. */

import type { MaintenanceWindow, ValidTime } from "../../../shared/alarms.ts";
import { addCalendar, cityDate, localToInstant, startOfDay, weekday } from "../../../shared/city-time.ts";

export interface Validity {
  readonly isValid: boolean;
  /** The next instant at which that may be otherwise; `Infinity` for never. */
  readonly until: number;
}

const always: Validity = { isValid: true, until: Number.POSITIVE_INFINITY };

export function validityAt(times: readonly ValidTime[], now: number, zone: string): Validity {
  if (times.length === 0) return always;
  let isValid = false;
  let until = Number.POSITIVE_INFINITY;
  // From yesterday, whose stretches may reach over midnight, to the same day of next week.
  for (let day = -1; day <= 7; day++) {
    const noon = addCalendar(startOfDay(now, zone) + 12 * 3_600_000, day, "day", zone);
    for (const time of times) {
      if (!time.weekdays.includes(weekday(noon, zone))) continue;
      const [fromAt, toAt] = stretchOf(time, noon, zone);
      if (fromAt <= now && now < toAt) isValid = true;
      for (const at of [fromAt, toAt]) if (at > now) until = Math.min(until, at);
    }
    // Whatever begins on later days comes later.
    if (day >= 1 && until !== Number.POSITIVE_INFINITY) break;
  }
  return { isValid, until };
}

/** Asks about instants in any order, of which many lie between the same two boundaries. */
export class Validities {
  readonly #times: readonly ValidTime[];
  readonly #zone: string;
  /** By their start, ascending. */
  readonly #known: { readonly fromAt: number; readonly untilAt: number; readonly isValid: boolean }[] = [];

  constructor(times: readonly ValidTime[], zone: string) {
    this.#times = times;
    this.#zone = zone;
  }

  isValid(at: number): boolean {
    const next = this.#known.findIndex(({ untilAt }) => at < untilAt);
    const found = this.#known[next];
    if (found && found.fromAt <= at) return found.isValid;
    const { isValid, until } = validityAt(this.#times, at, this.#zone);
    const place = next < 0 ? this.#known.length : next;
    this.#known.splice(place, 0, { fromAt: at, untilAt: Math.min(until, found?.fromAt ?? until), isValid });
    return isValid;
  }
}

/** The stretch that begins on the day of `at`. */
function stretchOf({ from, to }: ValidTime, at: number, zone: string): readonly [number, number] {
  const nextDay = addCalendar(at, 1, "day", zone);
  const fromAt = timeOn(at, from, zone);
  return [
    fromAt,
    to === "24:00" ? timeOn(nextDay, "00:00", zone) : timeOn(to > from ? at : nextDay, to, zone),
  ];
}

function timeOn(at: number, time: string, zone: string): number {
  const [year = 0, month = 1, day = 1] = cityDate(at, zone).split("-").map(Number);
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return localToInstant({ year, month, day, hour, minute, second: 0 }, zone);
}

export interface Maintenance {
  readonly window: MaintenanceWindow | null;
  /** When that is next otherwise. */
  readonly until: number;
}

export function maintenanceAt(windows: readonly MaintenanceWindow[], now: number): Maintenance {
  let until = Number.POSITIVE_INFINITY;
  for (const { fromAt, toAt } of windows)
    for (const at of [fromAt, toAt]) if (at > now) until = Math.min(until, at);
  return { window: windows.find(({ fromAt, toAt }) => fromAt <= now && now < toAt) ?? null, until };
}
