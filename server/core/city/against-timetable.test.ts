import { describe, expect, test } from "vitest";
import { makeGtfs, smallTimetable } from "../../../fixtures/make-gtfs.ts";
import { entity, noon, plan, plannedFeed, word } from "../../../test/planned-city.ts";
import type { EntityOf } from "../../../shared/entity.ts";
import { StopTimeUpdates } from "../../../shared/stop-time-updates.ts";
import { connectorFor } from "../feeds/index.ts";
import type { Schedule } from "../feeds/gtfs/schedule.ts";
import { judgeAgainstTimetable, judgePair, type JudgedEntity } from "./against-timetable.ts";
import { emptyBatch } from "./changes.ts";
import { City } from "./city.ts";

const zone = "America/Los_Angeles";

function scheduleOf(changes: Readonly<Record<string, string>> = {}): Schedule {
  const feed = { id: "t", spec: "gtfs", zone, bounds: [-180, -90, 180, 90], url: null, options: {} } as const;
  const part = { name: "body", url: null, bytes: makeGtfs(changes) };
  const decoded = connectorFor("gtfs").decode(part, feed, noon);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value.schedule!;
}

const schedule = scheduleOf({
  "trips.txt": `${smallTimetable["trips.txt"]}\nR2,WK,LOOP,0,\nR2,WK,FLEX,0,`,
  "stop_times.txt": [
    smallTimetable["stop_times.txt"],
    "LOOP,09:00:00,09:00:00,S1,1",
    "LOOP,09:10:00,09:10:00,S2,2",
    "LOOP,09:20:00,09:20:00,S1,3",
    "FLEX,,,S1,1",
    "FLEX,,,S2,2",
  ].join("\n"),
});

interface Row {
  readonly sequence?: number;
  readonly stop?: string;
  readonly arrival?: number;
  readonly delay?: number;
}

function updatesOf(rows: readonly Row[]): StopTimeUpdates {
  return StopTimeUpdates.of(
    rows.map((row) => ({
      stopSequence: row.sequence ?? Number.NaN,
      stopId: row.stop ?? "",
      arrivalAt: row.arrival ?? Number.NaN,
      arrivalDelaySeconds: row.delay ?? Number.NaN,
    })),
  );
}

const update = (fields: EntityOf<"TripUpdate">["fields"], rows: readonly Row[] = []) =>
  entity("TripUpdate", "u", { fields, stopTimeUpdates: updatesOf(rows) });
const vehicle = (
  fields: EntityOf<"VehiclePosition">["fields"],
  position: readonly [number, number] | null = null,
) => entity("VehiclePosition", "v", { fields, position });
const alert = (fields: EntityOf<"ServiceAlert">["fields"]) => entity("ServiceAlert", "a", { fields });

function codesOf(judged: JudgedEntity, isDetoured = false): string[] {
  return (judgeAgainstTimetable(schedule, judged, () => isDetoured) ?? []).map(({ code }) => code);
}

const frequent = { tripId: "FREQ", startDate: "20230706", startTime: "12:05:00", vehicleId: "v" };

test.each<[code: string, raises: JudgedEntity, doesNot: JudgedEntity]>([
  ["E003", update({ tripId: "?" }), update({ tripId: "?", scheduleRelationship: "ADDED" })],
  ["E003", update({ tripId: "?" }), update({ tripId: "?", scheduleRelationship: "NEW" })],
  ["E003", vehicle({ tripId: "?" }), vehicle({ tripId: "T1" })],
  ["E004", update({ routeId: "?" }), update({ routeId: "R1" })],
  ["E004", alert({ routeIds: ["R1", "?"] }), alert({ routeIds: ["R1"] })],
  ["E006", update({ ...frequent, startDate: null }), update(frequent)],
  [
    "E009",
    update({ tripId: "LOOP" }, [{ stop: "S1", arrival: noon }]),
    update({ tripId: "LOOP" }, [{ sequence: 1, stop: "S1", arrival: noon }]),
  ],
  [
    "E009",
    update({ tripId: "LOOP" }, [{ stop: "S2", arrival: noon }]),
    update({ tripId: "T1" }, [{ stop: "S1", arrival: noon }]),
  ],
  ["E011", update({ tripId: "T1" }, [{ stop: "?" }]), update({ tripId: "T1" }, [{ stop: "S1" }])],
  ["E011", vehicle({ stopId: "?" }), vehicle({ stopId: "S1" })],
  [
    "E013",
    update({ ...frequent, scheduleRelationship: "SCHEDULED" }),
    update({ ...frequent, scheduleRelationship: "UNSCHEDULED" }),
  ],
  ["E015", vehicle({ stopId: "P" }), vehicle({ stopId: "S3" })],
  [
    "E016",
    update({ tripId: "T1", scheduleRelationship: "ADDED" }),
    update({ tripId: "T1", scheduleRelationship: "CANCELED" }),
  ],
  [
    "E016",
    update({ tripId: "T1", scheduleRelationship: "NEW" }),
    update({ tripId: "T1", scheduleRelationship: "DUPLICATED", startTime: "23:00:00" }),
  ],
  [
    "E019",
    update({ tripId: "EXACT", startTime: "14:05:00" }),
    update({ tripId: "EXACT", startTime: "14:10:00" }),
  ],
  ["E023", update({ tripId: "T1", startTime: "08:01:00" }), update({ tripId: "T1", startTime: "8:00:00" })],
  ["E024", update({ tripId: "T1", directionId: 1 }), update({ tripId: "T1", directionId: 0 })],
  ["E028", vehicle({}, [-122.3, 37.75]), vehicle({}, [-122.39, 37.75])],
  ["E029", vehicle({ tripId: "T1" }, [-122.41, 37.753]), vehicle({ tripId: "T1" }, [-122.41, 37.751])],
  ["E034", alert({ agencyIds: ["?"] }), alert({ agencyIds: ["A"] })],
  ["E035", update({ tripId: "T1", routeId: "R2" }), update({ tripId: "T1", routeId: "R1" })],
  [
    "E045",
    update({ tripId: "T1" }, [{ sequence: 10, stop: "S2" }]),
    update({ tripId: "T1" }, [{ sequence: 10, stop: "S1" }]),
  ],
  [
    "E046",
    update({ tripId: "FLEX" }, [{ sequence: 1, delay: 60 }]),
    update({ tripId: "FLEX" }, [{ sequence: 1, arrival: noon }]),
  ],
  [
    "E045",
    update({ tripId: "T1" }, [{ sequence: 10, stop: "S2" }]),
    update({ tripId: "T1", scheduleRelationship: "REPLACEMENT" }, [{ sequence: 10, stop: "S2" }]),
  ],
  [
    "E023",
    update({ tripId: "T1", startTime: "23:00:00" }),
    update({ tripId: "T1", scheduleRelationship: "DUPLICATED", startTime: "23:00:00" }),
  ],
  ["E051", update({ tripId: "T1" }, [{ sequence: 11 }]), update({ tripId: "T1" }, [{ sequence: 20 }])],
  ["W005", update({ ...frequent, vehicleId: null }), update(frequent)],
])("%s is raised, and not without cause", (code, raises, doesNot) => {
  expect(codesOf(raises)).toContain(code);
  expect(codesOf(doesNot)).not.toContain(code);
});

test("a detour explains a place off the shape", () => {
  expect(codesOf(vehicle({ tripId: "T1" }, [-122.41, 37.753]), true)).toEqual([]);
});

test.each<[string, EntityOf<"TripUpdate"> | null, readonly string[]]>([
  ["W003", null, ["W003"]],
  ["E047", update({ tripId: "T1", vehicleId: "other" }), ["E047"]],
  ["neither", update({ tripId: "T1", vehicleId: "v" }), []],
])("a vehicle and the predictions of its trip: %s", (_, predictions, codes) => {
  const notes = judgePair(vehicle({ tripId: "T1", vehicleId: "v" }), predictions) ?? [];
  expect(notes.map(({ code }) => code)).toEqual(codes);
});

describe("in the city", () => {
  const feeds = [
    plannedFeed({ id: "timetable", spec: "gtfs", gives: ["Stop", "Route", "Trip"] }),
    plannedFeed({ id: "trains", spec: "gtfs-rt", schedule: "timetable", gives: ["VehiclePosition"] }),
    plannedFeed({ id: "predictions", spec: "gtfs-rt", schedule: "timetable", gives: ["TripUpdate"] }),
    plannedFeed({ id: "alerts", spec: "gtfs-rt", schedule: "timetable", gives: ["ServiceAlert"] }),
  ];
  const timetable = word({ scope: "timetable", schedule }, { feedId: "timetable" });
  const train = (id: string, tripId: string, position: readonly [number, number]) =>
    entity("VehiclePosition", id, { feedId: "trains", position, fields: { tripId, vehicleId: id } });
  const trains = (...entities: EntityOf<"VehiclePosition">[]) => word({ entities }, { feedId: "trains" });
  const codes = (city: City, feedId = "trains") =>
    city.feedStatus(feedId, noon).notices.map(({ code, count }) => `${code} ${count}`);
  const take = (city: City, ...words: ReturnType<typeof word>[]) =>
    city.advance({ ...emptyBatch, words }, noon);

  test("notices are those of what is held, and wait for the timetable", () => {
    const city = new City(plan({ feeds }));
    const body = trains(train("1", "?", [-122.41, 37.75]), train("2", "?", [-122.41, 37.75]));
    take(city, body);
    expect(codes(city)).toEqual([]);
    take(city, timetable);
    expect(codes(city)).toEqual(["E003 2"]);
    expect(city.feedStatus("trains", noon).notices[0]?.example).toContain('VehiclePosition 1: trip_id "?"');
    take(city, trains(train("1", "T1", [-122.41, 37.75]), train("2", "?", [-122.41, 37.75])));
    expect(codes(city)).toEqual(["E003 1"]);
    expect(city.feedStatus("trains", noon).notices[0]?.example).toContain("VehiclePosition 2:");
    take(city, trains());
    expect(codes(city)).toEqual([]);
  });

  test("a prediction that comes or goes changes what is said of its vehicle", () => {
    const city = new City(plan({ feeds }));
    const prediction = (tripId: string, vehicleId: string) => {
      const fields = { tripId, vehicleId };
      const entities = [entity("TripUpdate", tripId, { feedId: "predictions", fields })];
      return word({ entities }, { feedId: "predictions" });
    };
    take(city, timetable, prediction("NIGHT", "9"), trains(train("1", "T1", [-122.41, 37.75])));
    expect(codes(city)).toEqual(["W003 1"]);
    take(city, prediction("T1", "2"));
    expect(codes(city)).toEqual(["E047 1"]);
    take(city, prediction("T1", "1"));
    expect(codes(city)).toEqual([]);
    take(city, prediction("NIGHT", "9"));
    expect(codes(city)).toEqual(["W003 1"]);
  });

  test("a service alert with a detour excuses the vehicles of its route and its trip", () => {
    for (const named of [{ routeIds: ["R1"] }, { tripIds: ["T1"] }]) {
      const city = new City(plan({ feeds }));
      const off = { ...train("1", "T1", [-122.41, 37.754]), fields: { tripId: "T1", routeId: "R1" } };
      take(city, timetable, trains(off));
      expect(codes(city)).toEqual(["E029 1"]);
      const fields = { effect: "DETOUR", ...named };
      const detour = entity("ServiceAlert", "d", { feedId: "alerts", fields });
      take(city, word({ entities: [detour] }, { feedId: "alerts" }));
      take(city, trains({ ...off, position: [-122.41, 37.7541] }));
      expect(codes(city)).toEqual([]);
    }
  });
});
