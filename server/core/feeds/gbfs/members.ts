/** Reads members of GBFS entries in the spellings of all versions, and says in notices what is wrong with them. */

import type { Position } from "../../../../shared/entity.ts";
import type { Notices, NoticeSeverity } from "../../../../shared/notice.ts";
import { isObject, quote, type JsonObject } from "../body.ts";
import { clockSkewMs, earliestSensibleAt, isoText, parseRfc3339 } from "../instant.ts";
import { judgePlace, placeExpectation, type Bounds } from "../place.ts";

/** What every reader of a file's entries needs to know. */
export interface Reading {
  readonly file: string;
  readonly notices: Notices;
  readonly receivedAt: number;
  readonly bounds: Bounds;
  readonly language: string | null;
  /** As declared, `null` for the 1.0 files that have none. */
  readonly version: string | null;
}

/** Above this a number of seconds would lie past the year 5000: it counts milliseconds. */
const largestSeconds = 100_000_000_000;

export function note(
  reading: Reading,
  code: string,
  severity: NoticeSeverity,
  entry: string,
  member: string,
  value: unknown,
  expected: string,
): void {
  reading.notices.add(
    code,
    severity,
    () => `${reading.file} ${entry}: ${member} is ${quote(value)}, expected ${expected}`,
  );
}

/** An id, which some write as a number. `null` when there is none. */
export function readId(reading: Reading, entry: JsonObject, member: string): string | null {
  const value = entry[member];
  if (typeof value === "string" && value !== "") return value;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return null;
  note(reading, "gbfs-number-as-id", "info", "entry", member, value, "text");
  return String(value);
}

/** A number of at least 0; text that is a number counts with a notice. Absent is `null`. */
export function readAmount(reading: Reading, entry: JsonObject, member: string, id: string): number | null {
  const value = entry[member];
  if (value === undefined || value === null) return null;
  const amount = typeof value === "string" && /^\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value;
  if (typeof amount !== "number" || !Number.isFinite(amount) || amount < 0) {
    note(reading, "gbfs-bad-number", "error", id, member, value, "a number of at least 0");
    return null;
  }
  if (typeof value === "string")
    note(reading, "gbfs-text-as-number", "warning", id, member, value, "a number");
  return amount;
}

/** A flag: `true`, or 0 and 1 as before 2.0. Absent is `null`. */
export function readFlag(reading: Reading, entry: JsonObject, member: string, id: string): boolean | null {
  const value = entry[member];
  if (typeof value === "boolean") return value;
  if (value === undefined || value === null) return null;
  const flag = value === 1 || value === "true" ? true : value === 0 || value === "false" ? false : null;
  if (flag === null) note(reading, "gbfs-bad-flag", "error", id, member, value, "true or false");
  else if (typeof value === "string")
    note(reading, "gbfs-text-as-flag", "warning", id, member, value, "true or false");
  else if (!reading.version?.startsWith("1.")) {
    const severity = reading.version === null ? "info" : "warning";
    note(reading, "gbfs-number-as-flag", severity, id, member, value, "true or false since GBFS 2.0");
  }
  return flag;
}

/** Text, or the best of several languages since 3.0. Absent and empty are `null`. */
export function readText(reading: Reading, entry: JsonObject, member: string): string | null {
  const value = entry[member];
  if (typeof value === "string") return value.trim() || null;
  if (!Array.isArray(value)) return null;
  const texts = value.filter(isLocalizedText);
  const language = pickLanguage(
    texts.map((text) => text.language),
    reading.language,
  );
  return texts.find((text) => text.language === language)?.text.trim() || null;
}

function isLocalizedText(value: unknown): value is { text: string; language: string } {
  return isObject(value) && typeof value["text"] === "string" && typeof value["language"] === "string";
}

/** The wanted language, also when only its main part agrees (`fr` for `fr-CA`), else the product's, else the first. */
export function pickLanguage(offered: readonly string[], wanted: string | null): string | undefined {
  for (const language of wanted === null ? ["en", "zh"] : [wanted, "en", "zh"]) {
    const exact = offered.find((one) => one.toLowerCase() === language.toLowerCase());
    const near = exact ?? offered.find((one) => mainPart(one) === mainPart(language));
    if (near !== undefined) return near;
  }
  return offered[0];
}

function mainPart(language: string): string {
  return language.toLowerCase().split("-")[0] ?? "";
}

/**
 * Epoch milliseconds of a POSIX time (to 2.x) or an RFC 3339 date-time (3.0), in either spelling. `null`, with a
 * notice unless it is absent, for a time before 2000 or in the future: nobody knows when that was measured.
 */
export function readInstant(reading: Reading, entry: JsonObject, member: string, id: string): number | null {
  const value = entry[member];
  if (value === undefined || value === null) return null;
  const at = toInstant(reading, value, member, id);
  if (at === null) {
    const expected = isRfc3339Version(reading.version) ? "an RFC 3339 date-time" : "POSIX seconds";
    note(reading, "gbfs-bad-time", "error", id, member, value, expected);
  } else if (at < earliestSensibleAt)
    note(reading, "gbfs-time-before-2000", "warning", id, member, value, "a time of today");
  else if (at > reading.receivedAt + clockSkewMs) {
    const now = isoText(reading.receivedAt);
    note(reading, "gbfs-time-in-future", "warning", id, member, value, `no time after ${now}`);
  } else return at;
  return null;
}

function isRfc3339Version(version: string | null): boolean {
  return version !== null && /^[3-9]/.test(version);
}

function toInstant(reading: Reading, value: unknown, member: string, id: string): number | null {
  const digits = typeof value === "string" && /^\d{9,14}$/.test(value);
  if (typeof value === "number" || digits) {
    const seconds = Number(value);
    // Beyond what a Date can hold, which also keeps every later `toISOString` from throwing.
    if (!Number.isFinite(seconds) || Math.abs(seconds) > 8.64e15) return null;
    if (digits) note(reading, "gbfs-text-as-time", "info", id, member, value, "a number");
    if (seconds <= largestSeconds) return seconds * 1000;
    note(reading, "gbfs-milliseconds", "warning", id, member, value, "seconds, not milliseconds");
    return seconds;
  }
  return typeof value === "string" ? parseRfc3339(value.trim()) : null;
}

/** The place of an entry, `null` with a notice when it cannot be believed. */
export function readPlace(reading: Reading, entry: JsonObject, id: string): Position | null {
  const { lon, lat } = entry;
  const place = judgePlace(toDegrees(lon), toDegrees(lat), reading.bounds);
  if (typeof place !== "string") return place;
  reading.notices.add(
    `gbfs-place-${place}`,
    place === "missing" ? "warning" : "error",
    () => `${reading.file} ${id}: lat ${quote(lat)}, lon ${quote(lon)}, expected ${placeExpectation(place)}`,
  );
  return null;
}

function toDegrees(value: unknown): unknown {
  return typeof value === "string" && /^\s*-?\d{1,3}(\.\d{1,20})?\s*$/.test(value) ? Number(value) : value;
}
