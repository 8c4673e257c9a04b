/** Instants as the standards write them. */

import { localToInstant } from "../../../shared/city-time.ts";

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/** Epoch milliseconds of an RFC 3339 date-time with its offset (RFC 3339 §5.6), `null` for anything else. */
export function parseRfc3339(text: string): number | null {
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
