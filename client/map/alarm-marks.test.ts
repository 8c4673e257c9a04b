import { expect, it } from "vitest";
import type { AreaCollection } from "../../shared/areas.ts";
import { gatherByPlace, markFeatures, placeOfAlarm, type AlarmMark } from "./alarm-marks.ts";

const square = { type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] } as const; // prettier-ignore
const areas = {
  type: "FeatureCollection",
  features: [
    {
      type: "Feature",
      properties: { id: "harbour", name: { en: "Harbour", zh: "港区" }, aliases: [] },
      geometry: square,
    },
  ],
} as unknown as AreaCollection;

it("is where its thing is, else around its area, else nowhere", () => {
  const at = (position: [number, number] | null, group: string | null, level: string | null = "district") =>
    placeOfAlarm({ position, group }, areas, level);
  expect(at([3, 4], "area.district:harbour")).toEqual({ type: "Point", coordinates: [3, 4] });
  expect(at(null, "area.district:harbour")).toEqual(square);
  expect(at(null, "area.district:gone")).toBeNull();
  expect(at(null, "area.quarter:harbour")).toBeNull();
  expect(at(null, "department:fire")).toBeNull();
  expect(at(null, null)).toBeNull();
  expect(at(null, "area.district:harbour", null)).toBeNull();
});

it("draws the most urgent on top", () => {
  const mark = (priority: AlarmMark["priority"]): AlarmMark => ({
    id: priority,
    priority,
    isKnown: false,
    area: null,
    title: "",
    detail: "",
    geometry: { type: "Point", coordinates: [0, 0] },
  });
  const drawn = markFeatures([mark("critical"), mark("low"), mark("high")]);
  expect(drawn.features.map(({ properties }) => properties.priority)).toEqual(["low", "high", "critical"]);
});

it("puts the alarms of one area together, and those of two things never, and tells of none without rule or place", () => {
  const alarm = (
    id: string,
    group: string | null,
    position: [number, number] | null = null,
    rule = "rule",
  ) => ({ id, rule, group, position });
  const gathered = gatherByPlace(
    [
      alarm("old", "area.district:harbour", null, "rule of before"),
      alarm("roads", "area.district:harbour"),
      alarm("gauge 1", "area.district:harbour", [1, 2]),
      alarm("rain", "area.district:harbour"),
      alarm("hills", "area.district:hills"),
      alarm("city", null),
      alarm("gauge 2", "area.district:harbour", [1, 2]),
      alarm("gauge of before", "area.district:harbour", [1, 2], "rule of before"),
    ],
    [{ id: "rule" }],
    areas,
    "district",
  );
  expect(gathered.map(({ alarm: { id }, others }) => `${id} ${others}`)).toEqual([
    "roads 1",
    "gauge 1 0",
    "gauge 2 0",
  ]);
});
