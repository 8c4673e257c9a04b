/** When a record is in force (DATEX II, Validity and OverallPeriod): read once, asked again whenever time may answer anew. */

import { cityDate, localToInstant } from "../../../../shared/city-time.ts";
import type { EntityOf } from "../../../../shared/entity.ts";
import type { Period, TimeOfDay, Validity } from "../../../../shared/situation.ts";
import type { XmlElement } from "../xml.ts";
import { childrenNamed, findChild, instantAt, note, textAt, wordOf, type RecordReading } from "./reading.ts";

const weekdayNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const monthNames = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const daySeconds = 86_400;
const dayMs = 86_400_000;
/** More of them than any record needs. */
const maxPeriods = 100;
const maxTimes = 48;

/** The periods and exceptions of a `validity`; `null` when start and end say it all. */
export function readValidity(reading: RecordReading, validity: XmlElement): Validity | null {
  const times = findChild(validity, "validityTimeSpecification");
  if (!times) return null;
  const read = (name: string): Period[] =>
    childrenNamed(times, name)
      .slice(0, maxPeriods)
      .map((period) => readPeriod(reading, period));
  const [periods, exceptions] = [read("validPeriod"), read("exceptionPeriod")];
  return periods.length + exceptions.length === 0 ? null : { periods, exceptions };
}

function readPeriod(reading: RecordReading, period: XmlElement): Period {
  const recurring = childrenNamed(period, "recurringDayWeekMonthPeriod");
  const words = (name: string): string[] =>
    recurring.flatMap((one) => childrenNamed(one, name).flatMap((word) => wordOf(word)?.toLowerCase() ?? []));
  const unread = [
    ...words("applicableWeek"),
    ...childrenNamed(period, "recurringSpecialDay").map(({ name }) => name),
  ];
  if (unread.length > 0)
    note(
      reading,
      "datex2-recurrence",
      "info",
      "a recurring period",
      unread[0]!,
      "days, months and times of the day; it counts in every week",
    );
  return {
    startsAt: instantAt(reading, period, "startOfPeriod"),
    endsAt: instantAt(reading, period, "endOfPeriod"),
    weekdays: numbersOf(words("applicableDay"), weekdayNames),
    months: numbersOf(words("applicableMonth"), monthNames),
    times: childrenNamed(period, "recurringTimePeriodOfDay")
      .slice(0, maxTimes)
      .flatMap((times) => readTimes(reading, times) ?? []),
  };
}

function numbersOf(words: readonly string[], names: readonly string[]): number[] {
  return words.map((word) => names.indexOf(word) + 1).filter((number) => number > 0);
}

function readTimes(reading: RecordReading, times: XmlElement): TimeOfDay | null {
  const [from, to] = (["startTimeOfPeriod", "endTimeOfPeriod"] as const).map((name) => {
    const text = textAt(times, name);
    const time = text === null ? null : parseTime(text);
    if (time === null)
      note(reading, "datex2-bad-time", "error", name, text, "a time like 22:00:00 or 22:00:00+02:00");
    return time;
  });
  if (!from || !to) return null;
  return { fromSeconds: from.seconds, toSeconds: to.seconds, offsetMinutes: from.offsetMinutes };
}

/** xs:time, seconds optional. */
function parseTime(text: string): { seconds: number; offsetMinutes: number | null } | null {
  const match = /^(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  if (!match) return null;
  const [, hours, minutes, seconds = "0", zone] = match;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (total > daySeconds || Number(minutes) > 59) return null;
  if (zone === undefined) return { seconds: total, offsetMinutes: null };
  const sign = zone.startsWith("-") ? -1 : 1;
  const offset = zone === "Z" ? 0 : sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
  return { seconds: total, offsetMinutes: offset };
}

export interface InForce {
  readonly isActive: boolean;
  /** When time alone may change the answer. */
  readonly until: number;
}

/**
 * Whether a situation is in force at `now`. `active` and `suspended` hold whatever the times say; anything else is as the
 * times say. `shiftMs` is what a replay added to every instant.
 */
export function inForceAt(
  { fields, validity }: Pick<EntityOf<"Situation">, "fields" | "validity">,
  zone: string,
  now: number,
  shiftMs = 0,
): InForce {
  const { validityStatus, startsAt = null, endsAt = null, informationStatus } = fields;
  const isReal =
    informationStatus === null || informationStatus === undefined || informationStatus === "real";
  if (!isReal || validityStatus === "suspended") return { isActive: false, until: Infinity };
  if (validityStatus === "active") return { isActive: true, until: Infinity };
  const spans = [whole(startsAt, endsAt, now)];
  const ask = (period: Period): InForce => periodAt(period, zone, now, shiftMs);
  const periods = validity?.periods.map(ask) ?? [];
  const exceptions = validity?.exceptions.map(ask) ?? [];
  return {
    isActive:
      spans[0]!.isActive &&
      (periods.length === 0 || periods.some(({ isActive }) => isActive)) &&
      !exceptions.some(({ isActive }) => isActive),
    until: Math.min(...[...spans, ...periods, ...exceptions].map(({ until }) => until)),
  };
}

/** Starts at its first instant, is over at its last. */
function whole(startsAt: number | null, endsAt: number | null, now: number): InForce {
  if (startsAt !== null && now < startsAt) return { isActive: false, until: startsAt };
  if (endsAt !== null && now >= endsAt) return { isActive: false, until: Infinity };
  return { isActive: true, until: endsAt ?? Infinity };
}

function periodAt(period: Period, zone: string, now: number, shiftMs: number): InForce {
  const within = whole(period.startsAt, period.endsAt, now);
  const recurs = period.weekdays.length + period.months.length + period.times.length > 0;
  if (!within.isActive || !recurs) return within;
  const spans = spansAround(period, zone, now - shiftMs).map(
    ([from, to]) => [from + shiftMs, to + shiftMs] as const,
  );
  const isActive = spans.some(([from, to]) => from <= now && now < to);
  // Further than the days looked at nothing is known: the answer is asked for again after the last of them begins.
  const changes = spans.flat().filter((at) => at > now);
  return { isActive, until: Math.min(within.until, now + dayMs, ...changes) };
}

/** What recurs on the days before, of and after `now`, by the calendar that the times are in. */
function spansAround(
  { weekdays, months, times }: Period,
  zone: string,
  now: number,
): readonly (readonly [fromAt: number, toAt: number])[] {
  const wholeDay: TimeOfDay = { fromSeconds: 0, toSeconds: daySeconds, offsetMinutes: null };
  return (times.length === 0 ? [wholeDay] : times).flatMap((time) =>
    [-1, 0, 1].flatMap((days) => {
      const day = calendarDay(now, days, time.offsetMinutes, zone);
      if (weekdays.length > 0 && !weekdays.includes(day.weekday)) return [];
      if (months.length > 0 && !months.includes(day.month)) return [];
      const { fromSeconds, toSeconds } = time;
      return [
        [day.at(fromSeconds), day.at(toSeconds > fromSeconds ? toSeconds : toSeconds + daySeconds)] as const,
      ];
    }),
  );
}

interface CalendarDay {
  readonly weekday: number;
  readonly month: number;
  /** The instant of a time of this day; beyond 24 hours of the next. */
  at(seconds: number): number;
}

/** The day `days` after that of `now`, by a fixed offset or by the city's clock. */
function calendarDay(now: number, days: number, offsetMinutes: number | null, zone: string): CalendarDay {
  const date =
    offsetMinutes === null
      ? Date.parse(cityDate(now, zone)) + days * dayMs
      : Math.floor((now + offsetMinutes * 60_000) / dayMs) * dayMs + days * dayMs;
  const calendar = new Date(date);
  return {
    weekday: calendar.getUTCDay() || 7,
    month: calendar.getUTCMonth() + 1,
    at(seconds) {
      const local = new Date(date + seconds * 1000);
      if (offsetMinutes !== null) return local.getTime() - offsetMinutes * 60_000;
      return localToInstant(
        {
          year: local.getUTCFullYear(),
          month: local.getUTCMonth() + 1,
          day: local.getUTCDate(),
          hour: local.getUTCHours(),
          minute: local.getUTCMinutes(),
          second: local.getUTCSeconds(),
        },
        zone,
      );
    },
  };
}
