/** A figure over the period: how did it go, when did it leave what is usual, and when did it come back? */

import type { ChartPoint, ChartSeries } from "../../../shared/briefing.ts";
import type { CalendarUnit } from "../../../shared/city-time.ts";
import { timeTicks } from "../../../shared/time-ticks.ts";
import { placeLabels, type Box } from "./place.ts";
import { linear, pathOf, roundMarks, type Place, type Scale } from "./scale.ts";
import { endOf, extent, gapsOf, isOutside, middleOf, strokes, usualOf } from "./series.ts";
import { breakShape, gapShape, pen, targetLine, usualShape } from "./sparkline.ts";
import { drawing, element, hatchPattern, label, paint, textSize, type ChartLook } from "./svg.ts";
import { textWidth } from "./text-width.ts";

/** How axes are written: the city's zone and the language's figures. */
export interface AxisWords {
  readonly zone: string;
  readonly value: (value: number) => string;
  readonly tick: (at: number, unit: CalendarUnit) => string;
}

/** Words in the plot. */
export interface LineWords {
  /** Of the point furthest from what it should be: `44 at 19:00`. */
  readonly extreme: { readonly point: ChartPoint; readonly words: string } | null;
  readonly missing: string;
  readonly redefined: string;
}

const top = 12;
const right = 6;
const axisHeight = 26;
const lineHeight = textSize + 6;

/** The line is heavy where it lies outside what is usual. Words that find no room are left to the text beside it. */
export function lineChart(
  series: Pick<ChartSeries, "points" | "breaks" | "target">,
  { axes, words }: { readonly axes: AxisWords; readonly words: LineWords },
  look: ChartLook,
  height = 210,
): string {
  const { points, breaks, target } = series;
  const drawn = extent([
    ...points.flatMap(({ value, low, high }) => [value, low, high].filter((one) => one !== null)),
    ...(target === null ? [] : [target]),
  ]) ?? [0, 1];
  const marks = roundMarks(...drawn, 3);
  const written = marks.map(axes.value);
  const left = Math.ceil(Math.max(...written.map((text) => textWidth(text, textSize)))) + 10;
  const plot: Plot = { left, right: look.width - right, bottom: height - axisHeight };
  const span = { fromAt: points[0]?.at ?? 0, toAt: endOf(points) };
  const x = linear(span.fromAt, span.toAt, plot.left, plot.right);
  const y = linear(marks[0]!, marks.at(-1)!, plot.bottom, top);
  const gaps = gapsOf(points);
  const places = strokes(series).map((point) => point && { x: x(point.at), y: y(point.value) });
  const content = [
    ...usualOf(points).map((stretch) => usualShape(stretch, x, y)),
    ...marks.map((value, i) => {
      const rule = element("path", {
        d: `M${left} ${y(value).toFixed(1)}H${plot.right}`,
        stroke: paint.line,
      });
      return rule + label(left - 8, y(value) + 4.5, written[i]!, { anchor: "end" });
    }),
    gaps.length > 0 ? hatchPattern(look.id) : "",
    ...gaps.map((gap) => gapShape(gap, look.id, x, top, plot.bottom)),
    target === null ? "" : targetLine(left, plot.right, y(target)),
    element("path", { d: pathOf(places), ...pen(paint.ink2, 1.6) }),
    element("path", { d: pathOf(outsideParts(series, x, y)), ...pen(paint.ink0, 3) }),
    ...breaks.map((at) => breakShape(x(at), top, plot.bottom)),
    timeAxis(span, axes, x, look.width, height),
    extremePoint(words.extreme, points, x, y),
    ...wordsIn(plot, places, wantedWords(words, series, x, y)),
  ];
  return drawing(look, height, content.join(""));
}

/** The parts of the line of which one end lies outside what is usual. */
function outsideParts(series: Pick<ChartSeries, "points" | "breaks">, x: Scale, y: Scale): (Place | null)[] {
  const { points } = series;
  const outsideAt = new Set(points.filter(isOutside).map(({ at }) => middleOf(at, points)));
  const line = strokes(series);
  return line.map((point, i) => {
    const isDrawn = [line[i - 1], point, line[i + 1]].some((one) => one && outsideAt.has(one.at));
    return point && isDrawn ? { x: x(point.at), y: y(point.value) } : null;
  });
}

/** Marks of time under the plot, as many as find room beside each other. */
export function timeAxis(
  { fromAt, toAt }: { readonly fromAt: number; readonly toAt: number },
  { zone, tick }: Pick<AxisWords, "zone" | "tick">,
  x: Scale,
  width: number,
  height: number,
): string {
  const { at, unit } = timeTicks(fromAt, toAt, zone, Math.max(Math.floor((x(toAt) - x(fromAt)) / 72), 2));
  let free = 0;
  return at
    .map((instant) => {
      const text = tick(instant, unit);
      const half = textWidth(text, textSize) / 2;
      const centre = Math.min(Math.max(x(instant), half), width - half);
      if (centre - half < free) return "";
      free = centre + half + 12;
      const mark = element("path", {
        d: `M${x(instant).toFixed(1)} ${height - axisHeight}v5`,
        stroke: paint.edge,
      });
      return mark + label(centre, height - 5, text, { anchor: "middle" });
    })
    .join("");
}

function extremePoint(
  extreme: LineWords["extreme"],
  points: readonly ChartPoint[],
  x: Scale,
  y: Scale,
): string {
  if (extreme?.point.value == null) return "";
  return element("circle", {
    cx: x(middleOf(extreme.point.at, points)),
    cy: y(extreme.point.value),
    r: 4,
    fill: paint.ink0,
  });
}

interface Plot {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

interface WantedWords {
  readonly text: string;
  readonly isStrong: boolean;
  readonly x: number;
  /** `null`: anywhere above or below its place. */
  readonly y: number | null;
}

function wantedWords(
  { extreme, missing, redefined }: LineWords,
  { points, breaks }: Pick<ChartSeries, "points" | "breaks">,
  x: Scale,
  y: Scale,
): WantedWords[] {
  return [
    ...(extreme?.point.value == null
      ? []
      : [
          {
            x: x(middleOf(extreme.point.at, points)),
            y: y(extreme.point.value),
            text: extreme.words,
            isStrong: true,
          },
        ]),
    ...breaks.map((at) => ({ x: x(at), y: null, text: redefined, isStrong: false })),
    ...gapsOf(points).map((gap) => ({ x: x(gap.toAt), y: null, text: missing, isStrong: false })),
  ];
}

/** None lies over another or over the line. */
function wordsIn(
  { left, right: end, bottom }: Plot,
  places: readonly (Place | null)[],
  wanted: readonly WantedWords[],
): string[] {
  const room = { x: left, y: 0, width: end - left, height: bottom - 2 };
  const boxes = placeLabels(
    wanted.map((one) => besides(one, bottom)),
    room,
    lineBoxes(places),
  );
  return wanted.map(({ text, isStrong }, i) => {
    const box = boxes[i];
    const ink = isStrong ? paint.ink0 : paint.ink2;
    return box ? label(box.x + 7, box.y + textSize, text, { fill: ink, weight: isStrong ? 600 : 400 }) : "";
  });
}

/** Right, then left of its place; without a height of its own from the bottom to the top of the plot. */
function besides({ x, y, text, isStrong }: WantedWords, bottom: number): Box[] {
  const width = textWidth(text, textSize, isStrong ? 600 : 400) + 14;
  const rows = Array.from(
    { length: Math.floor((bottom - top) / lineHeight) },
    (_, i) => bottom - 4 - (i + 1) * lineHeight,
  );
  const heights =
    y === null ? rows : [-0.5, 0.3, -1.3, 0.8, -1.8, -2.4].map((lines) => y + lines * lineHeight);
  const further = isStrong ? [1, 2, 3, 4].map((step) => x - width - step * 24) : [];
  const starts = [x, x - width, ...further];
  return starts.flatMap((start) => heights.map((from) => ({ x: start, y: from, width, height: lineHeight })));
}

/** The line as small boxes that words keep out of. */
function lineBoxes(places: readonly (Place | null)[]): Box[] {
  return places.flatMap((place, i) => {
    if (!place) return [];
    const next = places[i + 1] ?? place;
    const steps = Math.max(Math.ceil(Math.hypot(next.x - place.x, next.y - place.y) / 6), 1);
    return Array.from({ length: steps }, (_, step) => ({
      x: place.x + ((next.x - place.x) * step) / steps - 3,
      y: place.y + ((next.y - place.y) * step) / steps - 3,
      width: 6,
      height: 6,
    }));
  });
}
