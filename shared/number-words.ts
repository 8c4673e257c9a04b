/** Numbers as each language writes them. */

import type { Language } from "./city.ts";

const formats = new Map<string, Intl.NumberFormat>();

/** The language's locale for Intl: dates and numbers as a city's operators write them. */
export const locales: Record<Language, string> = { en: "en-GB", zh: "zh-CN" };

/** `1,286`, `6.4`: grouped, with a true minus sign, exactly `digits` decimals. */
export function formatNumber(value: number, digits: number, language: Language): string {
  const key = `${language}${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locales[language], {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: "negative",
    });
    formats.set(key, format);
  }
  return format.format(value).replace("-", "−");
}

/** The fewest decimals, up to `most`, that say `value` exactly: targets are written as they were set. */
export function digitsOf(value: number, most: number): number {
  for (let digits = 0; digits < most; digits++)
    if (Math.abs(value - Number(value.toFixed(digits))) < 1e-9) return digits;
  return most;
}
