import { expect, test } from "vitest";
import { alarmRule } from "../test/planned-city.ts";
import type { PointColumns } from "./history/history.ts";
import { startUsual, usualAt } from "./usual.ts";

const hour = 3_600_000;
/** A Tuesday, 9:20 in Los Angeles, in weeks without a change of the clock. */
const now = Date.parse("2026-08-25T16:20:00Z");
const rules = [
  alarmRule({ when: { outsideUsual: "above", by: 5, clearWithin: 0 } }),
  alarmRule({ id: "transport.x" }),
];
const context = {
  rules,
  series: ["transport.stations", "transport.stations{area.district:new}", "transport.docks"],
  zone: "America/Los_Angeles",
  holidays: new Set<string>(),
};
/** The week's number for every hour of a Tuesday at nine, 1000 for all others; nothing is known of the second series. */
const points = async ({ series, edges }: { series: readonly string[]; edges: Float64Array }) =>
  series.map((_, i) => {
    const mean = Float64Array.from(edges.subarray(0, -1), (at) => {
      const back = (Math.floor(now / hour) * hour - at) / (168 * hour);
      return Number.isInteger(back) && back > 0 ? back : 1000;
    });
    return { mean: i === 0 ? mean : mean.fill(Number.NaN) } as unknown as PointColumns;
  });

test("the same hour of the week, for the series whose rules ask, where enough is known", async () => {
  const usual = await usualAt({ ...context, past: { points } }, now, new AbortController().signal);
  expect(Array.from(usual)).toEqual([
    [
      "transport.stations",
      {
        fromAt: Date.parse("2026-08-25T16:00:00Z"),
        toAt: Date.parse("2026-08-25T17:00:00Z"),
        low: 1,
        high: 8,
      },
    ],
  ]);
});

test("is told once for a quarter of an hour, and asked again after a failure", async () => {
  let [at, asked] = [now, 0];
  const told: number[] = [];
  const failures: unknown[] = [];
  const stop = startUsual({
    context: () => {
      if (asked++ === 0) throw new Error("busy");
      return { ...context, past: { points } };
    },
    now: () => at,
    tell: () => told.push(at),
    onFailure: (error) => failures.push(error),
    lookMs: 5,
  });
  await expect.poll(() => told.length).toBe(1);
  expect(failures).toHaveLength(1);
  at += hour / 4;
  await expect.poll(() => told.length).toBe(2);
  stop();
});
