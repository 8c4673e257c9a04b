import { expect, it } from "vitest";
import type { SeriesPoint } from "../../../shared/series.ts";
import { hoursTellMore, requestOf } from "./request.ts";
import { emptyView, type View } from "./view.ts";

const indicators = [
  { id: "calls", by: ["priority", "area.district"] },
  { id: "bikes", by: [] },
];
const day = { fromAt: 0, toAt: 86_400_000 };
const ask = (view: Partial<View>, figures = ["calls"], width = 900) =>
  requestOf({ ...emptyView, ...view }, figures, day, indicators, width);

it("cuts time as finely as the pixels allow, or as was chosen, or as the chart needs", () => {
  expect(ask({})).toMatchObject({ request: { ids: ["calls"], by: null, bucket: 300 } });
  expect(ask({ bucket: "hour" })).toMatchObject({ request: { bucket: "hour" } });
  expect(ask({ chart: "bars" })).toMatchObject({ request: { bucket: 900 } });
  expect(ask({ chart: "week", bucket: 60 })).toMatchObject({ request: { bucket: "hour" } });
  expect(ask({ chart: "calendar" })).toMatchObject({ request: { bucket: "day" } });
});

it("takes the groups that a chart needs, of the figures that have them", () => {
  expect(ask({ by: "priority" }, ["calls", "bikes"])).toMatchObject({
    request: { ids: ["calls"], by: "priority" },
  });
  expect(ask({ chart: "map", by: "priority" })).toMatchObject({ request: { by: "area.district" } });
  expect(ask({ chart: "ranks" })).toMatchObject({ request: { by: "priority" } });
  expect(ask({ chart: "relation", by: "priority" }, ["calls", "bikes"])).toMatchObject({
    request: { by: null },
  });
});

it("says what is missing", () => {
  expect(ask({}, [])).toEqual({ missing: "figures" });
  expect(ask({ chart: "relation" })).toEqual({ missing: "second" });
  expect(ask({ chart: "map" }, ["bikes"])).toEqual({ missing: "areas" });
  expect(ask({ chart: "ranks" }, ["bikes"])).toEqual({ missing: "groups" });
});

it("falls back on hours where the minutes were not kept, and not where they say nothing more", () => {
  const points = (known: number, all: number): SeriesPoint[] =>
    Array.from({ length: all }, (_, i) => ({
      at: i,
      value: i < known ? 1 : null,
      min: null,
      max: null,
      state: i < known ? "fresh" : "missing",
      reason: i < known ? null : "not-recorded",
    }));
  expect(hoursTellMore(900, [points(20, 100)])).toBe(true);
  expect(hoursTellMore(900, [points(60, 100)])).toBe(false);
  expect(hoursTellMore(120, [points(20, 100)])).toBe(false);
  expect(hoursTellMore(120, [points(0, 100), points(0, 100)])).toBe(true);
  expect(hoursTellMore("hour", [points(0, 100)])).toBe(false);
  expect(hoursTellMore(120, [])).toBe(false);
});

it("compares only where both can be drawn", () => {
  expect(ask({ compare: "week" })).toMatchObject({ request: { compare: "week" } });
  expect(ask({ compare: { group: "kind:x" } })).toMatchObject({
    request: { compare: null, against: { group: "kind:x" } },
  });
  expect(ask({ compare: { group: "kind:x" }, chart: "stack" })).toMatchObject({ request: { against: null } });
  for (const chart of ["share", "ranks"] as const)
    expect(ask({ compare: "week", chart })).toMatchObject({ request: { compare: "week" } });
});
