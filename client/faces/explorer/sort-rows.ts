import type { Cell } from "./drawings/drawing.ts";

/** Rows by one column; equals keep their order, and what is not known comes last both ways. */
export function sortRows(
  rows: readonly (readonly Cell[])[],
  column: number,
  isDown: boolean,
): (readonly Cell[])[] {
  const sign = isDown ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [one, other] = [a[column]?.sort ?? null, b[column]?.sort ?? null];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    if (typeof one === "number" && typeof other === "number") return sign * (one - other);
    return sign * String(one).localeCompare(String(other));
  });
}
