/** What stands in a drawing over time besides its values: gaps, the target, the present, and what happened. Pure. */

import type { SeriesPoint } from "../../../../shared/series.ts";
import { gapsOf } from "../../../charts/series-shape.ts";
import { valueInWords } from "../../../words/format-value.ts";
import { type Figure, type Mark, type Paper } from "./drawing.ts";
import { textWidth } from "../../../charts/text-width.ts";

/** The drawing that marks stand in. */
interface Marked {
  readonly figures: readonly Figure[];
  /** Least and greatest value, in the figures' unit. */
  readonly low: number;
  readonly high: number;
  /** What one unit of its axis is worth. */
  readonly worth: number;
  /** CSS pixels. */
  readonly width: number;
}

/** What the values are compared with where they stand on each other, dashed over them: a value for each `x`. */
export function comparedLine(
  axes: object,
  x: readonly number[],
  values: readonly (number | null)[],
  { look, scale }: Paper,
): object {
  return {
    ...axes,
    type: "line",
    silent: true,
    showSymbol: false,
    z: 6,
    lineStyle: { color: look.ink0, width: 1.4 * scale, type: [4, 3] },
    data: x.map((at, i) => [at, values[i] ?? null]),
  };
}

/** The target, the present, and what happened. */
export function markSeries({ figures, worth, low, high, width }: Marked, axes: object, paper: Paper) {
  const {
    look,
    scale,
    stretch,
    now,
    marks,
    words: { t, language },
  } = paper;
  const { target, better, unit } = figures[0]!;
  const roomOf = (label: string): number =>
    ((textWidth(label, 12 * scale) + 8 * scale) * (stretch.toAt - stretch.fromAt)) / width;
  const reach = (high - low || 1) * 0.6;
  const showsTarget =
    figures.length === 1 &&
    target !== null &&
    better !== "neither" &&
    target > low - reach &&
    target < high + reach;
  const text = {
    color: look.ink2,
    fontSize: 12 * scale,
    textBorderColor: look.page,
    textBorderWidth: 3 * scale,
  };
  return {
    ...axes,
    type: "line",
    data: [],
    silent: true,
    markLine: {
      symbol: "none",
      silent: true,
      animation: false,
      data: [
        ...(showsTarget
          ? [
              {
                yAxis: target / worth,
                lineStyle: { color: look.ink2, type: "dotted" },
                label: {
                  ...text,
                  position: "insideStartTop",
                  formatter: t("charts.target", { figure: valueInWords(target, unit, language) }),
                },
              },
            ]
          : []),
        ...(now > stretch.fromAt && now < stretch.toAt
          ? [
              {
                xAxis: now,
                lineStyle: { color: look.ink0, type: "solid", width: scale },
                label: {
                  ...text,
                  show: paper.forecasts.size > 0,
                  position: "end",
                  // Numbers of what happened stand left of it.
                  align: "left",
                  formatter: t("explorer.forecast.now"),
                  distance: 2 * scale,
                },
              },
            ]
          : []),
        ...spaced(marks, roomOf, roomOf("") / 3).map(({ at, label }) => ({
          xAxis: at,
          lineStyle: { color: look.edge, type: "solid", width: scale },
          label: { ...text, position: "end", formatter: label, distance: 2 * scale },
        })),
      ],
    },
  };
}

/**
 * Marks whose labels would touch share one number: `3–5`, over the first of them, and of lines nearer than `leastMs` the first
 * is enough. `roomOf`: how long a label is, in milliseconds.
 */
export function spaced(marks: readonly Mark[], roomOf: (label: string) => number, leastMs: number): Mark[] {
  const shown: { at: number; first: string; last: string; others: number[] }[] = [];
  for (const { at, label } of marks) {
    const before = shown.at(-1);
    const written =
      before && (before.first === before.last ? before.first : `${before.first}–${before.last}`);
    if (before && at - before.at < (roomOf(written!) + roomOf(label)) / 2) {
      before.last = label;
      before.others.push(at);
    } else shown.push({ at, first: label, last: label, others: [] });
  }
  return shown.flatMap(({ at, first, last, others }) => {
    const lines = [{ at, label: first === last ? first : `${first}–${last}` }];
    for (const other of others) if (other - lines.at(-1)!.at >= leastMs) lines.push({ at: other, label: "" });
    return lines;
  });
}

interface CustomApi {
  value: (dimension: number) => number;
  coord: (data: [number, number]) => [number, number];
}

/** Where nothing was known: a hatch, and the reason where there is room for it. */
export function gapSeries(
  points: readonly SeriesPoint[],
  axes: object,
  { stretch, words: { t }, look, scale, now }: Paper,
) {
  const gaps = gapsOf(points, Math.min(stretch.toAt, now));
  return {
    ...axes,
    type: "custom",
    silent: true,
    tooltip: { show: false },
    z: 0,
    clip: true,
    data: gaps.map(({ fromAt, toAt }) => [fromAt, toAt]),
    encode: { x: [0, 1], y: [] },
    renderItem: (
      params: { dataIndex: number; coordSys: { x: number; y: number; width: number; height: number } },
      api: CustomApi,
    ) => {
      const { x: gridX, y, width, height } = params.coordSys;
      const left = Math.max(api.coord([api.value(0), 0])[0], gridX);
      const right = Math.min(api.coord([api.value(1), 0])[0], gridX + width);
      if (right - left < 1) return null;
      const reason = t(`explorer.gaps.${gaps[params.dataIndex]!.reason}`);
      const fits = textWidth(reason, 12 * scale) + 12 * scale < right - left;
      return {
        type: "group",
        silent: true,
        children: [
          ...hatch(left, right, y, height, 9 * scale).map((shape) => ({
            type: "line",
            shape,
            style: { stroke: look.line, lineWidth: scale },
          })),
          ...(fits
            ? [
                {
                  type: "text",
                  style: {
                    text: reason,
                    x: (left + right) / 2,
                    y: y + 6 * scale,
                    align: "center",
                    fill: look.ink3,
                    fontSize: 12 * scale,
                    fontFamily: look.font,
                    stroke: look.page,
                    lineWidth: 4 * scale,
                  },
                },
              ]
            : []),
        ],
      };
    },
  };
}

/** Slanted lines that fill a box, cut at its edges. */
function hatch(left: number, right: number, top: number, height: number, step: number) {
  const lines: { x1: number; y1: number; x2: number; y2: number }[] = [];
  const bottom = top + height;
  for (let foot = Math.ceil((left - height) / step) * step; foot < right; foot += step) {
    const x1 = Math.max(foot, left);
    const x2 = Math.min(foot + height, right);
    if (x1 < x2) lines.push({ x1, y1: bottom - (x1 - foot), x2, y2: bottom - (x2 - foot) });
  }
  return lines;
}
