import { useMemo, useRef, useState } from "react";
import { visibleRange } from "../../map/row-window.ts";
import { useScroll } from "../../map/use-scroll.ts";
import { useWords } from "../../words/words.ts";
import type { Table } from "./drawings/drawing.ts";
import styles from "./explorer.module.css";
import { sortRows } from "./sort-rows.ts";

/** CSS pixels of a row on a desk; `explorer.module.css` has the same. */
const rowHeight = 26;

/** The numbers of a chart: sorted by any column, and only the rows in sight are in the page. */
export function NumberTable({ table, scale, label }: { table: Table; scale: number; label: string }) {
  const { t } = useWords();
  const [order, setOrder] = useState<{ column: number; isDown: boolean } | null>(null);
  const [scrolled, setScrolled] = useState({ top: 0, height: 400 });
  const box = useRef<HTMLDivElement>(null);
  useScroll(box, ({ scrollTop, clientHeight }) => setScrolled({ top: scrollTop, height: clientHeight }));
  const column = order !== null && order.column < table.columns.length ? order : null;
  const rows = useMemo(
    () => (column === null ? table.rows : sortRows(table.rows, column.column, column.isDown)),
    [table, column],
  );
  const row = rowHeight * scale;
  const { first, last } = visibleRange({ ...scrolled, row }, rows.length);
  const sort = (index: number): void =>
    setOrder((before) => ({
      column: index,
      isDown: before?.column === index ? !before.isDown : table.columns[index]!.isFigure,
    }));
  return (
    // What scrolls must be reached by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.numbers} ref={box} tabIndex={0} role="region" aria-label={label}>
      <table aria-label={label} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {table.columns.map(({ title, isFigure }, i) => (
              <th
                // A column has no other name than its place: two figures may be called alike.
                key={i}
                scope="col"
                data-figure={isFigure}
                aria-sort={column?.column === i ? (column.isDown ? "descending" : "ascending") : undefined}
              >
                <button type="button" onClick={() => sort(i)} title={t("explorer.table.sortBy", { title })}>
                  {title}
                  <span aria-hidden="true">{column?.column === i ? (column.isDown ? " ▾" : " ▴") : ""}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <Spacer height={first * row} />}
          {rows.slice(first, last).map((cells, i) => (
            <tr key={first + i} aria-rowindex={first + i + 2}>
              {cells.map((cell, k) => {
                const isFigure = table.columns[k]?.isFigure ?? false;
                return k === 0 ? (
                  <th key={k} scope="row" data-figure={isFigure}>
                    {cell.text}
                  </th>
                ) : (
                  <td key={k} data-figure={isFigure} data-unknown={isFigure && cell.sort === null}>
                    {cell.text}
                  </td>
                );
              })}
            </tr>
          ))}
          {last < rows.length && <Spacer height={(rows.length - last) * row} />}
        </tbody>
      </table>
    </div>
  );
}

/** The rows that are not in the page, as one empty one of their height. */
function Spacer({ height }: { height: number }) {
  return <tr aria-hidden="true" style={{ height }} />;
}
