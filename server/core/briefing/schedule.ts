/** When a briefing is due, in the city's calendar. */

import { addCalendar, cityDate, localToInstant, startOfDay, weekday } from "../../../shared/city-time.ts";
import type { BriefingTime } from "./definition.ts";

/** A time that does not come within so many days, such as the 31st of February, never comes. */
const lookDays = 400;

export interface Calendar {
  readonly zone: string;
  /** City dates. */
  readonly holidays: ReadonlySet<string>;
}

/**
 * The last time of a schedule at or before `now`; `null` without one. A time that a spring change skips is due when the
 * clock has passed it, one that an autumn change repeats is due once, the first time.
 */
export function lastDue(schedule: readonly BriefingTime[], now: number, calendar: Calendar): number | null {
  for (const due of dueByDay(schedule, now, -1, calendar)) {
    const passed = due.filter((at) => at <= now);
    if (passed.length > 0) return Math.max(...passed);
  }
  return null;
}

/** The first time of a schedule after `after`; `null` without one. */
export function nextDue(schedule: readonly BriefingTime[], after: number, calendar: Calendar): number | null {
  for (const due of dueByDay(schedule, after, 1, calendar)) {
    const coming = due.filter((at) => at > after);
    if (coming.length > 0) return Math.min(...coming);
  }
  return null;
}

/** The times of the day of `from`, and of the days before (-1) or after it (1). */
function* dueByDay(
  schedule: readonly BriefingTime[],
  from: number,
  step: -1 | 1,
  calendar: Calendar,
): Generator<readonly number[]> {
  const { zone } = calendar;
  let noon = addCalendar(startOfDay(from, zone), 12, "hour", zone);
  for (let day = 0; day <= lookDays && schedule.length > 0; day++) {
    const date = cityDate(noon, zone);
    yield schedule
      .filter((time) => isOn(time, noon, date, calendar))
      .map(({ at }) => instantOf(date, at, zone));
    noon = addCalendar(noon, step, "day", zone);
  }
}

function isOn(
  { weekdays, monthDays, months, onHolidays }: BriefingTime,
  noon: number,
  date: string,
  { zone, holidays }: Calendar,
): boolean {
  const [, month, day] = date.split("-").map(Number);
  return (
    weekdays.includes(weekday(noon, zone)) &&
    (monthDays?.includes(day!) ?? true) &&
    (months?.includes(month!) ?? true) &&
    (onHolidays || !holidays.has(date))
  );
}

/** `24:00` is the end of the day. */
function instantOf(date: string, time: string, zone: string): number {
  const [year, month, day] = date.split("-").map(Number);
  const [hour, minute] = time.split(":").map(Number);
  const at = { year: year!, month: month!, day: day!, second: 0 };
  if (hour === 24) return addCalendar(localToInstant({ ...at, hour: 0, minute: 0 }, zone), 1, "day", zone);
  return localToInstant({ ...at, hour: hour!, minute: minute! }, zone);
}
