/** Dates and times as sources write them, read as instants. */

import { localToInstant } from "../../../shared/city-time.ts";
import { readPlainInstant, readPlainLocal } from "./instant.ts";

/** Reads one way of writing times. */
export interface DateReader {
  /** Epoch milliseconds, `null` when `text` is not written so or names no possible time of 1900 to 2199. */
  read(text: string): number | null;
}

interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  /** Minutes ahead of UTC when the text says so itself. */
  offsetMinutes: number | null;
}

const dayMs = 86_400_000;
const quarterMs = 900_000;

/**
 * Local times of one zone as instants. Asking the calendar is slow, so the offset is remembered for each day, and
 * for each quarter of an hour on the days when the clocks change (no zone changes at a finer moment).
 */
export class LocalTimes {
  readonly #zone: string;
  readonly #dayOffsets = new Map<number, number | null>();
  readonly #quarterOffsets = new Map<number, number>();

  /** `zone`: IANA, `UTC`, or an offset such as `+01:00`. */
  constructor(zone: string) {
    this.#zone = zone;
  }

  /** `localMs`: the local date and time counted as if it were UTC. Ambiguous and skipped times as `localToInstant`. */
  instant(localMs: number): number {
    const day = Math.floor(localMs / dayMs);
    let offset = this.#dayOffsets.get(day);
    if (offset === undefined) {
      const start = this.#offsetAt(day * dayMs);
      offset = start === this.#offsetAt((day + 1) * dayMs) ? start : null;
      this.#dayOffsets.set(day, offset);
    }
    return localMs - (offset ?? this.#quarterOffset(Math.floor(localMs / quarterMs)));
  }

  #quarterOffset(quarter: number): number {
    const known = this.#quarterOffsets.get(quarter);
    if (known !== undefined) return known;
    const offset = this.#offsetAt(quarter * quarterMs);
    this.#quarterOffsets.set(quarter, offset);
    return offset;
  }

  #offsetAt(localMs: number): number {
    const local = new Date(localMs);
    const instant = localToInstant(
      {
        year: local.getUTCFullYear(),
        month: local.getUTCMonth() + 1,
        day: local.getUTCDate(),
        hour: local.getUTCHours(),
        minute: local.getUTCMinutes(),
        second: 0,
      },
      this.#zone,
    );
    return localMs - instant;
  }
}

/** `null` when the date does not exist or lies outside 1900 to 2199. */
function instantOf(time: LocalTime, zone: LocalTimes): number | null {
  const { year, month, day, hour, minute, second, millisecond, offsetMinutes } = time;
  if (year < 1900 || year > 2199 || hour > 23 || minute > 59 || second > 59) return null;
  const local = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  const check = new Date(local);
  if (check.getUTCMonth() !== month - 1 || check.getUTCDate() !== day) return null;
  return offsetMinutes === null ? zone.instant(local) : local - offsetMinutes * 60_000;
}

function millisecondsOf(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
}

/** `Z`, `+01`, `+0100` or `-01:00` in minutes. */
function offsetOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (text === "Z" || text === "z") return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(3).replace(":", "") || "0");
  return text.startsWith("-") ? -minutes : minutes;
}

const isoPattern =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?\s*([Zz]|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?$/;

function readIso(text: string, zone: LocalTimes): number | null {
  const plain = readPlainInstant(text);
  if (plain !== null) return plain;
  const local = readPlainLocal(text, text.length);
  if (local !== null) return zone.instant(local);
  const found = isoPattern.exec(text);
  if (!found) return null;
  return instantOf(
    {
      year: Number(found[1]),
      month: Number(found[2]),
      day: Number(found[3]),
      hour: Number(found[4] ?? 0),
      minute: Number(found[5] ?? 0),
      second: Number(found[6] ?? 0),
      millisecond: millisecondsOf(found[7]),
      offsetMinutes: offsetOf(found[8]),
    },
    zone,
  );
}

const numberPattern = /^[+-]?\d+(?:\.\d+)?$/;
const earliestAt = Date.UTC(1900, 0, 1);
const latestAt = Date.UTC(2200, 0, 1);

function readEpoch(text: string, unitMs: number): number | null {
  if (!numberPattern.test(text)) return null;
  const at = Math.round(Number(text) * unitMs);
  return at >= earliestAt && at < latestAt ? at : null;
}

const tokens = /\[([^\]]*)\]|YYYY|YY|MM|M|DD|D|HH|H|hh|h|mm|m|ss|s|S+|A|Z|\s+|./g;

/** Each token as a pattern; its one group is what `place` takes. */
const tokenPatterns: Readonly<Record<string, string>> = {
  YYYY: "(\\d{4})",
  YY: "(\\d{2})",
  MM: "(\\d{2})",
  M: "(\\d{1,2})",
  DD: "(\\d{2})",
  D: "(\\d{1,2})",
  HH: "(\\d{2})",
  H: "(\\d{1,2})",
  hh: "(\\d{2})",
  h: "(\\d{1,2})",
  mm: "(\\d{2})",
  m: "(\\d{1,2})",
  ss: "(\\d{2})",
  s: "(\\d{1,2})",
  A: "([AaPp])\\.?[Mm]\\.?",
  Z: "([Zz]|[+-](?:[01]\\d|2[0-3])(?::?[0-5]\\d)?)",
};

interface CompiledFormat {
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

function compileFormat(format: string): CompiledFormat {
  const names: string[] = [];
  let source = "";
  for (const [token, literal] of format.matchAll(tokens)) {
    const pattern = token.startsWith("S") ? "(\\d+)" : tokenPatterns[token];
    if (pattern !== undefined) {
      names.push(token);
      source += pattern;
    } else if (token.trim() === "") source += "\\s+";
    else source += (literal ?? token).replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
  }
  return { pattern: new RegExp(`^${source}$`), names };
}

function hourOf(hour: number, half: string | null): number {
  if (half === null) return hour;
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (half.toUpperCase() === "P" ? 12 : 0);
}

function readFormat(text: string, format: CompiledFormat, zone: LocalTimes): number | null {
  const found = format.pattern.exec(text);
  if (!found) return null;
  const time: LocalTime = {
    year: 0,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    millisecond: 0,
    offsetMinutes: null,
  };
  let half: string | null = null;
  format.names.forEach((name, i) => {
    const value = found[i + 1]!;
    const number = Number(value);
    if (name === "YYYY") time.year = number;
    else if (name === "YY") time.year = number + (number < 69 ? 2000 : 1900);
    else if (name.startsWith("M")) time.month = number;
    else if (name.startsWith("D")) time.day = number;
    else if (name.startsWith("H") || name.startsWith("h")) time.hour = number;
    else if (name.startsWith("m")) time.minute = number;
    else if (name.startsWith("s")) time.second = number;
    else if (name.startsWith("S")) time.millisecond = millisecondsOf(value);
    else if (name === "A") half = value;
    else time.offsetMinutes = offsetOf(value);
  });
  time.hour = hourOf(time.hour, half);
  return Number.isNaN(time.hour) ? null : instantOf(time, zone);
}

/**
 * A reader of `format`: `ISO` (ISO 8601 calendar dates, `T` or a space, any zone form), `epoch-seconds`,
 * `epoch-milliseconds`, or tokens: `YYYY` `YY` `MM` `M` `DD` `D` `HH` `H` `hh` `h` `mm` `m` `ss` `s` `S…` `A` `Z`,
 * `[literal]`, and everything else literal. Times that name no zone are in `zone`.
 */
export function dateReader(format: string, zone: LocalTimes): DateReader {
  switch (format) {
    case "ISO":
      return { read: (text) => readIso(text, zone) };
    case "epoch-seconds":
      return { read: (text) => readEpoch(text, 1000) };
    case "epoch-milliseconds":
      return { read: (text) => readEpoch(text, 1) };
    default: {
      const compiled = compileFormat(format);
      return { read: (text) => readFormat(text, compiled, zone) };
    }
  }
}

/** Whether `format` can name an instant: one of the words, or tokens with at least a year, a month and a day. */
export function isDateFormat(format: string): boolean {
  if (format === "ISO" || format === "epoch-seconds" || format === "epoch-milliseconds") return true;
  const { names } = compileFormat(format);
  return ["Y", "M", "D"].every((first) => names.filter((name) => name.startsWith(first)).length === 1);
}

/** What the numbers of a text suggest when it could not be read as `format`; empty without a suspicion. */
export function dateHint(text: string, format: string): string {
  if (!numberPattern.test(text)) return "";
  if (format === "epoch-seconds" && readEpoch(text, 1) !== null) return ", looks like milliseconds";
  return format !== "epoch-seconds" && format !== "epoch-milliseconds" ? ", looks like a number" : "";
}
