import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { makeGtfs } from "../../../../fixtures/make-gtfs.ts";
import { connectorFor } from "../index.ts";
import { stopTimesOf, type Schedule } from "./schedule.ts";
import { placeBetween } from "./shape-line.ts";

/** Of each trip its stops and how far along the line the timetable says they are. The line turns at 1 and ends at 2. */
function scheduleOf(trips: readonly (readonly (readonly [stop: string, distance: number])[])[]): Schedule {
  const stopTimes = trips.flatMap((stops, trip) =>
    stops.map(
      ([stop, distance], at) => `T${trip},08:${10 + at}:00,08:${10 + at}:00,${stop},${at},${distance}`,
    ),
  );
  const bytes = makeGtfs({
    "trips.txt": ["route_id,service_id,trip_id,shape_id", ...trips.map((_, trip) => `R1,WK,T${trip},L`)].join(
      "\n",
    ),
    "stop_times.txt": [
      "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled",
      ...stopTimes,
    ].join("\n"),
    "shapes.txt": [
      "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled",
      "L,37.75,-122.40,1,0",
      "L,37.75,-122.42,2,1",
      "L,37.77,-122.42,3,2",
    ].join("\n"),
    "frequencies.txt": null,
  });
  const feed = {
    id: "t",
    spec: "gtfs",
    zone: "UTC",
    bounds: [-180, -90, 180, 90],
    url: null,
    options: {},
  } as const;
  const decoded = connectorFor("gtfs").decode({ name: "body", url: null, bytes }, feed, 0);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value.schedule!;
}

/** Halfway between the first two stops of a trip. */
function halfway(schedule: Schedule, trip: number): readonly number[] {
  const { from } = stopTimesOf(schedule, trip);
  return placeBetween(schedule, trip, from, from + 1, 0.5)!.map((degrees) => Math.round(degrees * 1e3) / 1e3);
}

test("trips on one line are placed by their own stops and their own distances", () => {
  const schedule = scheduleOf([
    [
      ["S1", 0],
      ["S2", 1],
    ],
    [
      ["S1", 0],
      ["S3", 2],
    ],
    [
      ["S1", 0],
      ["S2", 1],
    ],
    [
      ["S1", 0],
      ["S2", 0.5],
    ],
    [
      ["S1", 0],
      ["S3", 2],
    ],
  ]);
  expect([0, 1, 2, 3, 4].map((trip) => halfway(schedule, trip))).toEqual([
    [-122.41, 37.75],
    [-122.42, 37.752],
    [-122.41, 37.75],
    [-122.405, 37.75],
    [-122.42, 37.752],
  ]);
});

test("what is remembered of a line does not grow with its trips", () => {
  const stops = Array.from({ length: 20 }, (_, at) => ["S1", at / 20] as const);
  const schedule = scheduleOf(Array.from({ length: 1_000 }, () => stops));
  halfway(schedule, 0);
  const before = bufferBytes();
  for (let trip = 1; trip < 1_000; trip++) halfway(schedule, trip);
  expect(bufferBytes() - before).toBeLessThan(10_000);
});

/** Of all typed arrays that something still holds. */
function bufferBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().arrayBuffers;
}
