/** When a briefing is due, in the city's calendar. */

import { addCalendar, cityDate, localToInstant, startOfDay, weekday } from "../../../shared/city-time.ts";
import type { BriefingTime } from "./definition.ts";

/** A time that does not come within so many days, such as the 31st of February, never comes. */
const lookBackDays = 400;

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
  const { zone } = calendar;
  let noon = addCalendar(startOfDay(now, zone), 12, "hour", zone);
  for (let day = 0; day <= lookBackDays && schedule.length > 0; day++) {
    const date = cityDate(noon, zone);
    const due = schedule
      .filter((time) => isOn(time, noon, date, calendar))
      .map(({ at }) => instantOf(date, at, zone))
      .filter((at) => at <= now);
    if (due.length > 0) return Math.max(...due);
    noon = addCalendar(noon, -1, "day", zone);
  }
  return null;
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
