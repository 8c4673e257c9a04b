import bindings from "gtfs-realtime-bindings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  hasRecordings,
  listFeedCases,
  listRecordings,
  readRecording,
} from "../../../../fixtures/feed-cases.ts";
import type { Entity } from "../../../../shared/entity.ts";
import type { ConnectorFeed, Update } from "../connector.ts";
import { gtfsRt } from "./decode.ts";
import type { GtfsRtOptions } from "./options.ts";

const { FeedMessage } = bindings.transit_realtime;
const nowSeconds = 1_700_000_000;
const now = nowSeconds * 1000;

const feed: ConnectorFeed<GtfsRtOptions> = {
  id: "rt",
  spec: "gtfs-rt",
  zone: "America/Los_Angeles",
  bounds: [-122.6, 37.6, -122.3, 37.9],
  url: null,
  options: {},
};
const world = { ...feed, bounds: [-180, -90, 180, 90] as const };

function tryDecode(bytes: Uint8Array, memory?: unknown, receivedAt = now, of = feed) {
  return gtfsRt.decode({ name: "body", url: null, bytes }, of, receivedAt, memory);
}

function decode(bytes: Uint8Array, memory?: unknown, receivedAt = now, of = feed): Update {
  const decoded = tryDecode(bytes, memory, receivedAt, of);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value;
}

const header = { gtfsRealtimeVersion: "2.0", incrementality: 0, timestamp: nowSeconds };
type Message = Readonly<Record<string, unknown>>;

function protobuf(entity: readonly Message[], changes: Message = {}): Uint8Array {
  const message = FeedMessage.fromObject({ header: { ...header, ...changes }, entity });
  return new Uint8Array(FeedMessage.encode(message).finish());
}

function json(entity: readonly unknown[], changes: Message = {}): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ header: { ...header, ...changes }, entity }));
}

const trip = { tripId: "T1", startDate: "20231114", scheduleRelationship: "SCHEDULED" };
const vehicle = (changes: Message = {}, id = "v1"): Message => ({
  id: `e-${id}`,
  vehicle: {
    trip,
    vehicle: { id },
    position: { latitude: 37.75, longitude: -122.4 },
    timestamp: nowSeconds,
    ...changes,
  },
});
const stop = (sequence: number, seconds: number, changes: Message = {}): Message => ({
  stopSequence: sequence,
  stopId: `S${sequence}`,
  scheduleRelationship: "SCHEDULED",
  arrival: { time: nowSeconds + seconds },
  ...changes,
});
const update = (stopTimeUpdate: readonly Message[], changes: Message = {}): Message => ({
  id: "u1",
  tripUpdate: { trip, timestamp: nowSeconds, stopTimeUpdate, ...changes },
});

const codesOf = (decoded: Update): string[] => decoded.notices.map(({ code }) => code);
const first = (decoded: Update): Entity => decoded.entities[0]!;

describe("recorded bodies", () => {
  test.each(listFeedCases("gtfs-rt"))("$name", ({ bytes, expected }) => {
    expect(summaryOf(bytes)).toEqual(expected);
  });
});

/** What a body comes to when it arrives a second after it was made. */
function summaryOf(bytes: Uint8Array): unknown {
  const { publishedAt } = decode(bytes, undefined, now, world);
  const decoded = decode(bytes, undefined, (publishedAt ?? now) + 1_000, world);
  const entities: Record<string, number> = {};
  let withPosition = 0;
  let stopTimeUpdates = 0;
  for (const entity of decoded.entities) {
    entities[entity.kind] = (entities[entity.kind] ?? 0) + 1;
    if (entity.position) withPosition++;
    stopTimeUpdates += entity.stopTimeUpdates?.length ?? 0;
  }
  const notices = decoded.notices.map(({ code, severity, count }) => ({ code, severity, count }));
  const { mode, version } = decoded;
  return {
    mode,
    version,
    publishedAt: decoded.publishedAt,
    entities,
    withPosition,
    stopTimeUpdates,
    notices,
  };
}

test.runIf(hasRecordings)("reads the same predictions from the MBTA recording as the bindings do", () => {
  const bytes = readRecording("boston/gtfs-rt/mbta-20241120-TripUpdates.pb");
  const theirs = FeedMessage.decode(bytes).entity;
  const ours = decode(bytes, undefined, 1_732_128_731_000, world).entities;
  for (const [at, { tripUpdate }] of theirs.entries()) {
    const seconds = (value: unknown): number => (value == null ? Number.NaN : Number(value) * 1000);
    const rows = ours[at]!.stopTimeUpdates!;
    const updates = tripUpdate?.stopTimeUpdate ?? [];
    expect(rows.stopIds).toEqual(updates.map(({ stopId }) => stopId));
    for (const [row, update] of updates.entries()) {
      expect(rows.arrivalAt(row)).toBe(seconds(update.arrival?.time));
      expect(rows.departureAt(row)).toBe(seconds(update.departure?.time));
      expect(rows.stopSequence(row)).toBe(update.stopSequence);
      expect(rows.scheduleRelationship(row)).toBe(update.scheduleRelationship);
    }
  }
});

describe.runIf(hasRecordings)("a recorded run of the New York subway", () => {
  test.each([
    ["nyct-ace-20240208", 80],
    ["nyct-1234567s-20230529", 21],
  ])("%s: every body after the other says what it says alone", (folder, count) => {
    const files = listRecordings(`new-york/gtfs-rt/${folder}`);
    expect(files).toHaveLength(count);
    let memory: unknown;
    for (const file of files) {
      const bytes = readRecording(file);
      const { publishedAt } = decode(bytes, undefined, now, world);
      const cold = decode(bytes, undefined, publishedAt! + 1_000, world);
      const warm = decode(bytes, memory, publishedAt! + 1_000, world);
      memory = warm.memory;
      const ids = [...(warm.unchanged ?? []), ...warm.entities.map(({ id }) => id)];
      expect(ids.sort()).toEqual(cold.entities.map(({ id }) => id).sort());
      expect(cold.entities.length).toBeGreaterThan(200);
      expect(codesOf(cold)).not.toContain("gtfs-rt-broken-entity");
    }
  });
});

test("a vehicle is named by vehicle.id, else by its run, never by the entity's id", () => {
  const run = { tripId: "T1", startDate: "20231114", startTime: "08:00:00" };
  const entities = [
    vehicle(),
    vehicle({ vehicle: null, trip: run }, "x"),
    vehicle({ vehicle: null, trip: null }, "y"),
  ];
  const decoded = decode(protobuf(entities));
  expect(decoded.entities.map(({ sourceId }) => sourceId)).toEqual(["v1", "T1/20231114/08:00:00"]);
  expect(codesOf(decoded)).toEqual(expect.arrayContaining(["W002", "gtfs-rt-without-id"]));
});

test("what the source left out is null, never protobuf's default", () => {
  const { fields, position } = first(
    decode(protobuf([{ id: "1", vehicle: { vehicle: { id: "v" }, timestamp: nowSeconds } }])),
  );
  expect(position).toBeNull();
  expect(Object.entries(fields).filter(([, value]) => value !== null)).toEqual([["vehicleId", "v"]]);
});

describe("JSON", () => {
  const camel = vehicle({ currentStatus: "STOPPED_AT", timestamp: String(nowSeconds), stopId: "S1" });
  const snake = {
    id: "1",
    vehicle: {
      trip: { trip_id: "T1", start_date: "20231114", schedule_relationship: 0 },
      vehicle: { id: "v1" },
      position: { latitude: 37.75, longitude: -122.4 },
      current_status: 1,
      stop_id: "S1",
      timestamp: nowSeconds,
    },
  };

  test("in camelCase with text enums and text numbers, in snake_case with numbers, and protobuf say the same", () => {
    const expected = first(decode(protobuf([camel])));
    for (const body of [json([camel]), json([snake])]) {
      expect(first(decode(body))).toEqual({ ...expected, position: [-122.4, 37.75] });
    }
  });

  test("that begins with blanks is JSON, protobuf that looks like a line feed and a brace is not", () => {
    const padded = new Uint8Array([0x0a, 0x20, ...json([camel])]);
    expect(decode(padded).entities).toHaveLength(1);
    const long = protobuf([camel], { feedVersion: "x".repeat(123 - 15) });
    expect([long[0], long[1]]).toEqual([0x0a, 0x7b]);
    expect(decode(long).entities).toHaveLength(1);
  });

  test("with something odd in `entity` loses only that", () => {
    const decoded = decode(json([7, null, camel]));
    expect(decoded.entities).toHaveLength(1);
    expect(codesOf(decoded)).toContain("gtfs-rt-broken-entity");
  });
});

describe("what is wrong with a vehicle", () => {
  test.each<[string, Message]>([
    ["W001", { timestamp: null }],
    ["W001", { timestamp: 0 }],
    ["E001", { timestamp: 12 }],
    ["E001", { timestamp: nowSeconds * 1000 }],
    ["E050", { timestamp: nowSeconds + 3_600 }],
    ["E012", { timestamp: nowSeconds + 10 }],
    ["E020", { trip: { ...trip, startTime: "8h" } }],
    ["E021", { trip: { ...trip, startDate: "2023-11-14" } }],
    ["W009", { trip: { tripId: "T1" } }],
    ["W002", { vehicle: null }],
    ["W004", { position: { latitude: 37.75, longitude: -122.4, speed: 300 } }],
    ["E027", { position: { latitude: 37.75, longitude: -122.4, bearing: 400 } }],
    ["E026", { position: { latitude: 95, longitude: -122.4 } }],
    ["E026", { position: { latitude: 0, longitude: 0 } }],
    ["E026", { position: { latitude: -122.4, longitude: 37.75 } }],
    ["E028", { position: { latitude: 45.5, longitude: -73.6 } }],
  ])("%s for %j", (code, changes) => {
    const decoded = decode(protobuf([vehicle(changes)]));
    expect(codesOf(decoded)).toContain(code);
    expect(decoded.entities).toHaveLength(1);
  });

  test("a place that cannot be is no place; a time that cannot be is no time, never now", () => {
    const bad = { position: { latitude: 95, longitude: 0 }, timestamp: nowSeconds + 3_600 };
    expect(first(decode(protobuf([vehicle(bad)])))).toMatchObject({ position: null, observedAt: null });
  });

  test("milliseconds are read as what they were meant to be", () => {
    expect(first(decode(protobuf([vehicle({ timestamp: now })]))).observedAt).toBe(now);
  });

  test("one trip on two vehicles, and one vehicle twice: the newer speaks", () => {
    const two = decode(protobuf([vehicle(), vehicle({}, "v2")]));
    expect(codesOf(two)).toContain("gtfs-rt-trip-on-two-vehicles");
    const old = vehicle({ timestamp: nowSeconds - 60, stopId: "old" });
    const twice = decode(protobuf([vehicle({ stopId: "new" }), old]));
    expect(codesOf(twice)).toContain("E052");
    expect(twice.entities.map(({ fields }) => fields)).toMatchObject([{ stopId: "new" }]);
  });
});

describe("what is wrong with a trip update", () => {
  const swapped = { arrival: { time: nowSeconds + 90 }, departure: { time: nowSeconds + 60 } };
  test.each<[string, Message[]]>([
    ["E002", [stop(2, 60), stop(1, 90)]],
    ["E022", [stop(1, 90), stop(2, 60)]],
    ["E025", [stop(1, 60, swapped)]],
    ["E036", [stop(1, 60), stop(1, 90, { stopId: "other" })]],
    ["E037", [stop(1, 60), stop(2, 90, { stopId: "S1" })]],
    ["E040", [stop(1, 60, { stopId: null, stopSequence: null })]],
    ["E041", []],
    ["E042", [stop(1, 60, { scheduleRelationship: "NO_DATA" })]],
    ["E043", [stop(1, 60, { arrival: null })]],
    ["E044", [stop(1, 60, { arrival: { uncertainty: 30 } })]],
    ["E001", [stop(1, 60, { arrival: { time: now } })]],
    ["W009", [stop(1, 60, { scheduleRelationship: null })]],
  ])("%s", (code, stops) => {
    expect(codesOf(decode(protobuf([update(stops)])))).toContain(code);
    expect(codesOf(decode(json([update(stops)])))).toContain(code);
  });

  test("W006 without trip_id, and a good one has nothing wrong", () => {
    const decoded = decode(
      protobuf([update([stop(1, 60)], { trip: { routeId: "R" }, vehicle: { id: "v" } })]),
    );
    expect(codesOf(decoded)).toContain("W006");
    expect(codesOf(decode(protobuf([update([stop(1, 60), stop(2, 90)])])))).toEqual([]);
  });

  test("a canceled trip needs no updates", () => {
    const canceled = { trip: { ...trip, scheduleRelationship: "CANCELED" } };
    const decoded = decode(protobuf([update([], canceled)]));
    expect(codesOf(decoded)).toEqual([]);
    expect(first(decoded).fields).toMatchObject({ scheduleRelationship: "CANCELED", delaySeconds: null });
  });

  test("a duplicated trip is named by its own id and start, and keeps the timetable's trip id", () => {
    const tripProperties = { tripId: "T1-copy", startDate: "20231115", startTime: "09:00:00" };
    const copy = { trip: { ...trip, scheduleRelationship: "DUPLICATED" }, tripProperties };
    const entity = first(decode(protobuf([update([stop(1, 60)], copy)])));
    expect(entity.sourceId).toBe("T1-copy/20231115/09:00:00");
    expect(entity.fields).toMatchObject({ tripId: "T1", startDate: "20231115", startTime: "09:00:00" });
  });

  test("the same run twice: the newer speaks", () => {
    const decoded = decode(
      protobuf([update([stop(1, 60)]), update([stop(2, 60)], { timestamp: nowSeconds - 5 })]),
    );
    expect(codesOf(decoded)).toContain("gtfs-rt-trip-twice");
    expect(first(decoded).stopTimeUpdates?.stopIds).toEqual(["S1"]);
  });
});

describe("alerts", () => {
  const translation = [
    { text: "Retard", language: "fr" },
    { text: " Delay ", language: "en-US" },
  ];
  const alert = (changes: Message = {}): Message => ({
    id: "a1",
    alert: {
      headerText: { translation },
      cause: "STRIKE",
      effect: "DETOUR",
      informedEntity: [
        { agencyId: "A" },
        { routeId: "R1", stopId: "S1" },
        { trip: { tripId: "T", routeId: "R2" } },
      ],
      ...changes,
    },
  });

  test("say whom they inform, in English where there is English", () => {
    expect(first(decode(protobuf([alert()])))).toMatchObject({
      sourceId: "a1",
      fields: {
        headerText: "Delay",
        cause: "STRIKE",
        effect: "DETOUR",
        agencyIds: ["A"],
        routeIds: ["R1", "R2"],
        stopIds: ["S1"],
        startsAt: null,
        endsAt: null,
      },
    });
  });

  test("keep the Chinese header beside the English", () => {
    const header = (...languages: string[]): Message =>
      alert({
        headerText: { translation: languages.map((language) => ({ text: `${language}!`, language })) },
      });
    const headersOf = (message: Message): unknown => {
      const { headerText, headerTextZh } = first(decode(protobuf([message]))).fields as Message;
      return [headerText, headerTextZh];
    };
    expect(headersOf(header("en", "zh-Hans"))).toEqual(["en!", "zh-Hans!"]);
    expect(headersOf(header("en", "fr"))).toEqual(["en!", undefined]);
    expect(headersOf(header("en", "zh-Hant", "zh-HK", "zh", "zh-Hans-CN"))).toEqual(["en!", "zh-Hans-CN!"]);
    expect(headersOf(header("en", "zh-TW", "zh", "zh-CN"))).toEqual(["en!", "zh-CN!"]);
    expect(headersOf(header("en", "zh-Hant", "zh"))).toEqual(["en!", "zh!"]);
    expect(headersOf(header("en", "zh-Hant"))).toEqual(["en!", "zh-Hant!"]);
    expect(headersOf(header("zh"))).toEqual(["zh!", undefined]);
  });

  test("hold in the current period, else in the next", () => {
    const activePeriod = [
      { start: nowSeconds + 500, end: nowSeconds + 600 },
      { start: nowSeconds - 100, end: nowSeconds + 100 },
    ];
    const body = protobuf([alert({ activePeriod })]);
    expect(first(decode(body)).fields).toMatchObject({ startsAt: now - 100_000, endsAt: now + 100_000 });
    const { memory } = decode(body);
    const later = decode(body, memory, now + 200_000);
    expect(first(later).fields).toMatchObject({ startsAt: now + 500_000, endsAt: now + 600_000 });
  });

  test.each<[string, Message[]]>([
    ["E031", [{ routeId: "R1", trip: { tripId: "T", routeId: "R2" } }]],
    ["E032", []],
    ["E033", [{}]],
  ])("%s", (code, informedEntity) => {
    expect(codesOf(decode(protobuf([alert({ informedEntity })])))).toContain(code);
  });
});

describe("headers", () => {
  test.each<[string, Message]>([
    ["E038", { gtfsRealtimeVersion: "7" }],
    ["E048", { timestamp: null }],
    ["E001", { timestamp: now }],
    ["E050", { timestamp: nowSeconds + 120 }],
    ["W008", { timestamp: nowSeconds - 120 }],
  ])("%s for %j", (code, changes) => {
    expect(codesOf(decode(protobuf([], changes)))).toContain(code);
  });

  test("E049: protobuf's default must not hide that incrementality is missing", () => {
    expect(codesOf(decode(json([], { incrementality: undefined })))).toContain("E049");
  });

  test("E017, E018 and W007 need the body before", () => {
    const { memory } = decode(protobuf([vehicle()]));
    const after = (entities: Message[], seconds: number): string[] =>
      codesOf(decode(protobuf(entities, { timestamp: nowSeconds + seconds }), memory, now + 30_000));
    expect(after([vehicle({ stopId: "moved" })], 0)).toContain("E017");
    expect(after([vehicle()], 0)).not.toContain("E017");
    expect(after([vehicle()], -10)).toContain("E018");
    expect(after([vehicle()], 60)).toContain("W007");
    expect(after([vehicle()], 30)).toEqual([]);
  });
});

describe("DIFFERENTIAL", () => {
  const differential = { incrementality: "DIFFERENTIAL" };

  test("is partial, and deletes by the entity's id what it named before", () => {
    const start = decode(protobuf([vehicle(), vehicle({}, "v2")], differential));
    expect([start.mode, start.removed]).toEqual(["partial", []]);
    const between = decode(protobuf([vehicle({ stopId: "S9" })], differential), start.memory);
    const end = decode(protobuf([{ id: "e-v2", isDeleted: true }], differential), between.memory);
    expect(end.removed).toEqual(["rt/VehiclePosition/v2"]);
  });

  test("says so when it cannot tell what is deleted, and FULL_DATASET must not delete", () => {
    const gone = [{ id: "x", isDeleted: true }];
    expect(codesOf(decode(protobuf(gone, differential)))).toContain("gtfs-rt-unknown-deletion");
    expect(codesOf(decode(protobuf(gone)))).toContain("E039");
  });
});

describe("the next body", () => {
  const many = Array.from({ length: 20 }, (_, at) =>
    vehicle({ trip: { ...trip, tripId: `T${at}` } }, `v${at}`),
  );

  test("gives only what changed, and names the rest", () => {
    const { memory } = decode(protobuf(many));
    const moved = many.map((message, at) => (at === 7 ? vehicle({ stopId: "S2" }, "v7") : message));
    const next = decode(protobuf(moved.reverse(), { timestamp: nowSeconds + 1 }), memory);
    expect(next.entities.map(({ sourceId }) => sourceId)).toEqual(["v7"]);
    expect(next.unchanged).toHaveLength(19);
  });

  test("a future time is believed once our clock has caught up, although no byte changed", () => {
    const body = protobuf([vehicle({ timestamp: nowSeconds + 100 })]);
    const early = decode(body);
    expect(first(early).observedAt).toBeNull();
    expect(first(decode(body, early.memory, now + 60_000)).observedAt).toBe(now + 100_000);
  });

  test("the other of two takes over when the first is gone", () => {
    const old = vehicle({ timestamp: nowSeconds - 60, stopId: "old" });
    const { memory } = decode(protobuf([vehicle(), old]));
    expect(first(decode(protobuf([old]), memory)).fields).toMatchObject({ stopId: "old" });
  });

  test("remembering saves work and never changes a result, however often it is asked", () => {
    const plainUpdate = ({ memory: _, ...said }: Update) => said;
    const changes = fc.record({
      trip: fc.constantFrom("T1", "T2", "T3", "T4").map((tripId) => ({ ...trip, tripId })),
      stopId: fc.constantFrom("S1", "S2"),
      timestamp: fc.constantFrom(nowSeconds, nowSeconds - 9, nowSeconds + 90, 0),
    });
    const body = fc.array(fc.tuple(fc.constantFrom("v1", "v2", "v3", "v4"), changes), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(body, { minLength: 2, maxLength: 5 }), (bodies) => {
        let memory: unknown;
        const state = new Map<string, Entity>();
        for (const [at, entities] of bodies.entries()) {
          const bytes = protobuf(
            entities.map(([id, changed]) => vehicle(changed, id)),
            { timestamp: nowSeconds + at },
          );
          const cold = decode(bytes, undefined, now + at * 30_000);
          const warm = decode(bytes, memory, now + at * 30_000);
          expect(plainUpdate(decode(bytes, memory, now + at * 30_000))).toEqual(plainUpdate(warm));
          memory = warm.memory;
          const kept = new Set([...(warm.unchanged ?? []), ...warm.entities.map(({ id }) => id)]);
          for (const id of state.keys()) if (!kept.has(id)) state.delete(id);
          for (const entity of warm.entities) state.set(entity.id, entity);
          const plain = (list: Iterable<Entity>) =>
            [...list].map((entity) => ({ ...entity, receivedAt: 0 })).sort((a, b) => (a.id < b.id ? -1 : 1));
          expect(plain(state.values())).toEqual(plain(cold.entities));
          expect(warm.notices).toEqual(cold.notices);
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});

describe("bytes that are no message", () => {
  test.each([
    ["nothing", ""],
    ["a web page", "<!doctype html><title>Maintenance</title>"],
    ["cut JSON", '{"header":{"gtfs'],
    ["JSON of something else", '{"data":[]}'],
    ["JSON whose entity is no list", '{"header":{},"entity":7}'],
  ])("%s is a failure in words", (_, text) => {
    const decoded = tryDecode(new TextEncoder().encode(text));
    expect(decoded).toMatchObject({ ok: false, failure: { class: "unreadable" } });
  });

  const good = protobuf([vehicle({ stopId: "S1" }), update([stop(1, 60), stop(2, 90)]), vehicle({}, "v2")]);

  test("a cut body is a failure: half a body must not look like half the fleet gone", () => {
    const header = good.indexOf(0x12, 2);
    for (let length = header + 1; length < good.length; length++) {
      const decoded = tryDecode(good.slice(0, length));
      if (decoded.ok) expect(decoded.value.entities.length).toBeLessThan(3);
    }
    expect(tryDecode(good.slice(0, good.length - 3)).ok).toBe(false);
  });

  test("flipped bits lose their entity or the body, never more", () => {
    const flips = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    const { memory } = decode(good);
    fc.assert(
      fc.property(flips, (changes) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        for (const known of [undefined, memory]) {
          const decoded = tryDecode(bytes, known);
          if (decoded.ok) expect(decoded.value.entities.length).toBeLessThan(8);
          else expect(decoded.failure.message).toMatch(/^body: /);
        }
      }),
      { seed: 5, numRuns: 1_000 },
    );
  });

  test("an entity whose inside is broken loses only itself", () => {
    const bytes = good.slice();
    bytes[bytes.lastIndexOf(0x22)] = 0x07;
    const decoded = decode(bytes);
    expect(decoded.entities).toHaveLength(2);
    expect(codesOf(decoded)).toContain("gtfs-rt-broken-entity");
  });
});
