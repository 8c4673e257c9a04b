/** How a figure is written: its unit for display, its decimals, its gap to the target. */

import type { Language, Text } from "./city.ts";
import { digitsOf, formatNumber } from "./number-words.ts";
import type { Unit } from "./units.ts";

export interface Written {
  /** `1,286` */
  readonly figure: string;
  /** `min`; empty for plain counts. */
  readonly unit: string;
}

/** The units of display, as they stand after a figure. */
const unitWords = {
  percent: { en: "%", zh: "%" },
  seconds: { en: "s", zh: "秒" },
  minutes: { en: "min", zh: "分钟" },
  hours: { en: "h", zh: "小时" },
  days: { en: "d", zh: "天" },
  perSecond: { en: "/s", zh: "/秒" },
  perMinute: { en: "/min", zh: "/分钟" },
  perHour: { en: "/h", zh: "/小时" },
  megawatts: { en: "MW", zh: "兆瓦" },
  celsius: { en: "°C", zh: "°C" },
  metres: { en: "m", zh: "米" },
  millimetresPerHour: { en: "mm/h", zh: "mm/h" },
  microgramsPerCubicMetre: { en: "µg/m³", zh: "µg/m³" },
  decibels: { en: "dB", zh: "分贝" },
  kilometresPerHour: { en: "km/h", zh: "公里/小时" },
  milliseconds: { en: "ms", zh: "毫秒" },
  megabytes: { en: "MB", zh: "MB" },
  millions: { en: "M", zh: "百万" },
  tenThousands: { en: "×10⁴", zh: "万" },
} as const satisfies Record<string, Text>;

type UnitWord = keyof typeof unitWords;

/** `71 %` */
function withUnit(figure: string, word: UnitWord | null, language: Language): string {
  return word === null ? figure : `${figure} ${unitWords[word][language]}`;
}

/** What one unit of display is worth, its word, and its decimals by size. */
interface Scale {
  readonly worth: number;
  readonly word: UnitWord | null;
  readonly digits: (shown: number) => number;
}

const whole = (): number => 0;
const tenthsBelow = (limit: number) => (shown: number) => (Math.abs(shown) < limit && shown !== 0 ? 1 : 0);

const minute = 60;
const hour = 3_600;
const day = 86_400;

/** `reference` decides the size of the unit, so that a value and its target are written alike. */
function scaleOf(unit: Unit, reference: number, language: Language): Scale {
  switch (unit) {
    case "count":
      return countScale(reference, language);
    case "score":
      return { worth: 1, word: null, digits: whole };
    case "percent":
      return { worth: 1, word: "percent", digits: percentDigits };
    case "seconds":
      return durationScale(Math.abs(reference));
    case "per-second":
      return { worth: 1, word: "perSecond", digits: tenthsBelow(10) };
    case "per-minute":
      return { worth: 1, word: "perMinute", digits: tenthsBelow(10) };
    case "per-hour":
      return { worth: 1, word: "perHour", digits: tenthsBelow(10) };
    case "megawatts":
      return { worth: 1, word: "megawatts", digits: whole };
    case "celsius":
      return { worth: 1, word: "celsius", digits: () => 1 };
    case "metres":
      return { worth: 1, word: "metres", digits: () => 2 };
    case "millimetres-per-hour":
      return { worth: 1, word: "millimetresPerHour", digits: () => 1 };
    case "micrograms-per-cubic-metre":
      return { worth: 1, word: "microgramsPerCubicMetre", digits: tenthsBelow(10) };
    case "decibels":
      return { worth: 1, word: "decibels", digits: whole };
    case "kilometres-per-hour":
      return { worth: 1, word: "kilometresPerHour", digits: whole };
    case "milliseconds":
      return { worth: 1, word: "milliseconds", digits: tenthsBelow(10) };
    case "megabytes":
      return { worth: 1, word: "megabytes", digits: whole };
  }
}

/** Large counts: 万 from a hundred thousand in Chinese, millions in English. */
function countScale(reference: number, language: Language): Scale {
  const size = Math.abs(reference);
  if (language === "zh" && size >= 100_000) return { worth: 10_000, word: "tenThousands", digits: () => 1 };
  if (language === "en" && size >= 1_000_000) return { worth: 1e6, word: "millions", digits: () => 2 };
  return { worth: 1, word: null, digits: (shown) => (Number.isInteger(shown) ? 0 : 1) };
}

function durationScale(seconds: number): Scale {
  if (seconds < 2 * minute) return { worth: 1, word: "seconds", digits: tenthsBelow(3) };
  if (seconds < 2 * hour) return { worth: minute, word: "minutes", digits: tenthsBelow(20) };
  if (seconds < 2 * day) return { worth: hour, word: "hours", digits: tenthsBelow(10) };
  return { worth: day, word: "days", digits: tenthsBelow(10) };
}

/** Nearly all is not all: 99.96 % is never written as 100 %. */
function percentDigits(shown: number): number {
  const size = Math.abs(shown);
  return (size > 0 && size < 10) || (size > 99 && size < 100) ? 1 : 0;
}

function shorten(shown: number, digits: number): number {
  const rounded = Number(shown.toFixed(digits));
  return rounded === 100 && shown < 100 ? 99.9 : rounded;
}

/** The target's scale, so that both are written alike, unless the value would vanish in it (30 min in days). */
function sharedScale(value: number, unit: Unit, language: Language, reference: number): Scale {
  const scale = scaleOf(unit, reference, language);
  return value !== 0 && Math.abs(value) < scale.worth / 10 ? scaleOf(unit, value, language) : scale;
}

/** `value` in its unit for display; `reference` is the target where there is one. */
export function formatValue(
  value: number,
  unit: Unit,
  language: Language,
  reference: number = value,
): Written {
  const scale = sharedScale(value, unit, language, reference);
  const shown = value / scale.worth;
  const digits = scale.digits(shown);
  return {
    figure: formatNumber(unit === "percent" ? shorten(shown, digits) : shown, digits, language),
    unit: scale.word === null ? "" : unitWords[scale.word][language],
  };
}

/** An axis of values around `reference`: what one unit of it is worth, and how its round steps are written. */
export function axisScale(
  unit: Unit,
  language: Language,
  reference: number,
): { readonly worth: number; readonly unit: string; readonly write: (shown: number) => string } {
  const { worth, word } = scaleOf(unit, reference, language);
  return {
    worth,
    unit: word === null ? "" : unitWords[word][language],
    write: (shown) => formatNumber(shown, digitsOf(shown, 3), language),
  };
}

/** `71 %`, `1,286`, `42 /min`. */
export function valueInWords(
  value: number,
  unit: Unit,
  language: Language,
  reference: number = value,
): string {
  const written = formatValue(value, unit, language, reference);
  return written.unit === "" ? written.figure : `${written.figure} ${written.unit}`;
}

/** A target as it was set: `88`, `2.2`; with its unit where the value beside it is written in another: `7 d`. */
export function formatTarget(target: number, unit: Unit, language: Language, value: number = target): string {
  const scale = scaleOf(unit, target, language);
  const shown = target / scale.worth;
  const figure = formatNumber(shown, digitsOf(shown, 2), language);
  const alike = sharedScale(value, unit, language, target).word === scale.word;
  if (alike || scale.word === null) return figure;
  return withUnit(figure, scale.word, language);
}

/** The gap between the value and the target as both are written, so that the three numbers add up: `17`. */
export function formatGap(value: number, target: number, unit: Unit, language: Language): string {
  const scale = scaleOf(unit, target, language);
  const [shown, aim] = [value / scale.worth, target / scale.worth];
  const valueDigits = scale.digits(shown);
  const digits = Math.max(valueDigits, digitsOf(aim, 2));
  const gap = Math.abs(Number(shown.toFixed(valueDigits)) - Number(aim.toFixed(digits)));
  if (Number(gap.toFixed(digits)) > 0) return formatNumber(gap, digits, language);
  // Too small for the written decimals, yet off target: one digit that is not zero.
  const exact = Math.abs(shown - aim);
  return formatNumber(exact, Math.min(Math.ceil(-Math.log10(exact)), 6), language);
}

/**
 * The gap to the target and the target, as they are said beside each other. With units where they stand for thousands, or
 * are not those of the value: `0.7 万` without its unit would be less than one.
 */
export function gapAndTarget(
  value: number,
  target: number,
  unit: Unit,
  language: Language,
): { readonly gap: string; readonly target: string } {
  const { word } = scaleOf(unit, target, language);
  const isPlain = unit !== "count" && sharedScale(value, unit, language, target).word === word;
  const said = (figure: string): string => withUnit(figure, isPlain ? null : word, language);
  return {
    gap: said(formatGap(value, target, unit, language)),
    target: said(formatTarget(target, unit, language)),
  };
}
