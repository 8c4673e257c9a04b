/** How series, groups, ranges and stretches are called. */

import type { AreaCollection } from "../../../shared/areas.ts";
import { parseSeriesId, seriesId } from "../../../shared/city.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { useAreas } from "../../map/ground-data.ts";
import { formatDate, formatInstant } from "../../words/format-date.ts";
import type { UsedWords } from "../../words/words.ts";
import { byUnit, type Figure } from "./drawings/drawing.ts";
import type { FewFigures } from "./figures.ts";
import { groupTitle } from "../group-title.ts";
import { fieldInLetters, groupingWords } from "../grouping-words.ts";
import type { Against } from "./against.ts";
import type { View } from "./view.ts";
import { datesOf, type Range, type Stretch } from "./range.ts";

const areaPrefix = "area.";

/** The level of `area.district`; `null` for another dimension. */
export function areaLevelOf(by: string | null): string | null {
  return by?.startsWith(areaPrefix) ? by.slice(areaPrefix.length) : null;
}

/** Dimension and name of `area.district:harbour`. */
export function groupParts(group: string): { by: string; name: string } {
  const colon = group.indexOf(":");
  return { by: group.slice(0, colon), name: group.slice(colon + 1) };
}

/** The areas whose names are needed: those of the grouping, or of the first group that is one. */
export function useNamedAreas(by: string | null, figures: readonly string[]): AreaCollection | null {
  const levels = figures.map((id) => areaLevelOf(parseSeriesId(id).group));
  const ofGroup = levels.find((level) => level !== null)?.split(":")[0] ?? null;
  return useAreas(areaLevelOf(by) ?? ofGroup) ?? null;
}

/** `Calls per hour`, `Calls per hour, Harbour`; of one figure's groups only the group, because the figure is said above. */
export function seriesTitle(
  id: string,
  known: { readonly city: CityBody; readonly areas: AreaCollection | null; readonly isOneFigure: boolean },
  { text, language }: UsedWords,
): string {
  const { indicator, group } = parseSeriesId(id);
  const definition = known.city.indicators.find((one) => one.id === indicator);
  const title = definition ? text(definition.title) : indicator;
  if (group === null) return title;
  const { by, name } = groupParts(group);
  const said = groupTitle(name, by, { ...known, titles: definition?.groupTitles ?? {} }, language);
  return known.isOneFigure ? said : `${title}, ${said}`;
}

/** What figures are compared with: `the week before`, `the whole city`, `Harbour`. */
export function againstTitle(
  against: Against,
  city: CityBody,
  areas: AreaCollection | null,
  { figures }: Pick<View, "figures">,
  words: UsedWords,
): string {
  if (typeof against === "string") return words.t(`explorer.compare.${against}`);
  if (against.group === null) return words.t("explorer.compare.city");
  const id = seriesId(parseSeriesId(figures[0] ?? "").indicator, against.group);
  return seriesTitle(id, { city, areas, isOneFigure: true }, words);
}

/** `district`, `line`, `kind` */
export function groupingTitle(by: string, city: CityBody, { t, text, language }: UsedWords): string {
  const level = city.areaLevels.find((one) => one.level === areaLevelOf(by));
  if (level) return text(level.title).toLocaleLowerCase(language);
  const words = groupingWords(by);
  return words === null ? fieldInLetters(by) : t(words);
}

/** A range as somebody could type it. */
export function rangeInWords(range: Range, zone: string, { t, language }: UsedWords): string {
  switch (range.kind) {
    case "last":
      return t(`explorer.range.last.${range.unit}`, { count: range.count });
    case "named":
      return t(`explorer.range.named.${range.period}`);
    case "dates": {
      const written = (date: string): string => formatDate(Date.parse(`${date}T12:00Z`), "UTC", language);
      const [from, to] = [written(range.from), written(range.to)];
      return from === to ? from : t("explorer.range.span", { from, to });
    }
    case "instants":
      return stretchInWords(range, zone, { t, language });
  }
}

/** Its two ends: dates when it is whole days, else instants. */
export function stretchInWords(
  stretch: Stretch,
  zone: string,
  { t, language }: Pick<UsedWords, "t" | "language">,
): string {
  const [from, to] = [
    formatInstant(stretch.fromAt, zone, language),
    formatInstant(stretch.toAt, zone, language),
  ];
  if (from.endsWith(" 00:00") && to.endsWith(" 00:00")) {
    const dates = datesOf(stretch, zone);
    const written = (date: string): string => formatDate(Date.parse(`${date}T12:00Z`), "UTC", language);
    return dates.from === dates.to
      ? written(dates.from)
      : t("explorer.range.span", { from: written(dates.from), to: written(dates.to) });
  }
  return t("explorer.range.span", { from, to });
}

/** What of the figures is not drawn: the smallest, what there was no room for, and what has no numbers. */
export function leftOutInWords(
  { shown, leftOut, unknown }: FewFigures,
  drawn: readonly Figure[],
  { t }: UsedWords,
): string[] {
  const all = shown.length + leftOut;
  const isLargest = drawn.length === shown.length || byUnit(shown).length === 1;
  return [
    ...(drawn.length < all
      ? [t(isLargest ? "explorer.notes.onlyFirst" : "explorer.notes.roomFor", { count: drawn.length, all })]
      : []),
    ...(unknown > 0 ? [t("explorer.notes.withoutNumbers", { count: unknown })] : []),
  ];
}
