import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { listFeedCases } from "../../../../fixtures/feed-cases.ts";
import type { ConnectorFeed, Update } from "../connector.ts";
import { mqtt } from "./decode.ts";
import { mqttFaults } from "./faults.ts";
import type { MqttOptions, TopicRule } from "./options.ts";

const receivedAt = Date.UTC(2026, 10, 23, 8, 0, 30);

function feedOf(options: MqttOptions): ConnectorFeed<MqttOptions> {
  return {
    id: "air",
    spec: "mqtt",
    zone: "America/Los_Angeles",
    bounds: [-122.52, 37.7, -122.35, 37.83],
    url: null,
    options,
  };
}

function decode(
  topic: string,
  payload: string | Uint8Array,
  options: MqttOptions,
  more: { retained?: true } = {},
): Update {
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const decoded = mqtt.decode({ name: topic, url: null, bytes, ...more }, feedOf(options), receivedAt);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value;
}

function summary({ mode, passing, tellsNothing, entities, notices }: Update): unknown {
  const things = entities.map(({ id, observedAt, position, fields }) => ({
    id,
    observedAt: observedAt === null ? null : new Date(observedAt).toISOString(),
    position,
    fields,
  }));
  return { mode, ...(passing && { passing }), ...(tellsNothing && { tellsNothing }), things, notices };
}

describe("messages as suppliers send them", () => {
  it.each(listFeedCases("mqtt"))("$name", ({ file, bytes, expected, options }) => {
    const topic = decodeURIComponent(file.replace(/\.json$/, ""));
    expect(summary(decode(topic, bytes, options as MqttOptions))).toEqual(expected);
    expect(mqttFaults(options as MqttOptions)).toEqual([]);
  });
});

const level = (
  rule: Partial<TopicRule["entities"][number]> = {},
  more: Partial<TopicRule> = {},
): TopicRule => ({
  topic: "city/{place}/level",
  entities: [{ kind: "Sensor", id: ["{place}"], fields: { value: "value" }, observedAt: ["at"], ...rule }],
  ...more,
});
const bare = level({ fields: { value: "{payload}" }, observedAt: "received" });
const codes = ({ notices }: Update): string[] => notices.map(({ code }) => code);

test("the first pattern that fits counts; a topic that none fits is named", () => {
  const options = { topics: [level(), level({ id: ["{other}"] }, { topic: "city/{other}/#" })] };
  expect(decode("city/quay/level", '{"value":1}', options).entities[0]!.sourceId).toBe("quay");
  expect(decode("city/quay/else", '{"value":1}', options).entities[0]!.sourceId).toBe("quay");
  const unknown = decode("town/quay", '{"value":1}', options);
  expect(unknown).toMatchObject({ tellsNothing: true, mode: "partial", entities: [] });
  expect(unknown.notices[0]).toEqual({
    code: "mqtt-unknown-topic",
    severity: "warning",
    count: 1,
    example: 'town/quay: expected a topic that fits "city/{place}/level", "city/{other}/#"',
  });
});

test("a message is all of its topic where the topic names the thing, else news", () => {
  expect(decode("city/quay/level", "{}", { topics: [level()] })).toMatchObject({
    mode: "full",
    passing: true,
  });
  const byPayload = decode("city/quay/level", '{"sensor":"a"}', { topics: [level({ id: ["sensor"] })] });
  expect(byPayload).toMatchObject({ mode: "partial", scope: "city/quay/level" });
  expect(byPayload.passing).toBeUndefined();
  expect(decode("city/quay/level", "{}", { topics: [level({}, { mode: "partial" })] }).mode).toBe("partial");
});

test.each([
  ["1.5", 1.5],
  [" -2e1 ", -20],
  ['"3"', 3],
])("a bare payload %s is %d", (payload, value) => {
  expect(decode("city/quay/level", payload, { topics: [bare] }).entities[0]).toMatchObject({
    observedAt: receivedAt,
    fields: { value },
  });
});

test("a bare word is a text, and no number where one was expected", () => {
  const update = decode("city/quay/level", "OFFLINE", { topics: [bare] });
  expect(update.entities[0]!.fields).toEqual({ value: null });
  expect(update.notices[0]).toMatchObject({
    code: "mqtt-bad-number",
    example: 'city/quay/level row 1, {payload} "OFFLINE": expected a number',
  });
});

test("the time of receipt is no time of a retained message", () => {
  const update = decode("city/quay/level", "1.5", { topics: [bare] }, { retained: true });
  expect(update.entities[0]!.observedAt).toBeNull();
  expect(codes(update)).toEqual([]);
});

test.each<[string | Uint8Array, string, string]>([
  ['{"value": 1', "mqtt-broken-json", "expected JSON as UTF-8, found broken or cut JSON of 11 bytes"],
  ["ON", "mqtt-broken-json", 'expected JSON as UTF-8, found text starting with "ON"'],
  ["12", "mqtt-bare-value", "expected a JSON object or a list of objects, found 12"],
  [Uint8Array.of(0xff, 0x0a), "mqtt-not-text", "expected JSON as UTF-8, found 2 bytes starting ff 0a"],
])("payload %j: %s", (payload, code, said) => {
  const update = decode("city/quay/level", payload, { topics: [level()] });
  expect(update).toMatchObject({ tellsNothing: true, mode: "partial", entities: [] });
  expect(codes(update)).toEqual([code]);
  expect(update.notices[0]!.example).toContain(`city/quay/level: ${said}`);
});

test("rows that are not where they should be", () => {
  const options = { topics: [level({}, { rows: "data.readings" })] };
  const { notices } = decode("city/quay/level", '{"data":{"values":[]},"more":1}', options);
  expect(notices[0]).toMatchObject({
    code: "mqtt-no-rows",
    example:
      'city/quay/level: expected an object or a list of objects at "data.readings", found the members "data", "more"',
  });
});

test("a member that is missing and a place that is not declared are named", () => {
  const options = {
    topics: [level({ position: { placeOf: "{place}" } })],
    places: { dock: [-122.39, 37.78] },
  } as const;
  expect(
    decode("city/dock/level", '{"value":1,"at":"2026-11-23T08:00:00Z"}', options).entities[0]!.position,
  ).toEqual([-122.39, 37.78]);
  const { notices } = decode("city/quay/level", '{"valeu":1,"at":"2026-11-23T08:00:00Z"}', options);
  expect(notices).toMatchObject([
    { code: "mqtt-missing-member", example: 'city/quay/level: expected a member "value" in the payload' },
    { code: "mqtt-place-missing", example: expect.stringContaining("place of {place}") },
  ]);
});

test("options that cannot be meant", () => {
  const faults = (rule: Partial<TopicRule>): string[] =>
    mqttFaults({ topics: [level({}, rule)] }).map(({ key, expected }) => `${key}: ${expected}`);
  expect(faults({ topic: "city/#/level" })).toContain('topics.0.topic: "#" alone in the last level');
  expect(faults({ topic: "city/a+" })).toContain('topics.0.topic: "+" alone in a level');
  expect(faults({ topic: "city/x{place}" })).toContain("topics.0.topic: {name} alone in a level");
  expect(faults({ topic: "{place}/{place}" })).toEqual(["topics.0.topic: a name for one level only"]);
  expect(faults({ topic: "city/+" })).toEqual(["topics.0.entities.0: {topic}, {payload} instead of {place}"]);
  expect(faults(level({ position: { placeOf: "{place}" } }))).toEqual([
    "topics.0.entities.0.position.placeOf: places to say where they are",
  ]);
  expect(faults(level({ fields: { colour: "c" } }))).toEqual([
    "topics.0.entities.0.fields.colour: a field of Sensor",
  ]);
  expect(mqttFaults({ topics: [level()], time: { format: "HH:mm" } })).toMatchObject([
    { key: "time.format" },
  ]);
});

describe("whatever comes", () => {
  const rules = {
    topics: [level({ position: { lon: "x.lon", lat: "x.lat" } }), level({}, { topic: "#", rows: "r" }), bare],
  };
  const good = '{"value":1.5,"at":"2026-11-23T08:00:00Z","x":{"lon":-122.4,"lat":37.75}}';

  it("never throws, whatever the topic and the payload", () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.string(), fc.json(), fc.uint8Array()), (topic, payload) => {
        for (const name of [topic, "city/quay/level"]) {
          const update = decode(name, payload, rules);
          expect(update.scope).toBe(name);
          if (update.tellsNothing) expect(update.notices).toHaveLength(1);
        }
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it("is a thing or one notice, however a good payload is cut or changed", () => {
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.nat(good.length),
        fc.string({ maxLength: 3 }),
        (from, to, text) => {
          const update = decode("city/quay/level", good.slice(0, from) + text + good.slice(to), rules);
          expect(update.entities.length).toBe(update.tellsNothing ? 0 : 1);
        },
      ),
      { seed: 6, numRuns: 500 },
    );
  });

  it("a bad entry never loses the others", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), (others) => {
        const options = { topics: [level({ id: ["id"] })] };
        const body = JSON.stringify([{ id: "good", value: 1 }, ...others]);
        const { entities } = decode("city/quay/level", body, options);
        expect(entities.map(({ sourceId }) => sourceId)).toContain("good");
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
