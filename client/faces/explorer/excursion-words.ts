/** What left its band, and how far one figure is from another, in words. */

import { cityDate } from "../../../shared/city-time.ts";
import type { Language } from "../../../shared/city.ts";
import type { OutlookBucket } from "../../../shared/outlook.ts";
import type { Unit } from "../../../shared/units.ts";
import type { Excursion } from "../../charts/left-band.ts";
import { formatBucket } from "../../words/format-date.ts";
import { formatNumber } from "../../words/format-number.ts";
import { formatTime } from "../../words/format-time.ts";
import { valueInWords } from "../../words/format-value.ts";
import type { UsedWords } from "../../words/words.ts";

/** Of these a part is no measure: they begin nowhere in particular. */
const withoutZero: ReadonlySet<Unit> = new Set(["score", "celsius", "decibels"]);

/** How far the peak is from what is usual (the median): `+31 %`, `−4 points`, `+2.5 °C`. */
export function excessInWords(
  { peak, median }: Pick<Excursion, "peak" | "median">,
  unit: Unit,
  { t, language }: Pick<UsedWords, "t" | "language">,
): string {
  const difference = peak.value - median;
  if (unit === "percent" || withoutZero.has(unit) || median <= 0)
    return differenceInWords(difference, unit, { t, language });
  return `${signOf(difference)}${formatNumber((100 * Math.abs(difference)) / median, 0, language)} %`;
}

/** `+31 min`, `−4 points` where the figure is a percentage. */
export function differenceInWords(
  difference: number,
  unit: Unit,
  { t, language }: Pick<UsedWords, "t" | "language">,
): string {
  const sign = signOf(difference);
  const size = Math.abs(difference);
  if (unit === "percent")
    return t("explorer.usual.points", { sign, figure: formatNumber(size, 0, language) });
  return sign + valueInWords(size, unit, language);
}

/** A difference of shares, which may be less than a point: `+0.4 points`. */
export function pointsInWords(points: number, { t, language }: Pick<UsedWords, "t" | "language">): string {
  const size = Math.abs(points);
  const figure = formatNumber(size, size < 9.95 ? 1 : 0, language);
  return t("explorer.usual.points", { sign: size < 0.05 ? "±" : signOf(points), figure });
}

function signOf(difference: number): string {
  return difference < 0 ? "−" : "+";
}

/** `Tue 24 Nov 06:40–08:10`; of days the days. */
export function whenInWords(
  { fromAt, toAt }: Pick<Excursion, "fromAt" | "toAt">,
  bucket: OutlookBucket,
  zone: string,
  language: Language,
): string {
  const from = formatBucket(fromAt, bucket, zone, language);
  if (bucket === "day") {
    const last = formatBucket(toAt - 1, bucket, zone, language);
    return from === last ? from : `${from} – ${last}`;
  }
  const isOneDay = cityDate(fromAt, zone) === cityDate(toAt - 1, zone);
  return isOneDay
    ? `${from}–${formatTime(toAt, zone, language)}`
    : `${from} – ${formatBucket(toAt, bucket, zone, language)}`;
}
