import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasRecordings, listFeedCases, readRecording } from "../../../../fixtures/feed-cases.ts";
import type { EntityOf } from "../../../../shared/entity.ts";
import type { ConnectorFeed, Part, Update } from "../connector.ts";
import { isoText } from "../instant.ts";
import { ngsi } from "./decode.ts";
import type { NgsiEntityRule, NgsiOptions } from "./options.ts";

const receivedAt = Date.UTC(2026, 0, 5, 12);
const madrid = [-3.9, 40.3, -3.5, 40.6] as const;
const world = [-180, -90, 180, 90] as const;

const rule: NgsiEntityRule = {
  type: "AirQualityObserved",
  properties: { no2: { attribute: ["NO2", "no2"], unitCode: "GQ" }, so2: "SO2" },
};

function feedOf(options: NgsiOptions = {}, more: Partial<ConnectorFeed> = {}): ConnectorFeed<NgsiOptions> {
  const url = "https://broker.example/ngsi-ld/v1";
  return { id: "air", spec: "ngsi", zone: "Europe/Madrid", bounds: madrid, url, ...more, options };
}

const encode = (body: unknown): Uint8Array =>
  new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));

function decode(
  body: unknown,
  options: NgsiOptions = { entities: [rule] },
  part: Partial<Part> = {},
): Update {
  const result = ngsi.decode(
    { name: "entities", url: null, bytes: encode(body), ...part },
    feedOf(options),
    receivedAt,
  );
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const sensors = (update: Update) => update.entities as readonly EntityOf<"Sensor">[];
const codes = (update: Update) =>
  update.notices.map(({ code }) => code).filter((code) => code !== "ngsi-entities");
const values = (update: Update): Record<string, unknown> =>
  Object.fromEntries(sensors(update).map(({ fields }) => [String(fields.property), fields.value] as const));

const location = { type: "GeoProperty", value: { type: "Point", coordinates: [-3.7, 40.4] } };
const no2 = { type: "Property", value: 69, unitCode: "GQ", observedAt: "2026-01-05T11:30:00Z" };
const so2 = { type: "Property", value: 11, observedAt: "2026-01-05T11:00:00Z" };
const station = (more: object = {}) => ({
  id: "urn:ngsi-ld:AirQualityObserved:1",
  type: "AirQualityObserved",
  name: { type: "Property", value: "Plaza de España" },
  NO2: no2,
  SO2: so2,
  location,
  ...more,
});

function summary(update: Update): unknown {
  const iso = (at: number | null | undefined): string | null => (typeof at === "number" ? isoText(at) : null);
  return {
    mode: update.mode,
    scope: update.scope,
    version: update.version,
    publishedAt: iso(update.publishedAt),
    entities: sensors(update).map(({ sourceId, observedAt, position, fields }) => ({
      sourceId,
      observedAt: iso(observedAt),
      position,
      fields: { ...fields, validFromAt: iso(fields.validFromAt), validToAt: iso(fields.validToAt) },
    })),
    observations: update.observations.map(({ entityId, value, observedAt }) => ({
      entityId,
      value,
      observedAt: iso(observedAt),
    })),
    removed: update.removed,
    notices: update.notices,
  };
}

test.each(listFeedCases("ngsi"))("case $name", ({ bytes, expected, options }) => {
  const feed = feedOf(options as NgsiOptions, { bounds: world });
  const result = ngsi.decode({ name: "entities", url: null, bytes }, feed, receivedAt);
  expect(result.ok ? summary(result.value) : result.failure).toEqual(expected);
});

describe("every form of one entity says the same", () => {
  const expected = [
    ["no2", 69, Date.UTC(2026, 0, 5, 11, 30)],
    ["so2", 11, Date.UTC(2026, 0, 5, 11)],
  ];
  const { name, ...rest } = station();
  const v2 = {
    id: "urn:ngsi-ld:AirQualityObserved:1",
    type: "AirQualityObserved",
    name: { type: "Text", value: name.value, metadata: {} },
    no2: {
      type: "Number",
      value: 69,
      metadata: {
        unitCode: { type: "Text", value: "GQ" },
        TimeInstant: { type: "DateTime", value: "2026-01-05T11:30:00.000Z" },
      },
    },
    SO2: { type: "Number", value: 11, metadata: { observedAt: { value: "2026-01-05T12:00:00+01:00" } } },
    location: { type: "geo:json", value: location.value, metadata: {} },
  };
  const prefix = "https://smartdatamodels.org/dataModel.Environment/";
  test.each<[string, unknown]>([
    ["NGSI-LD normalized", station()],
    ["NGSI-LD with its context", station({ "@context": ["https://context.example/"] })],
    [
      "NGSI-LD concise",
      station({ name: name.value, NO2: { ...no2, type: undefined }, location: location.value }),
    ],
    ["NGSIv2 normalized", v2],
    ["NGSIv2 geo:point", { ...v2, location: { type: "geo:point", value: "40.4, -3.7" } }],
    [
      "expanded names",
      {
        id: rest.id,
        type: `${prefix}AirQualityObserved`,
        "https://smartdatamodels.org/name": name,
        [`${prefix}NO2`]: no2,
        [`${prefix}SO2`]: so2,
        "https://uri.etsi.org/ngsi-ld/location": location,
      },
    ],
    [
      "prefixed names",
      {
        id: rest.id,
        type: ["env:AirQualityObserved", "Other"],
        name,
        "env:NO2": no2,
        "env:SO2": so2,
        location,
      },
    ],
    [
      "several instances",
      station({ NO2: [{ ...no2, value: 3, datasetId: "urn:ngsi-ld:Dataset:forecast" }, no2] }),
    ],
    [
      "a Feature",
      {
        id: rest.id,
        type: "Feature",
        geometry: location.value,
        properties: { ...rest, id: undefined, name, location: undefined },
        "@context": "https://context.example/",
      },
    ],
    ["numbers as texts", station({ NO2: { ...no2, value: "69.0" } })],
  ])("%s", (_form, entity) => {
    const update = decode([entity]);
    expect(
      sensors(update).map(({ fields, observedAt }) => [fields.property, fields.value, observedAt]),
    ).toEqual(expected);
    for (const sensor of sensors(update))
      expect(sensor).toMatchObject({
        sourceId: `urn:ngsi-ld:AirQualityObserved:1|${sensor.fields.property}`,
        position: [-3.7, 40.4],
        fields: { name: "Plaza de España" },
      });
    expect(codes(update).filter((code) => code !== "ngsi-text-number")).toEqual([]);
  });

  test("keyValues have one time for all", () => {
    const entity = {
      id: "urn:ngsi-ld:AirQualityObserved:1",
      type: "AirQualityObserved",
      NO2: 69,
      SO2: 11,
      dateObserved: "2026-01-05T10:00:00Z/2026-01-05T11:00:00Z",
      location: location.value,
    };
    const [first, second] = sensors(decode([entity]));
    expect(first).toMatchObject({
      observedAt: Date.UTC(2026, 0, 5, 11),
      fields: { value: 69, validFromAt: Date.UTC(2026, 0, 5, 10), validToAt: Date.UTC(2026, 0, 5, 11) },
    });
    expect(second).toMatchObject({ observedAt: first?.observedAt, position: [-3.7, 40.4] });
  });
});

test("a FeatureCollection, alone or in a notification, is a list of entities", () => {
  const feature = { id: "urn:1", type: "Feature", geometry: location.value, properties: station() };
  const collection = {
    type: "FeatureCollection",
    features: [feature],
    "@context": "https://context.example/",
  };
  expect(values(decode(collection))).toEqual({ no2: 69, so2: 11 });
  const told = { id: "urn:n", type: "Notification", subscriptionId: "urn:s", data: collection };
  expect(decode(told)).toMatchObject({ mode: "partial", scope: "entities" });
  expect(values(decode(told))).toEqual({ no2: 69, so2: 11 });
});

test("the time of a value is its own, else its entity's, else when it was last touched", () => {
  const timeOf = (more: object, options?: NgsiOptions): string | null => {
    const [sensor] = sensors(decode([station({ SO2: undefined, ...more })], options));
    return sensor?.observedAt == null ? null : isoText(sensor.observedAt);
  };
  const bare = { type: "Property", value: 1 };
  const at = (value: string) => ({ type: "Property", value });
  const observed = { dateObserved: at("2026-01-05T10:00:00Z"), dateModified: at("2026-01-05T11:59:00Z") };
  expect(timeOf(observed)).toBe("2026-01-05T11:30:00.000Z");
  expect(timeOf({ ...observed, NO2: bare })).toBe("2026-01-05T10:00:00.000Z");
  expect(timeOf({ NO2: bare, TimeInstant: { type: "DateTime", value: "2026-01-05T09:00:00Z" } })).toBe(
    "2026-01-05T09:00:00.000Z",
  );
  const typed = { type: "Property", value: { "@type": "DateTime", "@value": "2026-01-05T08:00:00Z" } };
  expect(timeOf({ NO2: bare, dateObservedTo: typed })).toBe("2026-01-05T08:00:00.000Z");
  expect(timeOf({ NO2: { ...bare, modifiedAt: "2026-01-05T07:00:00Z" } })).toBe("2026-01-05T07:00:00.000Z");
  const own = { entities: [{ ...rule, observedAt: ["measured"] }] };
  expect(timeOf({ ...observed, NO2: bare, measured: at("2026-01-05T06:00:00Z") }, own)).toBe(
    "2026-01-05T06:00:00.000Z",
  );
  expect(timeOf({ NO2: bare })).toBeNull();
  // Without a zone: UTC, or what the feed declares.
  expect(timeOf({ NO2: bare, dateObserved: at("2026-01-05T10:00:00") })).toBe("2026-01-05T10:00:00.000Z");
  expect(
    timeOf(
      { NO2: bare, dateObserved: at("2026-01-05T10:00:00") },
      { entities: [rule], zone: "Europe/Madrid" },
    ),
  ).toBe("2026-01-05T09:00:00.000Z");
});

test.each<[string, object, readonly (string | null)[]]>([
  ["ngsi-no-entity", { id: "" }, []],
  ["ngsi-no-entity", { type: null }, []],
  ["ngsi-other-type", { type: "Streetlight" }, []],
  ["ngsi-bad-time", { dateObserved: "soon" }, ["no2", "so2"]],
  [
    "ngsi-bad-time",
    { SO2: { ...so2, observedAt: 1_700_000_000 }, dateObserved: "2026-01-05T10:00:00Z" },
    ["no2", "so2"],
  ],
  ["ngsi-local-time", { dateObserved: "2026-01-05T10:00:00/2026-01-05T11:00:00Z" }, ["no2", "so2"]],
  ["ngsi-no-observed-at", { SO2: 11 }, ["no2", "so2"]],
  ["ngsi-future", { SO2: { ...so2, observedAt: "2026-01-05T13:00:00Z" } }, ["no2", "so2"]],
  ["ngsi-bad-number", { SO2: { ...so2, value: "high" } }, ["no2", "so2"]],
  ["ngsi-unit", { NO2: { ...no2, unitCode: "GP" } }, ["no2", "so2"]],
  ["ngsi-place-swapped", { location: { type: "Point", coordinates: [40.4, -3.7] } }, ["no2", "so2"]],
  ["ngsi-place-swapped", { location: "-3.7, 40.4" }, ["no2", "so2"]],
  ["ngsi-place-sign", { location: { type: "Point", coordinates: [3.7, 40.4] } }, ["no2", "so2"]],
  ["ngsi-place-zero", { location: { type: "Point", coordinates: [0, 0] } }, ["no2", "so2"]],
  ["ngsi-place-missing", { location: undefined }, ["no2", "so2"]],
  ["ngsi-place-missing", { location: { type: "Point" } }, ["no2", "so2"]],
  ["ngsi-geometry", { location: { type: "Polygon", coordinates: [] } }, ["no2", "so2"]],
  ["ngsi-dated-id", { id: "urn:1-2016-03-15T11:00:00" }, ["no2", "so2"]],
  ["ngsi-no-number", { NO2: undefined, SO2: undefined }, []],
])("%s keeps what it can of %o and the rest of the body", (code, more, properties) => {
  const sound = station({ id: "urn:sound" });
  const update = decode([station(more), sound]);
  expect(codes(update)).toEqual([code]);
  const [one, others] = [true, false].map((isSound) =>
    sensors(update).filter(({ sourceId }) => sourceId.startsWith("urn:sound") === isSound),
  );
  expect(one!.map(({ fields }) => fields.value)).toEqual([69, 11]);
  expect(others!.map(({ fields }) => fields.property)).toEqual(properties);
});

test("a value in another unit than the declared one is left out, and one that is named twice counts once", () => {
  expect(values(decode([station({ NO2: { ...no2, unitCode: "GP" } })]))).toEqual({ no2: null, so2: 11 });
  const older = station({ NO2: { ...no2, value: 1, observedAt: "2026-01-05T09:00:00Z" }, SO2: undefined });
  const twice = decode([station(), older]);
  expect([values(twice), codes(twice)]).toEqual([{ no2: 69, so2: 11 }, ["ngsi-duplicate-id"]]);
});

test("members of structured values, factors, and the attribute that names the point", () => {
  const entity = station({
    id: "urn:1:2026-01-05T11:00:00",
    stationID: "FWR013",
    no2TSA: { type: "Property", value: { instValue: 0.511, avgOverTime: 0.4 } },
  });
  const properties = { no2: { attribute: "no2TSA", member: "instValue", times: 1000 } };
  const entities = [{ type: "AirQualityObserved", id: "stationID", properties }];
  const update = decode([{ ...entity, dateObserved: "2026-01-05T11:00:00Z" }], { entities });
  expect(sensors(update)).toMatchObject([{ sourceId: "FWR013|no2", fields: { value: 511 } }]);
  expect(codes(update)).toEqual([]);
  expect(codes(decode([station()], { entities }))).toEqual(["ngsi-no-id"]);
  expect(codes(decode([entity], {}))).toContain("ngsi-structured");
});

test("what died long ago is left out where the feed says so", () => {
  const body = [station({ SO2: { ...so2, observedAt: "2019-03-01T00:00:00Z" } })];
  expect(values(decode(body))).toEqual({ no2: 69, so2: 11 });
  const update = decode(body, { entities: [rule], maxAgeSeconds: 86_400 });
  expect([values(update), codes(update)]).toEqual([{ no2: 69 }, ["ngsi-silent"]]);
});

test("an attribute that no entity has looks like silence, and is named", () => {
  const { NO2: _, ...renamed } = station();
  const update = decode([{ ...renamed, nitrogenDioxide: no2 }]);
  expect(update.notices).toContainEqual({
    code: "ngsi-missing-attribute",
    severity: "warning",
    count: 1,
    example: "no entity has NO2 or no2 of AirQualityObserved, expected one to",
  });
});

describe("notifications", () => {
  const v2 = (...data: unknown[]) => ({ subscriptionId: "5fd0", data });
  const ld = (...data: unknown[]) => ({
    id: "urn:ngsi-ld:Notification:1",
    type: "Notification",
    subscriptionId: "urn:ngsi-ld:Subscription:1",
    notifiedAt: "2026-01-05T11:59:00.000Z",
    data,
  });

  test.each([
    ["v2", v2(station()), null],
    ["LD", ld(station()), Date.UTC(2026, 0, 5, 11, 59)],
  ])("%s are partial, in the scope of what is asked for", (_standard, body, publishedAt) => {
    const update = decode(body, undefined, { name: "body" });
    expect(update).toMatchObject({ mode: "partial", scope: "entities", publishedAt, follow: [] });
    expect(values(update)).toEqual({ no2: 69, so2: 11 });
  });

  test("what changed alone is a new value of a sensor that is known, and says nothing of the others", () => {
    const { location: _, ...changed } = station({ SO2: undefined });
    const update = decode(ld(changed));
    expect([update.entities, codes(update)]).toEqual([[], []]);
    expect(update.observations).toEqual([
      {
        entityId: "air/Sensor/urn%3Angsi-ld%3AAirQualityObserved%3A1%7Cno2",
        property: "no2",
        value: 69,
        observedAt: Date.UTC(2026, 0, 5, 11, 30),
        receivedAt,
      },
    ]);
    const named = { entities: [{ ...rule, name: "name" }] };
    expect(decode(ld(station({ name: undefined })), named).observations.length).toBe(2);
  });

  test.each([
    [
      "NGSIv2",
      v2({ id: "s", type: "AirQualityObserved", alterationType: { type: "Text", value: "entityDelete" } }),
    ],
    ["NGSIv2 keyValues", v2({ id: "s", type: "AirQualityObserved", alterationType: "entityDelete" })],
    ["NGSI-LD", ld({ id: "s", type: "AirQualityObserved", deletedAt: "2026-01-05T11:59:00Z" })],
  ])("an entity that was deleted is gone with all its sensors: %s", (_standard, body) => {
    expect(decode(body).removed).toEqual(["air/Sensor/s%7Cno2", "air/Sensor/s%7Cso2"]);
  });

  test("an attribute that was deleted is gone alone", () => {
    const update = decode(ld(station({ id: "s", NO2: { type: "Property", value: "urn:ngsi-ld:null" } })));
    expect([update.removed, values(update)]).toEqual([["air/Sensor/s%7Cno2"], { so2: 11 }]);
  });
});

describe("asking", () => {
  const [context, link] = [
    "https://context.example/c.jsonld",
    '<https://context.example/c.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"',
  ];

  test("all entities of the declared types, with the context that makes names short", () => {
    const entities = [rule, { ...rule, type: "NoiseLevelObserved" }];
    const [fetch] = ngsi.next(feedOf({ entities, context }), null, receivedAt);
    expect(fetch).toEqual({
      name: "entities",
      url: "https://broker.example/ngsi-ld/v1/entities?type=AirQualityObserved%2CNoiseLevelObserved&limit=1000&offset=0",
      headers: { accept: "application/json", link },
    });
    const urlOf = (url: string) => ngsi.next(feedOf({ pageSize: 2 }, { url }), null, receivedAt)[0]?.url;
    const asked = "https://b.example/v2/entities";
    expect(urlOf("https://b.example/v2/")).toBe(`${asked}?limit=2&offset=0`);
    expect(urlOf("https://b.example/v2/entities?options=keyValues")).toBe(
      `${asked}?options=keyValues&limit=2&offset=0`,
    );
    expect(ngsi.next(feedOf({}, { url: null }), null, receivedAt)).toEqual([]);
  });

  test("page after page, until one is not full", () => {
    const page = (name: string, offset: number, ...ids: string[]) => {
      const url = `https://b.example/ngsi-ld/v1/entities?limit=2&offset=${offset}`;
      return decode(
        ids.map((id) => station({ id })),
        { entities: [rule], context },
        { name, url },
      );
    };
    const first = page("entities", 0, "a", "b");
    expect(first).toMatchObject({ mode: "full", scope: "entities" });
    expect(first.passing).toBeUndefined();
    expect(first.follow).toEqual([
      {
        name: "entities page 2",
        url: "https://b.example/ngsi-ld/v1/entities?limit=2&offset=2",
        headers: { accept: "application/json", link },
      },
    ]);
    const second = page("entities page 2", 2, "c", "d");
    expect(second).toMatchObject({ mode: "full", scope: "entities page 2", passing: true });
    expect(second.follow?.[0]).toMatchObject({ name: "entities page 3" });
    expect(page("entities page 3", 4, "e").follow).toEqual([]);
    expect(page("entities page 3", 4).follow).toEqual([]);
  });
});

test.each<[unknown, RegExp]>([
  ["<html><title>Orion</title>", /an HTML page titled "Orion"/],
  ["", /an empty body/],
  ['[{"id": "a"', /broken or cut JSON/],
  [{ error: "BadRequest", description: "invalid limit" }, /the broker's error "BadRequest", "invalid limit"/],
  [
    { type: "https://uri.etsi.org/ngsi-ld/errors/LdContextNotAvailable", title: "No context" },
    /"No context"/,
  ],
  [{ contextResponses: [] }, /NGSIv1/],
  [{ subscriptionId: "5fd0" }, /a notification whose data is undefined/],
  [{ hello: 1 }, /an object with "hello"/],
  ["7", /JSON that is 7/],
])("what is no NGSI says what it is instead: %o", (body, message) => {
  expect(() => decode(body)).toThrow(message);
});

test("never throws, whatever stands in its places, and never loses the sound ones", () => {
  const json = fc.jsonValue();
  fc.assert(
    fc.property(json, json, json, fc.boolean(), (a, b, c, told) => {
      const odd = [
        a,
        station({ NO2: a, location: b, dateObserved: c }),
        station({ type: a, name: b }),
        station({ NO2: { ...no2, value: a, unitCode: b, observedAt: c } }),
        station({ location: { type: "GeoProperty", value: a } }),
        { id: "f", type: "Feature", geometry: b, properties: c },
        { id: "f", type: "Feature", geometry: { value: a }, properties: station({ NO2: [a, b] }) },
      ];
      const data = [...odd, station({ id: "urn:sound" })];
      for (const options of [{ entities: [rule] }, {}]) {
        const update = decode(told ? { subscriptionId: "s", data, notifiedAt: a } : data, options);
        expect(sensors(update).filter(({ sourceId }) => sourceId.startsWith("urn:sound")).length).toBe(2);
      }
    }),
    { seed: 17, numRuns: 300 },
  );
});

test("a body that was cut is a failure with words, never a throw", () => {
  const whole = encode([station(), station({ id: "b" })]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const changed = Uint8Array.from(whole);
      changed[at] = byte;
      for (const bytes of [whole.subarray(0, at), changed])
        ngsi.decode({ name: "entities", url: null, bytes }, feedOf({ entities: [rule] }), receivedAt);
    }),
    { seed: 18, numRuns: 300 },
  );
});

test.skipIf(!hasRecordings)("latitude and longitude swapped, as recorded in Bangalore", () => {
  const bytes = readRecording("_ngsi/AirQualityMonitoring/example.json");
  const feed = feedOf({}, { bounds: [77.4, 12.8, 77.8, 13.2] });
  const result = ngsi.decode({ name: "entities", url: null, bytes }, feed, receivedAt);
  if (!result.ok) throw new Error(result.failure.message);
  expect(codes(result.value)).toContain("ngsi-place-swapped");
  expect(sensors(result.value).every(({ position }) => position === null)).toBe(true);
});
