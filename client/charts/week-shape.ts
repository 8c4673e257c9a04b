/** A figure by the hour of the week, and by the day of the calendar, in the city's own time. Pure. */

import { quantile } from "../../shared/quantile.ts";
import type { SeriesPoint } from "../../shared/series.ts";
import { cityHours } from "./city-hours.ts";
import { freshValue } from "./series-shape.ts";

export interface Cell {
  /** Mean of the buckets in it, `null` without a fresh one. */
  readonly mean: number | null;
  /** How many fresh buckets. */
  readonly count: number;
}

/** Seven rows, Monday first, of 24 hours each. A repeated hour counts twice, a skipped one not at all. */
export function weekOf(points: readonly SeriesPoint[], zone: string): Cell[][] {
  const hours = cityHours(zone);
  const sums = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => ({ sum: 0, count: 0 })));
  for (const point of points) {
    const value = freshValue(point);
    if (value === null) continue;
    const { weekday, hour } = hours(point.at);
    const cell = sums[weekday - 1]![hour]!;
    cell.sum += value;
    cell.count++;
  }
  return sums.map((row) => row.map(({ sum, count }) => ({ mean: count === 0 ? null : sum / count, count })));
}

export interface CalendarDay {
  readonly date: string;
  /** Start of the day. */
  readonly at: number;
  /** 1 Monday … 7 Sunday. */
  readonly weekday: number;
  /** Whole weeks since the week of the first day. */
  readonly week: number;
  readonly value: number | null;
}

/** One entry per bucket of a day, ascending, as they lie in a calendar whose rows are weekdays. */
export function calendarOf(points: readonly SeriesPoint[], zone: string): CalendarDay[] {
  const hours = cityHours(zone);
  let week = 0;
  let before = 0;
  return points.map((point) => {
    const { date, weekday } = hours(point.at);
    if (weekday <= before) week++;
    before = weekday;
    return { date, at: point.at, weekday, week, value: freshValue(point) };
  });
}

export interface Box {
  readonly low: number;
  readonly quarter: number;
  readonly median: number;
  readonly threeQuarters: number;
  readonly high: number;
  readonly count: number;
}

/** Five numbers of some values; `null` without a value. */
export function boxOf(values: readonly number[]): Box | null {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) return null;
  return {
    low: quantile(sorted, 0),
    quarter: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    threeQuarters: quantile(sorted, 0.75),
    high: quantile(sorted, 1),
    count: sorted.length,
  };
}

/** The box of every weekday, Monday first. */
export function weekdayBoxes(points: readonly SeriesPoint[], zone: string): (Box | null)[] {
  const hours = cityHours(zone);
  const values: number[][] = Array.from({ length: 7 }, () => []);
  for (const point of points) {
    const value = freshValue(point);
    if (value !== null) values[hours(point.at).weekday - 1]!.push(value);
  }
  return values.map(boxOf);
}
