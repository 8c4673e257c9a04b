import { expect, test } from "vitest";
import { entity, noon, plan, plannedFeed, word } from "../../../test/planned-city.ts";
import { emptyBatch } from "./changes.ts";
import { City } from "./city.ts";

const trip = { tripId: "T1", startDate: "20260307", startTime: "12:00:00" };
const earlier = { ...trip, startTime: "11:00:00" };

function delaysOf(updates: readonly object[], vehicles: readonly object[], gone: readonly string[] = []) {
  const feeds = [
    plannedFeed({ id: "trips", gives: ["TripUpdate"], schedule: "timetable" }),
    plannedFeed({ id: "places", gives: ["VehiclePosition"], schedule: "timetable" }),
    plannedFeed({ id: "elsewhere", gives: ["TripUpdate"] }),
  ];
  const city = new City(plan({ feeds }));
  const take = (feedId: string, entities: ReturnType<typeof entity>[]): void => {
    city.advance({ ...emptyBatch, words: [word({ mode: "partial", entities }, { feedId })] }, noon);
  };
  take(
    "places",
    vehicles.map((fields, i) => entity("VehiclePosition", `v${i}`, { feedId: "places", fields })),
  );
  take("elsewhere", [
    entity("TripUpdate", "x", { feedId: "elsewhere", fields: { ...trip, delaySeconds: 999 } }),
  ]);
  take(
    "trips",
    updates.map((fields, i) => entity("TripUpdate", `u${i}`, { feedId: "trips", fields })),
  );
  const removed = gone.map((id) => `trips/TripUpdate/${id}`);
  city.advance({ ...emptyBatch, words: [word({ mode: "partial", removed }, { feedId: "trips" })] }, noon);
  return Array.from(city.table("VehiclePosition").entries(), ([, { entity: joined }]) =>
    joined.kind === "VehiclePosition" ? joined.fields.delaySeconds : undefined,
  );
}

const updates = [
  { ...earlier, delaySeconds: 60 },
  { ...trip, delaySeconds: 120 },
];

test("a vehicle finds the predictions of its run, of several of one trip those with its start", () => {
  expect(delaysOf(updates, [trip, earlier])).toEqual([120, 60]);
});

test("without a start, or with one that nobody predicts, they are the newest of its trip", () => {
  expect(delaysOf(updates, [{ tripId: "T1" }, { ...trip, startTime: "13:00:00" }])).toEqual([120, 120]);
});

test("another trip, and the same one of another timetable, are not its own", () => {
  expect(delaysOf(updates, [{ tripId: "T2" }, {}])).toEqual([null, null]);
  expect(delaysOf([], [trip])).toEqual([null]);
});

test("when one of two is gone, the other still speaks", () => {
  expect(delaysOf(updates, [{ tripId: "T1" }, trip], ["u1"])).toEqual([60, 60]);
});

test("a vehicle is told anew only when its predictions say something else of it", () => {
  const feeds = [plannedFeed({ id: "mbta", gives: ["TripUpdate", "VehiclePosition"] })];
  const city = new City(plan({ feeds }));
  const take = (entities: ReturnType<typeof entity>[]) =>
    city.advance({ ...emptyBatch, words: [word({ mode: "partial", entities }, { feedId: "mbta" })] }, noon);
  const predict = (fields: object) =>
    take([entity("TripUpdate", "u", { feedId: "mbta", fields: { ...trip, ...fields } })]);
  take([entity("VehiclePosition", "v", { feedId: "mbta", fields: trip })]);
  expect([...predict({ delaySeconds: 60 }).entities.keys()]).toEqual(["TripUpdate", "VehiclePosition"]);
  expect([...predict({ delaySeconds: 60, vehicleId: "v" }).entities.keys()]).toEqual(["TripUpdate"]);
  expect([...predict({ delaySeconds: 90, vehicleId: "v" }).entities.keys()]).toContain("VehiclePosition");
});
