/** Figures over time: lines with what was least and most seen, small multiples, stacked and normalised areas, bars. Pure. */

import type { SeriesPoint } from "../../../../shared/series.ts";
import { bucketSeconds } from "../../../charts/bucket-choice.ts";
import { extremesOf, freshValue, sharesOf } from "../../../charts/series-shape.ts";
import { timeTicks } from "../../../../shared/time-ticks.ts";
import { formatBucket, formatTick } from "../../../words/format-date.ts";
import { axisScale, valueInWords } from "../../../words/format-value.ts";
import { annotationLanes, annotationSeries } from "./annotation-drawing.ts";
import {
  bandExtremes,
  bandReadout,
  between,
  excursionSeries,
  forecastReadout,
  forecastSeries,
  usualSeries,
} from "./band-drawing.ts";
import {
  bucketInWords,
  byMean,
  byUnit,
  middles,
  pointCell,
  numberCell,
  readoutInWords,
  timeWalk,
  type Drawing,
  type Figure,
  type Paper,
} from "./drawing.ts";
import { readout, tooltipStyle, type ReadoutLine } from "../../../charts/readout.ts";
import { pointsInWords } from "../excursion-words.ts";
import { endLabel, labelOf, labelRoom, labelShifts, named } from "./line-labels.ts";
import {
  bordersBefore,
  newestPoints,
  pointsBetween,
  shareFindings,
  sharesBefore,
} from "./share-comparison.ts";
import { comparedLine, gapSeries, markSeries } from "./time-marks.ts";
import { timeTable } from "./time-table.ts";

export type TimeKind = "lines" | "multiples" | "stack" | "share" | "bars";

/** More columns of minima and maxima than these are no reading. */
const figuresWithExtremes = 3;

/** Pixels between the words of annotations and the drawing: the numbers of what happened. */
const annotationsOver = 24;
/** More figures than these are no readout. */
const readAtOnce = 14;

type Values = readonly (number | null)[];

/** One drawing in the page, with the figures that share its axes. */
interface Panel {
  readonly figures: readonly Figure[];
  readonly values: readonly Values[];
  /** What shares are compared with. */
  readonly before: readonly Values[] | null;
  readonly labels: readonly string[];
  readonly title: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly low: number;
  readonly high: number;
  /** What one unit of its axis is worth. */
  readonly worth: number;
  readonly write: (shown: number) => string;
  readonly showsTime: boolean;
}

export function timeDrawing(kind: TimeKind, figures: readonly Figure[], paper: Paper): Drawing {
  const sorted = kind === "lines" && isCrowdOfOneUnit(figures) ? byMean(figures) : figures;
  const panels = layOut(kind, sorted, paper);
  const height = Math.max(...panels.map(({ top, height: tall }) => top + tall)) + 30 * paper.scale;
  const { t } = paper.words;
  return {
    option: {
      animation: false,
      backgroundColor: paper.look.page,
      textStyle: { fontFamily: paper.look.font, fontSize: 12 * paper.scale },
      grid: panels.map(({ left, top, width, height: tall }) => ({ left, top, width, height: tall })),
      xAxis: panels.map((panel, i) => timeAxis(panel, i, paper)),
      yAxis: panels.map((panel, i) => valueAxis(panel, i, paper)),
      series: panels.flatMap((panel, i) => panelSeries(kind, panel, i, paper)),
      axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: paper.look.edge, type: "solid" } },
      tooltip: {
        trigger: "axis",
        ...tooltipStyle(paper),
        formatter: (shown: unknown) => {
          const [first] = shown as { axisValue?: number; axisIndex?: number }[];
          if (first?.axisValue === undefined) return "";
          const panel = panels[first.axisIndex ?? 0] ?? panels[0]!;
          const { heading, lines } = readoutAt(kind, panel, Number(first.axisValue), paper);
          return readout(heading, lines);
        },
      },
    },
    height,
    table: timeTable(kind, figures, showsSeen(kind, figures, paper), paper),
    isTime: true,
    walk: timeWalk(figures[0]!.points, paper, (at) => {
      const read = panels.map((panel) => readoutAt(kind, panel, at, paper));
      const lines = read.flatMap((one) => one.lines).slice(0, readAtOnce);
      return readoutInWords(read[0]!.heading, lines, paper.words);
    }),
    note: [
      bucketInWords(paper.bucket, paper.words),
      ...(hasEnvelope(kind, sorted, paper) ? [t("explorer.notes.envelope")] : []),
      ...(paper.bands.size > 0 ? [t("explorer.notes.usual")] : []),
      ...(paper.forecasts.size > 0 ? [t("explorer.notes.forecast")] : []),
      ...(kind === "share" ? [t("explorer.notes.share")] : []),
      ...(paper.comparedWith === null ? [] : [t("explorer.notes.compared", { with: paper.comparedWith })]),
    ].join(" · "),
    findings: kind === "share" ? shareFindings(figures, paper) : [],
  };
}

function isCrowdOfOneUnit(figures: readonly Figure[]): boolean {
  return byUnit(figures).length === 1 && figures.length > named;
}

/** Of few figures what was least and most seen stands in the numbers, where a bucket is long enough to have both. */
function showsSeen(kind: TimeKind, figures: readonly Figure[], { bucket }: Paper): boolean {
  return figures.length <= figuresWithExtremes && bucketSeconds(bucket) > 60 && kind !== "share";
}

/** One area under a line is enough: what is usual takes the place of what was least and most seen. */
function hasEnvelope(kind: TimeKind, figures: readonly Figure[], { bucket, bands }: Paper): boolean {
  const crowd = kind === "multiples" ? 1 : figures.length;
  const isLines = kind === "lines" || kind === "multiples";
  return isLines && bands.size === 0 && bucketSeconds(bucket) > 60 && crowd <= figuresWithExtremes;
}

function layOut(kind: TimeKind, figures: readonly Figure[], paper: Paper): readonly Panel[] {
  const { width, scale } = paper;
  const sets = kind === "multiples" ? figures.map((one) => [one]) : byUnit(figures);
  const isMany = kind === "multiples" && sets.length > 1;
  const columns = isMany ? Math.max(1, Math.min(sets.length, Math.floor(width / (260 * scale)))) : 1;
  const tall = isMany
    ? 110 * scale
    : sets.length === 1
      ? paper.room
      : Math.max(paper.room / sets.length, 180 * scale);
  // A title stands over the panel, the numbers of what happened, and the word now.
  const isTitled =
    isMany ||
    kind === "share" ||
    sets.length > 1 ||
    paper.marks.length > 0 ||
    paper.annotations.length > 0 ||
    paper.forecasts.size > 0;
  const head = (isTitled ? 30 : 14) * scale;
  const foot = (isMany ? 22 : 34) * scale;
  const prepared = sets.map((set) => prepare(kind, set, paper));
  // Small multiples of one unit share their scale, or they could not be compared.
  const shared = new Map<string, { low: number; high: number }>();
  for (const { set, low, high } of prepared) {
    const known = shared.get(set[0]!.unit);
    shared.set(set[0]!.unit, {
      low: Math.min(low, known?.low ?? low),
      high: Math.max(high, known?.high ?? high),
    });
  }
  const axis = 52 * scale;
  const written = prepared.map(({ labels }) => (kind === "bars" ? [] : labels));
  const labels = isMany ? 8 * scale : labelRoom(written, paper);
  const cell = width / columns;
  const plotWidth = Math.max(cell - axis - labels, 40 * scale);
  const over = kind === "multiples" ? 0 : annotationLanes(plotWidth, paper).height;
  return prepared.map(({ set, values, before, labels: ofSet }, i) => {
    const { low, high } = shared.get(set[0]!.unit)!;
    const written = axisScale(kind === "share" ? "percent" : set[0]!.unit, paper.words.language, high);
    const row = Math.floor(i / columns);
    return {
      figures: set,
      values,
      before,
      labels: ofSet,
      title: panelTitle(kind, set, isMany, written.unit, paper),
      left: (i % columns) * cell + axis,
      top: over + row * (tall + head + foot) + head,
      width: plotWidth,
      height: tall,
      low,
      high,
      worth: written.worth,
      write: written.write,
      showsTime: !isMany || i + columns >= sets.length,
    };
  });
}

function prepare(kind: TimeKind, set: readonly Figure[], paper: Paper) {
  const values: Values[] =
    kind === "share"
      ? sharesOf(set.map(({ points }) => points))
      : set.map(({ points }) => points.map(freshValue));
  const before = kind === "share" ? sharesBefore(set) : null;
  const labels = set.map((figure, i) => {
    const points = before === null ? null : newestPoints(values[i]!, before[i]!);
    return labelOf(figure, points === null ? null : pointsInWords(points, paper.words));
  });
  const all = { set, values, before, labels };
  if (kind === "share") return { ...all, low: 0, high: 100 };
  if (kind === "stack")
    return {
      ...all,
      low: 0,
      high: Math.max(
        highestSum(values),
        highestSum(set.map(({ compare }) => (compare ?? []).map(freshValue))),
      ),
    };
  const seen = set
    .flatMap(({ points, compare }) => [
      (hasEnvelope(kind, set, paper) ? extremesOf(points) : extremesOf(points.map(flat))) ?? [],
      extremesOf((compare ?? []).map(flat)) ?? [],
      bandExtremes(set, paper),
    ])
    .flat(2);
  const low = Math.min(...seen.map((one) => one.low), kind === "bars" ? 0 : Number.POSITIVE_INFINITY);
  const high = Math.max(...seen.map((one) => one.high), kind === "bars" ? 0 : Number.NEGATIVE_INFINITY);
  return low <= high ? { ...all, low, high } : { ...all, low: 0, high: 1 };
}

function flat(point: SeriesPoint): SeriesPoint {
  return { ...point, min: point.value, max: point.value };
}

function highestSum(values: readonly Values[]): number {
  const length = Math.max(0, ...values.map((one) => one.length));
  let highest = 0;
  for (let i = 0; i < length; i++)
    highest = Math.max(
      highest,
      values.reduce((sum, one) => sum + (one[i] ?? 0), 0),
    );
  return highest || 1;
}

function panelTitle(
  kind: TimeKind,
  set: readonly Figure[],
  isMany: boolean,
  unit: string,
  { words: { t } }: Paper,
): string {
  // A chart of one figure has its name as its heading.
  const title = isMany ? set[0]!.title : kind === "share" ? t("explorer.notes.shareOf") : "";
  return [title, unit].filter((part) => part !== "").join(" · ");
}

function timeAxis(panel: Panel, gridIndex: number, { stretch, zone, words, look, scale }: Paper) {
  const { at, unit } = timeTicks(
    stretch.fromAt,
    stretch.toAt,
    zone,
    Math.max(2, Math.floor(panel.width / ((panel.width < 400 * scale ? 56 : 78) * scale))),
  );
  return {
    type: "value",
    gridIndex,
    min: stretch.fromAt,
    max: stretch.toAt,
    axisLine: { lineStyle: { color: look.edge }, onZero: false },
    axisTick: { show: true, customValues: at, lineStyle: { color: look.edge }, length: 4 * scale },
    axisLabel: {
      show: panel.showsTime,
      customValues: at,
      color: look.ink3,
      fontSize: 12 * scale,
      hideOverlap: true,
      formatter: (tick: number) => formatTick(tick, unit, zone, words.language),
    },
    splitLine: { show: false },
    axisPointer: { label: { show: false } },
  };
}

function axisSpan({ worth, low, high }: Panel) {
  const room = (high - low || Math.abs(high) || 1) * 0.04;
  // A figure that is never below nothing has its axis from nothing when that costs little.
  const fromZero = low >= 0 && low <= high * 0.5;
  return {
    fromZero,
    min: fromZero ? 0 : (low - room) / worth,
    max: (high + (low === 0 && high === 100 ? 0 : room)) / worth,
  };
}

/** Pixels from the top of a panel to where each of its lines or areas ends; `null` for those without a name. */
function lineEnds(kind: TimeKind, panel: Panel): (number | null)[] {
  const { min, max } = axisSpan(panel);
  let sum = 0;
  return panel.values.map((values, i) => {
    const last = values.findLast((value) => value !== null) ?? null;
    if (last === null || (kind === "lines" && i >= named)) return null;
    sum = kind === "stack" || kind === "share" ? sum + last : last;
    return panel.height * (1 - (sum / panel.worth - min) / (max - min));
  });
}

function valueAxis(panel: Panel, gridIndex: number, { look, scale }: Paper) {
  const { title, height, write } = panel;
  const { fromZero, min, max } = axisSpan(panel);
  return {
    type: "value",
    gridIndex,
    scale: true,
    min,
    max,
    splitNumber: height < 150 * scale ? 2 : 4,
    name: title,
    nameLocation: "end",
    nameGap: 12 * scale,
    nameTextStyle: { color: look.ink2, align: "left", fontSize: 12 * scale, padding: [0, 0, 0, -46 * scale] },
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      color: look.ink3,
      fontSize: 12 * scale,
      formatter: write,
      showMinLabel: fromZero,
      showMaxLabel: false,
    },
    splitLine: { lineStyle: { color: look.line } },
    axisPointer: { show: false },
  };
}

function panelSeries(kind: TimeKind, panel: Panel, index: number, paper: Paper): object[] {
  const { look, scale } = paper;
  const axes = { xAxisIndex: index, yAxisIndex: index };
  const common = mergedPoints(panel.figures);
  const isCrowd = panel.figures.length > named && kind === "lines";
  const labelled = panel.figures.length > 1;
  const shifts = labelShifts(lineEnds(kind, panel), panel.labels, panel.height, paper);
  const series: object[] = [gapSeries(common, axes, paper)];
  panel.figures.forEach((figure, i) => {
    const color = look.data[i] ?? look.ink3;
    const x = middles(figure.points, paper.bucket);
    const data = panel.values[i]!.map((value, at) => [x[at]!, value === null ? null : value / panel.worth]);
    const isNamed = !isCrowd || i < named;
    const isOnly = panel.figures.length === 1;
    const scaled = { worth: panel.worth, axes };
    series.push(
      ...usualSeries(figure, color, isOnly, scaled, paper),
      ...forecastSeries(figure, color, scaled, paper),
      ...excursionSeries(figure, color, isOnly, scaled, paper),
    );
    if (hasEnvelope(kind, panel.figures, paper)) series.push(...envelope(figure, x, color, scaled));
    if (figure.compare !== null && (kind === "lines" || kind === "multiples" || kind === "bars"))
      series.push({
        ...axes,
        type: "line",
        silent: true,
        showSymbol: false,
        z: 3,
        lineStyle: {
          color: panel.figures.length === 1 ? look.ink2 : color,
          width: 1.2 * scale,
          type: [4, 3],
        },
        data: figure.compare.slice(0, x.length).map((point, at) => {
          const value = freshValue(point);
          return [x[at]!, value === null ? null : value / panel.worth];
        }),
      });
    series.push({
      ...axes,
      ...(kind === "bars"
        ? bar(panel, color, paper)
        : line(kind, isNamed ? color : look.line, isNamed, scale)),
      z: isNamed ? 5 : 2,
      data,
      ...(labelled && isNamed && kind !== "bars" ? endLabel(panel.labels[i]!, color, shifts[i]!, paper) : {}),
    });
  });
  if (kind === "stack" && panel.figures.some(({ compare }) => compare !== null))
    series.push(comparedSum(panel, axes, paper));
  if (panel.before !== null) series.push(...bordersBefore(panel.figures, panel.before, axes, paper));
  series.push(markSeries(panel, axes, paper), writtenSeries(kind, panel, index, axes, paper));
  return series;
}

/** Annotations have their words over the first drawing, and lines in all. */
function writtenSeries(kind: TimeKind, panel: Panel, index: number, axes: object, paper: Paper): object {
  const lanes = annotationLanes(panel.width, paper);
  const hasWords = index === 0 && kind !== "multiples";
  return annotationSeries(panel, lanes, hasWords, annotationsOver * paper.scale, axes, paper);
}

/** The sum of what a stack is compared with, where all of it is known. */
function comparedSum({ figures, worth }: Panel, axes: object, paper: Paper): object {
  const compared = figures.map(({ compare }) => (compare ?? []).map(freshValue));
  const x = middles(figures[0]!.points, paper.bucket);
  const sums = x.map((_, i) => {
    const values = compared.map((one) => one[i] ?? null);
    const isKnown = values.every((value) => value !== null);
    return isKnown ? values.reduce((sum, value) => sum + value, 0) / worth : null;
  });
  return comparedLine(axes, x, sums, paper);
}

/** A bucket is known where any of the figures is: a gap is what all of them share. */
function mergedPoints(figures: readonly Figure[]): readonly SeriesPoint[] {
  const [first, ...rest] = figures;
  return first!.points.map(
    (point, i) =>
      [point, ...rest.flatMap(({ points }) => points[i] ?? [])].find(({ state }) => state === "fresh") ??
      point,
  );
}

function line(kind: TimeKind, color: string, isNamed: boolean, scale: number) {
  const isArea = kind === "stack" || kind === "share";
  return {
    type: "line",
    showSymbol: false,
    connectNulls: false,
    silent: true,
    color,
    lineStyle: { color, width: (isArea ? 0.8 : isNamed ? 1.6 : 1) * scale },
    ...(isArea ? { stack: "all", stackStrategy: "all", areaStyle: { color, opacity: 0.72 } } : {}),
  };
}

function bar(panel: Panel, color: string, { bucket, stretch }: Paper) {
  const buckets = (stretch.toAt - stretch.fromAt) / (bucketSeconds(bucket) * 1_000);
  const room = (panel.width / Math.max(buckets, 1)) * 0.84;
  return {
    type: "bar",
    silent: true,
    color,
    itemStyle: { color },
    barWidth: Math.max(room / panel.figures.length, 1),
    barGap: "0%",
  };
}

/** The band between the least and the greatest of each bucket. */
function envelope(
  figure: Figure,
  x: readonly number[],
  color: string,
  scaled: Parameters<typeof between>[3],
): object[] {
  const spans = figure.points.map((point, i) => {
    const isKnown = freshValue(point) !== null && point.min !== null && point.max !== null;
    return [x[i]!, isKnown ? point.min : null, isKnown ? point.max : null] as const;
  });
  return between(`seen ${figure.id}`, spans, { color, opacity: 0.2 }, scaled);
}

function readoutAt(
  kind: TimeKind,
  panel: Panel,
  at: number,
  paper: Paper,
): { readonly heading: string; readonly lines: readonly ReadoutLine[] } {
  const {
    words: { language, t },
    zone,
    bucket,
    look,
  } = paper;
  const ahead = forecastReadout(panel.figures, at, paper);
  if (ahead) return ahead;
  const lines = panel.figures.slice(0, readAtOnce).flatMap((figure, i) => {
    const place = figure.points.findLastIndex((point) => point.at <= at);
    const point = figure.points[place];
    if (!point) return [];
    const color = look.data[i] ?? look.ink3;
    const value =
      kind === "share"
        ? numberCell(panel.values[i]![place] ?? null, "percent", paper).text
        : pointCell(point, figure.unit, paper).text;
    const seen =
      hasEnvelope(kind, panel.figures, paper) &&
      freshValue(point) !== null &&
      point.min !== null &&
      point.max !== null &&
      point.min !== point.max
        ? t("explorer.notes.between", {
            low: valueInWords(point.min, figure.unit, language, point.max),
            high: valueInWords(point.max, figure.unit, language),
          })
        : "";
    const other = figure.compare?.[place];
    const shareBefore = panel.before?.[i]![place] ?? null;
    const points = pointsBetween(panel.values[i]![place], shareBefore);
    return [
      { name: figure.title, value: [value, seen].filter((part) => part !== "").join(" "), color },
      ...bandReadout(figure, at, paper),
      ...(other === undefined
        ? []
        : [
            {
              // Another group is of the same time.
              name:
                other.at === point.at
                  ? (paper.comparedWith ?? "")
                  : formatBucket(other.at, bucket, zone, language),
              value: panel.before
                ? [
                    numberCell(shareBefore, "percent", paper).text,
                    ...(points === null ? [] : [`(${pointsInWords(points, paper.words)})`]),
                  ].join(" ")
                : pointCell(other, figure.unit, paper).text,
              color: null,
            },
          ]),
    ];
  });
  const start = panel.figures[0]!.points.findLast((point) => point.at <= at)?.at ?? at;
  return { heading: formatBucket(start, bucket, zone, language), lines };
}
