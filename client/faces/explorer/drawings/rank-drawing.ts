/** Which groups led when: their places over time. Pure. */

import { ranksOf } from "../../../charts/rank-shape.ts";
import { timeTicks } from "../../../../shared/time-ticks.ts";
import { formatBucket, formatTick } from "../../../words/format-date.ts";
import {
  bucketInWords,
  middles,
  pointCell,
  readoutInWords,
  timeCell,
  timeWalk,
  type Drawing,
  type Figure,
  type Paper,
} from "./drawing.ts";
import { readout, tooltipStyle } from "../../../charts/readout.ts";
import { textWidth } from "../../../charts/text-width.ts";

/** Places that are drawn. */
const shownAtMost = 12;
const coloured = 5;

export function rankDrawing(figures: readonly Figure[], paper: Paper): Drawing {
  const { look, scale, width, words, zone, bucket, stretch } = paper;
  const { t, language } = words;
  const ranks = ranksOf(figures.map(({ points }) => points));
  const newest = (places: readonly (number | null)[]): number =>
    places.findLast((one) => one !== null) ?? Number.POSITIVE_INFINITY;
  const order = figures
    .map((figure, i) => ({ figure, places: ranks[i]!, last: newest(ranks[i]!) }))
    .toSorted((a, b) => a.last - b.last);
  const shown = order.filter(({ places }) => places.some((place) => place !== null && place <= shownAtMost));
  const deepest = Math.min(shownAtMost, Math.max(1, figures.length));
  const room = Math.min(
    Math.max(...shown.map(({ figure }) => textWidth(figure.title, 12 * scale)), 0) + 16 * scale,
    width * 0.3,
  );
  const grid = { left: 40 * scale, right: room, top: 30 * scale, height: deepest * 28 * scale };
  const { at, unit } = timeTicks(
    stretch.fromAt,
    stretch.toAt,
    zone,
    Math.max(2, Math.floor((width - room) / (78 * scale))),
  );
  const points = figures[0]?.points ?? [];
  const x = middles(points, bucket);
  const readAt = (instant: number) => {
    const i = points.findLastIndex((point) => point.at <= instant);
    if (i < 0) return null;
    const lines = order
      .filter(({ places }) => places[i] !== null)
      .toSorted((a, b) => a.places[i]! - b.places[i]!)
      .slice(0, shownAtMost)
      .map(({ figure, places }) => ({
        name: t("explorer.ranks.placed", { place: places[i]!, title: figure.title }),
        value: pointCell(figure.points[i], figure.unit, paper).text,
        color: null,
      }));
    return { heading: formatBucket(points[i]!.at, bucket, zone, language), lines };
  };
  return {
    height: grid.top + grid.height + 32 * scale,
    isTime: true,
    walk: timeWalk(points, paper, (instant) => {
      const read = readAt(instant);
      return read === null ? "" : readoutInWords(read.heading, read.lines, words);
    }),
    note: [t("explorer.notes.ranks"), bucketInWords(bucket, words)].join(" · "),
    findings: [],
    table: {
      columns: [
        { title: t("explorer.table.time"), isFigure: false },
        { title: t("explorer.table.place"), isFigure: true },
        { title: t("explorer.table.group"), isFigure: false },
        { title: t("explorer.table.value"), isFigure: true },
      ],
      rows: points.flatMap((row, i) =>
        figures
          .map((figure, k) => ({ figure, place: ranks[k]![i] ?? null }))
          .filter(({ place }) => place !== null)
          .toSorted((a, b) => a.place! - b.place!)
          .map(({ figure, place }) => [
            timeCell(row.at, paper),
            { sort: place, text: String(place) },
            { sort: figure.title, text: figure.title },
            pointCell(figure.points[i], figure.unit, paper),
          ]),
      ),
    },
    option: {
      animation: false,
      backgroundColor: look.page,
      textStyle: { fontFamily: look.font, fontSize: 12 * scale },
      grid,
      xAxis: {
        type: "value",
        min: stretch.fromAt,
        max: stretch.toAt,
        axisLine: { lineStyle: { color: look.edge }, onZero: false },
        axisTick: { show: true, customValues: at, lineStyle: { color: look.edge } },
        axisLabel: {
          customValues: at,
          color: look.ink3,
          fontSize: 12 * scale,
          hideOverlap: true,
          formatter: (tick: number) => formatTick(tick, unit, zone, language),
        },
        splitLine: { show: false },
        axisPointer: { label: { show: false } },
      },
      yAxis: {
        type: "value",
        inverse: true,
        min: 0.5,
        max: deepest + 0.5,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          customValues: Array.from({ length: deepest }, (_, i) => i + 1),
          color: look.ink3,
          fontSize: 12 * scale,
        },
        splitLine: { show: false },
        axisPointer: { show: false },
      },
      tooltip: {
        trigger: "axis",
        ...tooltipStyle(paper),
        formatter: (shownAt: unknown) => {
          const [first] = shownAt as { axisValue?: number }[];
          const read = readAt(Number(first?.axisValue));
          return read === null ? "" : readout(read.heading, read.lines);
        },
      },
      series: shown.map(({ figure, places }, i) => {
        const color = i < coloured ? look.data[i]! : look.ink3;
        return {
          type: "line",
          silent: true,
          symbol: "circle",
          symbolSize: 7 * scale,
          connectNulls: false,
          color,
          itemStyle: { color },
          lineStyle: { color, width: (i < coloured ? 2 : 1) * scale },
          z: i < coloured ? 4 : 2,
          data: places.map((place, k) => [x[k]!, place === null || place > shownAtMost ? null : place]),
          endLabel: {
            // Who has left the places shown has no line that ends beside its name.
            show: (places.at(-1) ?? newest(places)) <= shownAtMost,
            formatter: figure.title,
            color: i < coloured ? look.ink1 : look.ink3,
            fontSize: 12 * scale,
            distance: 8 * scale,
            width: room - 16 * scale,
            overflow: "truncate",
          },
        };
      }),
    },
  };
}
