/** Two figures set against each other, bucket by bucket. Pure. */

import type { UsedWords } from "../../../words/words.ts";
import { bestLag, relate, type Pair } from "../../../charts/relation-shape.ts";
import { formatBucket } from "../../../words/format-date.ts";
import { formatNumber } from "../../../words/format-number.ts";
import { axisScale } from "../../../words/format-value.ts";
import {
  bucketInWords,
  numberCell,
  readoutInWords,
  timeCell,
  type Cell,
  type Drawing,
  type Figure,
  type Paper,
} from "./drawing.ts";
import { readout, tooltipStyle } from "../../../charts/readout.ts";

/** Lags that are tried for the strongest correlation, in buckets each way. */
const triedLags = 48;

/** The strongest lag of the first two figures, for who offers it. */
export function strongestLag([x, y]: readonly Figure[]): { lag: number; correlation: number } | null {
  return x && y ? bestLag(x.points, y.points, triedLags) : null;
}

/**
 * `figures`: the first lies on the horizontal axis, the second on the vertical one; `lag` buckets later. What they are
 * compared with lies among them, hollow.
 */
export function relationDrawing(figures: readonly Figure[], lag: number, paper: Paper): Drawing {
  const [x, y] = figures as readonly [Figure, Figure];
  const { look, scale, width, words, zone, bucket } = paper;
  const against = paper.comparedWith ?? "";
  const { t, language } = words;
  const { pairs, correlation, line } = relate(x.points, y.points, lag);
  const before = x.compare === null || y.compare === null ? null : relate(x.compare, y.compare, lag);
  const hollow = before?.pairs ?? [];
  const marks = [...hollow, ...pairs];
  const [scaleX, scaleY] = [
    axisScale(x.unit, language, Math.max(...marks.map((pair) => Math.abs(pair.x)), 0)),
    axisScale(y.unit, language, Math.max(...marks.map((pair) => Math.abs(pair.y)), 0)),
  ];
  const lows = pairs.map((pair) => pair.x);
  const ends = line === null ? [] : [Math.min(...lows), Math.max(...lows)];
  const height = Math.min(width * 0.7, paper.room) + 60 * scale;
  const axis = (title: string, write: (shown: number) => string) => ({
    type: "value",
    scale: true,
    name: title,
    nameTextStyle: { color: look.ink2, fontSize: 12 * scale },
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: look.ink3, fontSize: 12 * scale, formatter: write, hideOverlap: true },
    splitLine: { lineStyle: { color: look.line } },
  });
  const strongest = strongestLag(figures);
  const readAt = (pair: Pair) => {
    return {
      heading: formatBucket(pair.at, bucket, zone, language),
      lines: [
        { name: x.title, value: numberCell(pair.x, x.unit, paper).text, color: null },
        { name: y.title, value: numberCell(pair.y, y.unit, paper).text, color: null },
      ],
    };
  };
  const said = (value: number): string => formatNumber(value, 2, language);
  const dots = (of: readonly Pair[]) => ({
    type: "scatter",
    symbolSize: 6 * scale,
    data: of.map((pair) => [pair.x / scaleX.worth, pair.y / scaleY.worth]),
    tooltip: {
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const { heading, lines } = readAt(of[dataIndex]!);
        return readout(heading, lines);
      },
    },
  });
  return {
    height,
    isTime: false,
    // From pair to pair in the order of their time.
    walk: {
      stops: marks.length,
      from: marks.length - 1,
      right: 1,
      down: 0,
      place: (stop) =>
        stop < hollow.length ? { series: 2, index: stop } : { series: 0, index: stop - hollow.length },
      words: (stop) => {
        const { heading, lines } = readAt(marks[stop]!);
        return readoutInWords(heading, lines, words);
      },
    },
    note: [
      bucketInWords(bucket, words),
      ...(lag === 0 ? [] : [lagInWords(lag, words)]),
      ...(before === null ? [] : [t("explorer.notes.hollow", { with: against })]),
    ].join(" · "),
    findings: [
      correlation === null
        ? t("explorer.relation.none", { count: pairs.length })
        : t("explorer.relation.found", { r: said(correlation), count: pairs.length }),
      ...(before === null
        ? []
        : [
            before.correlation === null
              ? t("explorer.relation.noneBefore", { with: against, count: hollow.length })
              : t("explorer.relation.before", {
                  with: against,
                  r: said(before.correlation),
                  count: hollow.length,
                }),
          ]),
      ...(strongest === null || strongest.lag === lag
        ? []
        : [
            t("explorer.relation.strongest", {
              lag: lagInWords(strongest.lag, words),
              r: said(strongest.correlation),
            }),
          ]),
      t("explorer.relation.caution"),
    ],
    table: {
      columns: [
        { title: t("explorer.table.time"), isFigure: false },
        { title: x.title, isFigure: true },
        { title: y.title, isFigure: true },
        ...(before === null ? [] : [{ title: t("explorer.table.stretch"), isFigure: false }]),
      ],
      rows: marks.map((pair, i) => [
        timeCell(pair.at, paper),
        numberCell(pair.x, x.unit, paper),
        numberCell(pair.y, y.unit, paper),
        ...(before === null ? [] : [stretchCell(i < hollow.length, paper)]),
      ]),
    },
    option: {
      animation: false,
      backgroundColor: look.page,
      textStyle: { fontFamily: look.font, fontSize: 12 * scale },
      grid: { left: 60 * scale, right: 24 * scale, top: 34 * scale, bottom: 52 * scale },
      tooltip: { trigger: "item", ...tooltipStyle(paper) },
      xAxis: {
        ...axis(withUnit(x.title, scaleX.unit), scaleX.write),
        nameLocation: "middle",
        nameGap: 30 * scale,
      },
      yAxis: {
        ...axis(withUnit(y.title, scaleY.unit), scaleY.write),
        nameLocation: "end",
        nameTextStyle: {
          color: look.ink2,
          align: "left",
          fontSize: 12 * scale,
          padding: [0, 0, 0, -50 * scale],
        },
      },
      series: [
        {
          ...dots(pairs),
          z: 3,
          itemStyle: { color: look.data[0], opacity: 0.6 },
          emphasis: { scale: 2, itemStyle: { opacity: 1, borderColor: look.ink0, borderWidth: 1.5 * scale } },
        },
        {
          type: "line",
          silent: true,
          showSymbol: false,
          lineStyle: { color: look.ink1, width: 1.4 * scale, type: [4, 3] },
          data: ends.map((end) => [end / scaleX.worth, (line!.slope * end + line!.intercept) / scaleY.worth]),
        },
        {
          ...dots(hollow),
          z: 2,
          itemStyle: { color: "transparent", borderColor: look.ink2, borderWidth: 1.1 * scale },
          emphasis: { scale: 2, itemStyle: { borderColor: look.ink0, borderWidth: 1.5 * scale } },
        },
      ],
    },
  };
}

function stretchCell(isCompared: boolean, { comparedWith, words: { t } }: Paper): Cell {
  const text = isCompared ? (comparedWith ?? "") : t("explorer.table.shown");
  return { sort: text, text };
}

function lagInWords(lag: number, { t }: UsedWords): string {
  if (lag === 0) return t("explorer.relation.together");
  return t(lag > 0 ? "explorer.relation.later" : "explorer.relation.earlier", { count: Math.abs(lag) });
}

function withUnit(title: string, unit: string): string {
  return unit === "" ? title : `${title} · ${unit}`;
}
