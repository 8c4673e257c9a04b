/** Where a time axis is marked: round hours, days, months of the city's calendar. Pure. */

import { addCalendar, cityDate, localToInstant, startOfPeriod, type CalendarUnit } from "./city-time.ts";

export interface TimeTicks {
  /** Ascending, within the stretch. */
  readonly at: readonly number[];
  /** What lies between two marks. */
  readonly unit: CalendarUnit;
}

const steps: readonly (readonly [unit: CalendarUnit, count: number, seconds: number])[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => ["minute", count, count * 60] as const),
  ...[1, 2, 3, 6, 12].map((count) => ["hour", count, count * 3_600] as const),
  ...[1, 2].map((count) => ["day", count, count * 86_400] as const),
  ...[1, 2].map((count) => ["week", count, count * 7 * 86_400] as const),
  ...[1, 2, 3, 6].map((count) => ["month", count, count * 30.44 * 86_400] as const),
  ...[1, 2, 5, 10].map((count) => ["year", count, count * 365.25 * 86_400] as const),
];

/** At most `most` marks between two instants, the finest that fit. */
export function timeTicks(fromAt: number, toAt: number, zone: string, most: number): TimeTicks {
  const seconds = (toAt - fromAt) / 1_000;
  const [unit, count] = steps.find(([, , step]) => seconds / step <= most) ?? steps.at(-1)!;
  // Multiples count from the start of what is next larger: 0, 6, 12, 18 o'clock on every day, whatever its length.
  const larger = (
    { minute: "hour", hour: "day", day: "month", week: "week", month: "year", year: "year" } as const
  )[unit];
  const at: number[] = [];
  let period = startOfPeriod(fromAt, larger, zone);
  if (larger === unit) {
    for (let tick = period; tick <= toAt; tick = addCalendar(tick, count, unit, zone)) at.push(tick);
    return { at: at.filter((tick) => tick >= fromAt), unit };
  }
  while (period <= toAt) {
    const next = addCalendar(period, 1, larger, zone);
    for (let i = 0; ; i += count) {
      // No 31st two days before a 1st; no hour 24.
      if (unit === "hour" ? i >= 24 : unit === "day" && i > 0 && i + count > 31) break;
      const tick = wallTime(period, i, unit, zone);
      if (tick >= next) break;
      if (tick >= fromAt && tick <= toAt && tick > (at.at(-1) ?? Number.NEGATIVE_INFINITY)) at.push(tick);
    }
    period = next;
  }
  return { at, unit };
}

/** Six o'clock is six o'clock on the day of a clock change too. */
function wallTime(period: number, i: number, unit: CalendarUnit, zone: string): number {
  if (unit !== "hour") return addCalendar(period, i, unit, zone);
  const [year, month, day] = cityDate(period, zone).split("-").map(Number) as [number, number, number];
  return localToInstant({ year, month, day, hour: i, minute: 0, second: 0 }, zone);
}
