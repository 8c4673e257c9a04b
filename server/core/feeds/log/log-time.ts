/** The times of log lines: most of them are local, and many have no year. */

import { LocalTimes } from "../date-text.ts";
import { earliestSensibleAt } from "../instant.ts";

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Clocks of senders may run ahead, over midnight of New Year as well. */
const aheadMs = 86_400_000;
/** The longest time without a 29 February. */
const leapYears = 8;

/** 0 for `Jan`, -1 for what is no month. */
export function monthOf(name: string): number {
  return monthNames.indexOf(name);
}

export class LogTimes {
  readonly #receivedAt: number;
  readonly #zone: LocalTimes;

  constructor(zone: string, receivedAt: number) {
    this.#zone = new LocalTimes(zone);
    this.#receivedAt = receivedAt;
  }

  /** A local time of a known year; `null` when there is no such date. */
  local(
    year: number,
    month: number,
    day: number,
    hour: number,
    minute: number,
    second: number,
  ): number | null {
    const counted = countedAt(year, month, day, hour, minute, second);
    return counted === null ? null : this.#zone.instant(counted);
  }

  /**
   * A local time without a year (RFC 3164 §4.1.2): the last one before it was received, so that a line of December
   * that comes in January is of the year before. A little after is a clock that runs ahead.
   */
  yearless(month: number, day: number, hour: number, minute: number, second: number): number | null {
    const newest = new Date(this.#receivedAt + 2 * aheadMs).getUTCFullYear();
    for (let year = newest; year >= newest - leapYears - 1; year--) {
      const at = this.local(year, month, day, hour, minute, second);
      if (at !== null && at <= this.#receivedAt + aheadMs) return at;
    }
    return null;
  }
}

/** Counted as if it were UTC, or with the minutes that the text says it is ahead; `null` when there is no such time. */
export function countedAt(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  aheadMinutes = 0,
): number | null {
  if (hour > 23 || minute > 59 || second > 60) return null;
  const at = Date.UTC(year, month, day, hour, minute, Math.min(second, 59));
  const isThere = month >= 0 && new Date(at).getUTCDate() === day && at >= earliestSensibleAt;
  return isThere ? at - aheadMinutes * 60_000 : null;
}
