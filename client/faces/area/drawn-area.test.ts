import { expect, test } from "vitest";
import { pressed, withinOf, type Place } from "./drawn-area.ts";

const [a, b, c]: readonly [Place, Place, Place] = [
  [0, 0],
  [1, 0],
  [1, 1],
];

test("an outline grows by each place and is closed by its first corner, not before there are three", () => {
  expect(pressed("outline", [], a, false)).toEqual({ corners: [a], done: null });
  expect(pressed("outline", [a, b], a, true)).toEqual({ corners: [a, b], done: null });
  expect(pressed("outline", [a, b], c, false)).toEqual({ corners: [a, b, c], done: null });
  expect(pressed("outline", [a, b, c], a, true)).toEqual({ corners: [], done: [a, b, c] });
});

test("a box is done by its second corner, unless that makes no box", () => {
  expect(pressed("box", [], a, false)).toEqual({ corners: [a], done: null });
  expect(pressed("box", [a], b, false)).toEqual({ corners: [a], done: null });
  expect(pressed("box", [a], c, false).done).toEqual([a, [1, 0], c, [0, 1]]);
});

test("the address has places to a metre", () => {
  expect(withinOf([[151.2345678, -33.1], c])).toBe("151.23457,-33.10000;1.00000,1.00000");
});
