import type { Position } from "geojson";
import { expect, test } from "vitest";
import { entity, indicator, noon, plan, plannedFeed, word } from "../../../test/planned-city.ts";
import { indexAreas } from "./areas.ts";
import { emptyBatch } from "./changes.ts";
import { City } from "./city.ts";

const box = (west: number, south: number, east: number, north: number): Position[][] => [
  [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ],
];
const polygon = (...corners: readonly [number, number, number, number]) =>
  ({ type: "Polygon", coordinates: box(...corners) }) as const;

const ring = { type: "Polygon", coordinates: [...box(10, 0, 14, 4), ...box(11, 1, 13, 3)] } as const;
const areas = indexAreas([
  {
    level: "district",
    areas: [
      { id: "west", geometry: polygon(0, 0, 2, 2) },
      { id: "east", geometry: polygon(2, 0, 4, 2) },
      { id: "ring", geometry: ring as never },
    ],
  },
]);
const touched = (...corners: readonly [number, number, number, number]) =>
  areas.locate(null, polygon(...corners))[0];

test.each<[string, readonly [number, number, number, number], readonly string[]]>([
  ["inside one", [0.5, 0.5, 1, 1], ["west"]],
  ["over a border", [1, 0.5, 3, 1], ["west", "east"]],
  ["around all of them", [-1, -1, 20, 20], ["west", "east", "ring"]],
  ["across, with no corner in it", [-1, 0.5, 5, 1], ["west", "east"]],
  ["beside all of them", [5, 0, 6, 1], []],
  ["in the hole of one", [11.5, 1.5, 12, 2], []],
])("an extent %s", (_, corners, ids) => {
  expect(touched(...corners)).toEqual(ids.map((id) => `area.district:${id}`));
});

test("a warning counts in every area it touches, and once in all", () => {
  const warnings = plannedFeed({ id: "warnings", spec: "cap", gives: ["CapAlert"] });
  const inForce = indicator({ reads: "CapAlert", by: ["area.district"], id: "security.warnings" });
  const city = new City(plan({ feeds: [warnings], indicators: [inForce], areas }));
  const warn = (geometry: ReturnType<typeof polygon>) => {
    const entities = [entity("CapAlert", "w", { feedId: "warnings", geometry: geometry as never })];
    city.advance({ ...emptyBatch, words: [word({ entities }, { feedId: "warnings" })] }, noon);
    return ["", "{area.district:west}", "{area.district:east}", "{area.district:ring}"].map(
      (group) => city.readings.get(`security.warnings${group}`)?.value,
    );
  };
  expect(warn(polygon(1, 0.5, 3, 1))).toEqual([1, 1, 1, 0]);
  expect(warn(polygon(3, 0.5, 3.5, 1))).toEqual([1, 0, 1, 0]);
  expect(warn(polygon(30, 0, 31, 1))).toEqual([1, 0, 0, 0]);
});
