import { expect, it } from "vitest";
import type { CityBody } from "../../../shared/protocol.ts";
import type { SeriesPoint } from "../../../shared/series.ts";
import type { Figure } from "./drawings/drawing.ts";
import { fewEnough, figuresOf } from "./figures.ts";

const point = (value: number | null): SeriesPoint => ({
  at: 0,
  value,
  min: value,
  max: value,
  state: value === null ? "none" : "fresh",
  reason: value === null ? "no-data" : null,
});
const figure = (id: string, value: number | null): Figure => ({
  id,
  title: id,
  unit: "count",
  better: "neither",
  target: null,
  points: [point(value)],
  compare: null,
});
const many = [3, 9, 1, 7, 5, 8, null, 2].map((value, i) => figure(`g${i}`, value));
const others = (count: number): string => `${count} others`;

it("stacks the largest and adds up the rest, so that the whole stays the whole", () => {
  const { shown, leftOut } = fewEnough(many, "stack", others);
  expect(shown.map(({ id }) => id)).toEqual(["g1", "g5", "g3", "g4", "g0", "others"]);
  expect(shown.at(-1)).toMatchObject({ title: "3 others", points: [{ value: 3, state: "fresh" }] });
  expect(leftOut).toBe(0);
  const doubled = many.map((one) => ({ ...one, compare: one.points }));
  expect(fewEnough(doubled, "stack", others).shown.at(-1)!.compare).toMatchObject([{ value: 3 }]);
  const whole = (list: readonly Figure[]) =>
    list.reduce((sum, { points }) => sum + (points[0]!.value ?? 0), 0);
  expect(whole(shown)).toBe(whole(many));
});

it("leaves the parts without any number out of the shares, and says how many", () => {
  const { shown, leftOut, unknown } = fewEnough(many.slice(3), "share", others);
  expect(shown.map(({ id }) => id)).toEqual(["g3", "g4", "g5", "g7"]);
  expect([leftOut, unknown]).toEqual([0, 1]);
  expect(fewEnough(many, "share", others)).toMatchObject({ leftOut: 0, unknown: 1 });
  const without = many.slice(6, 7);
  expect(fewEnough(without, "share", others)).toEqual({ shown: without, leftOut: 0, unknown: 0 });
});

it("leaves out the smallest where a sum means nothing, and says how many", () => {
  expect(fewEnough(many, "week", others)).toMatchObject({ leftOut: 2 });
  expect(fewEnough(many.slice(0, 3), "week", others)).toEqual({
    shown: many.slice(0, 3),
    leftOut: 0,
    unknown: 0,
  });
});

it("takes another group's points beside each figure, and does not show the group for itself", () => {
  const item = (id: string, value: number) => ({
    id,
    unit: "count" as const,
    bucket: 60,
    points: [point(value)],
  });
  const items = [item("calls", 9), item("calls{kind:a}", 4), item("calls{kind:b}", 5)];
  const request = {
    ids: ["calls", "calls{kind:a}"],
    by: null,
    fromAt: 0,
    toAt: 60_000,
    bucket: 60,
    compare: null,
    against: { group: "kind:b" },
    asOf: null,
  };
  const city = { indicators: [] } as unknown as CityBody;
  const of = (by: string | null) =>
    figuresOf(items, { ...request, by }, city, (id) => id).map(({ id, compare }) => [
      id,
      compare?.[0]?.value,
    ]);
  expect(of(null)).toEqual([
    ["calls", 5],
    ["calls{kind:a}", 5],
  ]);
  // Of all groups it is one; it is not compared with itself.
  expect(of("kind").slice(1)).toEqual([
    ["calls{kind:a}", 5],
    ["calls{kind:b}", undefined],
  ]);
});
