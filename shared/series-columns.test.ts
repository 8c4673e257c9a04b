import fc from "fast-check";
import { expect, test } from "vitest";
import { columnsOfPoints, pointsOfColumns } from "./series-columns.ts";
import type { SeriesPoint } from "./series.ts";

const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0);
const anyWord = fc.oneof(
  fc.record({ value: anyNumber, isFlat: fc.boolean(), seconds: fc.constantFrom(60, 3600, 82_800) }),
  fc.record({ state: fc.constantFrom("missing" as const, "none" as const), seconds: fc.constantFrom(60, 0) }),
);

test("columns say what the points said, whatever the buckets' lengths and gaps", () => {
  fc.assert(
    fc.property(fc.array(anyWord), (words) => {
      const edges = [1_700_000_000_000];
      const points = words.map((word): SeriesPoint => {
        const at = edges.at(-1)!;
        edges.push(at + word.seconds * 1000);
        if ("state" in word) {
          const reason = word.state === "missing" ? "not-recorded" : "no-data";
          return { at, value: null, min: null, max: null, state: word.state, reason };
        }
        const { value, isFlat } = word;
        return { at, value, min: isFlat ? value : value / 2 + 0, max: value, state: "fresh", reason: null };
      });
      const sent = JSON.parse(JSON.stringify(columnsOfPoints(points, edges))) as ReturnType<
        typeof columnsOfPoints
      >;
      expect(pointsOfColumns(sent)).toEqual(points);
    }),
  );
});

test("a day of a steady series is a few numbers beside its values", () => {
  const edges = Array.from({ length: 1441 }, (_, minute) => minute * 60_000);
  const points = edges
    .slice(0, -1)
    .map((at): SeriesPoint => ({ at, value: 1, min: 1, max: 1, state: "fresh", reason: null }));
  expect({ ...columnsOfPoints(points, edges), value: [] }).toEqual({
    from: 0,
    lengths: [[1440, 60]],
    value: [],
    min: null,
    max: null,
    states: [[1440, "fresh", null]],
  });
});
