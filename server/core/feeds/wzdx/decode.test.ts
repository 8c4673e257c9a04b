import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listFeedCases } from "../../../../fixtures/feed-cases.ts";
import type { EntityOf } from "../../../../shared/entity.ts";
import type { ConnectorFeed, Update } from "../connector.ts";
import { wzdx } from "./decode.ts";
import type { WzdxOptions } from "./options.ts";

const receivedAt = Date.UTC(2026, 0, 5, 12);
const feed: ConnectorFeed<WzdxOptions> = {
  id: "works",
  spec: "wzdx",
  zone: "America/Chicago",
  bounds: [-94, 41, -93, 42],
  url: "https://works.example/wzdx.geojson",
  options: {},
};

function decode(body: unknown): Update {
  const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  const result = wzdx.decode({ name: "body", url: null, bytes }, feed, receivedAt);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const line = [
  [-93.5, 41.5],
  [-93.6, 41.5],
  [-93.6, 41.6],
];

const details = {
  event_type: "work-zone",
  road_names: ["I-35"],
  direction: "northbound",
  update_date: "2026-01-05T11:00:00Z",
};
const properties = {
  start_date: "2026-01-01T00:00:00-06:00",
  end_date: "2026-02-01T00:00:00-06:00",
  is_start_position_verified: true,
  is_end_position_verified: true,
  vehicle_impact: "some-lanes-closed",
};

const feature = (more: { details?: object; properties?: object; geometry?: unknown; id?: unknown } = {}) => ({
  id: "id" in more ? more.id : "w1",
  type: "Feature",
  properties: { core_details: { ...details, ...more.details }, ...properties, ...more.properties },
  geometry: "geometry" in more ? more.geometry : { type: "LineString", coordinates: line },
});

const body = (...features: unknown[]) => ({
  feed_info: { version: "4.2", update_date: "2026-01-05T11:59:00Z" },
  type: "FeatureCollection",
  features,
});

const only = (update: Update) => update.entities[0] as EntityOf<"WorkZone">;
const codes = (update: Update) => update.notices.map(({ code }) => code);

describe("the examples of the specification", () => {
  test.each(listFeedCases("wzdx"))("$name", ({ bytes, expected }) => {
    const world = { ...feed, bounds: [-180, -90, 180, 90] } as const;
    const decoded = wzdx.decode({ name: "body", url: null, bytes }, world, receivedAt);
    if (!decoded.ok) throw new Error(decoded.failure.message);
    const { mode, version, publishedAt, entities, notices } = decoded.value;
    const found = notices.map(({ code, severity, count }) => ({ code, severity, count }));
    const first = entities[0]?.fields ?? null;
    expect({ mode, version, publishedAt, events: entities.length, first, notices: found }).toEqual(expected);
  });
});

test("reads what stands in the way, where, and from when to when", () => {
  const lanes = [
    { order: 2, status: "closed", type: "general" },
    { order: 1, status: "open", type: "general" },
  ];
  const update = decode(
    body(
      feature({
        details: { name: "Bridge works" },
        properties: {
          lanes,
          reduced_speed_limit_kph: 60,
          worker_presence: { are_workers_present: true },
          types_of_work: [{ type_name: "surface-work" }],
        },
      }),
    ),
  );
  expect(update).toMatchObject({ mode: "full", version: "4.2", publishedAt: Date.UTC(2026, 0, 5, 11, 59) });
  expect(only(update)).toEqual({
    id: "works/WorkZone/w1",
    kind: "WorkZone",
    feedId: "works",
    sourceId: "w1",
    observedAt: Date.UTC(2026, 0, 5, 11),
    receivedAt,
    position: [-93.6, 41.5],
    quality: "good",
    geometry: { type: "LineString", coordinates: line },
    fields: {
      name: "Bridge works",
      status: null,
      eventType: "work-zone",
      roadNames: ["I-35"],
      direction: "northbound",
      vehicleImpact: "some-lanes-closed",
      typesOfWork: ["surface-work"],
      restrictions: [],
      relatedRoadEvents: [],
      lanes: 2,
      lanesClosed: 1,
      reducedSpeedLimitKph: 60,
      areWorkersPresent: true,
      startsAt: Date.UTC(2026, 0, 1, 6),
      endsAt: Date.UTC(2026, 1, 1, 6),
    },
  });
  expect(update.notices).toEqual([]);
});

test("reads 3.1: one level, accuracies in words, miles per hour", () => {
  const update = decode({
    road_event_feed_info: { version: "3.1", update_date: "2026-01-05T11:59:00Z" },
    type: "FeatureCollection",
    features: [
      {
        type: "Feature",
        properties: {
          ...details,
          road_event_id: "old",
          start_date: "2026-01-01T00:00:00Z",
          end_date: "2026-02-01T00:00:00Z",
          beginning_accuracy: "verified",
          ending_accuracy: "verified",
          event_status: "active",
          reduced_speed_limit: 50,
          event_type: undefined,
          road_names: undefined,
          road_name: "I-35",
          total_num_lanes: 2,
          workers_present: true,
          restrictions: ["no-trucks"],
        },
        geometry: { type: "LineString", coordinates: line },
      },
    ],
  });
  expect(update.notices).toEqual([]);
  expect(only(update)).toMatchObject({
    sourceId: "old",
    quality: "good",
    fields: {
      status: "active",
      name: "I-35",
      roadNames: ["I-35"],
      lanes: 2,
      lanesClosed: null,
      areWorkersPresent: true,
      restrictions: ["no-trucks"],
    },
  });
  expect(only(update).fields.reducedSpeedLimitKph).toBeCloseTo(80.47, 2);
});

test("a place whose ends are not verified, or alone, is estimated", () => {
  expect(only(decode(body(feature({ properties: { is_end_position_verified: false } })))).quality).toBe(
    "estimated",
  );
  const ends = decode(body(feature({ geometry: { type: "MultiPoint", coordinates: [line[0], line[2]] } })));
  expect(only(ends)).toMatchObject({ quality: "estimated", position: [-93.55, 41.55] });
  expect(codes(ends)).toEqual(["wzdx-ends-only"]);
  const chord = decode(body(feature({ geometry: { type: "LineString", coordinates: [line[0], line[2]] } })));
  expect([only(chord).quality, codes(chord)]).toEqual(["good", ["wzdx-chord"]]);
});

test.each([
  ["wzdx-no-id", { id: " " }, 0],
  ["wzdx-bad-time", { properties: { start_date: "tomorrow" } }, 1],
  ["wzdx-time-order", { properties: { end_date: "2025-01-01T00:00:00Z" } }, 1],
  ["wzdx-future", { details: { update_date: "2026-01-06T00:00:00Z" } }, 1],
  ["wzdx-event-type", { details: { event_type: "parade" } }, 1],
  ["wzdx-related-type", { details: { related_road_events: [{ type: "cousin", id: "sound" }] } }, 1],
  ["wzdx-related-type", { details: { related_road_events: [{ type: "next-in-sequence" }] } }, 1],
  ["wzdx-related-lost", { details: { related_road_events: [{ type: "related-detour", id: "d9" }] } }, 1],
  ["wzdx-related-lost", { details: { relationship: { next: ["d9"] } } }, 1],
  ["wzdx-lanes", { properties: { lanes: [{ order: 1 }, { order: 3 }] } }, 1],
  ["wzdx-geometry", { geometry: { type: "Point", coordinates: line[0] } }, 1],
  ["wzdx-geometry", { geometry: null }, 1],
  ["wzdx-place-swapped", { geometry: { type: "LineString", coordinates: [line[0], [41.5, -93.6]] } }, 1],
  ["wzdx-place-zero", { geometry: { type: "LineString", coordinates: [line[0], [0, 0]] } }, 1],
  ["wzdx-place-far", { geometry: { type: "LineString", coordinates: [line[0], [2, 48]] } }, 1],
])("%s keeps what it can of the event and the rest of the feed", (code, more, kept) => {
  const update = decode(body(feature(more), feature({ id: "sound" })));
  expect(codes(update)).toEqual([code]);
  expect(update.entities.length).toBe(1 + kept);
});

test("what is not in one part of a feed may be in another: nothing is said to be lost", () => {
  const text = JSON.stringify(
    body(feature({ details: { related_road_events: [{ type: "related-detour", id: "d9" }] } })),
  );
  const part = { name: "county", url: null, bytes: new TextEncoder().encode(text) };
  expect(wzdx.decode(part, feed, receivedAt)).toMatchObject({ ok: true, value: { notices: [] } });
});

test("restrictions of the road and of its lanes, each once; a detour's ends need no word", () => {
  const height = { type: "reduced-height", value: 10.5, unit: "feet" };
  const lanes = [
    { order: 1, status: "open", restrictions: [height] },
    { order: 2, status: "open", restrictions: [{ type: "no-trucks" }] },
  ];
  const bare = { is_start_position_verified: undefined, is_end_position_verified: undefined };
  const restriction = feature({
    details: { event_type: "restriction" },
    properties: { ...bare, restrictions: [height], lanes },
  });
  const detour = feature({ id: "d1", details: { event_type: "detour" }, properties: bare });
  const update = decode(body(restriction, detour));
  expect(only(update)).toMatchObject({
    quality: "good",
    fields: { eventType: "restriction", restrictions: ["reduced-height 10.5 feet", "no-trucks"] },
  });
  expect(update.entities[1]).toMatchObject({ quality: "good", fields: { eventType: "detour" } });
  expect(update.notices).toEqual([]);
});

test("which events belong together, each link once, to events that come later in the body too", () => {
  const links = [
    { type: "related-detour", id: "d1" },
    { type: "related-detour", id: "d1" },
    { type: "next-in-sequence", id: 2 },
  ];
  const first = feature({ details: { related_road_events: links } });
  const back = [{ type: "related-work-zone", id: "w1" }];
  const detour = feature({ id: "d1", details: { event_type: "detour", related_road_events: back } });
  const update = decode(body(first, detour, feature({ id: "2" })));
  expect(update.entities.map(({ fields }) => fields)).toMatchObject([
    { relatedRoadEvents: ["related-detour d1", "next-in-sequence 2"] },
    { relatedRoadEvents: ["related-work-zone w1"] },
    { relatedRoadEvents: [] },
  ]);
  expect(update.notices).toEqual([]);
});

test("reads the relationship of 3.1, whose parents and children may be anything", () => {
  const relationship = { first: ["w1"], next: ["w2"], parents: ["project 7"], children: ["board 1"] };
  const update = decode(body(feature({ details: { relationship } }), feature({ id: "w2" })));
  expect(only(update).fields.relatedRoadEvents).toEqual([
    "first-in-sequence w1",
    "next-in-sequence w2",
    "parent project 7",
    "child board 1",
  ]);
  expect(update.notices).toEqual([]);
});

const deviceDetails = {
  data_source_id: "1",
  device_status: "ok",
  update_date: "2026-01-05T11:00:00Z",
  has_automatic_location: true,
};
const device = (type: unknown, own: object = {}, details: object = {}, geometry?: unknown) => ({
  id: "d1",
  type: "Feature",
  properties: { core_details: { ...deviceDetails, device_type: type, ...details }, ...own },
  geometry: geometry ?? { type: "Point", coordinates: line[0] },
});

test("reads what a field device is, how it fares and where it stands", () => {
  const details = {
    name: "Board 1",
    device_status: "error",
    status_messages: ["Lamp out."],
    road_names: ["I-35"],
    road_direction: "northbound",
    road_event_ids: ["w1"],
    is_moving: false,
  };
  const update = decode(
    body(device("arrow-board", { pattern: "blank", is_in_transport_position: true }, details)),
  );
  expect(update.entities).toEqual([
    {
      id: "works/FieldDevice/d1",
      kind: "FieldDevice",
      feedId: "works",
      sourceId: "d1",
      observedAt: Date.UTC(2026, 0, 5, 11),
      receivedAt,
      position: line[0],
      quality: "good",
      fields: {
        name: "Board 1",
        deviceType: "arrow-board",
        deviceStatus: "error",
        statusMessages: ["Lamp out."],
        roadNames: ["I-35"],
        direction: "northbound",
        roadEventIds: ["w1"],
        hasAutomaticLocation: true,
        isMoving: false,
        pattern: "blank",
        isInTransportPosition: true,
      },
    },
  ]);
  expect(update.notices).toEqual([]);
});

test.each<[string, object, object]>([
  [
    "arrow-board",
    { pattern: "line-left-static", is_moving: true },
    { pattern: "line-left-static", isMoving: true },
  ],
  ["arrow-board", { pattern: "blank", is_deployed: true }, { isInTransportPosition: false }],
  [
    "camera",
    { image_url: "https://works.example/1.jpg", image_timestamp: "2026-01-05T10:59:00Z" },
    { imageUrl: "https://works.example/1.jpg", imageAt: Date.UTC(2026, 0, 5, 10, 59) },
  ],
  [
    "dynamic-message-sign",
    { message_multi_string: "[jl3]ROAD WORK[nl]AHEAD[np][fo2]EXIT [[4]]" },
    { message: "ROAD WORK AHEAD / EXIT [4]" },
  ],
  ["dynamic-message-sign", { message_multi_string: "" }, { message: null }],
  [
    "flashing-beacon",
    { function: "queue-warning", is_flashing: true, sign_text: "Slow" },
    { function: "queue-warning", isFlashing: true, message: "Slow" },
  ],
  [
    "hybrid-sign",
    { dynamic_message_function: "speed-limit", dynamic_message_text: "45", static_sign_text: "SPEED LIMIT" },
    { function: "speed-limit", message: "SPEED LIMIT 45" },
  ],
  [
    "location-marker",
    { marked_locations: [{ type: "work-zone-start", road_event_id: "w1" }, { type: "flagger" }] },
    { markedLocations: ["work-zone-start", "flagger"] },
  ],
  [
    "traffic-sensor",
    {
      collection_interval_start_date: "2026-01-05T10:55:00Z",
      collection_interval_end_date: "2026-01-05T11:00:00Z",
      average_speed_kph: 42,
      volume_vph: 900,
      occupancy_percent: 12,
    },
    {
      averageSpeedKph: 42,
      volumeVph: 900,
      occupancyPercent: 12,
      collectedFromAt: Date.UTC(2026, 0, 5, 10, 55),
      collectedToAt: Date.UTC(2026, 0, 5, 11),
    },
  ],
  ["traffic-signal", { mode: "flashing-red" }, { mode: "flashing-red" }],
])("a field device of type %s with %j", (type, own, fields) => {
  const update = decode(body(device(type, own)));
  expect(update.entities).toMatchObject([{ fields: { deviceType: type, ...fields } }]);
  expect(update.notices).toEqual([]);
});

test.each<[string, object, number]>([
  ["wzdx-device-type", device("balloon"), 1],
  ["wzdx-device-no-time", device("camera", {}, { update_date: undefined }), 1],
  ["wzdx-device-status", device("camera", {}, { device_status: "fine" }), 1],
  ["wzdx-device-geometry", device("camera", {}, {}, { type: "LineString", coordinates: line }), 1],
  ["wzdx-place-swapped", device("camera", {}, {}, { type: "Point", coordinates: [41.5, -93.5] }), 1],
  ["wzdx-no-id", { ...device("camera"), id: "" }, 0],
])("%s keeps what it can of a device and the rest of the feed", (code, entry, kept) => {
  const update = decode(body(entry, feature({ id: "sound" })));
  expect(codes(update)).toEqual([code]);
  expect(update.entities.length).toBe(1 + kept);
});

test("gives what its options say", () => {
  expect(wzdx.gives({})).toEqual(["WorkZone", "FieldDevice"]);
  expect(wzdx.gives({ gives: ["FieldDevice"] })).toEqual(["FieldDevice"]);
});

test("an event twice in one body counts once, the newest", () => {
  const older = feature({ details: { name: "older", update_date: "2026-01-04T00:00:00Z" } });
  const update = decode(body(feature({ details: { name: "newer" } }), older));
  expect(update.entities.map(({ fields }) => (fields as { name: string }).name)).toEqual(["newer"]);
  expect(codes(update)).toEqual(["wzdx-duplicate-id"]);
});

test("both directions of one road are two events, alternating one-way traffic too", () => {
  const flow = { vehicle_impact: "alternating-one-way" };
  const ways = ["northbound", "southbound"].map((direction) =>
    feature({ id: direction, details: { direction }, properties: flow }),
  );
  expect(decode(body(...ways)).entities.map(({ fields }) => fields)).toMatchObject([
    { direction: "northbound", vehicleImpact: "alternating-one-way" },
    { direction: "southbound", vehicleImpact: "alternating-one-way" },
  ]);
});

test("what is no WZDx says what it is instead", () => {
  expect(() => decode("<html><title>Works</title>")).toThrow(/an HTML page titled "Works"/);
  expect(() => decode({ type: "Feature" })).toThrow(/expected a GeoJSON FeatureCollection/);
  expect(() => decode({ type: "FeatureCollection", features: [] })).toThrow(/feed_info/);
  expect(codes(decode({ ...body(), feed_info: { version: "2.0" } }))).toEqual(["wzdx-version"]);
});

test("never throws, whatever stands in its places", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (a, b, c) => {
      const events = [
        a,
        { ...feature(), properties: b },
        feature({ geometry: c }),
        feature({ details: { name: a, road_names: b }, properties: { restrictions: c } }),
        feature({ details: { related_road_events: [a, { type: b, id: c }], relationship: b } }),
        feature({ details: { related_road_events: c, relationship: { first: a, next: [b] } } }),
        { ...device(a, { message_multi_string: b, marked_locations: c }), id: "d2" },
        { ...device("dynamic-message-sign", { message_multi_string: a }, { road_names: b }, c), id: "d3" },
      ];
      expect(decode(body(...events, feature({ id: "sound" }))).entities.length).toBeGreaterThan(0);
    }),
    { seed: 11, numRuns: 300 },
  );
});
