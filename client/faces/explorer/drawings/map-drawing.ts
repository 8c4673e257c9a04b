/** A figure by area: the map itself is drawn by `client/map`; here are its numbers. Pure. */

import { freshValue, meanOf } from "../../../charts/series-shape.ts";
import { numberCell, type Drawing, type Figure, type Paper } from "./drawing.ts";

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
    note: [
      t("explorer.notes.map"),
      ...(comparedWith === null ? [] : [t("explorer.notes.listed", { with: comparedWith })]),
    ].join(" · "),
    findings: [],
    table: {
      columns: [
        { title: t("explorer.table.group"), isFigure: false },
        { title: t("explorer.table.value"), isFigure: true },
        { title: t("explorer.table.count"), isFigure: true },
        ...(comparedWith === null ? [] : [{ title: comparedWith, isFigure: true }]),
      ],
      rows: rows.map(({ figure, mean }) => [
        { sort: figure.title, text: figure.title },
        numberCell(mean, figure.unit, paper),
        numberCell(figure.points.filter((point) => freshValue(point) !== null).length, "count", paper),
        ...(comparedWith === null ? [] : [numberCell(meanOf(figure.compare ?? []), figure.unit, paper)]),
      ]),
    },
  };
}
