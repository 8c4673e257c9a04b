/** The numbers of a drawing over time. Pure. */

import { sharesOf } from "../../../charts/series-shape.ts";
import { bandCells, bandColumns, forecastRows } from "./band-drawing.ts";
import {
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
  const shares = kind === "share" ? sharesOf(figures.map(({ points }) => points)) : null;
  const before = kind === "share" ? sharesBefore(figures) : null;
  const figure = (title: string) => ({ title, isFigure: true });
  const none: Cell = { sort: null, text: t("explorer.table.none") };
  const measuredColumns = ({ title, compare }: Figure): readonly Column[] => [
    figure(title),
    ...(shares ? [figure(t("explorer.table.share", { title }))] : []),
    ...(showsSeen ? [figure(t("explorer.table.least")), figure(t("explorer.table.most"))] : []),
    ...(compare === null ? [] : [figure(paper.comparedWith ?? "")]),
    ...(before
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
        ...figures.flatMap((one, k) => [
          pointCell(one.points[i], one.unit, paper),
          ...(shares ? [numberCell(shares[k]![i] ?? null, "percent", paper)] : []),
          ...(showsSeen
            ? [
                numberCell(one.points[i]?.min ?? null, one.unit, paper),
                numberCell(one.points[i]?.max ?? null, one.unit, paper),
              ]
            : []),
          ...(one.compare === null ? [] : [pointCell(one.compare[i], one.unit, paper)]),
          ...(before
            ? [
                numberCell(before[k]![i] ?? null, "percent", paper),
                pointsCell(pointsBetween(shares![k]![i], before[k]![i]), paper),
              ]
            : []),
          ...bandCells(one, row.at, paper),
        ]),
      ]),
      ...forecastRows(figures, (one) => measuredColumns(one).map(() => none), paper),
    ],
  };
}
