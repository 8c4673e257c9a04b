/** On a wall nothing is cut: as much is drawn as there is room for, and what is said of it is true. */

import { expect, it } from "vitest";
import { leftOutInWords } from "../naming.ts";
import { chartKinds, type ChartKind } from "../view.ts";
import type { Figure } from "./drawing.ts";
import { drawFitting } from "./fit.ts";
import { draw } from "./draw.ts";
import { figure, paper } from "./sample-paper.ts";

/** In an order that is not their size. */
const many = Array.from({ length: 40 }, (_, i) => figure(`g${i}`, () => 1 + ((i * 17) % 40)));
const wall = { ...paper, width: 1_800, scale: 2 };

function said(shown: readonly Figure[], drawn: readonly Figure[]): readonly string[] {
  return leftOutInWords({ shown, leftOut: 0, unknown: 0 }, drawn, paper.words);
}

const drawnAtOnce: Partial<Record<ChartKind, number>> = { relation: 2, stack: 6, share: 6, week: 6 };

it.each(chartKinds.filter((kind) => kind !== "map"))("draws %s no taller than any room", (kind) => {
  const figures = many.slice(0, drawnAtOnce[kind] ?? 40);
  for (let room = 260; room < 1_400; room += 103) {
    const { drawing } = drawFitting(kind, figures, 0, { ...wall, room })!;
    expect(drawing.height, `room ${room}`).toBeLessThanOrEqual(room);
  }
});

it.each(["calendar", "week", "multiples"] as const)("of %s leaves out the smallest, and says so", (kind) => {
  const { figures, isSmall } = drawFitting(kind, many, 0, { ...wall, room: 900 })!;
  expect(isSmall).toBe(false);
  expect(figures.length).toBeLessThan(many.length);
  const sizes = figures.map(({ points }) => points[0]!.value);
  expect(sizes).toEqual(sizes.map((_, i) => 40 - i));
  expect(said(many, figures)).toEqual([`the largest ${figures.length} of 40`]);
});

it("ranks all figures among each other, in fewer places", () => {
  const { drawing, figures, isSmall } = drawFitting("ranks", many, 0, { ...wall, room: 500 })!;
  expect([figures, isSmall]).toEqual([many, false]);
  expect(drawing.table).toEqual(draw("ranks", many, 0, wall)!.table);
  const { series } = drawing.option as unknown as { series: readonly unknown[] };
  expect(series).toHaveLength(6);
});

it("leaves out all of a unit, whose parts are a whole, and calls it no size", () => {
  const speed = figure("speed", () => 30, "kilometres-per-hour");
  const share = figure("share", () => 30, "percent");
  const parts = [...many.slice(0, 3), speed, share];
  const { figures } = drawFitting("share", parts, 0, { ...wall, room: 700 })!;
  expect(figures).toEqual(many.slice(0, 3));
  expect(said(parts, figures)).toEqual(["room for 3 of 5"]);
});

it.each<[ChartKind, boolean]>([
  ["week", true],
  ["calendar", true],
  ["spread", true],
  ["lines", false],
])("draws one figure of %s smaller where it is too tall, and tells", (kind, isTooTall) => {
  const { drawing, isSmall } = drawFitting(kind, many.slice(0, 1), 0, { ...wall, room: 300 })!;
  expect(isSmall).toBe(isTooTall);
  expect(drawing.height).toBeLessThanOrEqual(300);
});

it("says what has no numbers, apart from what is small", () => {
  const few = many.slice(0, 4);
  expect(leftOutInWords({ shown: few, leftOut: 0, unknown: 1 }, few, paper.words)).toEqual([
    "1 without numbers is left out",
  ]);
  expect(leftOutInWords({ shown: few, leftOut: 2, unknown: 0 }, few, paper.words)).toEqual([
    "the largest 4 of 6",
  ]);
});
