/** The city's wall clock and calendar in words. The zone's rules are Intl's; no arithmetic on days happens here. */

import type { Language } from "../../shared/city.ts";
import { locales } from "./format-number.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, zone: string, name: string, options: Intl.DateTimeFormatOptions) {
  const key = `${language} ${zone} ${name}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locales[language], { ...options, timeZone: zone });
    formats.set(key, made);
  }
  return made;
}

function parts(at: number, made: Intl.DateTimeFormat): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
  return Object.fromEntries(made.formatToParts(at).map((part) => [part.type, part.value]));
}

/** `17:21` */
export function formatTime(at: number, zone: string, language: Language): string {
  return format(language, zone, "time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** `24` of 17:21:24. */
export function formatSeconds(at: number): string {
  return String(Math.floor(at / 1_000) % 60).padStart(2, "0");
}

/** `Tue 14 Oct 2025`, `2025 年 10 月 14 日 周二`: a day that need not be of this year. */
export function formatDate(at: number, zone: string, language: Language): string {
  const options = {
    weekday: "short",
    day: "numeric",
    month: language === "zh" ? "numeric" : "short",
    year: "numeric",
  } as const;
  const { weekday, day, month, year } = parts(at, format(language, zone, "date", options));
  return language === "zh"
    ? `${year} 年 ${month} 月 ${day} 日 ${weekday}`
    : `${weekday} ${day} ${month} ${year}`;
}

/** `Tuesday 14 October`, `10 月 14 日 星期二` */
export function formatDay(at: number, zone: string, language: Language): string {
  const options = { weekday: "long", day: "numeric", month: language === "zh" ? "numeric" : "long" } as const;
  const { weekday, day, month } = parts(at, format(language, zone, "day", options));
  return language === "zh" ? `${month} 月 ${day} 日 ${weekday}` : `${weekday} ${day} ${month}`;
}
