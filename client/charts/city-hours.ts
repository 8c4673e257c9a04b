/** Hour and weekday of many instants, quickly: the zone is asked twice a day, and each time only where its clock changes. Pure. */

import { cityDate, startOfDay, startOfNextDay, weekday, zoneOffsetMs } from "../../shared/city-time.ts";

export interface CityHour {
  /** The city's date. */
  readonly date: string;
  /** 1 Monday … 7 Sunday. */
  readonly weekday: number;
  /** 0 … 23 of the city's clock. */
  readonly hour: number;
}

interface Day {
  readonly fromAt: number;
  readonly toAt: number;
  readonly date: string;
  readonly weekday: number;
  /** `null` on a day whose clock changes. */
  readonly offsetMs: number | null;
}

const hourMs = 3_600_000;

/** A function that tells the city's hour of an instant; ascending instants are cheapest. */
export function cityHours(zone: string): (at: number) => CityHour {
  let day: Day | null = null;
  return (at) => {
    if (day === null || at < day.fromAt || at >= day.toAt) day = dayOf(at, zone);
    const offset = day.offsetMs ?? zoneOffsetMs(at, zone);
    return { date: day.date, weekday: day.weekday, hour: Math.floor((at + offset) / hourMs) % 24 };
  };
}

function dayOf(at: number, zone: string): Day {
  const [fromAt, toAt] = [startOfDay(at, zone), startOfNextDay(at, zone)];
  const [first, last] = [zoneOffsetMs(fromAt, zone), zoneOffsetMs(toAt - 1, zone)];
  return {
    fromAt,
    toAt,
    date: cityDate(at, zone),
    weekday: weekday(at, zone),
    offsetMs: first === last ? first : null,
  };
}
