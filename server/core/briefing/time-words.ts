/** Stretches of time as people call them. */

import type { BriefingComparisonKind, BriefingPeriodKind } from "../../../shared/briefing.ts";
import { addCalendar, cityDate, startOfDay } from "../../../shared/city-time.ts";
import type { Language, Text } from "../../../shared/city.ts";
import { formatTime, writeInstant } from "../../../shared/date-words.ts";
import type { Span } from "./facts.ts";

function both(write: (language: Language) => string): Text {
  return { en: write("en"), zh: write("zh") };
}

/** `17:05`; where the clock goes back and the time comes twice, with its distance from UTC. */
export function timeWords(at: number, zone: string): string {
  return formatTime(at, zone, "en");
}

/** "Thursday 26 November"; "11 月 26 日（周四）". */
export function dayWords(at: number, zone: string): Text {
  const { weekday, date } = {
    weekday: writeInstant(at, zone, "zh", { weekday: "short" }),
    date: monthAndDay(at, zone),
  };
  return {
    en: writeInstant(at, zone, "en", { weekday: "long", day: "numeric", month: "long" }),
    zh: `${date.zh}（${weekday}）`,
  };
}

function monthAndDay(at: number, zone: string): Text {
  const part = (options: Intl.DateTimeFormatOptions): string => writeInstant(at, zone, "en", options);
  return {
    en: part({ day: "numeric", month: "long" }),
    zh: `${part({ month: "numeric" })} 月 ${part({ day: "numeric" })} 日`,
  };
}

/** `17:05`, with its day where that is not the day of `near`: "17:05 on 26 November". */
export function momentWords(at: number, near: number, zone: string): Text {
  const time = timeWords(at, zone);
  if (cityDate(at, zone) === cityDate(near, zone)) return { en: time, zh: time };
  const day = monthAndDay(at, zone);
  return { en: `${time} on ${day.en}`, zh: `${day.zh} ${time}` };
}

/** How long: "47 minutes", "3 hours", "2.5 days". */
export function lengthWords(ms: number): Text {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes === 0) return { en: "less than a minute", zh: "不到 1 分钟" };
  if (minutes < 120) return { en: minutes === 1 ? "1 minute" : `${minutes} minutes`, zh: `${minutes} 分钟` };
  const [hours, days] = [minutes / 60, minutes / 1440];
  const figure = (amount: number): string => String(Number(amount.toFixed(amount < 10 ? 1 : 0)));
  return hours < 48
    ? { en: `${figure(hours)} hours`, zh: `${figure(hours)} 小时` }
    : { en: `${figure(days)} days`, zh: `${figure(days)} 天` };
}

/** A period by itself, and as it stands in a sentence: "on Thursday 26 November". */
export interface PeriodWords {
  readonly words: Text;
  readonly during: Text;
  /** Where the heading has named it: "on Thursday"; of a comparison "a week before". */
  readonly short: Text;
}

interface NamedPeriod extends Span {
  readonly kind: BriefingPeriodKind;
  readonly isOver: boolean;
}

/** `holidays`: by city date; a day that is one says so. */
export function periodWords(
  period: NamedPeriod,
  zone: string,
  holidays: ReadonlyMap<string, Text>,
): PeriodWords {
  const words = plainPeriodWords(period, zone);
  const { kind, fromAt, toAt, isOver } = period;
  const holiday = kind === "day" ? holidays.get(cityDate(fromAt, zone)) : undefined;
  const until = kind === "incident" || kind === "shift" || isOver ? null : momentWords(toAt, fromAt, zone);
  const finish = ({ en, zh }: Text): Text => ({
    en: `${en}${holiday ? ` (${holiday.en})` : ""}${until ? ` until ${until.en}` : ""}`,
    zh: `${holiday ? zh.replace(/）$/, `，${holiday.zh}）`) : zh}${until ? `截至 ${until.zh}` : ""}`,
  });
  const short = shortWords(period, zone);
  const soFar = until ? { en: `${short.en} so far`, zh: `${short.zh}截至 ${until.zh}` } : short;
  return { words: finish(words.words), during: finish(words.during), short: soFar };
}

function shortWords({ kind, fromAt }: NamedPeriod, zone: string): Text {
  switch (kind) {
    case "day":
      return {
        en: `on ${writeInstant(fromAt, zone, "en", { weekday: "long" })}`,
        zh: writeInstant(fromAt, zone, "zh", { weekday: "short" }),
      };
    case "week":
      return { en: "in the week", zh: "当周" };
    case "month":
      return {
        en: `in ${writeInstant(fromAt, zone, "en", { month: "long" })}`,
        zh: `${writeInstant(fromAt, zone, "en", { month: "numeric" })} 月`,
      };
    case "quarter":
      return { en: "in the quarter", zh: "当季" };
    case "shift":
      return { en: "in the shift", zh: "本班次" };
    case "incident":
      return { en: "so far", zh: "事发以来" };
  }
}

function plainPeriodWords({ kind, fromAt, toAt }: NamedPeriod, zone: string): Omit<PeriodWords, "short"> {
  const prefixed = (preposition: string, words: Text): Omit<PeriodWords, "short"> => ({
    words,
    during: { en: `${preposition} ${words.en}`, zh: words.zh },
  });
  switch (kind) {
    case "day":
      return prefixed("on", dayWords(fromAt, zone));
    case "week": {
      const [first, last] = [fromAt, addCalendar(fromAt, 6, "day", zone)].map((at) => monthAndDay(at, zone));
      const words = { en: `${first!.en} to ${last!.en}`, zh: `${first!.zh}至 ${last!.zh}` };
      return {
        words: { en: `Week of ${words.en}`, zh: words.zh },
        during: { en: `in the week of ${words.en}`, zh: words.zh },
      };
    }
    case "month": {
      const year = writeInstant(fromAt, zone, "en", { year: "numeric" });
      const zh = `${year} 年 ${writeInstant(fromAt, zone, "en", { month: "numeric" })} 月`;
      return prefixed("in", { en: writeInstant(fromAt, zone, "en", { month: "long", year: "numeric" }), zh });
    }
    case "quarter": {
      const year = writeInstant(fromAt, zone, "en", { year: "numeric" });
      const number = Math.ceil(Number(writeInstant(fromAt, zone, "en", { month: "numeric" })) / 3);
      const words = { en: `${year} Q${number}`, zh: `${year} 年第 ${number} 季度` };
      return prefixed("in", words);
    }
    case "shift": {
      const [from, to] = [timeWords(fromAt, zone), momentWords(toAt, fromAt, zone)];
      const day = dayWords(fromAt, zone);
      return {
        words: { en: `${day.en}, ${from} to ${to.en}`, zh: `${day.zh} ${from} 至 ${to.zh}` },
        during: { en: `on ${day.en} from ${from} to ${to.en}`, zh: `${day.zh} ${from} 至 ${to.zh}` },
      };
    }
    case "incident": {
      const [day, from, to] = [
        dayWords(fromAt, zone),
        timeWords(fromAt, zone),
        momentWords(toAt, fromAt, zone),
      ];
      return {
        words: { en: `${day.en}, from ${from}, as of ${to.en}`, zh: `${day.zh} ${from} 起，截至 ${to.zh}` },
        during: { en: `from ${from} on ${day.en} to ${to.en}`, zh: `${day.zh} ${from} 至 ${to.zh}` },
      };
    }
  }
}

/** What a period is compared with; in short "a week before". */
export function comparisonWords(
  comparison: Span & { readonly kind: BriefingComparisonKind },
  period: NamedPeriod,
  zone: string,
  holidays: ReadonlyMap<string, Text>,
): PeriodWords {
  const kind = period.kind === "incident" ? "shift" : period.kind;
  const words = periodWords({ ...comparison, kind, isOver: period.isOver }, zone, holidays);
  const isOneWeek = comparison.kind === "week" || (comparison.kind === "previous" && kind === "week");
  if (isOneWeek) return { ...words, short: { en: "a week before", zh: "一周前" } };
  if (comparison.kind === "year") return { ...words, short: { en: "a year before", zh: "一年前" } };
  return { ...words, short: before[kind] };
}

const before: Readonly<Record<Exclude<BriefingPeriodKind, "incident">, Text>> = {
  shift: { en: "in the hours before", zh: "此前同样时长" },
  day: { en: "the day before", zh: "前一天" },
  week: { en: "a week before", zh: "一周前" },
  month: { en: "the month before", zh: "上月" },
  quarter: { en: "the quarter before", zh: "上季度" },
};

/** "16:00 to 22:00", or by days: "Monday 23 November to Wednesday 25 November". */
export function spanWords(span: Span, by: "hour" | "day", zone: string): Text {
  if (by === "hour") {
    const [from, to] = [span.fromAt, span.toAt].map((at) => timeWords(at, zone));
    // A day ends at midnight, which is the next day's 00:00.
    const end = startOfDay(span.toAt, zone) === span.toAt ? "24:00" : to!;
    return { en: `${from} to ${end}`, zh: `${from} 至 ${end}` };
  }
  const [first, last] = [dayWords(span.fromAt, zone), dayWords(span.toAt - 1, zone)];
  if (first.en === last.en) return first;
  return both((language) => (language === "en" ? `${first.en} to ${last.en}` : `${first.zh}至${last.zh}`));
}
