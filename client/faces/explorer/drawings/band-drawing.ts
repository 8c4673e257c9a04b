/** What is usual under a line, what left it, and what is to come after it. Pure. */

import type { ExpectedPoint, ForecastAnswer, OutlookBucket } from "../../../../shared/outlook.ts";
import type { SeriesPoint } from "../../../../shared/series.ts";
import { bucketSeconds } from "../../../charts/bucket-choice.ts";
import type { Banded, Excursion } from "../../../charts/left-band.ts";
import { freshValue } from "../../../charts/series-shape.ts";
import { formatBucket } from "../../../words/format-date.ts";
import { excessInWords } from "../excursion-words.ts";
import { mostBandsInOne } from "../outlook-request.ts";
import { middles, numberCell, timeCell, type Cell, type Column, type Figure, type Paper } from "./drawing.ts";
import type { ReadoutLine } from "../../../charts/readout.ts";

/** What is usual for one figure. */
export interface UsualBand {
  readonly bucket: OutlookBucket;
  readonly points: readonly ExpectedPoint[];
  /** Where the last of them ends. */
  readonly endAt: number;
  readonly banded: Banded;
  /** Those that are marked and listed. */
  readonly listed: readonly Excursion[];
}

/** An axis, and what one unit of it is worth. */
interface Scale {
  readonly worth: number;
  readonly axes: object;
}

/** The room that bands and forecasts need: least and greatest of each. */
export function bandExtremes(figures: readonly Figure[], paper: Paper): { low: number; high: number }[] {
  return figures.flatMap(({ id }) => {
    const spans = [
      ...(paper.bands.get(id)?.points ?? []).flatMap(({ low, high }) =>
        low === null || high === null ? [] : [{ low, high }],
      ),
      ...(paper.forecasts.get(id)?.points ?? []),
    ];
    if (spans.length === 0) return [];
    return [
      {
        low: spans.reduce((least, { low }) => Math.min(least, low), Number.POSITIVE_INFINITY),
        high: spans.reduce((most, { high }) => Math.max(most, high), Number.NEGATIVE_INFINITY),
      },
    ];
  });
}

/** The usual band and its median; grey where it is the only one, else in its line's colour. */
export function usualSeries(
  figure: Figure,
  color: string,
  isOnly: boolean,
  at: Scale,
  paper: Paper,
): object[] {
  const band = paper.bands.get(figure.id);
  if (!band) return [];
  const { look, scale } = paper;
  const x = band.points.map(({ at: start }, i) => (start + (band.points[i + 1]?.at ?? band.endAt)) / 2);
  return [
    ...between(
      `usual ${figure.id}`,
      band.points.map(({ low, high }, i) => [x[i]!, low, high]),
      isOnly ? { color: look.band, opacity: 1 } : { color, opacity: 0.16 },
      at,
    ),
    {
      ...silentLine(at),
      z: 2,
      lineStyle: { color: isOnly ? look.ink3 : color, width: scale, type: "dotted" },
      data: band.points.map(({ median }, i) => [x[i]!, median === null ? null : median / at.worth]),
    },
  ];
}

/** The listed excursions: the line heavier, and a triangle to their side at the farthest point. */
export function excursionSeries(
  figure: Figure,
  color: string,
  isOnly: boolean,
  at: Scale,
  paper: Paper,
): object[] {
  const listed = paper.bands.get(figure.id)?.listed ?? [];
  if (listed.length === 0) return [];
  const { look, scale, words } = paper;
  const ink = isOnly ? look.ink0 : color;
  const x = middles(figure.points, paper.bucket);
  const isIn = ({ fromAt, toAt }: Excursion, { at: start }: SeriesPoint): boolean =>
    start >= fromAt && start < toAt;
  const known = figure.points.filter((point) => freshValue(point) !== null);
  // Hours may be known where the minutes that are drawn are not: there is no line to mark.
  const marked = listed.filter((one) => known.some((point) => isIn(one, point)));
  // A small drawing has room for one in words.
  const inWords = paper.bands.size > mostBandsInOne ? 1 : 3;
  const labelled = new Set(listed.toSorted((a, b) => b.excess - a.excess).slice(0, inWords));
  return [
    {
      ...silentLine(at),
      z: 6,
      lineStyle: { color: ink, width: 2.4 * scale },
      data: figure.points.map((point, i) => {
        const value = marked.some((one) => isIn(one, point)) ? freshValue(point) : null;
        return [x[i]!, value === null ? null : value / at.worth];
      }),
    },
    {
      ...at.axes,
      type: "scatter",
      silent: true,
      z: 7,
      symbol: "triangle",
      symbolSize: 9 * scale,
      itemStyle: { color: look.page, borderColor: ink, borderWidth: 1.5 * scale },
      data: marked.map((one) => {
        const isAbove = one.side === "above";
        return {
          value: [one.peak.at, one.peak.value / at.worth],
          symbolRotate: isAbove ? 0 : 180,
          symbolOffset: [0, (isAbove ? -9 : 9) * scale],
          label: {
            show: labelled.has(one),
            formatter: excessInWords(one, figure.unit, words),
            position: isAbove ? "top" : "bottom",
            color: look.ink0,
            fontSize: 12 * scale,
            fontFamily: look.font,
            textBorderColor: look.page,
            textBorderWidth: 3 * scale,
          },
        };
      }),
    },
  ];
}

/** What is to come: a dashed line from now on, and between two dotted ones where four of five are to lie. */
export function forecastSeries(figure: Figure, color: string, at: Scale, paper: Paper): object[] {
  const forecast = paper.forecasts.get(figure.id);
  if (!forecast) return [];
  const { scale } = paper;
  const points = forecastMiddles(forecast, paper.now);
  const edge = (name: "low" | "high") => ({
    ...silentLine(at),
    z: 3,
    lineStyle: { color, width: 0.8 * scale, type: [1, 3] },
    data: points.map((point) => [point.x, point[name] / at.worth]),
  });
  return [
    ...between(
      `forecast ${figure.id}`,
      points.map(({ x, low, high }) => [x, low, high]),
      { color, opacity: 0.1 },
      at,
    ),
    edge("low"),
    edge("high"),
    {
      ...silentLine(at),
      z: 5,
      lineStyle: { color, width: 1.6 * scale, type: [5, 4] },
      data: points.map(({ x, value }) => [x, value / at.worth]),
    },
  ];
}

/** Where the last forecast ends; `null` without one. */
export function forecastEnd(forecasts: ReadonlyMap<string, ForecastAnswer>): number | null {
  const ends = Array.from(
    forecasts.values(),
    ({ points, bucket }) => points.at(-1)!.at + bucketSeconds(bucket) * 1_000,
  );
  return ends.length === 0 ? null : Math.max(...ends);
}

/** An area between two values at each place. */
export function between(
  name: string,
  spans: readonly (readonly [x: number, low: number | null, high: number | null])[],
  areaStyle: { readonly color: string; readonly opacity: number },
  { worth, axes }: Scale,
): object[] {
  const shared = {
    ...silentLine({ worth, axes }),
    stack: name,
    stackStrategy: "all",
    lineStyle: { opacity: 0 },
    z: 1,
  };
  return [
    { ...shared, data: spans.map(([x, low]) => [x, low === null ? null : low / worth]) },
    {
      ...shared,
      areaStyle,
      data: spans.map(([x, low, high]) => [x, low === null || high === null ? null : (high - low) / worth]),
    },
  ];
}

function silentLine({ axes }: Scale) {
  return { ...axes, type: "line", silent: true, showSymbol: false, connectNulls: false };
}

/** Places of what is foretold: the middle of each bucket, of the one that runs the present. */
function forecastMiddles({ points, bucket }: ForecastAnswer, now: number) {
  const ms = bucketSeconds(bucket) * 1_000;
  return points.map((point, i) => ({
    ...point,
    x: Math.max((point.at + (points[i + 1]?.at ?? point.at + ms)) / 2, now),
  }));
}

/** Under the pointer: what is usual at an instant, and what is foretold for it. */
export function bandReadout(figure: Figure, at: number, paper: Paper): readonly ReadoutLine[] {
  const { t } = paper.words;
  const band = paper.bands.get(figure.id)?.points.findLast((point) => point.at <= at);
  if (band === undefined || band.low === null || band.high === null) return [];
  const [from, to] = [band.low, band.high].map((value) => numberCell(value, figure.unit, paper).text);
  return [
    {
      name: t("explorer.usual.readout"),
      value: t("explorer.range.span", { from: from!, to: to! }),
      color: null,
    },
  ];
}

/** The readout of what has not come yet; `null` before it. */
export function forecastReadout(figures: readonly Figure[], at: number, paper: Paper) {
  if (at < paper.measuredTo) return null;
  const { t, language } = paper.words;
  const told = figures.flatMap((figure, i) => {
    const forecast = paper.forecasts.get(figure.id);
    const point = forecast?.points.findLast((one) => one.at <= at);
    return forecast && point ? [{ figure, point, bucket: forecast.bucket, i }] : [];
  });
  if (told.length === 0) return null;
  return {
    heading: t("explorer.forecast.readout", {
      time: formatBucket(told[0]!.point.at, told[0]!.bucket, paper.zone, language),
    }),
    lines: told.map(({ figure, point, i }) => ({
      name: figure.title,
      value: `${numberCell(point.value, figure.unit, paper).text} ${t("explorer.notes.between", {
        low: numberCell(point.low, figure.unit, paper).text,
        high: numberCell(point.high, figure.unit, paper).text,
      })}`,
      color: paper.look.data[i] ?? paper.look.ink3,
    })),
  };
}

/** The columns beside a figure's measured values: what is usual, and what is foretold. */
export function bandColumns({ id }: Figure, paper: Paper): readonly Column[] {
  const { t } = paper.words;
  const figure = (title: string): Column => ({ title, isFigure: true });
  return [
    ...(paper.bands.has(id)
      ? [
          figure(t("explorer.table.usualLow")),
          figure(t("explorer.table.usualMedian")),
          figure(t("explorer.table.usualHigh")),
          { title: t("explorer.table.leftBand"), isFigure: false },
        ]
      : []),
    ...(paper.forecasts.has(id)
      ? [
          figure(t("explorer.table.forecast")),
          figure(t("explorer.table.forecastLow")),
          figure(t("explorer.table.forecastHigh")),
        ]
      : []),
  ];
}

/** The cells of `bandColumns` in a row of measured values. */
export function bandCells({ id, unit }: Figure, at: number, paper: Paper): readonly Cell[] {
  const { t } = paper.words;
  const none: Cell = { sort: null, text: t("explorer.table.none") };
  const band = paper.bands.get(id);
  const usual = band?.points.findLast((point) => point.at <= at);
  const isJudged = usual !== undefined && usual.outside !== null;
  return [
    ...(band
      ? [
          numberCell(usual?.low ?? null, unit, paper),
          numberCell(usual?.median ?? null, unit, paper),
          numberCell(usual?.high ?? null, unit, paper),
          isJudged ? { sort: usual.outside, text: t(`explorer.usual.${usual.outside!}`) } : none,
        ]
      : []),
    ...(paper.forecasts.has(id) ? [none, none, none] : []),
  ];
}

/**
 * Rows of what is foretold, of their own: no cell of theirs stands in a column of measured values. `blank` has the cells
 * of those columns, for each figure.
 */
export function forecastRows(
  figures: readonly Figure[],
  blank: (figure: Figure) => readonly Cell[],
  paper: Paper,
): readonly (readonly Cell[])[] {
  const { t } = paper.words;
  const none: Cell = { sort: null, text: t("explorer.table.none") };
  const [first] = figures.flatMap(({ id }) => paper.forecasts.get(id) ?? []);
  if (!first) return [];
  return first.points.map(({ at }, i) => {
    const time = timeCell(at, { ...paper, bucket: first.bucket });
    return [
      { ...time, text: t("explorer.table.forecastTime", { time: time.text }) },
      ...figures.flatMap((figure) => {
        const point = paper.forecasts.get(figure.id)?.points[i];
        return [
          ...blank(figure),
          ...(paper.bands.has(figure.id) ? [none, none, none, none] : []),
          ...(point
            ? [point.value, point.low, point.high].map((value) => numberCell(value, figure.unit, paper))
            : []),
        ];
      }),
    ];
  });
}
