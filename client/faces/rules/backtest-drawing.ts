/** When a rule would have been an alarm, under the series that it is about and its bounds, as an ECharts option. Pure. */

import type { EChartsCoreOption } from "echarts/core";
import type { BacktestSeries } from "../../../shared/alarms.ts";
import type { SeriesItem, SeriesPoint } from "../../../shared/series.ts";
import { timeTicks } from "../../../shared/time-ticks.ts";
import type { ChartLook } from "../../charts/chart-look.ts";
import type { Walk } from "../../charts/chart-walk.ts";
import { extremesOf, freshValue } from "../../charts/series-shape.ts";
import { formatInstant, formatTick } from "../../words/format-date.ts";
import { axisScale } from "../../words/format-value.ts";
import type { UsedWords } from "../../words/words.ts";

export interface BacktestDrawn {
  readonly fromAt: number;
  readonly toAt: number;
  readonly stretches: BacktestSeries["stretches"];
  /** What the rule is about; `null` where that is no series, or none yet. */
  readonly series: Pick<SeriesItem, "unit" | "points"> | null;
  /** In the series' unit; `null` where the bound is none of the value itself. */
  readonly bounds: { readonly alarm: number; readonly clear: number } | null;
}

export interface BacktestPaper {
  readonly look: ChartLook;
  /** CSS pixels. */
  readonly width: number;
  readonly zone: string;
  readonly words: UsedWords;
}

const plot = { left: 56, right: 16, top: 24 };
const lane = 14;
const axis = 28;
export const seriesHeight = 220;
export const laneHeight = 64;

export function backtestDrawing(drawn: BacktestDrawn, paper: BacktestPaper): EChartsCoreOption {
  const { look, width, zone, words } = paper;
  const { fromAt, toAt, series, bounds } = drawn;
  const room = Math.max(60, width - plot.left - plot.right);
  const { at: ticks, unit } = timeTicks(fromAt, toAt, zone, Math.max(2, Math.floor(room / 78)));
  const seen = seenWith(drawn);
  const scale = axisScale(
    series?.unit ?? "count",
    words.language,
    Math.max(Math.abs(seen.low), Math.abs(seen.high)),
  );
  const margin = (seen.high - seen.low || 1) * 0.05;
  const isFromZero = seen.low >= 0 && seen.low < seen.high / 2;
  return {
    animation: false,
    backgroundColor: look.page,
    textStyle: { fontFamily: look.font, fontSize: 12 },
    grid: { ...plot, bottom: axis + lane + 6 },
    xAxis: {
      type: "value",
      min: fromAt,
      max: toAt,
      axisLine: { lineStyle: { color: look.edge }, onZero: false },
      offset: lane + 6,
      axisTick: { customValues: ticks, lineStyle: { color: look.edge }, length: 4 },
      axisLabel: {
        customValues: ticks,
        color: look.ink3,
        hideOverlap: true,
        formatter: (at: number) => formatTick(at, unit, zone, words.language),
      },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      show: series !== null,
      min: isFromZero ? 0 : (seen.low - margin) / scale.worth,
      max: (seen.high + margin) / scale.worth,
      name: scale.unit,
      nameTextStyle: { color: look.ink2, align: "right" },
      nameGap: 4,
      axisLabel: { color: look.ink3, formatter: scale.write, showMinLabel: isFromZero, showMaxLabel: false },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: look.line } },
    },
    series: [
      stretchSeries(drawn, look),
      ...(series === null ? [] : valueSeries(series.points, scale.worth, toAt, look)),
      {
        type: "line",
        data: [],
        silent: true,
        markLine: {
          symbol: "none",
          silent: true,
          animation: false,
          data:
            bounds === null || series === null
              ? []
              : [
                  boundLine(bounds.alarm / scale.worth, words.t("rules.tried.bound"), true, look),
                  boundLine(bounds.clear / scale.worth, words.t("rules.tried.clear"), false, look),
                ],
        },
      },
    ],
  };
}

/** From alarm to alarm, the newest first of all. */
export function stretchWalk({ stretches, toAt }: BacktestDrawn, { zone, words }: BacktestPaper): Walk {
  const time = (at: number): string => formatInstant(at, zone, words.language);
  return {
    stops: stretches.length,
    from: Math.max(0, stretches.length - 1),
    right: 1,
    down: 0,
    place: (stop) => ({ at: (stretches[stop]!.fromAt + (stretches[stop]!.toAt ?? toAt)) / 2 }),
    words: (stop) => {
      const { fromAt: from, toAt: to } = stretches[stop]!;
      return to === null
        ? words.t("rules.tried.still", { from: time(from) })
        : words.t("rules.tried.says", { from: time(from), to: time(to) });
    },
  };
}

/** Least and greatest of the series and its bounds, so that the axis stays while a bound is turned within them. */
function seenWith({ series, bounds }: BacktestDrawn): { low: number; high: number } {
  const seen = series === null ? null : extremesOf(series.points);
  const all = [
    ...(seen === null ? [] : [seen.low, seen.high]),
    ...(bounds === null ? [] : [bounds.alarm, bounds.clear]),
  ];
  return all.length === 0 ? { low: 0, high: 1 } : { low: Math.min(...all), high: Math.max(...all) };
}

/** The two stand near each other: one has its word at the left, the other at the right. */
function boundLine(at: number, label: string, isAlarm: boolean, look: ChartLook): object {
  const color = isAlarm ? look.ink0 : look.ink2;
  return {
    yAxis: at,
    lineStyle: { color, type: isAlarm ? "solid" : [2, 3], width: 1 },
    label: {
      formatter: label,
      position: isAlarm ? "insideStartTop" : "insideEndTop",
      color,
      fontSize: 12,
      textBorderColor: look.page,
      textBorderWidth: 3,
    },
  };
}

/** The mean of each bucket, over what was least and most seen in it. */
function valueSeries(points: readonly SeriesPoint[], worth: number, toAt: number, look: ChartLook): object[] {
  const rows = points.map((point, i) => {
    const value = freshValue(point);
    const at = (point.at + (points[i + 1]?.at ?? toAt)) / 2;
    const [low, high] = value === null ? [null, null] : [point.min ?? value, point.max ?? value];
    return { at, value, low, high };
  });
  const shared = { type: "line", silent: true, showSymbol: false, lineStyle: { width: 0 }, stack: "seen" };
  const scaled = (value: number | null): number | null => (value === null ? null : value / worth);
  return [
    { ...shared, data: rows.map(({ at, low }) => [at, scaled(low)]), stackStrategy: "all" },
    {
      ...shared,
      stackStrategy: "all",
      areaStyle: { color: look.band, opacity: 1 },
      data: rows.map(({ at, low, high }) => [
        at,
        low === null || high === null ? null : (high - low) / worth,
      ]),
    },
    {
      type: "line",
      silent: true,
      showSymbol: false,
      lineStyle: { color: look.ink1, width: 1.2 },
      data: rows.map(({ at, value }) => [at, scaled(value)]),
    },
  ];
}

/** A bar under the plot for each alarm, and a wash over it. */
function stretchSeries({ stretches, toAt }: BacktestDrawn, look: ChartLook): object {
  return {
    type: "custom",
    silent: true,
    z: 0,
    clip: false,
    encode: { x: [0, 1], y: [] },
    data: stretches.map((stretch) => [stretch.fromAt, stretch.toAt ?? toAt]),
    renderItem: (
      { coordSys }: { coordSys: { x: number; y: number; width: number; height: number } },
      api: { value: (dimension: number) => number; coord: (point: number[]) => number[] },
    ) => {
      const [from, to] = [api.coord([api.value(0), 0])[0]!, api.coord([api.value(1), 0])[0]!];
      const width = Math.max(1.5, to - from);
      const bottom = coordSys.y + coordSys.height;
      return {
        type: "group",
        children: [
          {
            type: "rect",
            shape: { x: from, y: coordSys.y, width, height: coordSys.height },
            style: { fill: look.line },
          },
          {
            type: "rect",
            shape: { x: from, y: bottom + 4, width, height: lane },
            style: { fill: look.ink1 },
          },
        ],
      };
    },
  };
}
