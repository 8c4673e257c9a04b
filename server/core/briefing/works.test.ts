import { expect, test } from "vitest";
import { placeOf, placeOfGroup } from "./works.ts";

test("a figure is about an area or a road that its conditions or its group name, and not about a line of that name", () => {
  const where = { $area: "area.district:quays", roadNames: "101", routeId: "101", lanes: 2 };
  expect(placeOf({ where })).toEqual(["area.district:quays", "101"]);
  expect(placeOf({ where: { roadName: { in: ["Quay Street", "Mill Lane"] } } })).toEqual([
    "Quay Street",
    "Mill Lane",
  ]);
  expect(["area.district:quays", "roadName:Ring: north", "routeId:101", ""].map(placeOfGroup)).toEqual([
    ["area.district:quays"],
    ["Ring: north"],
    [],
    [],
  ]);
});
