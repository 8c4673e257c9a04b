import { expect, test } from "vitest";
import { makeGtfs, smallTimetable } from "../../../fixtures/make-gtfs.ts";
import { entity, indicator, noon, plan, plannedFeed, word } from "../../../test/planned-city.ts";
import { connectorFor } from "../feeds/index.ts";
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

/** Of a timetable that is in force from one date to another. */
const calendar = (from: string, to: string): Readonly<Record<string, string>> => ({
  "calendar.txt": `service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nWK,1,1,1,1,1,0,0,${from},${to}\n`,
  "calendar_dates.txt": "service_id,date,exception_type\n",
  "feed_info.txt": `feed_publisher_name,feed_lang,feed_version\nAgency,en,${from}\n`,
});

test("a trip that two timetables know is the one of the timetable in force on its day", () => {
  const gtfs = plannedFeed({ id: "timetable", spec: "gtfs", gives: ["Stop"] });
  const trips = plannedFeed({ id: "trips", gives: ["TripUpdate"], schedule: "timetable" });
  const city = new City(plan({ feeds: [gtfs, trips] }));
  const thursday = Date.UTC(2023, 6, 6, 15, 10);
  const publish = (changes: Readonly<Record<string, string>>): void => {
    const feed = { ...gtfs, zone: "America/Los_Angeles", bounds: [-180, -90, 180, 90] as const, url: null };
    const part = { name: "body", url: null, bytes: makeGtfs(changes) };
    const decoded = connectorFor("gtfs").decode(part, feed, thursday);
    if (!decoded.ok) throw new Error(decoded.failure.message);
    city.advance(
      { ...emptyBatch, words: [word(decoded.value, { feedId: "timetable", receivedAt: thursday })] },
      thursday,
    );
  };
  /** T1 is of route One until the tenth and of Second from then on. */
  const nameOf = (fields: object, at: number): unknown => {
    const entities = [entity("TripUpdate", "u", { feedId: "trips", fields, receivedAt: at })];
    city.advance(
      { ...emptyBatch, words: [word({ mode: "partial", entities }, { feedId: "trips", receivedAt: at })] },
      at,
    );
    const [held] = Array.from(city.table("TripUpdate").entries(), ([, { entity: joined }]) => joined);
    return held?.kind === "TripUpdate" ? held.fields.routeName : null;
  };
  publish(calendar("20230601", "20230709"));
  const moved = smallTimetable["trips.txt"]!.replace("R1,WK,T1", "R2,WK,T1");
  publish({ ...calendar("20230710", "20230731"), "trips.txt": moved });
  const week = 7 * 86_400_000;
  expect(nameOf({ tripId: "T1", startDate: "20230706" }, thursday)).toBe("1");
  expect(nameOf({ tripId: "T1" }, thursday)).toBe("1");
  expect(nameOf({ tripId: "T1", startDate: "20230713" }, thursday)).toBe("Second");
  expect(nameOf({ tripId: "T1" }, thursday + week)).toBe("Second");
  expect(nameOf({ tripId: "T1", startDate: "20230706" }, thursday + week)).toBe("1");
});

test("until a timetable that was published early is in force, the one before it counts", () => {
  const gtfs = plannedFeed({ id: "timetable", spec: "gtfs", gives: ["Stop"] });
  const scheduled = indicator({
    id: "transport.scheduled",
    reads: null,
    measure: { scheduled: "timetable" },
  });
  const city = new City(plan({ feeds: [gtfs], indicators: [scheduled] }));
  const countAfter = (at: number, changes?: Readonly<Record<string, string>>): unknown => {
    const body = changes && { name: "body", url: null, bytes: makeGtfs(changes) };
    const feed = { ...gtfs, zone: "America/Los_Angeles", bounds: [-180, -90, 180, 90] as const, url: null };
    const decoded = body && connectorFor("gtfs").decode(body, feed, at);
    const words = decoded?.ok ? [word(decoded.value, { feedId: "timetable", receivedAt: at })] : [];
    city.advance({ ...emptyBatch, words }, at);
    return city.readings.get(scheduled.id)?.value;
  };
  // Half past one in the night after a Thursday, the night trip is under way.
  const thursday = Date.UTC(2023, 6, 7, 9, 0);
  const week = 7 * 86_400_000;
  expect(countAfter(thursday, calendar("20230601", "20230709"))).toBe(1);
  expect(countAfter(thursday + 60_000, calendar("20230710", "20230731"))).toBe(1);
  expect(countAfter(thursday + week)).toBe(1);
  expect(countAfter(thursday + 5 * week)).toBe(0);
});
