/** Service days: which trips run on a date, and how many at an instant (calendar.txt, calendar_dates.txt). */

import { cityDate, startOfServiceDay } from "../../../../shared/city-time.ts";
import { frequenciesOf, spanOf, type Rows, type Schedule } from "./schedule.ts";

const dayMs = 86_400_000;

/** Whole days since 1970-01-01 of a `YYYYMMDD`; NaN when it is no date of the calendar. */
export function dayOfServiceDate(date: string): number {
  if (!/^\d{8}$/.test(date)) return Number.NaN;
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(4, 6));
  const day = Number(date.slice(6));
  const at = Date.UTC(year, month - 1, day);
  const back = new Date(at);
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day ? at / dayMs : Number.NaN;
}

export function serviceDateOfDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10).replaceAll("-", "");
}

/** 0 Monday … 6 Sunday. */
function weekdayOfDay(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** What was worked out about a timetable's days. Derived from the timetable alone, so it can only save work. */
interface DayMemo {
  readonly startAt: Map<number, number>;
  readonly active: Map<number, Uint8Array>;
  readonly spans: Map<number, Spans>;
  longestSeconds: number | null;
  today: { readonly day: number; readonly fromAt: number; readonly toAt: number } | null;
}

const memos = new WeakMap<Schedule, DayMemo>();
const keptDays = 16;

function memoOf(schedule: Schedule): DayMemo {
  let memo = memos.get(schedule);
  if (!memo) {
    memo = { startAt: new Map(), active: new Map(), spans: new Map(), longestSeconds: null, today: null };
    memos.set(schedule, memo);
  }
  return memo;
}

function remember<T>(map: Map<number, T>, day: number, make: () => T): T {
  const known = map.get(day);
  if (known !== undefined) return known;
  if (map.size >= keptDays) map.delete(map.keys().next().value as number);
  const made = make();
  map.set(day, made);
  return made;
}

/** The instant from which the times of service day `day` count: noon minus 12 hours in the agency's zone. */
export function dayStartAt(schedule: Schedule, day: number): number {
  return remember(memoOf(schedule).startAt, day, () =>
    startOfServiceDay(serviceDateOfDay(day), schedule.zone),
  );
}

/** The agency's calendar day that contains `at`. */
export function dayOf(schedule: Schedule, at: number): number {
  const memo = memoOf(schedule);
  if (memo.today && at >= memo.today.fromAt && at < memo.today.toAt) return memo.today.day;
  const day = Date.parse(cityDate(at, schedule.zone)) / dayMs;
  // Only the middle of the day is surely this day without asking the calendar: clocks change at night.
  const noonAt = dayStartAt(schedule, day) + 12 * 3_600_000;
  memo.today = { day, fromAt: noonAt - 8 * 3_600_000, toAt: noonAt + 8 * 3_600_000 };
  return day;
}

/** Whether the agency's day around `at` lies in the timetable's calendars; one without any is never out of force. */
export function isInForce(schedule: Schedule, at: number): boolean {
  return isInForceOn(schedule, serviceDateOfDay(dayOf(schedule, at)));
}

/** Whether the service day `date` (YYYYMMDD) lies in the timetable's calendars. */
export function isInForceOn(schedule: Schedule, date: string): boolean {
  return (schedule.validFrom ?? date) <= date && date <= (schedule.validTo ?? date);
}

/** 1 for each service that runs on `day`, by service index. */
export function activeServices(schedule: Schedule, day: number): Uint8Array {
  return remember(memoOf(schedule).active, day, () => {
    const { weekdays, startDay, endDay, exceptions } = schedule.services;
    const active = new Uint8Array(weekdays.length);
    const bit = 1 << weekdayOfDay(day);
    for (let service = 0; service < active.length; service++) {
      const inForce = day >= (startDay[service] as number) && day <= (endDay[service] as number);
      if (inForce && ((weekdays[service] as number) & bit) !== 0) active[service] = 1;
    }
    for (const { service, added } of exceptions.get(day) ?? []) active[service] = added ? 1 : 0;
    return active;
  });
}

/** Whether a trip's service runs on `day`. */
export function runsOn(schedule: Schedule, trip: number, day: number): boolean {
  return activeServices(schedule, day)[schedule.trips.service[trip] as number] === 1;
}

/** Starts and ends of all runs of a service day, in its seconds, each sorted by itself. */
interface Spans {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

const mostRunsPerTrip = 2_000;

function runStarts(schedule: Schedule, frequencies: Rows, start: number): number[] {
  if (frequencies.from === frequencies.to) return [start];
  const { startSeconds, endSeconds, headwaySeconds } = schedule.frequencies;
  const starts: number[] = [];
  for (let row = frequencies.from; row < frequencies.to; row++) {
    const headway = headwaySeconds[row] as number;
    for (let at = startSeconds[row] as number; at < (endSeconds[row] as number); at += headway) {
      if (starts.length === mostRunsPerTrip) return starts;
      starts.push(at);
    }
  }
  return starts;
}

function spansOn(schedule: Schedule, day: number): Spans {
  return remember(memoOf(schedule).spans, day, () => {
    const active = activeServices(schedule, day);
    const starts: number[] = [];
    const ends: number[] = [];
    for (let trip = 0; trip < schedule.trips.ids.length; trip++) {
      if (active[schedule.trips.service[trip] as number] !== 1) continue;
      const span = spanOf(schedule, trip);
      if (!span) continue;
      for (const start of runStarts(schedule, frequenciesOf(schedule, trip), span.start)) {
        starts.push(start);
        ends.push(start + span.end - span.start);
      }
    }
    return { starts: Int32Array.from(starts).sort(), ends: Int32Array.from(ends).sort() };
  });
}

/** The latest second of a service day at which anything still runs; a night bus goes on past 24:00:00. */
function longestSeconds(schedule: Schedule): number {
  const memo = memoOf(schedule);
  if (memo.longestSeconds !== null) return memo.longestSeconds;
  let longest = 0;
  for (const end of schedule.stopTimes.arrival) if (end > longest) longest = end;
  const { endSeconds } = schedule.frequencies;
  let lastStart = 0;
  for (const end of endSeconds) if (end > lastStart) lastStart = end;
  memo.longestSeconds = Math.max(longest, lastStart > 0 ? lastStart + longest : 0);
  return memo.longestSeconds;
}

/**
 * The service days whose trips may run at `at`, newest first: today's, yesterday's while it runs past 24:00:00, and
 * tomorrow's when a spring change makes its noon minus 12 hours fall on today's evening.
 */
export function serviceDaysAt(schedule: Schedule, at: number): number[] {
  const today = dayOf(schedule, at);
  const back = Math.min(7, Math.ceil(longestSeconds(schedule) / 86_400));
  const days: number[] = [];
  for (let day = today + 1; day >= today - back; day--) if (dayStartAt(schedule, day) <= at) days.push(day);
  return days;
}

/** How many entries of a sorted column are at most `value`. */
function countUpTo(sorted: Int32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * How many trips the timetable says are under way at `at`, and until when that stays true. A trip is under way from
 * its first departure until its last arrival; trips of frequencies.txt count once per run.
 */
export function runningTrips(schedule: Schedule, at: number): { count: number; untilAt: number } {
  let count = 0;
  let untilAt = at + 3_600_000;
  const next = dayStartAt(schedule, dayOf(schedule, at) + 1);
  if (next > at) untilAt = Math.min(untilAt, next);
  for (const day of serviceDaysAt(schedule, at)) {
    const { starts, ends } = spansOn(schedule, day);
    const startAt = dayStartAt(schedule, day);
    const seconds = Math.floor((at - startAt) / 1000);
    const started = countUpTo(starts, seconds);
    const ended = countUpTo(ends, seconds);
    count += started - ended;
    const nextSeconds = Math.min(starts[started] ?? Infinity, ends[ended] ?? Infinity);
    untilAt = Math.min(untilAt, startAt + nextSeconds * 1000);
  }
  return { count, untilAt };
}
