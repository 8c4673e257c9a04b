/** Dates and instants for people who look back: with day, month and year as far as they are needed. */

import type { CalendarUnit } from "./city-time.ts";
import type { Language } from "./city.ts";
import type { Bucket } from "./series.ts";
import { locales } from "./number-words.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant in a language, without the comma between its parts. */
export function writeInstant(
  at: number,
  zone: string,
  language: Language,
  options: Intl.DateTimeFormatOptions,
): string {
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locales[language], { ...options, hourCycle: "h23", timeZone: zone });
    formats.set(key, format);
  }
  return format.format(at).replace(",", "");
}

/** As `writeInstant`; where the clock goes back and a time comes twice, with its distance from UTC: `01:00 GMT-7`. */
function writeTime(
  at: number,
  zone: string,
  language: Language,
  options: Intl.DateTimeFormatOptions,
): string {
  const text = writeInstant(at, zone, language, options);
  const isTwice = [-60, -30, 30, 60].some(
    (minutes) => writeInstant(at + minutes * 60_000, zone, language, options) === text,
  );
  return isTwice ? writeInstant(at, zone, language, { ...options, timeZoneName: "short" }) : text;
}

const time = { hour: "2-digit", minute: "2-digit" } as const;
const day = { weekday: "short", day: "numeric", month: "short" } as const;
const date = { day: "numeric", month: "short", year: "numeric" } as const;

/** A mark of a time axis: `17:00`, `Tue 7` at midnight and by day, `7 Apr` by week, `Apr`, `2026`. */
export function formatTick(at: number, unit: CalendarUnit, zone: string, language: Language): string {
  switch (unit) {
    case "minute":
    case "hour": {
      const clock = writeInstant(at, zone, language, time);
      return clock === "00:00"
        ? writeInstant(at, zone, language, { weekday: "short", day: "numeric" })
        : clock;
    }
    case "day":
      return writeInstant(at, zone, language, { weekday: "short", day: "numeric" });
    case "week":
      return writeInstant(at, zone, language, { day: "numeric", month: "short" });
    case "month": {
      const isJanuary = writeInstant(at, zone, "en", { month: "numeric" }) === "1";
      return writeInstant(at, zone, language, isJanuary ? { year: "numeric" } : { month: "short" });
    }
    case "year":
      return writeInstant(at, zone, language, { year: "numeric" });
  }
}

/** The bucket that begins at `at`: `Tue 7 Apr 17:00`, `Tue 7 Apr 2026`, `Apr 2026`; an hour that comes twice says which. */
export function formatBucket(at: number, bucket: Bucket, zone: string, language: Language): string {
  if (bucket === "month") return writeInstant(at, zone, language, { month: "short", year: "numeric" });
  if (bucket === "day" || bucket === "week" || bucket === 86_400)
    return writeInstant(at, zone, language, { ...day, year: "numeric" });
  return writeTime(at, zone, language, { ...day, ...time });
}

/** `17:21`; a time that comes twice says which. */
export function formatTime(at: number, zone: string, language: Language): string {
  return writeTime(at, zone, language, time);
}

/** `7 Apr 2026` */
export function formatDate(at: number, zone: string, language: Language): string {
  return writeInstant(at, zone, language, date);
}

/** `7 Apr 2026 17:21` */
export function formatInstant(at: number, zone: string, language: Language): string {
  return writeTime(at, zone, language, { ...date, ...time });
}

/** Monday first, short: `Mon`, `周一`. */
export function weekdayNames(language: Language): string[] {
  // 5 January 1970 was a Monday.
  return Array.from({ length: 7 }, (_, i) =>
    writeInstant((4 + i) * 86_400_000, "UTC", language, { weekday: "short" }),
  );
}
