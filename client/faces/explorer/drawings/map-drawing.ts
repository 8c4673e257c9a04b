/** A figure by area: the map itself is drawn by `client/map`; here are its numbers. Pure. */

import { changeOf, freshValue, meanOf } from "../../../charts/series-shape.ts";
import { differenceInWords } from "../excursion-words.ts";
import { numberCell, type Cell, type Drawing, type Figure, type Paper } from "./drawing.ts";

export function mapDrawing(figures: readonly Figure[], paper: Paper): Drawing {
  const { comparedWith } = paper;
  const { t } = paper.words;
  const rows = figures
    .map((figure) => ({ figure, mean: meanOf(figure.points) }))
    .toSorted((a, b) => (b.mean ?? Number.NEGATIVE_INFINITY) - (a.mean ?? Number.NEGATIVE_INFINITY));
  return {
    option: {},
    height: 0,
    isTime: false,
    // The map is walked by its own keys.
    walk: { stops: 0, from: 0, right: 0, down: 0, place: () => ({ at: 0 }), words: () => "" },
    note:
      comparedWith === null ? t("explorer.notes.map") : t("explorer.notes.mapChange", { with: comparedWith }),
    findings: [],
    table: {
      columns: [
        { title: t("explorer.table.group"), isFigure: false },
        { title: t("explorer.table.value"), isFigure: true },
        { title: t("explorer.table.count"), isFigure: true },
        ...(comparedWith === null
          ? []
          : [comparedWith, t("explorer.table.change")].map((title) => ({ title, isFigure: true }))),
      ],
      rows: rows.map(({ figure, mean }) => [
        { sort: figure.title, text: figure.title },
        numberCell(mean, figure.unit, paper),
        numberCell(figure.points.filter((point) => freshValue(point) !== null).length, "count", paper),
        ...(comparedWith === null ? [] : comparison(figure, paper)),
      ]),
    },
  };
}

function comparison({ points, compare, unit }: Figure, paper: Paper): readonly Cell[] {
  const before = compare ?? [];
  const change = changeOf(points, before);
  return [
    numberCell(meanOf(before), unit, paper),
    change === null
      ? numberCell(null, unit, paper)
      : { sort: change, text: differenceInWords(change, unit, paper.words) },
  ];
}
