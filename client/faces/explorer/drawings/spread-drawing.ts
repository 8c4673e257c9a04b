/** How a figure's buckets are spread: all of them in bins, and by weekday as boxes. Pure. */

import { spreadOf, type Bin } from "../../../charts/distribution-shape.ts";
import { freshValue } from "../../../charts/series-shape.ts";
import { boxOf, weekdayBoxes, type Box } from "../../../charts/week-shape.ts";
import { weekdayNames } from "../../../words/format-date.ts";
import { axisScale, valueInWords } from "../../../words/format-value.ts";
import {
  bucketInWords,
  numberCell,
  readoutInWords,
  type Drawing,
  type Figure,
  type Paper,
} from "./drawing.ts";
import { readout, tooltipStyle, type ReadoutLine } from "../../../charts/readout.ts";

const mostFigures = 6;

export function spreadDrawing(all: readonly Figure[], paper: Paper): Drawing {
  const { look, scale, width, words } = paper;
  const { t, language } = words;
  const figures = all.slice(0, mostFigures);
  const isNarrow = width < 640 * scale;
  const [head, tall, foot] = [34 * scale, 230 * scale, 40 * scale];
  const columns = isNarrow ? 1 : 2;
  const cell = width / columns;
  const days = weekdayNames(language);
  const spreads = figures.map((figure) => {
    const values = figure.points.flatMap((point) => freshValue(point) ?? []);
    const box = boxOf(values);
    const scaled = axisScale(figure.unit, language, box?.high ?? 0);
    return {
      figure,
      scaled,
      box,
      spread: spreadOf(
        values.map((value) => value / scaled.worth),
        24,
      ),
      boxes: weekdayBoxes(figure.points, paper.zone),
    };
  });
  // Bin by bin, then weekday by weekday; a weekday of which nothing is known is not drawn.
  const stops = spreads.flatMap(({ figure, scaled, spread, boxes }, i) => [
    ...(spread?.bins ?? []).map((bin, index) => ({
      series: 2 * i,
      index,
      read: () => binReadout(bin, scaled, paper),
    })),
    ...boxes
      .flatMap((box, day) => (box === null ? [] : [{ box, day: days[day]! }]))
      .map(({ box, day }, index) => ({
        series: 2 * i + 1,
        index,
        read: () => boxReadout(day, box, figure, paper),
      })),
  ]);
  const grids = spreads.flatMap((_, i) =>
    [0, 1].map((side) => ({
      left: (isNarrow ? 0 : side * cell) + 56 * scale,
      width: cell - 76 * scale,
      top: (isNarrow ? i * 2 + side : i) * (head + tall + foot) + head,
      height: tall,
    })),
  );
  const text = { color: look.ink3, fontSize: 12 * scale };
  const name = (title: string) => ({
    name: title,
    nameLocation: "end",
    nameGap: 14 * scale,
    nameTextStyle: { color: look.ink2, align: "left", fontSize: 12 * scale, padding: [0, 0, 0, -50 * scale] },
  });
  const bare = { axisTick: { show: false }, axisLabel: text };
  return {
    height: Math.max(...grids.map(({ top, height }) => top + height)) + foot,
    isTime: false,
    walk: {
      stops: stops.length,
      from: 0,
      right: 1,
      down: 0,
      place: (stop) => stops[stop]!,
      words: (stop) => {
        const { heading, lines } = stops[stop]!.read();
        return readoutInWords(heading, lines, words);
      },
    },
    note: bucketInWords(paper.bucket, words),
    findings: spreads.flatMap(({ figure, box }) =>
      box === null
        ? []
        : [
            t("explorer.spread.finding", {
              title: figure.title,
              median: valueInWords(box.median, figure.unit, language),
              quarter: valueInWords(box.quarter, figure.unit, language),
              threeQuarters: valueInWords(box.threeQuarters, figure.unit, language),
              count: box.count,
            }),
          ],
    ),
    table: {
      columns: [
        { title: t("explorer.table.figure"), isFigure: false },
        { title: t("explorer.table.weekday"), isFigure: false },
        ...(["least", "quarter", "median", "threeQuarters", "most", "count"] as const).map((one) => ({
          title: t(`explorer.table.${one}`),
          isFigure: true,
        })),
      ],
      rows: spreads.flatMap(({ figure, box, boxes }) =>
        [box, ...boxes].map((one, i) => [
          { sort: figure.title, text: figure.title },
          { sort: i, text: i === 0 ? t("explorer.table.allDays") : days[i - 1]! },
          ...(["low", "quarter", "median", "threeQuarters", "high"] as const).map((part) =>
            numberCell(one?.[part] ?? null, figure.unit, paper),
          ),
          numberCell(one?.count ?? 0, "count", paper),
        ]),
      ),
    },
    option: {
      animation: false,
      backgroundColor: look.page,
      textStyle: { fontFamily: look.font, fontSize: 12 * scale },
      grid: grids,
      tooltip: { trigger: "item", ...tooltipStyle(paper) },
      xAxis: spreads.flatMap(({ scaled, spread }, i) => [
        {
          type: "value",
          gridIndex: 2 * i,
          min: spread?.bins[0]?.from ?? 0,
          max: spread?.bins.at(-1)?.to ?? 1,
          ...bare,
          axisLabel: { ...text, formatter: scaled.write, hideOverlap: true },
          axisLine: { lineStyle: { color: look.edge } },
          splitLine: { show: false },
        },
        {
          type: "value",
          gridIndex: 2 * i + 1,
          scale: true,
          ...bare,
          axisLabel: { ...text, formatter: scaled.write, hideOverlap: true },
          splitLine: { lineStyle: { color: look.line } },
        },
      ]),
      yAxis: spreads.flatMap(({ figure, scaled }, i) => [
        {
          type: "value",
          gridIndex: 2 * i,
          minInterval: 1,
          splitNumber: 4,
          ...bare,
          axisLine: { show: false },
          splitLine: { lineStyle: { color: look.line } },
          ...name(t("explorer.spread.buckets", { title: withUnit(figure.title, scaled.unit) })),
        },
        {
          type: "category",
          gridIndex: 2 * i + 1,
          data: days,
          inverse: true,
          ...bare,
          axisLine: { show: false },
          ...name(t("explorer.spread.weekday", { title: withUnit(figure.title, scaled.unit) })),
          // A reversed axis ends below.
          nameLocation: "start",
        },
      ]),
      series: spreads.flatMap(({ figure, scaled, spread, boxes }, i) => [
        {
          type: "bar",
          xAxisIndex: 2 * i,
          yAxisIndex: 2 * i,
          barWidth: Math.max(grids[2 * i]!.width / Math.max(spread?.bins.length ?? 1, 1) - scale, 1),
          itemStyle: { color: look.data[0] },
          data: (spread?.bins ?? []).map(({ from, to, count }) => [(from + to) / 2, count]),
          tooltip: {
            formatter: ({ dataIndex }: { dataIndex: number }) => {
              const { heading, lines } = binReadout(spread!.bins[dataIndex]!, scaled, paper);
              return readout(heading, lines);
            },
          },
        },
        {
          type: "custom",
          xAxisIndex: 2 * i + 1,
          yAxisIndex: 2 * i + 1,
          encode: { x: [1, 2, 3, 4, 5], y: 0 },
          data: boxes.flatMap((box, day) =>
            box === null
              ? []
              : [
                  [day, box.low, box.quarter, box.median, box.threeQuarters, box.high].map((v, k) =>
                    k === 0 ? v : v / scaled.worth,
                  ),
                ],
          ),
          tooltip: {
            formatter: ({ value }: { value: readonly number[] }) => {
              const day = value[0]!;
              const { heading, lines } = boxReadout(days[day]!, boxes[day]!, figure, paper);
              return readout(heading, lines);
            },
          },
          renderItem: (
            _: unknown,
            api: { value: (i: number) => number; coord: (at: [number, number]) => [number, number] },
          ) => drawBox((k) => api.coord([api.value(k), api.value(0)]), paper),
        },
      ]),
    },
  };
}

function withUnit(text: string, unit: string): string {
  return unit === "" ? text : `${text} · ${unit}`;
}

/** Whiskers to the extremes, a bar over the middle half, a dot at the median. */
function drawBox(at: (dimension: number) => [number, number], { look, scale }: Paper) {
  const [low, y] = at(1);
  const [quarter, median, threeQuarters, high] = [2, 3, 4, 5].map((k) => at(k)[0]) as [
    number,
    number,
    number,
    number,
  ];
  const stroke = { stroke: look.ink3, lineWidth: scale };
  const half = 6 * scale;
  return {
    type: "group",
    children: [
      { type: "line", shape: { x1: low, y1: y, x2: high, y2: y }, style: stroke },
      ...[low, high].map((x) => ({
        type: "line",
        shape: { x1: x, y1: y - 4 * scale, x2: x, y2: y + 4 * scale },
        style: stroke,
      })),
      {
        type: "rect",
        shape: { x: quarter, y: y - half, width: Math.max(threeQuarters - quarter, scale), height: 2 * half },
        style: { fill: look.ramp[4] },
      },
      {
        type: "circle",
        shape: { cx: median, cy: y, r: 4 * scale },
        style: { fill: look.ink0, stroke: look.page, lineWidth: scale },
      },
    ],
  };
}

interface Read {
  readonly heading: string;
  readonly lines: readonly ReadoutLine[];
}

function binReadout(
  { from, to, count }: Bin,
  { write, unit }: ReturnType<typeof axisScale>,
  paper: Paper,
): Read {
  const { t } = paper.words;
  const between = t("explorer.ramp.step", { from: write(from), to: write(to) });
  const value = numberCell(count, "count", paper).text;
  return {
    heading: withUnit(between, unit),
    lines: [{ name: t("explorer.table.count"), value, color: null }],
  };
}

function boxReadout(day: string, box: Box, { unit }: Figure, paper: Paper): Read {
  const { t } = paper.words;
  const line = (name: string, value: number) => ({
    name,
    value: numberCell(value, unit, paper).text,
    color: null,
  });
  return {
    heading: day,
    lines: [
      line(t("explorer.table.most"), box.high),
      line(t("explorer.table.threeQuarters"), box.threeQuarters),
      line(t("explorer.table.median"), box.median),
      line(t("explorer.table.quarter"), box.quarter),
      line(t("explorer.table.least"), box.low),
    ],
  };
}
