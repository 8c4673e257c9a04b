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

export type CalendarUnit = "minute" | "hour" | "day" | "week" | "month" | "year";

/** The instant `amount` units after `at` by the city's calendar; days and longer keep the local time. */
export function addCalendar(at: number, amount: number, unit: CalendarUnit, zone: string): number {
  return zoned(at, zone).add({ [`${unit}s`]: amount }).epochMilliseconds;
}

/** The start of the city's period that contains `at`; weeks begin on Monday. */
export function startOfPeriod(at: number, unit: CalendarUnit, zone: string): number {
  const local = zoned(at, zone);
  switch (unit) {
    case "minute":
    case "hour":
      return local.round({ smallestUnit: unit, roundingMode: "floor" }).epochMilliseconds;
    case "day":
      return local.startOfDay().epochMilliseconds;
    case "week":
      return local.subtract({ days: local.dayOfWeek - 1 }).startOfDay().epochMilliseconds;
    case "month":
      return local.with({ day: 1 }).startOfDay().epochMilliseconds;
    case "year":
      return local.with({ month: 1, day: 1 }).startOfDay().epochMilliseconds;
  }
}

/**
 * The instant that GTFS calls the start of a service day: noon minus 12 hours in the agency's zone
 * (GTFS Schedule Reference, field type Time). `serviceDate` is `YYYYMMDD`.
 */
export function startOfServiceDay(serviceDate: string, zone: string): number {
  const date = Temporal.PlainDate.from(serviceDate);
  return date.toZonedDateTime({ timeZone: zone, plainTime: "12:00" }).epochMilliseconds - 12 * 3_600_000;
}

/** The instant of the same local date and time a year before; of 29 February, the 28th. */
export function localYearBefore(at: number, zone: string): number {
  return zoned(at, zone).subtract({ years: 1 }).epochMilliseconds;
}

/** A stretch of the city's calendar. Weeks begin on Monday (ISO 8601). */
export const periods = ["hour", "day", "week", "month"] as const;
export type Period = (typeof periods)[number];

/**
 * Where periods begin: ascending, the first at or before `fromAt`, the last at or after `toAt`. A day has 23, 24 or 25
 * hours, or what else the zone made of it; an hour begins when the clock shows a full one, so that the change of half an
 * hour makes one longer. A date that the zone left out is not there.
 */
export function periodBounds(period: Period, fromAt: number, toAt: number, zone: string): number[] {
  const dates = dateBounds(period === "hour" ? "day" : period, fromAt, toAt, zone);
  const bounds =
    period === "hour" ? dates.slice(0, -1).flatMap((at, i) => hoursOf(at, dates[i + 1]!, zone)) : dates;
  if (period === "hour") bounds.push(dates.at(-1)!);
  const first = bounds.findLastIndex((at) => at <= fromAt);
  const last = bounds.findIndex((at) => at >= toAt);
  return bounds.slice(first, last + 1);
}

const steps = { day: { days: 1 }, week: { weeks: 1 }, month: { months: 1 } } as const;

function dateBounds(period: keyof typeof steps, fromAt: number, toAt: number, zone: string): number[] {
  const step = steps[period];
  // One before: where a clock is set back over midnight, some instants come after the start of their tomorrow.
  let date = zoned(fromAt, zone).toPlainDate().subtract({ days: 1 });
  if (period === "week") date = date.subtract({ days: date.dayOfWeek - 1 });
  if (period === "month") date = date.with({ day: 1 });
  const bounds: number[] = [];
  while (bounds.length < 2 || bounds.at(-1)! < toAt) {
    const at = date.toZonedDateTime(zone).epochMilliseconds;
    if (at !== bounds.at(-1)) bounds.push(at);
    date = date.add(step);
  }
  return bounds;
}

const hourMs = 3_600_000;

/** The hours of a day that begins at `fromAt` and ends before `toAt`. */
function hoursOf(fromAt: number, toAt: number, zone: string): number[] {
  const hours = [fromAt];
  const isPlain = toAt - fromAt === 24 * hourMs && zoneOffsetMs(fromAt, zone) === zoneOffsetMs(toAt, zone);
  for (let at = fromAt + hourMs; at < toAt; at += hourMs) {
    if (!isPlain) {
      const { minute, second } = zoned(at, zone);
      const past = (minute * 60 + second) * 1000;
      if (past > 0) at += hourMs - past;
      if (at >= toAt) break;
    }
    hours.push(at);
  }
  return hours;
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
