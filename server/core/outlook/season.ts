/** The hour of the week, or the weekday, that a bucket belongs to: what it may be compared with. */

import { zoneOffsetMs } from "../../../shared/city-time.ts";

const hourMs = 3_600_000;
/** 1970-01-01 was a Thursday, the fourth day of a week that begins on Monday. */
const thursday = 3;
/** On a holiday a city behaves as on a Sunday. */
const sunday = 6;

/** What repeats: the week by the hour, the day by the hour, the week by the day. */
export type Season = "hour-of-week" | "hour-of-day" | "day-of-week";

/** How many slots a season has. */
export const slotCounts = {
  "hour-of-week": 168,
  "hour-of-day": 24,
  "day-of-week": 7,
} as const satisfies Record<Season, number>;

/**
 * The slot, from 0, of each bucket by its start (epoch milliseconds). The city's own clock decides: the hour that an
 * autumn change repeats has one slot twice, the hour that a spring change skips leaves its slot out.
 */
export function slotsOf(
  starts: ArrayLike<number>,
  season: Season,
  zone: string,
  isHoliday: (at: number) => boolean,
): Uint16Array {
  return Uint16Array.from(starts, (at) => {
    const localHours = Math.floor((at + zoneOffsetMs(at, zone)) / hourMs);
    const hour = modulo(localHours, 24);
    if (season === "hour-of-day") return hour;
    const day = isHoliday(at) ? sunday : modulo(Math.floor(localHours / 24) + thursday, 7);
    return season === "day-of-week" ? day : day * 24 + hour;
  });
}

function modulo(number: number, divisor: number): number {
  return ((number % divisor) + divisor) % divisor;
}
