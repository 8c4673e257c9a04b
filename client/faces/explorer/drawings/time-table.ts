/** The numbers of a drawing over time. Pure. */

import { sharesOf } from "../../../charts/series-shape.ts";
import { bandCells, bandColumns, forecastRows } from "./band-drawing.ts";
import {
  byUnit,
  numberCell,
  pointCell,
  timeCell,
  type Cell,
  type Column,
  type Figure,
  type Paper,
  type Table,
} from "./drawing.ts";
import { pointsBetween, pointsCell, sharesBefore } from "./share-comparison.ts";
import type { TimeKind } from "./time-drawing.ts";

/**
 * A row for each bucket; the same numbers as the export. What is usual and what is foretold have columns of their own, and
 * what is foretold has rows of its own. `showsSeen`: with columns of what was least and most seen.
 */
export function timeTable(
  kind: TimeKind,
  figures: readonly Figure[],
  showsSeen: boolean,
  paper: Paper,
): Table {
  const { t } = paper.words;
  const sets = kind === "share" ? byUnit(figures) : [];
  const shares = new Map(sets.flatMap((set) => zipped(set, sharesOf(set.map(({ points }) => points)))));
  const before = new Map(sets.flatMap((set) => zipped(set, sharesBefore(set) ?? [])));
  const figure = (title: string) => ({ title, isFigure: true });
  const none: Cell = { sort: null, text: t("explorer.table.none") };
  const measuredColumns = (one: Figure): readonly Column[] => [
    figure(one.title),
    ...(shares.has(one) ? [figure(t("explorer.table.share", { title: one.title }))] : []),
    ...(showsSeen ? [figure(t("explorer.table.least")), figure(t("explorer.table.most"))] : []),
    ...(one.compare === null ? [] : [figure(paper.comparedWith ?? "")]),
    ...(before.has(one)
      ? [
          figure(t("explorer.table.share", { title: paper.comparedWith ?? "" })),
          figure(t("explorer.table.change")),
        ]
      : []),
  ];
  return {
    columns: [
      { title: t("explorer.table.time"), isFigure: false },
      ...figures.flatMap((one) => [...measuredColumns(one), ...bandColumns(one, paper)]),
    ],
    rows: [
      ...(figures[0]?.points ?? []).map((row, i) => [
        timeCell(row.at, paper),
        ...figures.flatMap((one) => [
          pointCell(one.points[i], one.unit, paper),
          ...(shares.has(one) ? [numberCell(shares.get(one)![i] ?? null, "percent", paper)] : []),
          ...(showsSeen
            ? [
                numberCell(one.points[i]?.min ?? null, one.unit, paper),
                numberCell(one.points[i]?.max ?? null, one.unit, paper),
              ]
            : []),
          ...(one.compare === null ? [] : [pointCell(one.compare[i], one.unit, paper)]),
          ...(before.has(one)
            ? [
                numberCell(before.get(one)![i] ?? null, "percent", paper),
                pointsCell(pointsBetween(shares.get(one)![i], before.get(one)![i]), paper),
              ]
            : []),
          ...bandCells(one, row.at, paper),
        ]),
      ]),
      ...forecastRows(figures, (one) => measuredColumns(one).map(() => none), paper),
    ],
  };
}

/** Each figure with what is known of it; nothing where nothing is known of any. */
function zipped<T>(figures: readonly Figure[], all: readonly T[]): (readonly [Figure, T])[] {
  return all.map((one, i) => [figures[i]!, one]);
}
