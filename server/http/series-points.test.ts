import { expect, test } from "vitest";
import { stateCode } from "../../shared/state-code.ts";
import { codedState } from "../../shared/state-code.ts";
import type { PointColumns, PointsQuery } from "../history/history.ts";
import { readSeriesPoints } from "./series-points.ts";

const minuteMs = 60_000;
const stale = stateCode({ state: "stale", reason: "stale" });
const down = stateCode({ state: "none", reason: "source-down" });
const signal = new AbortController().signal;

/** What is known of each minute since 0: its mean, or the code of why there is none. */
type Minutes = readonly (number | { readonly code: number })[];

function pastOf(known: Readonly<Record<string, Minutes>>): {
  readonly asked: PointsQuery[];
  points(query: PointsQuery): Promise<readonly PointColumns[]>;
} {
  const asked: PointsQuery[] = [];
  return {
    asked,
    async points(query) {
      asked.push(query);
      const minutes = Array.from(query.edges.subarray(0, -1), (at) => at / minuteMs);
      return query.series.map((series) => {
        const words = minutes.map((minute) => known[series]![minute] ?? { code: 255 });
        const means = Float64Array.from(words, (word) => (typeof word === "number" ? word : Number.NaN));
        return {
          series,
          mean: means,
          min: means,
          max: means,
          freshSeconds: means.map((mean) => (Number.isNaN(mean) ? 0 : 60)),
          code: Uint8Array.from(words, (word) => (typeof word === "number" ? 0 : word.code)),
        };
      });
    },
  };
}

const context = { bucket: 60, zone: "UTC", now: 100 * minuteMs } as const;
const edges = (from: number, to: number): Float64Array =>
  Float64Array.from({ length: to - from + 1 }, (_, i) => (from + i) * minuteMs);

test("a stale bucket has the same value wherever the stretch begins", async () => {
  const known: Minutes = [5, 7, { code: stale }, { code: stale }, { code: down }, 9];
  const valuesFrom = async (from: number): Promise<unknown> => {
    const [points] = await readSeriesPoints(
      pastOf({ a: known }),
      { series: ["a"], edges: edges(from, 6), asOf: null },
      context,
      signal,
    );
    return points!.map(({ value, state }) => [value, state]);
  };
  const all = [
    [5, "fresh"],
    [7, "fresh"],
    [7, "stale"],
    [7, "stale"],
    [null, "none"],
    [9, "fresh"],
  ];
  for (const from of [0, 1, 2, 3, 4]) expect(await valuesFrom(from)).toEqual(all.slice(from));
});

test("what came before is asked for only where a series begins with a value that was kept", async () => {
  const past = pastOf({ kept: [5, { code: stale }], fresh: [5, 6], never: [] });
  const series = ["kept", "fresh", "never"];
  const points = await readSeriesPoints(past, { series, edges: edges(1, 2), asOf: 7 }, context, signal);
  expect(points.map(([point]) => point!.value)).toEqual([5, 6, null]);
  expect(past.asked.map((query) => [query.series, query.asOf])).toEqual([
    [series, 7],
    [["kept"], 7],
  ]);
  expect(past.asked[1]!.edges.at(-1)).toBe(minuteMs);
});

test("a value that was kept longer than a day is not known", async () => {
  const past = pastOf({ a: [{ code: stale }] });
  const [points] = await readSeriesPoints(
    past,
    { series: ["a"], edges: edges(0, 1), asOf: null },
    context,
    signal,
  );
  expect(points![0]).toMatchObject({ value: null, ...codedState(stale) });
});
