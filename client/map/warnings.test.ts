import { expect, test } from "vitest";
import type { MultiPolygon, Polygon } from "geojson";
import type { EntityRow } from "../../shared/entity-frame.ts";
import {
  labelPlace,
  labelPlaces,
  warningAreas,
  warningWords,
  warningFeatures,
  type Box,
} from "./warnings.ts";

const square: Polygon = {
  type: "Polygon",
  coordinates: [
    [
      [10, 10],
      [20, 10],
      [20, 20],
      [10, 20],
      [10, 10],
    ],
  ],
};
const now = 1_000_000;

function warning(id: string, fields: EntityRow["fields"], geometry: Polygon | null = square): EntityRow {
  return {
    slot: 0,
    id,
    kind: "CapAlert",
    position: null,
    estimated: false,
    observedAt: now,
    fields: { status: "Actual", severity: "Severe", headline: id, expiresAt: now + 1, ...fields },
    ...(geometry && { geometry }),
  };
}

test("warnings in force that have an area, the gravest first and drawn last", () => {
  const rows = [
    warning("minor", { severity: "Minor" }),
    warning("no area", {}, null),
    warning("over", { expiresAt: now }),
    warning("exercise", { status: "Exercise" }),
    warning("endless", { expiresAt: null, severity: "Extreme" }),
    warning("odd", { severity: "Foobar", headline: null, event: "Wind" }),
  ];
  const areas = warningAreas(rows, now, "en");
  expect(areas.map(({ id, severity, headline }) => [id, severity, headline])).toEqual([
    ["endless", "Extreme", "endless"],
    ["minor", "Minor", "minor"],
    ["odd", "Unknown", "Wind"],
  ]);
  expect(warningFeatures(areas).features.map(({ properties }) => properties.severity)).toEqual([
    "Unknown",
    "Minor",
    "Extreme",
  ]);
});

test("an area of two polygons that meet has one line around both", () => {
  const geometry: MultiPolygon = {
    type: "MultiPolygon",
    coordinates: [
      square.coordinates,
      [
        [
          [20, 10],
          [30, 10],
          [30, 20],
          [20, 20],
          [20, 10],
        ],
      ],
    ],
  };
  const [area] = warningAreas([warning("flood", {})], now, "en");
  expect(warningFeatures([{ ...area!, geometry }]).features[0]!.geometry.coordinates).toEqual([
    [
      [10, 10],
      [20, 10],
    ],
    [
      [20, 20],
      [10, 20],
      [10, 10],
    ],
    [
      [20, 10],
      [30, 10],
      [30, 20],
      [20, 20],
    ],
  ]);
});

test("words stand right or else left of the area, inside the view, and not at all when the area is away", () => {
  const project = ([lon, lat]: [number, number]) => ({ x: lon * 10, y: lat * 10 });
  const size = { width: 50, height: 20 };
  const view = { left: 0, top: 0, right: 400, bottom: 300 };
  expect(labelPlace(square, project, size, view, 8)).toEqual({ x: 208, y: 140 });
  expect(labelPlace(square, project, size, { ...view, right: 220 }, 8)).toEqual({ x: 42, y: 140 });
  expect(labelPlace(square, project, size, { ...view, left: 60, right: 220 }, 8)).toEqual({ x: 170, y: 90 });
  expect(labelPlace(square, project, size, { ...view, top: 190 }, 8)).toEqual({ x: 208, y: 190 });
  // A slope leaves room further up: 200 px at its foot, 100 px at its top.
  const slope: Polygon = { type: "Polygon", coordinates: [[[10, 10], [20, 20], [10, 20], [10, 10]]] }; // prettier-ignore
  expect(labelPlace(slope, project, size, { ...view, left: 60, right: 200 }, 8)).toEqual({ x: 143, y: 115 });
  expect(labelPlace(square, project, size, { ...view, left: 210, right: 500 }, 8)).toBeNull();
});

test("words stand where they cost least, nearest to the middle among equals", () => {
  const project = ([lon, lat]: [number, number]) => ({ x: lon * 10, y: lat * 10 });
  const size = { width: 50, height: 20 };
  const view = { left: 0, top: 0, right: 400, bottom: 300 };
  // Land lies in the east; a name of the water lies west of the middle.
  const cost = ({ left, top, bottom }: Box) => (left > 200 ? 0.5 : bottom > 130 && top < 170 ? 1 : 0);
  expect(labelPlace(square, project, size, view, 8, cost)).toEqual({ x: 42, y: 102.5 });
  expect(labelPlace(square, project, size, { ...view, left: 60 }, 8, cost)).toEqual({ x: 208, y: 140 });
});

test("words of an area's own stand in its middle, free of those before them, or nowhere", () => {
  const project = ([lon, lat]: [number, number]) => ({ x: lon * 10, y: lat * 10 });
  const view = { left: 0, top: 0, right: 400, bottom: 300 };
  const label = (at: [number, number]) => ({ geometry: square, at, size: { width: 50, height: 20 } });
  expect(labelPlaces([label([15, 15]), label([15, 16]), label([15, 20])], project, view, 8)).toEqual([
    { x: 125, y: 140 },
    null,
    { x: 125, y: 190 },
  ]);
  expect(labelPlaces([label([1, 15])], project, view, 8)).toEqual([null]);
});

test("words of several warnings lie neither over each other nor outside; who finds no room is left out", () => {
  const project = ([lon, lat]: [number, number]) => ({ x: lon * 10, y: lat * 10 });
  const view = { left: 0, top: 0, right: 400, bottom: 300 };
  const labels = Array.from({ length: 6 }, () => ({ geometry: square, size: { width: 50, height: 100 } }));
  const places = labelPlaces(labels, project, view, 8);
  expect(places.slice(0, 2)).toEqual([
    { x: 208, y: 100 },
    { x: 42, y: 100 },
  ]);
  expect(places.filter((place) => place !== null)).toHaveLength(2);
  const size = { width: 50, height: 70 };
  const all = labelPlaces(labels.map((label) => ({ ...label, size })), project, view, 8); // prettier-ignore
  for (const [i, one] of all.entries())
    for (const other of all.slice(0, i))
      expect(Math.abs(one!.x - other!.x) >= 58 || Math.abs(one!.y - other!.y) >= 78).toBe(true);
});

test("a warning speaks the wall's language as far as its publisher does", () => {
  const fields = { headline: "Flood warning", headlineZh: "洪水预警", areaDesc: "Harbour", event: "Flood" };
  expect(warningWords({ fields }, "en")).toEqual({ headline: "Flood warning", area: "Harbour" });
  expect(warningWords({ fields }, "zh")).toEqual({ headline: "洪水预警", area: "Harbour" });
  expect(warningWords({ fields: { event: "Flood" } }, "zh")).toEqual({ headline: "Flood", area: "" });
});
