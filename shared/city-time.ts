/**
 * The city's days, hours and weekdays: the only file that knows time zones. Safe across daylight-saving changes,
 * because every question is asked of the calendar, never answered by adding 86,400 seconds.
 */

import { Temporal } from "temporal-polyfill";

function zoned(at: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}

/** The start of the city's day that contains `at`. */
export function startOfDay(at: number, zone: string): number {
  return zoned(at, zone).startOfDay().epochMilliseconds;
}

/** The start of the city's next day after `at`. */
export function startOfNextDay(at: number, zone: string): number {
  return zoned(at, zone).add({ days: 1 }).startOfDay().epochMilliseconds;
}

/** The city's date as `2026-11-23`. */
export function cityDate(at: number, zone: string): string {
  return zoned(at, zone).toPlainDate().toString();
}

/** The start of a city date `2026-11-23`. Throws a RangeError on anything else. */
export function startOfCityDate(date: string, zone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
}

/**
 * A local date and time in the zone as an instant. A time that a spring change skips moves forward by the gap, one
 * that an autumn change repeats is the earlier ("compatible", RFC 5545 §3.3.5). Throws a RangeError on an impossible date.
 */
export function localToInstant(
  local: {
    year: number;
    month: number;
    day: number;
    hour: number;
    minute: number;
    second: number;
    millisecond?: number;
  },
  zone: string,
): number {
  return Temporal.PlainDateTime.from(local, { overflow: "reject" }).toZonedDateTime(zone).epochMilliseconds;
}

/** Milliseconds that the zone's clock is ahead of UTC at `at`. */
export function zoneOffsetMs(at: number, zone: string): number {
  return zoned(at, zone).offsetNanoseconds / 1e6;
}

/** The instant whose local time is `weeks` whole weeks after the local time of `at`: hour and weekday stay true. */
export function addLocalWeeks(at: number, weeks: number, zone: string): number {
  return zoned(at, zone).add({ weeks }).epochMilliseconds;
}

/**
 * The instant that GTFS calls the start of a service day: noon minus 12 hours in the agency's zone
 * (GTFS Schedule Reference, field type Time). `serviceDate` is `YYYYMMDD`.
 */
export function startOfServiceDay(serviceDate: string, zone: string): number {
  const date = Temporal.PlainDate.from(serviceDate);
  return date.toZonedDateTime({ timeZone: zone, plainTime: "12:00" }).epochMilliseconds - 12 * 3_600_000;
}

/** 1 Monday … 7 Sunday. */
export function weekday(at: number, zone: string): number {
  return zoned(at, zone).dayOfWeek;
}

/** Whether the runtime knows the IANA zone. */
export function isZone(zone: string): boolean {
  try {
    zoned(0, zone);
    return true;
  } catch {
    return false;
  }
}
