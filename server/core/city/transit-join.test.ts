import { describe, expect, test } from "vitest";
import { hasRecordings, readRecording } from "../../../fixtures/feed-cases.ts";
import { makeGtfs } from "../../../fixtures/make-gtfs.ts";
import { localToInstant } from "../../../shared/city-time.ts";
import type { EntityOf } from "../../../shared/entity.ts";
import { StopTimeUpdates } from "../../../shared/stop-time-updates.ts";
import { connectorFor } from "../feeds/index.ts";
import type { Update } from "../feeds/connector.ts";
import type { ShiftedSchedule } from "./run.ts";
import { joinTripUpdate, joinVehiclePosition, scheduledTrips } from "./transit-join.ts";

const zone = "America/Los_Angeles";

function decode(spec: "gtfs" | "gtfs-rt", bytes: Uint8Array): Update {
  const feed = { id: "t", spec, zone, bounds: [-180, -90, 180, 90] as const, url: null, options: {} };
  const decoded = connectorFor(spec).decode({ name: "body", url: null, bytes }, feed, 4e12);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value;
}

function timetableOf(bytes: Uint8Array, shiftMs = 0): ShiftedSchedule {
  return { schedule: decode("gtfs", bytes).schedule!, shiftMs };
}

const timetable = timetableOf(makeGtfs());
const at = (hour: number, minute: number, second = 0): number =>
  localToInstant({ year: 2023, month: 7, day: 6, hour, minute, second }, zone);

interface Row {
  sequence?: number;
  stop?: string;
  arrival?: number;
  departure?: number;
  delay?: number;
  relationship?: number;
}

function updatesOf(rows: readonly Row[]): StopTimeUpdates {
  return StopTimeUpdates.of(
    rows.map((row) => ({
      stopSequence: row.sequence ?? Number.NaN,
      stopId: row.stop ?? "",
      arrivalAt: row.arrival ?? Number.NaN,
      departureAt: row.departure ?? Number.NaN,
      arrivalDelaySeconds: row.delay ?? Number.NaN,
      departureDelaySeconds: row.delay ?? Number.NaN,
      scheduleRelationship: row.relationship ?? 0,
    })),
  );
}

function tripUpdate(
  rows: readonly Row[],
  fields: EntityOf<"TripUpdate">["fields"] = {},
): EntityOf<"TripUpdate"> {
  return {
    id: "t/TripUpdate/T1",
    kind: "TripUpdate",
    feedId: "t",
    sourceId: "T1",
    observedAt: null,
    receivedAt: 0,
    position: null,
    quality: "good",
    fields: { tripId: "T1", startDate: "20230706", ...fields },
    stopTimeUpdates: updatesOf(rows),
  };
}

function fieldsAt(now: number, rows: readonly Row[], fields: EntityOf<"TripUpdate">["fields"] = {}) {
  return joinTripUpdate(timetable, tripUpdate(rows, fields), now).entity.fields;
}

describe("a delay", () => {
  // T1 stops at S1 8:00, S2 8:10 (filled in), S3 8:20.
  test("holds for later stops until the next update", () => {
    const rows = [
      { sequence: 10, delay: 60 },
      { sequence: 30, delay: 300 },
    ];
    expect(fieldsAt(at(8, 5), rows)).toMatchObject({
      nextStopId: "S2",
      nextStopSequence: 20,
      delaySeconds: 60,
    });
    expect(fieldsAt(at(8, 12), rows)).toMatchObject({ nextStopId: "S3", delaySeconds: 300 });
  });

  test("a stop that was passed ahead of schedule is passed, whether the update still names it or not", () => {
    const passed = { sequence: 20, delay: -240 };
    const rows = [{ sequence: 30, delay: -240 }];
    for (const told of [rows, [passed, ...rows]])
      expect(fieldsAt(at(8, 7), told)).toMatchObject({ nextStopId: "S3", delaySeconds: -240 });
    expect(fieldsAt(at(8, 5), [passed, ...rows])).toMatchObject({ nextStopId: "S2", delaySeconds: -240 });
  });

  test("ends at NO_DATA", () => {
    const rows = [
      { sequence: 10, delay: 60 },
      { sequence: 20, relationship: 2 },
    ];
    expect(fieldsAt(at(8, 0, 30), rows)).toMatchObject({ nextStopId: "S1", delaySeconds: 60 });
    expect(fieldsAt(at(8, 5), rows)).toMatchObject({ nextStopId: "S2", delaySeconds: null });
    expect(fieldsAt(at(8, 15), rows)).toMatchObject({ nextStopId: "S3", delaySeconds: null });
  });

  test("passes a skipped stop", () => {
    const rows = [
      { sequence: 10, delay: 60 },
      { sequence: 20, relationship: 1 },
    ];
    expect(fieldsAt(at(8, 5), rows)).toMatchObject({ nextStopId: "S3", delaySeconds: 60 });
  });

  test("is the time against the timetable where only a time is given", () => {
    expect(fieldsAt(at(8, 5), [{ stop: "S2", arrival: at(8, 12) }])).toMatchObject({ delaySeconds: 120 });
    expect(fieldsAt(at(8, 5), [{ stop: "S2", arrival: at(8, 9) }])).toMatchObject({ delaySeconds: -60 });
  });

  test("of the whole trip counts only without updates", () => {
    expect(fieldsAt(at(8, 5), [], { delaySeconds: 90 })).toMatchObject({
      nextStopId: "S2",
      delaySeconds: 90,
    });
    expect(fieldsAt(at(8, 5), [{ sequence: 20, delay: 30 }], { delaySeconds: 90 })).toMatchObject({
      delaySeconds: 30,
    });
  });

  test("belongs to no canceled trip, and to none that has arrived", () => {
    const canceled = { scheduleRelationship: "CANCELED", delaySeconds: 60 };
    expect(fieldsAt(at(8, 5), [], canceled)).toMatchObject({
      delaySeconds: null,
      isRunning: false,
      nextStopId: null,
    });
    expect(fieldsAt(at(9, 0), [{ sequence: 10, delay: 60 }])).toMatchObject({
      delaySeconds: null,
      isRunning: false,
    });
  });

  test("of a trip past 24:00 counts from its service date, given or guessed", () => {
    const late = at(1, 40) + 86_400_000; // NIGHT leaves S3 at 25:30, so at 1:30 on the 7th.
    for (const startDate of ["20230706", null]) {
      const fields = fieldsAt(late, [{ sequence: 1, departure: at(1, 32) + 86_400_000 }], {
        tripId: "NIGHT",
        startDate,
      });
      expect(fields).toMatchObject({ nextStopId: "S1", delaySeconds: 120, isRunning: true });
    }
  });

  test("is unknown for a trip by frequency, whose times are absolute", () => {
    const frequent = { tripId: "FREQ", startTime: "12:05:00" };
    const fields = fieldsAt(at(12, 10), [{ sequence: 2, arrival: at(12, 16) }], frequent);
    expect(fields).toMatchObject({ nextStopId: "S2", delaySeconds: null, isRunning: true });
  });

  test("of a duplicated trip is measured from its own start", () => {
    const copy = { scheduleRelationship: "DUPLICATED", startTime: "09:00:00" };
    const fields = fieldsAt(at(9, 5), [{ sequence: 20, arrival: at(9, 11) }], copy);
    expect(fields).toMatchObject({ nextStopId: "S2", delaySeconds: 60, isRunning: true });
  });
});

describe("a place", () => {
  const onTime = tripUpdate([{ sequence: 10, delay: 0 }]);

  test("is estimated along the shape by predicted times, and only while the trip is under way", () => {
    const position = (now: number) => joinTripUpdate(timetable, onTime, now).entity.position;
    expect(position(at(7, 59))).toBeNull();
    expect(position(at(8, 5))?.[0]).toBeCloseTo(-122.41, 4);
    expect(position(at(8, 5))?.[1]).toBeCloseTo(37.75, 4);
    expect(position(at(8, 15))?.[1]).toBeCloseTo(37.755, 3);
    expect(position(at(8, 21))).toBeNull();
    expect(joinTripUpdate(timetable, onTime, at(8, 5)).entity.quality).toBe("estimated");
  });

  test("says when time alone changes it", () => {
    expect(joinTripUpdate(timetable, onTime, at(7, 30)).until).toBe(at(8, 0));
    expect(joinTripUpdate(timetable, onTime, at(8, 5)).until).toBe(at(8, 5, 15));
    expect(joinTripUpdate(timetable, onTime, at(8, 21)).until).toBe(Infinity);
  });

  test("of a trip that the timetable does not have lies between its stops", () => {
    const rows = [
      { stop: "S1", departure: at(8, 0) },
      { stop: "S2", arrival: at(8, 10) },
    ];
    const joined = joinTripUpdate(timetable, tripUpdate(rows, { tripId: "NEW" }), at(8, 5));
    expect(joined.entity.position?.[0]).toBeCloseTo(-122.41, 5);
  });

  test("shifts with the replay", () => {
    const shiftMs = 7 * 86_400_000;
    const shifted = { schedule: timetable.schedule, shiftMs };
    const joined = joinTripUpdate(shifted, onTime, at(8, 5) + shiftMs);
    expect(joined.entity.position?.[0]).toBeCloseTo(-122.41, 4);
    expect(joined.entity.fields.delaySeconds).toBe(0);
    expect(scheduledTrips(shifted, at(8, 5) + shiftMs)).toEqual({ count: 1, until: at(8, 20) + shiftMs });
  });
});

describe("a vehicle", () => {
  const vehicle = (fields: EntityOf<"VehiclePosition">["fields"]): EntityOf<"VehiclePosition"> => ({
    id: "t/VehiclePosition/v1",
    kind: "VehiclePosition",
    feedId: "t",
    sourceId: "v1",
    observedAt: 0,
    receivedAt: 0,
    position: null,
    quality: "good",
    fields,
  });

  test("without a place gets its stop's, estimated, by stop_id or by stop_sequence", () => {
    for (const fields of [{ stopId: "S3" }, { tripId: "T1", currentStopSequence: 30 }]) {
      const { entity } = joinVehiclePosition(timetable, vehicle(fields), null);
      expect(entity).toMatchObject({ position: [-122.42, 37.76], quality: "estimated" });
    }
    expect(joinVehiclePosition(timetable, vehicle({ stopId: "?" }), null).entity.position).toBeNull();
  });

  test("with a place keeps it, and gets route and delay of its run", () => {
    const placed = { ...vehicle({ tripId: "T1" }), position: [-122.5, 37.7] as const };
    const update = tripUpdate([], { delaySeconds: 42 });
    const { entity } = joinVehiclePosition(timetable, placed, update);
    expect(entity).toMatchObject({
      position: [-122.5, 37.7],
      quality: "good",
      fields: { routeId: "R1", routeName: "1", delaySeconds: 42 },
    });
    expect(joinVehiclePosition(null, placed, null).entity.fields).toMatchObject({
      delaySeconds: null,
      routeName: null,
    });
  });
});

describe.runIf(hasRecordings)("recorded pairs", () => {
  test.each([
    [
      "BART 2019",
      "san-francisco/gtfs/bart-2019.zip",
      "san-francisco/gtfs-rt/bart-20190807T174521Z-trip-updates.pb",
    ],
    [
      "Caltrain 2023",
      "san-francisco/gtfs/caltrain-2023.zip",
      "san-francisco/gtfs-rt/caltrain-20231108T010534Z-trip-updates.pb",
    ],
    [
      "Sound Transit",
      "puget-sound/gtfs/soundtransit-2023.zip",
      "puget-sound/gtfs-rt-json/soundtransit-trip_update_1683740698.json",
    ],
  ])("%s: running trips have a place and a delay, the others have none", (name, schedule, realtime) => {
    const real = timetableOf(readRecording(schedule));
    const body = decode("gtfs-rt", readRecording(realtime));
    let running = 0;
    let routes = 0;
    for (const reported of body.entities) {
      if (reported.kind !== "TripUpdate") continue;
      const { entity, until } = joinTripUpdate(real, reported, body.publishedAt!);
      expect(until).toBeGreaterThan(body.publishedAt!);
      expect(entity.position !== null).toBe(entity.fields.isRunning === true);
      if (entity.fields.isRunning === true) running++;
      if (entity.fields.routeName) routes++;
    }
    const seen = { running, routes, scheduled: scheduledTrips(real, body.publishedAt!).count };
    expect(seen).toEqual(
      {
        "BART 2019": { running: 28, routes: 65, scheduled: 53 },
        "Caltrain 2023": { running: 10, routes: 19, scheduled: 13 },
        "Sound Transit": { running: 13, routes: 14, scheduled: 11 },
      }[name],
    );
  });

  test("New York: no trip id matches, yet every train is placed by its stop", () => {
    const real = timetableOf(readRecording("new-york/gtfs/nyct-subway-cut-20230528-20231119.zip"));
    const body = decode(
      "gtfs-rt",
      readRecording("new-york/gtfs-rt/nyct-1234567s-20230529/20230529T140324-0400.pb"),
    );
    const trains = body.entities.filter((entity) => entity.kind === "VehiclePosition");
    const placed = trains.map((train) => joinVehiclePosition(real, train, null).entity);
    expect(placed).toHaveLength(109);
    expect(placed.every(({ position, quality }) => position !== null && quality === "estimated")).toBe(true);
    expect(placed.every(({ fields }) => fields.routeName !== null)).toBe(true);
  });
});
