import fc from "fast-check";
import { expect, it } from "vitest";
import { sortRows } from "./sort-rows.ts";

const row = (sort: number | string | null) => [{ sort, text: String(sort) }];

it("sorts numbers as numbers, both ways, the unknown last", () => {
  const rows = [row(10), row(null), row(9), row(-1)];
  expect(sortRows(rows, 0, false).map(([cell]) => cell!.sort)).toEqual([-1, 9, 10, null]);
  expect(sortRows(rows, 0, true).map(([cell]) => cell!.sort)).toEqual([10, 9, -1, null]);
  expect(sortRows([row("b"), row("a")], 0, false).map(([cell]) => cell!.sort)).toEqual(["a", "b"]);
});

it("keeps every row", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer())), fc.boolean(), (values, isDown) => {
      const sorted = sortRows(values.map(row), 0, isDown).map(([cell]) => cell!.sort as number | null);
      const known = values.filter((value) => value !== null).toSorted((a, b) => (isDown ? b - a : a - b));
      expect(sorted).toEqual([...known, ...values.filter((value) => value === null)]);
    }),
  );
});
