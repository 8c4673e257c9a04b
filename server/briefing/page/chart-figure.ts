/** A section's picture as a figure with its question, its drawing and its numbers. */

import type { BriefingChart, ChartPoint, ChartSeries } from "../../../shared/briefing.ts";
import { formatTick } from "../../../shared/date-words.ts";
import { axisScale } from "../../../shared/figure-words.ts";
import type { Unit } from "../../../shared/units.ts";
import { areaMap } from "../charts/area-map.ts";
import { bullet } from "../charts/bullet.ts";
import { lineChart, type AxisWords } from "../charts/line-chart.ts";
import { extent, gapsOf } from "../charts/series.ts";
import { slope } from "../charts/slope.ts";
import { smallMultiples } from "../charts/small-multiples.ts";
import { sparkline, trendOf } from "../charts/sparkline.ts";
import { element, escaped, type ChartLook } from "../charts/svg.ts";
import { drawnEntries, timeline } from "../charts/timeline.ts";
import { momentWords, figureLink, said, tag, value, type Reader } from "./markup.ts";

type Chart<Kind extends BriefingChart["kind"]> = Extract<BriefingChart, { kind: Kind }>;

/** A telephone's column, and that of a page or a sheet of paper. */
const widths = { narrow: 340, wide: 680 } as const;

/** `id` is unique in the document. */
export function chartFigure(chart: BriefingChart, id: string, reader: Reader): string {
  const caption = tag("figcaption", "question", said(chart.question, reader));
  return element("figure", { class: `chart ${chart.kind}` }, caption + drawn(chart, id, reader));
}

function drawn(chart: BriefingChart, id: string, reader: Reader): string {
  switch (chart.kind) {
    case "line":
      return lineFigure(chart, id, reader);
    case "small-multiples":
      return multiplesFigure(chart, id, reader);
    case "bullet":
      return bulletFigure(chart, id, reader);
    case "slope":
      return slopeFigure(chart, id, reader);
    case "area-map":
      return mapFigure(chart, id, reader);
    case "timeline":
      return timelineFigure(chart, id, reader);
  }
}

/** The same drawing for narrow and for wide columns; style shows one. */
function inBoth(draw: (look: Pick<ChartLook, "id" | "width">) => string, id: string): string {
  return (["narrow", "wide"] as const)
    .map((size) => tag("div", size, draw({ id: `${id}-${size}`, width: widths[size] })))
    .join("");
}

function axesOf(unit: Unit, reference: number, { zone, language }: Reader): AxisWords {
  const { worth, write, unit: word } = axisScale(unit, language, reference);
  return {
    zone,
    value: (shown) => (word === "" ? write(shown / worth) : `${write(shown / worth)} ${word}`),
    tick: (at, calendar) => formatTick(at, calendar, zone, language),
  };
}

/** How far apart points are, and how long they last together. */
function paceOf(points: readonly ChartPoint[]): { readonly stepMs: number; readonly spanMs: number } {
  const stepMs = points.length > 1 ? points[1]!.at - points[0]!.at : 3_600_000;
  return { stepMs, spanMs: points.length * stepMs };
}

/** The point furthest on the wrong side, or the greatest where no side is wrong; `null` of a figure that stood still. */
function extremeOf({ points, better }: Pick<ChartSeries, "points" | "better">): ChartPoint | null {
  const known = points.filter((point) => point.value !== null);
  if (known.every((point) => point.value === known[0]!.value)) return null;
  const sign = better === "higher" ? -1 : 1;
  return known.reduce<ChartPoint | null>(
    (most, point) => (most === null || sign * point.value! > sign * most.value! ? point : most),
    null,
  );
}

/** What is seen in a line, for those who hear it. */
function describe(series: ChartSeries, reader: Reader): string {
  const { points, unit, target } = series;
  const { words } = reader;
  const known = extent(points.flatMap((point) => (point.value === null ? [] : [point.value])));
  if (!known) return words.tellsNothing;
  const gaps = gapsOf(points).length;
  const [low, high] = known.map((one) => value(one, unit, reader, target)) as [string, string];
  return words.tells(low, high) + (gaps === 0 ? "" : ` ${words.tellsGaps(gaps)}`);
}

/** What the marks mean, and of what figure: under the question. */
function key(series: ChartSeries, reader: Reader): string {
  const { points, target, unit, evidence, name } = series;
  const { words } = reader;
  return tag(
    "p",
    "key",
    [
      figureLink(name[reader.language], null, evidence),
      ...(points.some(({ low }) => low !== null) ? [escaped(words.usual)] : []),
      ...(target === null ? [] : [escaped(words.dotted(value(target, unit, reader)))]),
    ].join(words.comma),
  );
}

function lineFigure({ series, question }: Chart<"line">, id: string, reader: Reader): string {
  const { words } = reader;
  const pace = paceOf(series.points);
  const point = extremeOf(series);
  const extreme = point && {
    point,
    words: words.extreme(
      value(point.value, series.unit, reader, series.target),
      momentWords(point.at, pace, reader),
    ),
  };
  const options = {
    axes: axesOf(series.unit, series.target ?? point?.value ?? 1, reader),
    words: { extreme, missing: words.missing, redefined: words.redefined },
  };
  const named = { title: question[reader.language], description: describe(series, reader) };
  return (
    key(series, reader) +
    inBoth((look) => lineChart(series, options, { ...look, ...named }), id) +
    numbersOf([series], reader)
  );
}

function multiplesFigure({ series }: Chart<"small-multiples">, id: string, reader: Reader): string {
  const drawings = smallMultiples(
    series.map((one, i) => ({
      series: one,
      look: {
        id: `${id}-${i}`,
        width: 220,
        title: one.name[reader.language],
        description: describe(one, reader),
      },
    })),
  );
  const items = series.map((one, i) => {
    const pace = paceOf(one.points);
    const extreme = extremeOf(one);
    const told = extreme ?? one.points.findLast((point) => point.value !== null);
    const worst = told
      ? figureLink(value(told.value, one.unit, reader, one.target), told.value, one.evidence)
      : escaped(reader.words.missing);
    const when = extreme ? tag("span", "when", escaped(momentWords(extreme.at, pace, reader))) : "";
    const ends = [one.points[0], one.points.at(-1)].flatMap((point) =>
      point ? [momentWords(point.at, pace, reader)] : [],
    );
    return element(
      "li",
      {},
      tag("p", "name", said(one.name, reader)) +
        tag("p", "worst", `${worst} ${when}`) +
        drawings[i]! +
        tag("p", "ends", ends.map((end) => tag("span", "end", escaped(end))).join("")),
    );
  });
  return tag("ul", "multiples", items.join("")) + numbersOf(series, reader);
}

function bulletFigure({ rows }: Chart<"bullet">, id: string, reader: Reader): string {
  const { words, language } = reader;
  const items = rows.map((row, i) => {
    const name = row.name[language];
    const figure = value(row.value, row.unit, reader, row.target);
    const target = words.target(value(row.target, row.unit, reader));
    const before =
      row.compared === null ? [] : [words.before(value(row.compared, row.unit, reader, row.target))];
    const isPlain = row.confidence === "sound" || row.confidence === "missing";
    const notes = [...before, ...(isPlain ? [] : [words.confidence[row.confidence]])];
    const drawing = bullet(
      { value: row.value, target: row.target, before: row.compared },
      {
        id: `${id}-${i}`,
        width: 150,
        title: name,
        description: [figure, target, ...before].join(words.comma),
      },
    );
    const isTrend = row.trend.filter((one) => one !== null).length > 1;
    const trendLook = { id: `${id}-${i}-trend`, width: 90, title: name, description: "" };
    const trend = isTrend ? sparkline(trendOf(row.trend), trendLook, { height: 28 }) : "";
    return element(
      "li",
      {},
      tag(
        "div",
        "words",
        tag(
          "p",
          "name",
          `${figureLink(figure, row.value, row.evidence)} ${escaped(`${name}${words.comma}${target}`)}`,
        ) + tag("p", "notes", escaped(notes.join(" · "))),
      ) +
        tag("div", "bar", drawing) +
        tag("div", "trend", trend),
    );
  });
  return tag("ul", "bullets", items.join(""));
}

function slopeFigure(chart: Chart<"slope">, id: string, reader: Reader): string {
  const { language } = reader;
  const write = (known: number): string => value(known, chart.unit, reader);
  const rows = chart.rows.map((row) => ({
    name: row.name[language],
    before: row.before,
    value: row.value,
    isSound: row.confidence === "sound",
  }));
  const look = { id, width: widths.narrow, title: chart.question[language], description: "" };
  const ends = { before: chart.before[language], after: chart.after[language] };
  const table = rowTable(
    [reader.words.area, ends.before, ends.after],
    chart.rows.map((row) => [
      said(row.name, reader),
      escaped(value(row.before, chart.unit, reader)),
      figureLink(value(row.value, chart.unit, reader), row.value, row.evidence),
    ]),
    reader,
  );
  return slope({ rows, ...ends, write }, look) + table;
}

function mapFigure(chart: Chart<"area-map">, id: string, reader: Reader): string {
  const { language, words } = reader;
  const write = (known: number): string => value(known, chart.unit, reader);
  const map = {
    areas: chart.areas.map((area) => ({ ...area, name: area.name[language] })),
    write,
    legend: chart.per?.[language] ?? chart.question[language],
    missing: words.missing,
    ground: chart.ground,
  };
  const named = { title: chart.question[language], description: "" };
  const source = tag("p", "key", escaped(chart.ground?.attribution ?? ""));
  const small = chart.areas.some(({ isSmall }) => isSmall) ? tag("p", "key", escaped(words.isSmall)) : "";
  const ranked = chart.areas.toSorted((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
  const table = rowTable(
    [words.area, map.legend],
    ranked.map((area) => {
      const figure = value(area.value, chart.unit, reader);
      const shown = area.isSmall ? `(${figure})` : figure;
      return [said(area.name, reader), figureLink(shown, area.value, area.evidence)];
    }),
    reader,
  );
  return (
    inBoth((look) => areaMap(map, { ...look, width: Math.min(look.width, 520), ...named }), id) +
    small +
    source +
    table
  );
}

function timelineFigure(chart: Chart<"timeline">, id: string, reader: Reader): string {
  const { language, words } = reader;
  const pace = { stepMs: 60_000, spanMs: chart.toAt - chart.fromAt };
  const drawn = drawnEntries(chart.entries, chart.toAt);
  const left = chart.entries.length - drawn.length;
  const more = left === 0 ? "" : tag("p", "key", escaped(words.notDrawn(left)));
  const entries = drawn.map((entry) => {
    const from = momentWords(entry.at, pace, reader);
    const lasted =
      entry.endsAt === null ? words.since(from) : words.until(from, momentWords(entry.endsAt, pace, reader));
    return { ...entry, words: `${lasted}${words.colon}${entry.name[language]}` };
  });
  const axes = axesOf("count", 1, reader);
  const named = {
    title: chart.question[language],
    description: entries.map((entry) => entry.words).join("; "),
  };
  return inBoth((look) => timeline({ ...chart, entries }, axes, { ...look, ...named }), id) + more;
}

/** Buckets by figures, to be unfolded. */
function numbersOf(series: readonly ChartSeries[], reader: Reader): string {
  const [first] = series;
  if (!first || first.points.length === 0) return "";
  const pace = paceOf(first.points);
  const rows = first.points.map((point, i) => [
    escaped(momentWords(point.at, pace, reader)),
    ...series.map(({ points, unit, target }) =>
      escaped(value(points[i]?.value ?? null, unit, reader, target)),
    ),
  ]);
  return rowTable([reader.words.when, ...series.map(({ name }) => name[reader.language])], rows, reader);
}

function rowTable(heads: readonly string[], rows: readonly (readonly string[])[], { words }: Reader): string {
  const head = element(
    "tr",
    {},
    heads.map((text) => element("th", { scope: "col" }, escaped(text))).join(""),
  );
  const body = rows.map(([name, ...cells]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, name ?? "") + cells.map((cell) => element("td", {}, cell)).join(""),
    ),
  );
  const table = element("table", {}, element("thead", {}, head) + element("tbody", {}, body.join("")));
  return element("details", { class: "numbers" }, element("summary", {}, escaped(words.numbers)) + table);
}
