/** The stretch of time that a view is about: as it stands in the address, and as instants. Pure. */

import {
  addCalendar,
  cityDate,
  startOfCityDate,
  startOfNextDay,
  startOfPeriod,
  type CalendarUnit,
} from "../../../shared/city-time.ts";

export const lastUnits = ["minute", "hour", "day", "week", "month", "year"] as const;

export const namedPeriods = [
  "today",
  "yesterday",
  "this-week",
  "last-week",
  "this-month",
  "last-month",
  "this-year",
  "last-year",
] as const;
export type NamedPeriod = (typeof namedPeriods)[number];

export type Range =
  /** Until now. */
  | { readonly kind: "last"; readonly count: number; readonly unit: CalendarUnit }
  | { readonly kind: "named"; readonly period: NamedPeriod }
  /** City dates, both inclusive. */
  | { readonly kind: "dates"; readonly from: string; readonly to: string }
  | { readonly kind: "instants"; readonly fromAt: number; readonly toAt: number };

/** Instants of a range; `toAt` is exclusive. */
export interface Stretch {
  readonly fromAt: number;
  readonly toAt: number;
}

export const defaultRange: Range = { kind: "last", count: 24, unit: "hour" };

const longestCount = 10_000;
const minuteMs = 60_000;

/** `last-6-week`, `this-month`, `2026-11-01..2026-11-20`, `2026-11-01T08:00Z..2026-11-01T12:00Z`. */
export function formatRange(range: Range): string {
  switch (range.kind) {
    case "last":
      return `last-${range.count}-${range.unit}`;
    case "named":
      return range.period;
    case "dates":
      return `${range.from}..${range.to}`;
    case "instants":
      return `${isoMinute(range.fromAt)}..${isoMinute(range.toAt)}`;
  }
}

function isoMinute(at: number): string {
  return new Date(at).toISOString().replace(/:00\.000Z$/, "Z");
}

/** The range of an address; `null` for what is none: another word, a date there is not, an end before its start. */
export function parseRange(text: string): Range | null {
  const named = namedPeriods.find((period) => period === text);
  if (named) return { kind: "named", period: named };
  const last = /^last-(\d+)-(\w+)$/.exec(text);
  if (last) {
    const unit = lastUnits.find((one) => one === last[2]);
    const count = Number(last[1]);
    return unit && count >= 1 && count <= longestCount ? { kind: "last", count, unit } : null;
  }
  const [from, to, more] = text.split("..");
  if (from === undefined || to === undefined || more !== undefined) return null;
  if (isDate(from) && isDate(to)) return from <= to ? { kind: "dates", from, to } : null;
  const [fromAt, toAt] = [instantOf(from), instantOf(to)];
  return fromAt !== null && toAt !== null && fromAt < toAt ? { kind: "instants", fromAt, toAt } : null;
}

/** `2026-02-28`, but not `2026-02-31`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function instantOf(text: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** The range as instants in the city's zone; what lasts until now ends with the whole minute that `now` is in. */
export function stretchOf(range: Range, zone: string, now: number): Stretch {
  const minute = Math.floor(now / minuteMs) * minuteMs;
  switch (range.kind) {
    case "last":
      return { fromAt: addCalendar(minute, -range.count, range.unit, zone), toAt: minute };
    case "named":
      return namedStretch(range.period, zone, minute);
    case "dates":
      return {
        fromAt: startOfCityDate(range.from, zone),
        toAt: startOfNextDay(startOfCityDate(range.to, zone), zone),
      };
    case "instants":
      return range;
  }
}

function namedStretch(period: NamedPeriod, zone: string, now: number): Stretch {
  const { unit, isBefore } = periodParts(period);
  const start = startOfPeriod(now, unit, zone);
  return isBefore
    ? { fromAt: addCalendar(start, -1, unit, zone), toAt: start }
    : { fromAt: start, toAt: Math.max(now, start + minuteMs) };
}

function periodParts(period: NamedPeriod): { unit: CalendarUnit; isBefore: boolean } {
  if (period === "today" || period === "yesterday") return { unit: "day", isBefore: period === "yesterday" };
  const [which, unit] = period.split("-") as ["this" | "last", "week" | "month" | "year"];
  return { unit, isBefore: which === "last" };
}

/** Whether the range ends now, so that what is shown grows older by itself. */
export function isMoving(range: Range): boolean {
  return range.kind === "last" || (range.kind === "named" && !periodParts(range.period).isBefore);
}

/** As long, a whole length (or the part `share` of it) later; never beyond `now`. */
export function shifted({ fromAt, toAt }: Stretch, share: number, now: number): Range {
  const by = Math.round(((toAt - fromAt) * share) / minuteMs) * minuteMs;
  const end = Math.max(Math.min(toAt + by, Math.ceil(now / minuteMs) * minuteMs), toAt - (toAt - fromAt));
  return { kind: "instants", fromAt: end - (toAt - fromAt), toAt: end };
}

/** About the same middle, `factor` times as long (2: out, 0.5: in); whole minutes, two at least; never beyond `now`. */
export function zoomed({ fromAt, toAt }: Stretch, factor: number, now: number): Range {
  const length = Math.max((toAt - fromAt) * factor, 2 * minuteMs);
  const middle = (fromAt + toAt) / 2;
  const end = Math.min(middle + length / 2, Math.ceil(now / minuteMs) * minuteMs);
  return wholeMinutes(end - length, end);
}

/** Between two instants as they were drawn, in whole minutes. */
export function wholeMinutes(fromAt: number, toAt: number): Range {
  const from = Math.floor(fromAt / minuteMs) * minuteMs;
  const to = Math.ceil(toAt / minuteMs) * minuteMs;
  return { kind: "instants", fromAt: from, toAt: Math.max(to, from + minuteMs) };
}

/** The city dates that a stretch touches: first and last. */
export function datesOf({ fromAt, toAt }: Stretch, zone: string): { from: string; to: string } {
  return { from: cityDate(fromAt, zone), to: cityDate(toAt - 1, zone) };
}
