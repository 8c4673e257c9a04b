/** Which groups led when: their places over time. Pure. */

import { moveBetween, ranksOf } from "../../../charts/rank-shape.ts";
import { timeTicks } from "../../../../shared/time-ticks.ts";
import { formatBucket, formatTick } from "../../../words/format-date.ts";
import {
  bucketInWords,
  middles,
  pointCell,
  readoutInWords,
  timeCell,
  timeWalk,
  type Cell,
  type Drawing,
  type Figure,
  type Paper,
} from "./drawing.ts";
import { readout, tooltipStyle } from "../../../charts/readout.ts";
import { textWidth } from "../../../charts/text-width.ts";
import type { UsedWords } from "../../../words/words.ts";

/** Places that are drawn. */
export const placesAtMost = 12;
const coloured = 5;
/** Moves that are said under the drawing. */
const saidAtMost = 5;

/** A group's places, and those it had in what it is compared with: `null` for the groups that are compared with nothing. */
interface Ranked {
  readonly figure: Figure;
  readonly places: readonly (number | null)[];
  readonly before: readonly (number | null)[] | null;
}

/** Places gained since what a group is compared with, in a bucket. */
function moveAt({ places, before }: Ranked, bucket: number): number | null {
  return before && moveBetween(places[bucket], before[bucket]);
}

/** `shownAtMost`: the places that are drawn. */
export function rankDrawing(
  figures: readonly Figure[],
  paper: Paper,
  shownAtMost: number = placesAtMost,
): Drawing {
  const { look, scale, width, words, zone, bucket, stretch } = paper;
  const against = paper.comparedWith ?? "";
  const { t, language } = words;
  const ranks = ranksOf(figures.map(({ points }) => points));
  const isCompared = figures.some(({ compare }) => compare !== null);
  const before = isCompared ? ranksOf(figures.map(({ compare }) => compare ?? [])) : null;
  const newest = (places: readonly (number | null)[]): number =>
    places.findLast((one) => one !== null) ?? Number.POSITIVE_INFINITY;
  const order = figures
    .map((figure, i) => ({ figure, places: ranks[i]!, before: before?.[i] ?? null, last: newest(ranks[i]!) }))
    .toSorted((a, b) => a.last - b.last);
  const shown = order.filter(({ places }) => places.some((place) => place !== null && place <= shownAtMost));
  const labelOf = (ranked: Ranked): string => {
    const move = moveAt(
      ranked,
      ranked.places.findLastIndex((place) => place !== null),
    );
    return move === null ? ranked.figure.title : `${moveSign(move)} ${ranked.figure.title}`;
  };
  const deepest = Math.min(shownAtMost, Math.max(1, figures.length));
  const room = Math.min(
    Math.max(...shown.map((ranked) => textWidth(labelOf(ranked), 12 * scale)), 0) + 16 * scale,
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
      .map((ranked) => {
        const { figure, places } = ranked;
        const name = t("explorer.ranks.placed", { place: places[i]!, title: figure.title });
        const move = moveAt(ranked, i);
        return {
          name: move === null ? name : t("explorer.ranks.moved", { name, move: moveInWords(move, words) }),
          value: pointCell(figure.points[i], figure.unit, paper).text,
          color: null,
        };
      });
    return { heading: formatBucket(points[i]!.at, bucket, zone, language), lines };
  };
  return {
    height: grid.top + grid.height + 32 * scale,
    isTime: true,
    walk: timeWalk(points, paper, (instant) => {
      const read = readAt(instant);
      return read === null ? "" : readoutInWords(read.heading, read.lines, words);
    }),
    note: [
      t("explorer.notes.ranks"),
      bucketInWords(bucket, words),
      ...(isCompared ? [t("explorer.notes.moves", { with: against })] : []),
    ].join(" · "),
    findings: isCompared ? [movesInWords(order, paper)] : [],
    table: {
      columns: [
        { title: t("explorer.table.time"), isFigure: false },
        { title: t("explorer.table.place"), isFigure: true },
        { title: t("explorer.table.group"), isFigure: false },
        { title: t("explorer.table.value"), isFigure: true },
        ...(isCompared
          ? [
              { title: t("explorer.table.placeBefore", { with: against }), isFigure: true },
              { title: t("explorer.table.change"), isFigure: true },
            ]
          : []),
      ],
      rows: points.flatMap((row, i) =>
        order
          .filter(({ places }) => places[i] != null)
          .toSorted((a, b) => a.places[i]! - b.places[i]!)
          .map((ranked) => [
            timeCell(row.at, paper),
            placeCell(ranked.places[i], words),
            { sort: ranked.figure.title, text: ranked.figure.title },
            pointCell(ranked.figure.points[i], ranked.figure.unit, paper),
            ...(isCompared ? [placeCell(ranked.before?.[i], words), moveCell(moveAt(ranked, i), words)] : []),
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
      series: shown.map((ranked, i) => {
        const { places } = ranked;
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
            formatter: labelOf(ranked),
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

/** `▲2`: two places gained. */
function moveSign(move: number): string {
  return move === 0 ? "=" : `${move > 0 ? "▲" : "▼"}${Math.abs(move)}`;
}

function moveInWords(move: number, { t }: UsedWords): string {
  if (move === 0) return t("explorer.ranks.same");
  return t(move > 0 ? "explorer.ranks.up" : "explorer.ranks.down", { places: Math.abs(move) });
}

function placeCell(place: number | null | undefined, { t }: UsedWords): Cell {
  return place == null
    ? { sort: null, text: t("explorer.table.none") }
    : { sort: place, text: String(place) };
}

function moveCell(move: number | null, words: UsedWords): Cell {
  return move === null
    ? { sort: null, text: words.t("explorer.table.none") }
    : { sort: move, text: moveInWords(move, words) };
}

/** Who has gained or lost most places, in the newest bucket in which anything is known. */
function movesInWords(order: readonly Ranked[], { bucket, zone, words, comparedWith }: Paper): string {
  const against = comparedWith ?? "";
  const { t, language } = words;
  const newest = Math.max(-1, ...order.map(({ places }) => places.findLastIndex((place) => place !== null)));
  const moves = order.flatMap((ranked) => {
    const move = moveAt(ranked, newest);
    return move === null ? [] : [{ ...ranked, move }];
  });
  const at = order[0]?.figure.points[newest]?.at;
  if (at === undefined || moves.length === 0) return t("explorer.ranks.unknown", { with: against });
  const said = moves
    .filter(({ move }) => move !== 0)
    .toSorted((a, b) => Math.abs(b.move) - Math.abs(a.move))
    .slice(0, saidAtMost)
    .map(({ figure, places, move }) =>
      t("explorer.ranks.move", {
        title: figure.title,
        move: moveInWords(move, words),
        place: places[newest]!,
      }),
    );
  const time = formatBucket(at, bucket, zone, language);
  return said.length === 0
    ? t("explorer.ranks.still", { time, with: against })
    : t("explorer.ranks.moves", { time, with: against, moves: said.join(t("explorer.cursor.and")) });
}
