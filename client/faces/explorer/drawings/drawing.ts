/** What every chart of the explorer is made of: figures in, an ECharts option and the same numbers as a table out. Pure. */

import type { EChartsCoreOption } from "echarts/core";
import type { ForecastAnswer } from "../../../../shared/outlook.ts";
import type { IndicatorDefinition } from "../../../../shared/city.ts";
import type { Bucket, SeriesPoint } from "../../../../shared/series.ts";
import type { Unit } from "../../../../shared/units.ts";
import type { Walk } from "../../../charts/chart-walk.ts";
import type { ReadoutLine } from "../../../charts/readout.ts";
import type { ChartLook } from "../../../charts/chart-look.ts";
import { freshValue, meanOf } from "../../../charts/series-shape.ts";
import { bucketSeconds } from "../../../charts/bucket-choice.ts";
import { formatBucket } from "../../../words/format-date.ts";
import { valueInWords } from "../../../words/format-value.ts";
import type { UsedWords } from "../../../words/words.ts";
import type { Stretch } from "../range.ts";
import type { DrawnAnnotation } from "./annotation-drawing.ts";
import type { UsualBand } from "./band-drawing.ts";

/** A series with what is needed to draw and to name it. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly better: IndicatorDefinition["better"];
  readonly target: number | null;
  readonly points: readonly SeriesPoint[];
  /** What it is compared with, bucket by bucket: another stretch or another group; `null` without one. */
  readonly compare: readonly SeriesPoint[] | null;
}

/** Where and in which words and colours it is drawn. */
export interface Paper {
  readonly look: ChartLook;
  /** CSS pixels. */
  readonly width: number;
  /** CSS pixels that a single drawing may be tall. */
  readonly room: number;
  /** 1 on a desk, more on a large screen. */
  readonly scale: number;
  readonly words: UsedWords;
  readonly zone: string;
  /** What the time axis spans: what was measured, and what is foretold. */
  readonly stretch: Stretch;
  /** The end of what was measured. */
  readonly measuredTo: number;
  readonly now: number;
  readonly bucket: Bucket;
  /** What it is compared with: another stretch, another group; `null` without one. */
  readonly comparedWith: string | null;
  readonly marks: readonly Mark[];
  readonly annotations: readonly DrawnAnnotation[];
  /** By figure; empty where none are wanted, or the kind of chart has no place for them. */
  readonly bands: ReadonlyMap<string, UsualBand>;
  readonly forecasts: ReadonlyMap<string, ForecastAnswer>;
}

/** Something that happened, as it stands over a chart. */
export interface Mark {
  readonly at: number;
  readonly label: string;
}

export interface Cell {
  /** What the column is sorted by; `null` comes last. */
  readonly sort: number | string | null;
  readonly text: string;
}

export interface Column {
  readonly title: string;
  /** Figures are right-aligned. */
  readonly isFigure: boolean;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Drawing {
  readonly option: EChartsCoreOption;
  /** CSS pixels. */
  readonly height: number;
  readonly table: Table;
  /** Its horizontal axis is time, which can be zoomed and moved. */
  readonly isTime: boolean;
  /** What the arrow keys walk through. */
  readonly walk: Walk;
  /** What is said beside the title: what is drawn, of what. */
  readonly note: string;
  /** What stands under the drawing, a sentence each. */
  readonly findings: readonly string[];
}

export function numberCell(value: number | null, unit: Unit, { words: { t, language } }: Paper): Cell {
  return value === null
    ? { sort: null, text: t("explorer.table.none") }
    : { sort: value, text: valueInWords(value, unit, language) };
}

/** A point's value, or in words why there is none. */
export function pointCell(point: SeriesPoint | undefined, unit: Unit, paper: Paper): Cell {
  const { t } = paper.words;
  if (point === undefined) return { sort: null, text: t("explorer.table.none") };
  if (point.state === "fresh" && point.value !== null) return numberCell(point.value, unit, paper);
  return { sort: null, text: t(`explorer.gaps.${point.reason ?? "no-data"}`) };
}

export function timeCell(at: number, { bucket, zone, words }: Paper): Cell {
  return { sort: at, text: formatBucket(at, bucket, zone, words.language) };
}

/** `mean of each hour` */
export function bucketInWords(bucket: Bucket, { t }: UsedWords): string {
  const seconds = bucketSeconds(bucket);
  if (bucket === 86_400 || bucket === "day") return t("explorer.per.day");
  if (bucket === "week") return t("explorer.per.week");
  if (bucket === "month") return t("explorer.per.month");
  return seconds >= 3_600
    ? t("explorer.per.hours", { count: seconds / 3_600 })
    : t("explorer.per.minutes", { count: seconds / 60 });
}

/** The middle of each bucket, where its mean is drawn. */
export function middles(points: readonly SeriesPoint[], bucket: Bucket): number[] {
  return points.map(({ at }, i) => (at + (points[i + 1]?.at ?? at + bucketSeconds(bucket) * 1_000)) / 2);
}

/** Each figure and, as a figure of its own under the same id, what it is compared with. */
export function withCompared(figures: readonly Figure[], { comparedWith }: Paper): readonly Figure[] {
  return figures.flatMap((figure) =>
    figure.compare === null
      ? [figure]
      : [
          { ...figure, compare: null },
          {
            ...figure,
            title: [figure.title, comparedWith].join(" · "),
            points: figure.compare,
            compare: null,
          },
        ],
  );
}

/** What may stand on one axis, or be added up. */
export function byUnit(figures: readonly Figure[]): Figure[][] {
  return Array.from(Map.groupBy(figures, ({ unit }) => unit).values());
}

/** The largest first; of the same size in their own order. */
export function byMean(figures: readonly Figure[]): readonly Figure[] {
  const means = new Map(figures.map((figure) => [figure, meanOf(figure.points) ?? Number.NEGATIVE_INFINITY]));
  return figures.toSorted((a, b) => means.get(b)! - means.get(a)!);
}

/** A readout in one sentence, for who listens. */
export function readoutInWords(heading: string, lines: readonly ReadoutLine[], { t }: UsedWords): string {
  const values = lines.map(({ name, value }) => t("explorer.cursor.value", { name, value }));
  return t("explorer.cursor.says", { heading, values: values.join(t("explorer.cursor.and")) });
}

/** The walk through the buckets of a time axis and what is foretold; it begins at the newest that is known. */
export function timeWalk(
  points: readonly SeriesPoint[],
  { bucket, stretch: { fromAt }, measuredTo, forecasts }: Paper,
  words: (at: number) => string,
): Walk {
  // The first and the last bucket may reach beyond what was asked for.
  const measured = middles(points, bucket).map((at) => Math.min(Math.max(at, fromAt), measuredTo - 1));
  const [forecast] = Array.from(forecasts.values());
  const ahead = (forecast?.points ?? []).map(({ at }) => at).filter((at) => at >= measuredTo);
  const places = [...measured, ...ahead];
  const newest = points.findLastIndex((point) => freshValue(point) !== null);
  return {
    stops: places.length,
    from: newest < 0 ? measured.length - 1 : newest,
    right: 1,
    down: 0,
    place: (stop) => ({ at: places[stop]! }),
    words: (stop) => words(places[stop]!),
  };
}
