import { expect, test } from "vitest";
import type { EntityRow } from "../../shared/entity-frame.ts";
import { unevenLines } from "./headways-shape.ts";

let slot = 0;
const row = (routeName: string | null, headwayPercent: number | null): EntityRow => ({
  slot: slot++,
  id: `trips/TripUpdate/${slot}`,
  kind: "TripUpdate",
  position: null,
  estimated: false,
  observedAt: null,
  fields: { routeName, headwayPercent },
});

test("lines with bunches and gaps come first, then those further from their timetable", () => {
  const rows = [row("2", 140), row("1", 100), row("7", 10), row("7", 190), row("3", 60), row("9", 400)];
  expect(unevenLines(rows, 3)).toEqual([
    { name: "9", percents: [400] },
    { name: "7", percents: [10, 190] },
    { name: "2", percents: [140] },
  ]);
});

test("what has no line or no headway is no point", () => {
  expect(unevenLines([row(null, 40), row("1", null)], 5)).toEqual([]);
});
