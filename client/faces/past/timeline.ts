/** A city day as a line: where its hours, what was recorded and what mattered lie on it. Pure. */

import { cityDate, localToInstant, startOfDay, startOfNextDay } from "../../../shared/city-time.ts";
import { formatSeconds, formatTime } from "../../words/format-time.ts";

export interface Stretch {
  readonly fromAt: number;
  /** Exclusive. */
  readonly toAt: number;
}

/** The city's day that contains `at`: 23 or 25 hours where the clocks change. */
export function dayOf(at: number, zone: string): Stretch {
  return { fromAt: startOfDay(at, zone), toAt: startOfNextDay(at, zone) };
}

/** Where an instant lies on the line, 0 to 1. */
export function shareOf(at: number, { fromAt, toAt }: Stretch): number {
  return Math.min(Math.max((at - fromAt) / (toAt - fromAt), 0), 1);
}

/** The parts of the line that these stretches cover. */
export function sharesOf(
  stretches: readonly Stretch[],
  day: Stretch,
): readonly { from: number; to: number }[] {
  return stretches
    .filter(({ fromAt, toAt }) => toAt > day.fromAt && fromAt < day.toAt)
    .map(({ fromAt, toAt }) => ({ from: shareOf(fromAt, day), to: shareOf(toAt, day) }));
}

const hourMs = 3_600_000;

/** Every third hour of the city's clock, which a changed clock shows once, twice or not at all. */
export function hoursOf(day: Stretch, zone: string): readonly { at: number; label: string }[] {
  const hours: { at: number; label: string }[] = [];
  for (let at = day.fromAt; at < day.toAt; at += hourMs) {
    const label = formatTime(at, zone, "en");
    if (Number.parseInt(label, 10) % 3 === 0) hours.push({ at, label });
  }
  return hours;
}

export function isRecorded(at: number, recorded: readonly Stretch[]): boolean {
  return recorded.some(({ fromAt, toAt }) => fromAt <= at && at < toAt + tolerableMs);
}

/** The recorder writes once a minute at least (`server/live/past-session.ts`). */
const tolerableMs = 90_000;

/** An instant as the fields of a form have it: `2026-11-26` and `17:03:05` of the city's clock. */
export function fieldsOf(at: number, zone: string): { date: string; time: string } {
  return { date: cityDate(at, zone), time: `${formatTime(at, zone, "en")}:${formatSeconds(at)}` };
}

/**
 * The instant that the fields name; `null` while they name none. An hour that the clocks skip is the one after it, one
 * that they repeat is the first.
 */
export function instantOf(date: string, time: string, zone: string): number | null {
  const [year = NaN, month = NaN, day = NaN] = date.split("-").map(Number);
  const [hour = NaN, minute = NaN, second = 0] = time.split(":").map(Number);
  try {
    return localToInstant({ year, month, day, hour, minute, second }, zone);
  } catch {
    return null;
  }
}

/** The same time of the city's clock on the day before or after. */
export function dayBeside(at: number, step: -1 | 1, zone: string): number {
  const day = dayOf(at, zone);
  const beside = step < 0 ? day.fromAt - 1 : day.toAt;
  return instantOf(cityDate(beside, zone), fieldsOf(at, zone).time, zone) ?? beside;
}
