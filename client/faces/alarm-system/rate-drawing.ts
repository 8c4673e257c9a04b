/** New alarms over time against what one operator can take in, as an ECharts option. Pure. */

import type { EChartsCoreOption } from "echarts/core";
import type { AlarmFiguresAnswer } from "../../../shared/alarms.ts";
import type { ChartLook } from "../../charts/chart-look.ts";
import type { Walk } from "../../charts/chart-walk.ts";
import { readout, tooltipStyle } from "../../charts/readout.ts";
import { timeTicks } from "../../../shared/time-ticks.ts";
import { formatInstant, formatTick } from "../../words/format-date.ts";
import type { UsedWords } from "../../words/words.ts";
import { rateBars, type RateBar } from "./rate-bars.ts";

export interface RatePaper {
  readonly look: ChartLook;
  /** CSS pixels. */
  readonly width: number;
  readonly zone: string;
  readonly words: UsedWords;
}

export interface RateDrawing {
  readonly option: EChartsCoreOption;
  readonly walk: Walk;
  /** What a bar is. */
  readonly note: string;
}

const plot = { left: 40, right: 16, top: 20, bottom: 28 };
/** CSS pixels of the narrowest bar. */
const barWidth = 3;
const acceptable = 1;
const flood = 10;

export function rateDrawing(figures: AlarmFiguresAnswer, paper: RatePaper): RateDrawing {
  const { look, width, zone, words } = paper;
  const { t } = words;
  const room = Math.max(width - plot.left - plot.right, 60);
  const { bars, slots } = rateBars(figures, Math.floor(room / barWidth));
  const most = bars.reduce((max, { count }) => Math.max(max, count), 0);
  const span = spanInWords(slots, words);
  const said = (bar: RateBar): { heading: string; count: string } => {
    const time = formatInstant(bar.fromAt, zone, words.language);
    return {
      heading: slots === 1 ? t("system.chart.at", { time }) : t("system.chart.within", { time, span }),
      count: t("system.perTenMinutes", { figure: bar.count }),
    };
  };
  const { at: ticks, unit } = timeTicks(
    figures.fromAt,
    figures.toAt,
    zone,
    Math.max(2, Math.floor(room / 78)),
  );
  const wanted = (bound: number, label: string): object => ({
    yAxis: bound,
    lineStyle: { color: look.ink2, type: "dotted" },
    label: {
      formatter: label,
      position: "insideEndTop",
      color: look.ink2,
      fontSize: 12,
      textBorderColor: look.page,
      textBorderWidth: 3,
    },
  });
  return {
    option: {
      animation: false,
      backgroundColor: look.page,
      textStyle: { fontFamily: look.font, fontSize: 12 },
      grid: plot,
      xAxis: {
        type: "value",
        min: figures.fromAt,
        max: figures.toAt,
        axisLine: { lineStyle: { color: look.edge } },
        axisTick: { customValues: ticks, lineStyle: { color: look.edge }, length: 4 },
        axisLabel: {
          customValues: ticks,
          color: look.ink3,
          hideOverlap: true,
          formatter: (at: number) => formatTick(at, unit, zone, words.language),
        },
        splitLine: { show: false },
        axisPointer: { label: { show: false } },
      },
      yAxis: {
        type: "value",
        min: 0,
        max: Math.max(12, Math.ceil(most * 1.08)),
        minInterval: 1,
        axisLabel: { color: look.ink3, showMaxLabel: false },
        splitLine: { lineStyle: { color: look.line } },
        axisPointer: { show: false },
      },
      series: [
        floodSeries(figures, look),
        barSeries(bars, room, look),
        {
          type: "line",
          data: [],
          silent: true,
          markLine: {
            symbol: "none",
            silent: true,
            animation: false,
            data: [wanted(acceptable, t("system.chart.acceptable")), wanted(flood, t("system.chart.flood"))],
          },
        },
      ],
      axisPointer: { lineStyle: { color: look.edge, type: "solid" } },
      tooltip: {
        trigger: "axis",
        ...tooltipStyle({ look, scale: 1 }),
        formatter: (shown: unknown) => {
          const at = Number((shown as { axisValue?: number }[])[0]?.axisValue ?? Number.NaN);
          const bar = bars.find(({ fromAt, toAt }) => fromAt <= at && at < toAt);
          if (!bar) return "";
          const { heading, count } = said(bar);
          return readout(heading, [{ name: t("system.chart.title"), value: count, color: null }]);
        },
      },
    },
    walk: {
      stops: bars.length,
      from: Math.max(0, bars.length - 1),
      right: 1,
      down: 0,
      place: (stop) => ({ at: middleOf(bars[stop]!) }),
      words: (stop) => t("system.chart.says", said(bars[stop]!)),
    },
    note: slots === 1 ? t("system.chart.each") : t("system.chart.busiest", { span }),
  };
}

function middleOf({ fromAt, toAt }: RateBar): number {
  return (fromAt + toAt) / 2;
}

/** What asked too much of one person is drawn in full ink. */
function barSeries(bars: readonly RateBar[], room: number, look: ChartLook): object {
  const each = room / Math.max(1, bars.length);
  return {
    type: "bar",
    barWidth: Math.max(1, Math.min(each - 1, 24)),
    data: bars.map((bar) => ({
      value: [middleOf(bar), bar.count],
      itemStyle: { color: bar.count > flood ? look.ink0 : look.ink2 },
    })),
    encode: { x: 0, y: 1 },
    clip: true,
  };
}

/** The stretches that were a flood, behind the bars. */
function floodSeries({ floods }: AlarmFiguresAnswer, look: ChartLook): object {
  return {
    type: "custom",
    silent: true,
    tooltip: { show: false },
    z: 0,
    encode: { x: [0, 1], y: [] },
    data: floods.map(({ fromAt, toAt }) => [fromAt, toAt]),
    renderItem: (
      { coordSys }: { coordSys: { x: number; y: number; width: number; height: number } },
      api: { value: (dimension: number) => number; coord: (point: number[]) => number[] },
    ) => {
      const [from, to] = [api.coord([api.value(0), 0])[0]!, api.coord([api.value(1), 0])[0]!];
      const left = Math.max(from, coordSys.x);
      const right = Math.min(Math.max(to, from + 2), coordSys.x + coordSys.width);
      return {
        type: "rect",
        shape: { x: left, y: coordSys.y, width: Math.max(0, right - left), height: coordSys.height },
        style: { fill: look.band },
      };
    },
  };
}

function spanInWords(slots: number, { t }: UsedWords): string {
  const minutes = slots * 10;
  return minutes < 60
    ? t("system.chart.minutes", { count: minutes })
    : t("system.chart.hours", { count: minutes / 60 });
}
