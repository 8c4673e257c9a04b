import fc from "fast-check";
import { expect, it } from "vitest";
import { comparisons } from "../../../shared/series.ts";
import { lastUnits, namedPeriods, type Range } from "./range.ts";
import {
  aheads,
  buckets,
  chartKinds,
  emptyView,
  formatView,
  longestLag,
  mostFigures,
  parseView,
  type View,
} from "./view.ts";

const instant = fc.integer({ min: 0, max: 4e9 }).map((seconds) => seconds * 1_000);
const date = fc
  .date({ min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true })
  .map((one) => one.toISOString().slice(0, 10));
const range: fc.Arbitrary<Range> = fc.oneof(
  fc.record({
    kind: fc.constant("last" as const),
    count: fc.integer({ min: 1, max: 10_000 }),
    unit: fc.constantFrom(...lastUnits),
  }),
  fc.record({ kind: fc.constant("named" as const), period: fc.constantFrom(...namedPeriods) }),
  fc
    .tuple(date, date)
    .map((pair) => pair.toSorted())
    .map(([from, to]) => ({ kind: "dates" as const, from: from!, to: to! })),
  fc
    .tuple(instant, fc.integer({ min: 1, max: 1e9 }))
    .map(([fromAt, ms]) => ({ kind: "instants" as const, fromAt, toAt: fromAt + ms * 1_000 })),
);
const view: fc.Arbitrary<View> = fc.record({
  figures: fc.uniqueArray(fc.string({ minLength: 1, unit: "grapheme" }), { maxLength: mostFigures }),
  by: fc.option(fc.string({ minLength: 1 })),
  range,
  bucket: fc.constantFrom("auto" as const, ...buckets),
  chart: fc.constantFrom(...chartKinds),
  compare: fc.option(fc.constantFrom(...comparisons)),
  usual: fc.boolean(),
  ahead: fc.option(fc.constantFrom(...aheads)),
  asOf: fc.option(instant),
  lag: fc.integer({ min: -longestLag, max: longestLag }),
  numbers: fc.boolean(),
});

it("reads back every view from its address", () => {
  fc.assert(
    fc.property(view, (one) => {
      expect(parseView(formatView(one))).toEqual({ view: one, faults: [] });
    }),
  );
});

it("is a view whatever the address says, and names what meant nothing", () => {
  fc.assert(fc.property(fc.string(), (query) => void parseView(query)));
  const { view: read, faults } = parseView(
    "?range=yesteryear&bucket=7&chart=pie&lag=x&compare=me&asOf=now&by=",
  );
  expect(read).toEqual(emptyView);
  expect(faults).toEqual(["range", "bucket", "chart", "compare", "asOf", "lag"]);
});

it("keeps addresses short and readable", () => {
  expect(formatView(emptyView)).toBe("");
  expect(
    formatView({
      ...emptyView,
      figures: ["transport.on-time", "security.calls{area.district:harbour}"],
      range: { kind: "last", count: 6, unit: "week" },
      compare: "previous",
    }),
  ).toBe(
    "show=transport.on-time%2Csecurity.calls%7Barea.district%3Aharbour%7D&range=last-6-week&compare=previous",
  );
});
