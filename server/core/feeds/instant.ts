/** Instants as the standards write them. */

import { localToInstant } from "../../../shared/city-time.ts";

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * `2026-01-05T11:58:00Z` and `2026-01-05T12:58:00.000+01:00`, as most sources write, in epoch milliseconds: read digit by
 * digit, several times as fast. `null` for any other form, and for what is rare or no time.
 */
export function readPlainInstant(text: string): number | null {
  const isUtc = text.charCodeAt(text.length - 1) === 0x5a;
  const length = text.length - (isUtc ? 1 : 6);
  const at = readPlainLocal(text, length);
  if (at === null || isUtc) return at;
  const sign = text[length] === "+" ? 1 : text[length] === "-" ? -1 : 0;
  const [offsetHours, offsetMinutes] = [twoDigits(text, length + 1), twoDigits(text, length + 4)];
  if (sign === 0 || text[length + 3] !== ":" || !(offsetHours <= 23 && offsetMinutes <= 59)) return null;
  return at - sign * (offsetHours * 60 + offsetMinutes) * 60_000;
}

/**
 * The local date and time in the first `length` characters, `2026-01-05T11:58:00` or `2026-01-05 11:58:00.000`, counted as
 * if it were UTC; `null` as for `readPlainInstant`.
 */
export function readPlainLocal(text: string, length: number): number | null {
  if (length !== 19 && length !== 23) return null;
  const isDate = text[4] === "-" && text[7] === "-" && (text[10] === "T" || text[10] === " ");
  const isTime = text[13] === ":" && text[16] === ":" && (length === 19 || text[19] === ".");
  if (!isDate || !isTime) return null;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)];
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  const millisecond = length === 23 ? twoDigits(text, 20) * 10 + (twoDigits(text, 21) % 10) : 0;
  const isDay = year >= 1900 && year <= 2199 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  if (!isDay || !(hour <= 23 && minute <= 59 && second <= 59 && millisecond <= 999)) return null;
  const seconds = ((daysFrom1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
  return seconds * 1000 + millisecond;
}

/** Days from 1970-01-01 to a date of the Gregorian calendar. In years that begin with March, leap days come last. */
function daysFrom1970(year: number, month: number, day: number): number {
  const years = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leapDays + Math.floor((months * 153 + 2) / 5) + day - 719_469;
}

/** The number that the two digits at `at` make; NaN where there are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Epoch milliseconds of an RFC 3339 date-time with its offset (RFC 3339 §5.6), `null` for anything else. */
export function parseRfc3339(text: string): number | null {
  const plain = readPlainInstant(text);
  if (plain !== null) return plain;
  const match = rfc3339.exec(text);
  if (!match) return null;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return null;
  const at = Date.parse(text.replace(" ", "T").toUpperCase());
  return Number.isNaN(at) ? null : at;
}

/**
 * Epoch milliseconds of a local date and time in `zone`, from a match whose groups are year, month, day, hour, minute and
 * second; `null` without a match and for a month 13 or a 30 February.
 */
export function localInstant(match: RegExpExecArray | null, zone: string): number | null {
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  try {
    return localToInstant({ year, month, day, hour, minute, second }, zone);
  } catch {
    return null;
  }
}

/** An instant as notices name it, `2026-11-23T08:00:00.000Z`. */
export function isoText(at: number): string {
  return new Date(at).toISOString();
}

/** 2000-01-01: no feed of these standards speaks of a moment before it, a zeroed clock does. */
export const earliestSensibleAt = 946_684_800_000;
/** How far a source's clock may run ahead of ours before its times are not believed. */
export const clockSkewMs = 60_000;

/** Whether a time is older than `maxAgeSeconds` at `now`; what has no time, or no limit, is not. */
export function isOlder(at: number | null, maxAgeSeconds: number | undefined, now: number): boolean {
  return at !== null && maxAgeSeconds !== undefined && now - at > maxAgeSeconds * 1_000;
}
