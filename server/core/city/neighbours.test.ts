import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeGtfs } from "../../../fixtures/make-gtfs.ts";
import { localToInstant } from "../../../shared/city-time.ts";
import type { Entity } from "../../../shared/entity.ts";
import { entity, indicator, plan, plannedFeed, word } from "../../../test/planned-city.ts";
import { connectorFor } from "../feeds/index.ts";
import type { Schedule } from "../feeds/gtfs/schedule.ts";
import { emptyBatch } from "./changes.ts";
import { City } from "./city.ts";
import { noUpdates } from "./transit-join.ts";

const zone = "America/Los_Angeles";
/** Every ten minutes from S1 over S2 to S3, each twenty minutes under way; BACK goes the other way. */
const lines = ["A", "B", "C", "D"].map((trip, i) => ({ trip, minute: 10 * i }));
const clock = (minute: number) =>
  `${String(8 + Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}:00`;
const schedule = scheduleOf({
  "trips.txt": ["route_id,service_id,trip_id,direction_id,shape_id"]
    .concat(
      lines.map(({ trip }) => `R1,WK,${trip},0,`),
      "R1,WK,BACK,1,",
    )
    .join("\n"),
  "stop_times.txt": ["trip_id,arrival_time,departure_time,stop_id,stop_sequence"]
    .concat(
      lines.flatMap(({ trip, minute }) =>
        ["S1", "S2", "S3"].map((stop, i) => {
          const time = clock(minute + 10 * i);
          return `${trip},${time},${time},${stop},${i + 1}`;
        }),
      ),
      ["BACK,08:00:00,08:00:00,S3,1", "BACK,08:40:00,08:40:00,S1,2"],
    )
    .join("\n"),
  "frequencies.txt": "trip_id,start_time,end_time,headway_secs,exact_times\n",
});

function scheduleOf(changes: Readonly<Record<string, string>>): Schedule {
  const feed = { id: "t", spec: "gtfs", zone, bounds: [-180, -90, 180, 90], url: null, options: {} } as const;
  const decoded = connectorFor("gtfs").decode({ name: "body", url: null, bytes: makeGtfs(changes) }, feed, 0);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value.schedule!;
}

const at = (minute: number): number =>
  localToInstant({ year: 2023, month: 7, day: 6, hour: 8, minute, second: 0 }, zone);

const run = (tripId: string, delayMinutes: number): Entity =>
  entity("TripUpdate", tripId, {
    fields: { tripId, startDate: "20230706", delaySeconds: 60 * delayMinutes },
    stopTimeUpdates: noUpdates,
  });

const bunched = indicator({
  id: "transport.bunched",
  unit: "percent",
  reads: "TripUpdate",
  where: { headwayPercent: { exists: true } },
  measure: { share: { headwayPercent: { to: 25 } } },
});

function cityWith(...entities: readonly Entity[]): City {
  const gives = ["TripUpdate", "ServiceRequest"] as const;
  const feeds = [plannedFeed({ gives, staleAfterSeconds: 1e7, dropAfterSeconds: 1e8, keepSeconds: 1e7 })];
  const repeats = indicator({
    id: "community.repeats",
    unit: "percent",
    reads: "ServiceRequest",
    measure: { share: { isRepeat: true } },
  });
  const city = new City(plan({ zone, feeds, indicators: [bunched, repeats] }));
  city.advance({ ...emptyBatch, words: [word({ scope: "timetable", schedule, entities: [] })] }, at(0));
  say(city, at(25), { entities });
  return city;
}

const say = (city: City, now: number, update: Parameters<typeof word>[0]) =>
  city.advance({ ...emptyBatch, words: [word(update, { receivedAt: now })] }, now);

function fieldsOf(city: City, tripId: string): Entity["fields"] {
  const table = city.table("TripUpdate");
  return table.at(table.slotOf(`bikes/TripUpdate/${tripId}`)!)!.entity.fields;
}

describe("a run's headway", () => {
  test("is that to the run ahead of it, against the timetable's", () => {
    // At 8:25: A has arrived, B goes to S3 (8:30), C to S2 (8:30), D has not left.
    const city = cityWith(run("A", 0), run("B", 5), run("C", 0), run("D", 0));
    expect(fieldsOf(city, "B")).toMatchObject({ isRunning: true, headwayPercent: null });
    expect(fieldsOf(city, "C")).toMatchObject({
      headwaySeconds: 300,
      scheduledHeadwaySeconds: 600,
      headwayPercent: 50,
    });
    expect(fieldsOf(city, "D")).toMatchObject({ isRunning: false, headwayPercent: null });
  });

  test("follows the run ahead, and ends with it", () => {
    const city = cityWith(run("B", 0), run("C", 0));
    expect(fieldsOf(city, "C")).toMatchObject({ headwayPercent: 100 });
    const changes = say(city, at(26), { mode: "partial", entities: [run("B", 8)] });
    expect(fieldsOf(city, "C")).toMatchObject({ headwayPercent: 20 });
    expect(changes.entities.get("TripUpdate")?.changed.map(({ entity: { sourceId } }) => sourceId)).toEqual([
      "B",
      "C",
    ]);
    expect(city.readings.get("transport.bunched")?.value).toBe(100);
    say(city, at(27), { mode: "partial", removed: ["bikes/TripUpdate/B"] });
    expect(fieldsOf(city, "C")).toMatchObject({ headwaySeconds: null, headwayPercent: null });
    expect(city.readings.get("transport.bunched")?.value).toBeNull();
  });

  test("of two that left together is 0 for one of them; one that has overtaken has no promise to keep", () => {
    const city = cityWith(run("B", 10), run("C", 0));
    expect([fieldsOf(city, "B"), fieldsOf(city, "C")]).toMatchObject([
      { headwayPercent: null },
      { headwaySeconds: 0, headwayPercent: 0 },
    ]);
    say(city, at(26), { mode: "partial", entities: [run("B", 14)] });
    expect(fieldsOf(city, "B")).toMatchObject({ headwaySeconds: 240, headwayPercent: null });
  });

  test("does not know the other direction", () => {
    expect(fieldsOf(cityWith(run("BACK", 0), run("C", 0)), "BACK")).toMatchObject({ headwaySeconds: null });
  });

  test("after any history is what a city that starts now would say", () => {
    const step = fc.record({
      delays: fc.dictionary(fc.constantFrom("A", "B", "C", "D"), fc.integer({ min: -3, max: 20 })),
      gone: fc.constantFrom("A", "B", "C", "D"),
      minutes: fc.integer({ min: 0, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const city = cityWith();
        const held = new Map<string, Entity>();
        let minute = 25;
        for (const { delays, gone, minutes } of steps) {
          minute += minutes;
          held.delete(gone);
          const entities = Object.entries(delays).map(([trip, delay]) => run(trip, delay));
          for (const update of entities) held.set(update.sourceId, update);
          const removed = delays[gone] === undefined ? [`bikes/TripUpdate/${gone}`] : [];
          say(city, at(minute), { mode: "partial", entities, removed });
        }
        const fresh = cityWith();
        say(fresh, at(minute), { mode: "partial", entities: [...held.values()] });
        for (const trip of held.keys()) expect(fieldsOf(city, trip)).toEqual(fieldsOf(fresh, trip));
        expect(city.readings.get("transport.bunched")?.value).toBe(
          fresh.readings.get("transport.bunched")?.value,
        );
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

test("a request is a repeat while an earlier one about its spot is held", () => {
  const request = (id: string, requestedAt: number, address = "7 Quay Street"): Entity =>
    entity("ServiceRequest", id, { fields: { serviceCode: "light", address, requestedAt } });
  const city = cityWith(request("late", at(20)), request("elsewhere", at(20), "9 Quay Street"));
  expect(city.readings.get("community.repeats")?.value).toBe(0);
  say(city, at(26), { mode: "partial", entities: [request("early", at(20) - 20 * 86_400_000)] });
  expect(city.readings.get("community.repeats")?.value).toBeCloseTo(100 / 3);
  say(city, at(27), { mode: "partial", removed: ["bikes/ServiceRequest/early"] });
  expect(city.readings.get("community.repeats")?.value).toBe(0);
});

test("no rule works for a city that does not ask", () => {
  const city = new City(plan({ zone, feeds: [plannedFeed({ gives: ["TripUpdate"] })] }));
  say(city, at(25), { schedule, entities: [run("C", 0)] });
  expect(fieldsOf(city, "C")).not.toHaveProperty("headwayPercent");
});
