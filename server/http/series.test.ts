import { expect, test } from "vitest";
import { indicator, noon } from "../../test/planned-city.ts";
import { readSeriesQuery } from "./series.ts";

const [bikes, docks] = ["transport.bikes", "transport.docks"].map((id) =>
  indicator({ id, by: ["area.district"] }),
);
const groups = ["harbour", "hills"].map((area) => `{area.district:${area}}`);
const readings = new Map(
  [bikes!, docks!].flatMap(({ id }) => ["", ...groups].map((group) => [`${id}${group}`, null])),
);

function idsOf(query: Readonly<Record<string, string>>): unknown {
  const context = { indicators: [bikes!, docks!], seriesIds: () => readings.keys(), zone: "UTC", now: noon };
  const read = readSeriesQuery(query, context);
  return read.ok ? read.value.ids.map(({ id }) => id) : read.failure;
}

test("groups of several indicators at once", () => {
  expect(idsOf({ indicator: "transport.bikes,transport.docks", by: "area.district" })).toEqual(
    ["transport.bikes", "transport.docks"].flatMap((id) => groups.map((group) => `${id}${group}`)),
  );
});

test("a series that is named twice is told once", () => {
  expect(idsOf({ indicator: "transport.bikes,transport.docks,transport.bikes" })).toEqual([
    "transport.bikes",
    "transport.docks",
  ]);
});
