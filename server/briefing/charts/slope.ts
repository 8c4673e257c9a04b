/** Then and now of several, side by side: who moved, and in which direction? */

import { spread } from "./place.ts";
import { linear } from "./scale.ts";
import { extent } from "./series.ts";
import { drawing, element, label, paint, textSize, type ChartLook } from "./svg.ts";
import { fitted, textWidth } from "./text-width.ts";

export interface SlopeRow {
  readonly name: string;
  /** `null`: not known at that end, so no line is drawn. */
  readonly before: number | null;
  readonly value: number | null;
  /** Whether both ends can be relied on; else it is drawn thin and grey. */
  readonly isSound: boolean;
}

export interface Slope {
  readonly rows: readonly SlopeRow[];
  /** What the two ends are: `19 November`, `26 November`. */
  readonly before: string;
  readonly after: string;
  readonly write: (value: number) => string;
}

const head = 30;
const rowHeight = textSize + 6;

/** As high as the names of its rows need. */
export function slope({ rows, before, after, write }: Slope, look: ChartLook): string {
  const height = head + Math.max(rows.length * rowHeight * 1.3, 110) + 10;
  const [low, high] = extent(
    rows.flatMap((row) => [row.before, row.value].filter((one) => one !== null)),
  ) ?? [0, 1];
  const y = linear(low, high, height - 16, head + 14);
  const written = rows.map((row) => (row.before === null ? "" : write(row.before)));
  const left = Math.max(...[...written, before].map((text) => textWidth(text, textSize))) + 2;
  const right = Math.max(look.width * 0.5, left + 90);
  const [from, to] = [left + 22, right - 22];
  const heights = {
    before: spreadOut(rows.map((row) => row.before)),
    value: spreadOut(rows.map((row) => row.value)),
  };
  const parts = [
    label(left, 16, before, { anchor: "end", fill: paint.ink2 }),
    label(right, 16, after, { fill: paint.ink2 }),
    ...[from, to].map((x) =>
      element("path", { d: `M${x.toFixed(1)} ${head}V${height - 4}`, stroke: paint.line }),
    ),
    ...rows.flatMap((row, i) => {
      const ink = row.isSound ? paint.ink1 : paint.ink3;
      const end =
        row.value === null ? "" : fitted(`${write(row.value)}  ${row.name}`, look.width - right, textSize);
      return [
        lineOf(row, ink),
        row.before === null ? "" : lead(left + 3, heights.before[i]!, from, y(row.before)),
        row.value === null ? "" : lead(right - 3, heights.value[i]!, to, y(row.value)),
        row.before === null
          ? ""
          : label(left, heights.before[i]! + 4.5, written[i]!, { anchor: "end", fill: ink }),
        end === "" ? "" : label(right, heights.value[i]! + 4.5, end, { fill: ink }),
      ];
    }),
  ];
  return drawing(look, height, parts.join(""));

  function spreadOut(values: readonly (number | null)[]): number[] {
    const known = values.flatMap((value, i) => (value === null ? [] : [{ i, wanted: y(value) }]));
    const placed = spread(
      known.map(({ wanted }) => wanted),
      rowHeight,
      head + 10,
      height - 10,
    );
    const all = new Array<number>(values.length).fill(0);
    known.forEach(({ i }, k) => (all[i] = placed[k]!));
    return all;
  }

  function lineOf(row: SlopeRow, ink: string): string {
    const ends = [[from, row.before] as const, [to, row.value] as const];
    const dots = ends.map(([x, value]) =>
      value === null ? "" : element("circle", { cx: x, cy: y(value), r: 3, fill: ink }),
    );
    if (row.before === null || row.value === null) return dots.join("");
    const d = `M${from.toFixed(1)} ${y(row.before).toFixed(1)}L${to.toFixed(1)} ${y(row.value).toFixed(1)}`;
    return element("path", { d, stroke: ink, "stroke-width": row.isSound ? 1.8 : 1.2 }) + dots.join("");
  }
}

/** From words to their point, where they had to make room for others. */
function lead(x: number, y: number, toX: number, toY: number): string {
  if (Math.abs(y - toY) < 2) return "";
  const d = `M${x.toFixed(1)} ${y.toFixed(1)}L${toX.toFixed(1)} ${toY.toFixed(1)}`;
  return element("path", { d, stroke: paint.line });
}
