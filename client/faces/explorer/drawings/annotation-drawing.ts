/** Annotations over a chart: their words in lanes above it, and hairlines down to the axis at their ends. Pure. */

import type { Priority } from "../../../../shared/alarms.ts";
import { placeAnnotations, type Placed, type Spanned } from "../../../charts/annotation-lanes.ts";
import { type Paper } from "./drawing.ts";
import { textWidth } from "../../../charts/text-width.ts";

/** One that is drawn; `isDraft` while it is being written. */
export interface DrawnAnnotation extends Spanned {
  readonly isDraft: boolean;
  /** Of an alarm; `null`: somebody wrote it. */
  readonly priority: Priority | null;
}

/** More lanes would take the chart's room. */
const mostLanes = 3;
const laneHeight = 18;
const longestWords = 240;
const wordsGap = 7;

interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Lanes {
  readonly placed: readonly Placed<DrawnAnnotation>[];
  /** CSS pixels that they take above the plot. */
  readonly height: number;
}

/** The annotations of a plot that is `width` CSS pixels wide. */
export function annotationLanes(width: number, { annotations, stretch, scale }: Paper): Lanes {
  const placed = placeAnnotations(annotations, {
    ...stretch,
    width,
    lanes: mostLanes,
    longest: Math.min(longestWords * scale, width / 2),
    gap: wordsGap * scale,
    widthOf: (text) => textWidth(text, 12 * scale),
  });
  const lanes = placed.reduce((most, { lane }) => Math.max(most, (lane ?? 0) + 1), 0);
  return { placed, height: lanes * laneHeight * scale };
}

/** `lanes`: over the plot, or `null` for hairlines alone. `under`: pixels between the lowest lane and the plot. */
export function annotationSeries(
  plot: Plot,
  { placed, height }: Lanes,
  hasWords: boolean,
  under: number,
  axes: object,
  paper: Paper,
): object {
  const top = plot.top - under - height;
  const children = placed.flatMap((one) => [
    ...hairlines(one, plot, hasWords ? lineTop(one, top, paper) : plot.top, paper),
    ...(hasWords && one.lane !== null ? words(one, plot.left, lineTop(one, top, paper), paper) : []),
  ]);
  return {
    ...axes,
    type: "custom",
    silent: true,
    tooltip: { show: false },
    z: 4,
    clip: false,
    encode: { x: 0, y: [] },
    data: children.length === 0 ? [] : [[paper.stretch.fromAt]],
    renderItem: () => ({ type: "group", silent: true, children }),
  };
}

/** The bar of a lane; of one without words the lowest lane's. */
function lineTop({ lane }: Placed<DrawnAnnotation>, top: number, { scale }: Paper): number {
  return top + ((lane ?? mostLanes - 1) + 1) * laneHeight * scale - 3 * scale;
}

function inkOf({ item }: Placed<DrawnAnnotation>, { look }: Paper): string {
  if (item.priority !== null) return look.priorities[item.priority];
  return item.isDraft ? look.select : look.ink2;
}

/** A moment, or a stretch that is no longer than a mark. */
function isShort({ left, right }: Placed<DrawnAnnotation>, { scale }: Paper): boolean {
  return right - left < 5 * scale;
}

function hairlines(one: Placed<DrawnAnnotation>, plot: Plot, from: number, paper: Paper): object[] {
  const { scale } = paper;
  const ends = [
    ...(one.goesOnLeft ? [] : [one.left]),
    ...(one.goesOnRight || isShort(one, paper) ? [] : [one.right]),
  ];
  return ends.map((x) => ({
    type: "line",
    shape: { x1: plot.left + x, x2: plot.left + x, y1: from, y2: plot.top + plot.height },
    style: { stroke: inkOf(one, paper), lineWidth: scale, lineDash: [2 * scale, 3 * scale], opacity: 0.8 },
  }));
}

/** The shape of an alarm's priority where it begins: its number and word are in the text. */
function shapeOf(priority: Priority, x: number, y: number, ink: string, scale: number): object {
  const r = 5 * scale;
  const points = {
    critical: [[-r, -r], [r, -r], [r, r], [-r, r]],
    high: [[0, -r], [r, r], [-r, r]],
    medium: [[-r, -r], [r, -r], [0, r]],
    low: [[0, -r], [r, 0], [0, r], [-r, 0]],
  }[priority]; // prettier-ignore
  return {
    type: "polygon",
    shape: { points: points.map(([dx, dy]) => [x + dx!, y + dy!]) },
    style: { fill: ink },
  };
}

/** A bar from end to end (a square for a moment), pointed where it goes on, and the words over it. */
function words(one: Placed<DrawnAnnotation>, plotLeft: number, y: number, paper: Paper): object[] {
  const { look, scale } = paper;
  const ink = inkOf(one, paper);
  const [left, right] = [plotLeft + one.left, plotLeft + one.right];
  const point = (x: number, way: 1 | -1): object => ({
    type: "polygon",
    shape: {
      points: [
        [x, y],
        [x - way * 6 * scale, y - 3 * scale],
        [x - way * 6 * scale, y + 3 * scale],
      ],
    },
    style: { fill: ink },
  });
  const mark = one.item.priority === null ? [] : [shapeOf(one.item.priority, left, y, ink, scale)];
  const bar = isShort(one, paper)
    ? [
        ...mark,
        {
          type: "rect",
          shape: { x: left - 2.5 * scale, y: y - 2.5 * scale, width: 5 * scale, height: 5 * scale },
          style: { fill: ink },
        },
      ]
    : [
        {
          type: "line",
          shape: { x1: left, x2: right, y1: y, y2: y },
          style: { stroke: ink, lineWidth: 2 * scale },
        },
        ...(one.goesOnLeft ? [point(left, -1)] : mark),
        ...(one.goesOnRight ? [point(right, 1)] : []),
      ];
  return [
    ...bar,
    {
      type: "text",
      style: {
        text: one.text,
        // Its width is an estimate: what stands before its mark ends there.
        x: one.isTextBefore ? left - wordsGap * scale : plotLeft + one.textLeft,
        y: y - 4 * scale,
        align: one.isTextBefore ? "right" : "left",
        verticalAlign: "bottom",
        fill: one.item.isDraft ? look.select : look.ink1,
        fontSize: 12 * scale,
        fontFamily: look.font,
        stroke: look.page,
        lineWidth: 3 * scale,
      },
    },
  ];
}
