/** Ranges as people type them, in English and in Chinese: `last 6 weeks`, `1 to 20 November`, `最近 6 周`, `上月`. Pure. */

import { addCalendar, cityDate, localToInstant } from "../../../shared/city-time.ts";
import { fail, ok, type Result } from "../../../shared/result.ts";
import { isDate, type NamedPeriod, type Range } from "./range.ts";

/** Why a text is no range. `part` is the part of it that was not understood. */
export interface RangeFault {
  readonly why: "empty" | "unknown" | "zero" | "reversed" | "no-such-date" | "ambiguous" | "future";
  readonly part: string;
}

type Typed<T> = Result<T, RangeFault>;

/** A moment that somebody typed: a whole city date, or a time on one. */
interface Day {
  readonly date: string;
  readonly time: string | null;
}

const named: Readonly<Record<string, NamedPeriod>> = {
  today: "today",
  yesterday: "yesterday",
  "this week": "this-week",
  "last week": "last-week",
  "this month": "this-month",
  "last month": "last-month",
  "this year": "this-year",
  "last year": "last-year",
  今天: "today",
  今日: "today",
  昨天: "yesterday",
  昨日: "yesterday",
  本周: "this-week",
  这周: "this-week",
  上周: "last-week",
  上星期: "last-week",
  本月: "this-month",
  这个月: "this-month",
  上月: "last-month",
  上个月: "last-month",
  今年: "this-year",
  去年: "last-year",
};

const units: readonly (readonly [RegExp, "minute" | "hour" | "day" | "week" | "month" | "year"])[] = [
  [/^(m|min|mins|minutes?|分钟?)$/, "minute"],
  [/^(h|hrs?|hours?|小时|时|个小时)$/, "hour"],
  [/^(d|days?|天|日)$/, "day"],
  [/^(w|wks?|weeks?|周|个?星期|个?礼拜)$/, "week"],
  [/^(mo|months?|个?月)$/, "month"],
  [/^(y|yrs?|years?|年)$/, "year"],
];

const englishNumbers = "one two three four five six seven eight nine ten eleven twelve".split(" ");
const chineseDigits = "零一二三四五六七八九";
const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** Reads a typed range. `now` says which year a date without one means: the newest that has begun. */
export function parseTypedRange(typed: string, zone: string, now: number): Typed<Range> {
  const text = typed
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[,，。.!]+$/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  if (text === "") return fail({ why: "empty", part: "" });
  const period = named[text] ?? named[text.replaceAll(" ", "")];
  if (period) return ok({ kind: "named", period });
  return lastOf(text) ?? spanOf(text, zone, now);
}

/** `last 6 weeks`, `past day`, `7d`, `最近六周`; `null` for what does not begin like one. */
function lastOf(text: string): Typed<Range> | null {
  const match =
    /^(?:the )?(?:last|past|previous) (?:(\d+|[a-z]+(?= )) ?)?([a-z]+)$/.exec(text) ??
    /^(\d+) ?([a-z]+)$/.exec(text) ??
    /^(?:最近|过去|近)(?:的)? ?(\d+|[零一二两三四五六七八九十半]+)? ?(\D+)$/.exec(text);
  if (!match) return null;
  const [, number, word] = match;
  const unit = units.find(([pattern]) => pattern.test(word!.trim()))?.[1];
  // "1 november" is a date.
  if (!unit) return /^\d/.test(text) ? null : fail({ why: "unknown", part: word! });
  const count = number === undefined ? 1 : numberOf(number);
  if (count === null) return fail({ why: "unknown", part: number! });
  if (count < 1 || count > 10_000) return fail({ why: "zero", part: number! });
  return ok({ kind: "last", count, unit });
}

function numberOf(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text);
  const english = englishNumbers.indexOf(text);
  if (english >= 0) return english + 1;
  if (text === "a" || text === "an") return 1;
  const chinese = /^(.)?(十)?(.)?$/.exec(text.replace("两", "二"));
  if (!chinese) return null;
  const [, first, ten, last] = chinese;
  const digit = (letter: string | undefined): number | null =>
    letter === undefined ? 0 : chineseDigits.includes(letter) ? chineseDigits.indexOf(letter) : null;
  if (text === "十") return 10;
  if (first === "十") return ten === undefined && last !== undefined ? sum(10, digit(last)) : null;
  if (ten === undefined) return last === undefined ? digit(first) : null;
  const tens = digit(first);
  return tens === null ? null : sum(tens * 10, digit(last));
}

function sum(a: number, b: number | null): number | null {
  return b === null ? null : a + b;
}

/** From one day or time to another, one day, one month or one year. */
function spanOf(text: string, zone: string, now: number): Typed<Range> {
  const since = /^(?:since (.+)|从?(.+)以来)$/.exec(text);
  const sides = since
    ? [since[1] ?? since[2]!, cityDate(now, zone)]
    : text
        .replace(/^(from|between|从|自) ?/, "")
        .split(/ ?(?:\bto\b|\buntil\b|\btill\b|\band\b|到|至|\.\.|–|—|~| - ) ?/);
  if (sides.length > 2) return fail({ why: "unknown", part: text });
  const [left, right] = sides as [string, string | undefined];
  if (right === undefined) {
    const whole = wholePeriod(left, zone, now);
    return whole ? checked(whole, zone, now, text) : fromDays(dayOf(left, zone, now), null, zone, now, text);
  }
  // `1 nov 08:00 to 12:00` ends on the day that it began.
  const end = dayOf(/^\d{1,2}:\d{2}$/.test(right) ? left.replace(/\d{1,2}:\d{2}$/, right) : right, zone, now);
  if (!end.ok) return end;
  const start = dayOf(borrowed(left, end.value), zone, now);
  return fromDays(start, end.value, zone, now, text);
}

/** `1` of `1 to 20 november` takes month and year, `08:00` of `1 nov 08:00 to 12:00` has its day; the end's. */
function borrowed(left: string, end: Day): string {
  const day = /^(\d{1,2})(?:st|nd|rd|th|日|号)?$/.exec(left);
  return day ? `${end.date.slice(0, 8)}${day[1]!.padStart(2, "0")}` : left;
}

function fromDays(start: Typed<Day>, end: Day | null, zone: string, now: number, text: string): Typed<Range> {
  if (!start.ok) return start;
  const last = end ?? start.value;
  if (start.value.time === null && last.time === null)
    return checked({ kind: "dates", from: start.value.date, to: last.date }, zone, now, text);
  if (end === null) return fail({ why: "unknown", part: text });
  const fromAt = instantOf(start.value, zone);
  // A whole day at the end is over with its last minute.
  const toAt = end.time === null ? addCalendar(instantOf(end, zone), 1, "day", zone) : instantOf(end, zone);
  return checked({ kind: "instants", fromAt, toAt }, zone, now, text);
}

function checked(range: Range, zone: string, now: number, part: string): Typed<Range> {
  if (range.kind === "dates") {
    if (range.from > range.to) return fail({ why: "reversed", part });
    if (range.from > cityDate(now, zone)) return fail({ why: "future", part });
  }
  if (range.kind === "instants") {
    if (range.fromAt >= range.toAt) return fail({ why: "reversed", part });
    if (range.fromAt > now) return fail({ why: "future", part });
  }
  return ok(range);
}

function instantOf({ date, time }: Day, zone: string): number {
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const [hour, minute] = (time ?? "00:00").split(":").map(Number) as [number, number];
  return localToInstant({ year, month, day, hour, minute, second: 0 }, zone);
}

/** `november`, `nov 2026`, `2026-11`, `11月`, `2026年11月`, `2026`, `2026年`. */
function wholePeriod(text: string, zone: string, now: number): Range | null {
  const year = /^(\d{4})年?$/.exec(text)?.[1];
  if (year) return { kind: "dates", from: `${year}-01-01`, to: `${year}-12-31` };
  const numbers = /^(?:(\d{4})[-年/] ?)?(\d{1,2})月$/.exec(text) ?? /^(\d{4})[-/](\d{1,2})$/.exec(text);
  const words = /^([a-z]+)(?: (\d{4}))?$/.exec(text);
  const month = numbers ? Number(numbers[2]) : words ? monthOf(words[1]!) : null;
  if (month === null || month < 1 || month > 12) return null;
  const first = `${numbers?.[1] ?? words?.[2] ?? newestYear(`-${two(month)}-01`, zone, now)}-${two(month)}`;
  const days = new Date(Date.UTC(Number(first.slice(0, 4)), month, 0)).getUTCDate();
  return { kind: "dates", from: `${first}-01`, to: `${first}-${days}` };
}

/** A date with or without a time: `2026-11-01`, `1 nov`, `nov 1, 2026 08:00`, `11月1日 8:00`, `today`. */
function dayOf(typed: string, zone: string, now: number): Typed<Day> {
  const [, text, hours, minutes] = /^(.*?)(?:(?: |t)(\d{1,2}):(\d{2}))?$/.exec(typed)! as unknown as [
    string,
    string,
    string | undefined,
    string | undefined,
  ];
  const time = hours === undefined ? null : `${hours.padStart(2, "0")}:${minutes}`;
  if (time !== null && time > "23:59") return fail({ why: "no-such-date", part: typed });
  if (/^\d{1,2}[/.]\d{1,2}([/.]\d{2,4})?$/.test(text)) return fail({ why: "ambiguous", part: text });
  const date = dateOf(text, zone, now);
  if (date === null) return fail({ why: "unknown", part: typed });
  return isDate(date) ? ok({ date, time }) : fail({ why: "no-such-date", part: typed });
}

/** As `yyyy-mm-dd`, which may name a day that there is not; `null` when it is no date. */
function dateOf(text: string, zone: string, now: number): string | null {
  const relative = named[text];
  if (relative === "today") return cityDate(now, zone);
  if (relative === "yesterday") return cityDate(addCalendar(now, -1, "day", zone), zone);
  const numbers =
    /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text) ??
    /^(?:(\d{4})年 ?)?(\d{1,2})月 ?(\d{1,2})[日号]$/.exec(text);
  if (numbers) return dated(numbers[1], Number(numbers[2]), numbers[3]!, zone, now);
  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th)? (?:of )?([a-z]+)(?:,? (\d{4}))?$/.exec(text);
  const monthFirst = /^([a-z]+) (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?$/.exec(text);
  const month = monthOf(dayFirst?.[2] ?? monthFirst?.[1] ?? "");
  if (month === null) return null;
  return dated(dayFirst?.[3] ?? monthFirst?.[3], month, (dayFirst?.[1] ?? monthFirst?.[2])!, zone, now);
}

function dated(year: string | undefined, month: number, day: string, zone: string, now: number): string {
  const rest = `-${two(month)}-${two(Number(day))}`;
  return `${year ?? newestYear(rest, zone, now)}${rest}`;
}

function newestYear(rest: string, zone: string, now: number): string {
  const today = cityDate(now, zone);
  const year = today.slice(0, 4);
  return `${year}${rest}` <= today ? year : String(Number(year) - 1);
}

/** 1 … 12 of `nov`, `november`, `sept`. */
function monthOf(word: string): number | null {
  if (
    !/^(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)$/.test(
      word,
    )
  )
    return null;
  return months.indexOf(word.slice(0, 3)) + 1;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
