import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listFeedCases } from "../../../../fixtures/feed-cases.ts";
import type { EntityOf } from "../../../../shared/entity.ts";
import type { ConnectorFeed, Part, Update } from "../connector.ts";
import { isoText } from "../instant.ts";
import { sensorthings } from "./decode.ts";
import type { SensorThingsOptions } from "./options.ts";

const receivedAt = Date.UTC(2026, 0, 5, 12);
const root = "https://sta.example/FROST-Server/v1.1";

function feedOf(
  options: SensorThingsOptions = {},
  url: string | null = root,
): ConnectorFeed<SensorThingsOptions> {
  const bounds = [9.7, 53.4, 10.3, 53.7] as const;
  return { id: "gauges", spec: "sensorthings", zone: "Europe/Berlin", bounds, url, options };
}

const encode = (body: unknown): Uint8Array =>
  new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));

function decode(body: unknown, part: Partial<Part> = {}, options?: SensorThingsOptions): Update {
  const whole = { name: "Datastreams", url: `${root}/Datastreams`, bytes: encode(body), ...part };
  const result = sensorthings.decode(whole, feedOf(options), receivedAt);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

/** What is asked for next, answered with `body`. */
function follow(update: Update, body: unknown, i = 0): Update {
  const { name, url, carry } = update.follow![i]!;
  // It waits in the journal as JSON.
  return decode(body, { name, url, ...(JSON.parse(JSON.stringify({ carry })) as object) });
}

const sensors = (update: Update) => update.entities as readonly EntityOf<"Sensor">[];
const codes = (update: Update) => update.notices.map(({ code }) => code);
const asked = (update: Update) => update.follow?.map(({ name, url }) => [name, url]);

const quay = { location: { type: "Point", coordinates: [9.97, 53.54] } };
const thing = (more: object = {}) => ({ "@iot.id": 5, name: "Quay 3", Locations: [quay], ...more });
const observation = (more: object = {}) => ({
  result: 2.31,
  phenomenonTime: "2026-01-05T11:55:00Z",
  resultTime: null,
  ...more,
});
const stream = (more: object = {}) => ({
  "@iot.id": 7,
  name: "Level at quay 3",
  unitOfMeasurement: {
    name: "metre",
    symbol: "m",
    definition: "http://www.qudt.org/qudt/owl/1.0.0/unit/#Meter",
  },
  ObservedProperty: { name: "Water level", definition: "http://vocab.example/level" },
  Thing: thing(),
  Observations: [observation()],
  "Observations@iot.nextLink": `${root}/Datastreams(7)/Observations?$skip=1`,
  ...more,
});
const list = (...value: unknown[]) => ({ value });

function summary(update: Update): unknown {
  const iso = (at: number | null | undefined): string | null => (typeof at === "number" ? isoText(at) : null);
  return {
    mode: update.mode,
    scope: update.scope,
    version: update.version,
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
    notices: update.notices,
    follow: update.follow,
  };
}

test.each(listFeedCases("sensorthings"))("case $name", ({ bytes, expected, options }) => {
  const feed = feedOf(options as SensorThingsOptions);
  const part = { name: "body", url: `${root}/Datastreams`, bytes };
  const result = sensorthings.decode(part, feed, receivedAt);
  expect(result.ok ? summary(result.value) : result.failure).toEqual(expected);
});

test("reads of every stream its newest observation, its place and its property", () => {
  const update = decode(list(stream()));
  expect(update).toMatchObject({
    mode: "full",
    scope: "Datastreams",
    version: "1.1",
    notices: [],
    follow: [],
  });
  expect(sensors(update)).toEqual([
    {
      id: "gauges/Sensor/7",
      kind: "Sensor",
      feedId: "gauges",
      sourceId: "7",
      observedAt: Date.UTC(2026, 0, 5, 11, 55),
      receivedAt,
      position: [9.97, 53.54],
      quality: "good",
      fields: { name: "Quay 3", property: "Water level", value: 2.31, validFromAt: null, validToAt: null },
    },
  ]);
});

describe("asking", () => {
  const query = (url: string | undefined) => Object.fromEntries(new URL(url!).searchParams);

  test("one request for the newest of all streams, of each no more than is read", () => {
    const [fetch] = sensorthings.next(feedOf({ filter: "name ne 'test'", pageSize: 200 }), null, receivedAt);
    expect(fetch).toMatchObject({ name: "Datastreams", headers: { accept: "application/json" } });
    expect(fetch?.url.split("?")[0]).toBe(`${root}/Datastreams`);
    expect(query(fetch?.url)).toEqual({
      $select: "@iot.id,name,unitOfMeasurement",
      $expand:
        "Thing($select=@iot.id,name;$expand=Locations($select=location)),ObservedProperty($select=name,definition)," +
        "Observations($select=result,phenomenonTime,resultTime;$orderby=phenomenonTime desc;$top=1)",
      $filter: "name ne 'test'",
      $top: "200",
    });
  });

  test("the root's own query is kept, and a query of a collection is asked as it is", () => {
    const urlOf = (url: string) => sensorthings.next(feedOf({}, url), null, receivedAt)[0];
    expect(urlOf("https://sta.example/v1.1/?key=k")?.url).toMatch(
      /^https:\/\/sta\.example\/v1\.1\/Datastreams\?key=k&\$select=/,
    );
    const own = "https://sta.example/v1.1/Things?$expand=Datastreams";
    expect(urlOf(own)).toMatchObject({ name: "Things", url: own });
    expect(sensorthings.next(feedOf({}, null), null, receivedAt)).toEqual([]);
  });
});

describe("links, at every level", () => {
  test("the next page of streams, from wherever the service says it is", () => {
    const first = decode({ ...list(stream()), "@iot.nextLink": "Datastreams?$skip=1" });
    expect(asked(first)).toEqual([["Datastreams page 2", `${root}/Datastreams?$skip=1`]]);
    const second = follow(first, {
      ...list(stream({ "@iot.id": 8 })),
      "@iot.nextLink": `${root}/Datastreams?$skip=2`,
    });
    expect(second).toMatchObject({ mode: "full", scope: "Datastreams page 2", passing: true });
    expect(asked(second)).toEqual([["Datastreams page 3", `${root}/Datastreams?$skip=2`]]);
    expect(first.passing).toBeUndefined();
  });

  test("older observations are not asked for, only the first when none came", () => {
    expect(decode(list(stream())).follow).toEqual([]);
    const none = decode(list(stream({ Observations: [] })));
    expect([sensors(none), asked(none)]).toEqual([
      [],
      [["Datastreams(7)/Observations", `${root}/Datastreams(7)/Observations?$skip=1`]],
    ]);
    const found = follow(none, list(observation({ result: 2.5 })));
    expect(found).toMatchObject({ mode: "full", scope: "Datastreams(7)/Observations", passing: true });
    expect(sensors(found)).toMatchObject([
      {
        sourceId: "7",
        position: [9.97, 53.54],
        fields: { name: "Quay 3", property: "Water level", value: 2.5 },
      },
    ]);
    const onward = follow(none, {
      value: [],
      "@iot.nextLink": `${root}/Datastreams(7)/Observations?$skip=2`,
    });
    expect(asked(onward)).toEqual([
      ["Datastreams(7)/Observations page 2", `${root}/Datastreams(7)/Observations?$skip=2`],
    ]);
    expect(sensors(follow(onward, list(observation()))).length).toBe(1);
    expect(codes(follow(none, list()))).toEqual(["sensorthings-no-observation"]);
  });

  test("where the service expands nothing, the newest is asked for by the navigation link", () => {
    const bare = stream({
      Observations: undefined,
      "Observations@iot.nextLink": undefined,
      "Observations@iot.navigationLink": `${root}/Datastreams(7)/Observations`,
    });
    expect(asked(decode(list(bare)))).toEqual([
      [
        "Datastreams(7)/Observations",
        `${root}/Datastreams(7)/Observations?$orderby=phenomenonTime%20desc&$top=1`,
      ],
    ]);
  });

  test("a Thing's Locations, once for all its streams, and on until one has a place", () => {
    const link = `${root}/Things(5)/Locations?$skip=0`;
    const placeless = thing({ Locations: [], "Locations@iot.nextLink": link });
    const update = decode(list(stream({ Thing: placeless }), stream({ "@iot.id": 8, Thing: placeless })));
    expect([sensors(update), asked(update)]).toEqual([[], [["Datastreams(7)/Thing/Locations", link]]]);
    const onward = follow(update, {
      ...list({ location: { type: "Polygon", coordinates: [] } }),
      "@iot.nextLink": `${root}/Things(5)/Locations?$skip=1`,
    });
    expect(asked(onward)).toEqual([
      ["Datastreams(7)/Thing/Locations page 2", `${root}/Things(5)/Locations?$skip=1`],
    ]);
    const found = follow(onward, list({ location: { type: "Feature", geometry: quay.location } }));
    expect(sensors(found).map(({ sourceId, position }) => [sourceId, position])).toEqual([
      ["7", [9.97, 53.54]],
      ["8", [9.97, 53.54]],
    ]);
    expect(sensors(follow(update, list())).map(({ position }) => position)).toEqual([null, null]);
  });

  test("both: first the place, then the observation", () => {
    const placeless = thing({ Locations: [], "Locations@iot.nextLink": `${root}/Things(5)/Locations` });
    const update = decode(list(stream({ Thing: placeless, Observations: [] })));
    const placed = follow(follow(update, list(quay)), list(observation()));
    expect(sensors(placed)).toMatchObject([
      { sourceId: "7", position: [9.97, 53.54], fields: { value: 2.31 } },
    ]);
  });

  test("streams inside Things, and the rest of them by the link inside $expand", () => {
    const { Thing: _, ...inside } = stream();
    const body = list(
      thing({ Datastreams: [inside], "Datastreams@iot.nextLink": `${root}/Things(5)/Datastreams?$skip=1` }),
    );
    const update = decode(body, { name: "Things", url: `${root}/Things` });
    expect(sensors(update)).toMatchObject([
      { sourceId: "7", position: [9.97, 53.54], fields: { name: "Quay 3" } },
    ]);
    const rest = follow(update, {
      ...list({ ...inside, "@iot.id": 8 }),
      "@iot.nextLink": `${root}/Things(5)/Datastreams?$skip=2`,
    });
    expect(rest).toMatchObject({ scope: "Things(5)/Datastreams", passing: true });
    expect(sensors(rest)).toMatchObject([
      { sourceId: "8", position: [9.97, 53.54], fields: { name: "Quay 3" } },
    ]);
    const last = follow(rest, list({ ...inside, "@iot.id": 9 }));
    expect(sensors(last)).toMatchObject([{ sourceId: "9", position: [9.97, 53.54] }]);
  });

  test.each([
    ["sensorthings-bad-link", "http://["],
    ["sensorthings-bad-link", `${root}/Datastreams`],
    ["sensorthings-foreign-link", "http://localhost:8080/FROST-Server/v1.1/Datastreams?$skip=1"],
  ])("%s: %s", (code, link) => {
    const update = decode({ ...list(stream()), "@iot.nextLink": link });
    expect([sensors(update).length, codes(update)]).toEqual([1, [code]]);
    expect(update.follow?.length).toBe(code === "sensorthings-foreign-link" ? 1 : 0);
  });

  test("nothing is asked for of a file", () => {
    const update = decode({ ...list(stream({ Observations: [] })), "@iot.nextLink": "x" }, { url: null });
    expect(update.follow).toEqual([]);
    expect(sensors(update)).toMatchObject([{ fields: { value: null } }]);
  });
});

describe("times", () => {
  const measured = (more: object) => {
    const [sensor] = sensors(decode(list(stream({ Observations: [observation(more)] }))));
    const { validFromAt, validToAt } = sensor!.fields;
    return [sensor!.observedAt, validFromAt, validToAt].map((at) =>
      at == null ? null : isoText(at).slice(11, 16),
    );
  };
  const day = "2026-01-05T";

  test.each([
    [{}, ["11:55", null, null]],
    [{ phenomenonTime: `${day}12:50:00+01:00` }, ["11:50", null, null]],
    [{ phenomenonTime: `${day}10:00:00Z/${day}11:00:00Z` }, ["11:00", "10:00", "11:00"]],
    // An hour that is not over, and a forecast: as old as their result.
    [
      { phenomenonTime: `${day}11:30:00Z/${day}12:30:00Z`, resultTime: `${day}11:58:00Z` },
      ["11:58", "11:30", "12:30"],
    ],
    [{ phenomenonTime: null, resultTime: `${day}11:40:00Z` }, ["11:40", null, null]],
    [{ phenomenonTime: null, resultTime: null }, [null, null, null]],
  ])("%o", (more, expected) => {
    expect(measured(more)).toEqual(expected);
  });

  test("of several observations the newest counts, in whatever order they come", () => {
    const Observations = [
      observation({ result: 1, phenomenonTime: `${day}11:00:00Z` }),
      observation({ result: 3, phenomenonTime: `${day}11:10:00Z/${day}11:20:00Z` }),
      observation({ result: 2, phenomenonTime: `${day}11:15:00Z` }),
    ];
    expect(sensors(decode(list(stream({ Observations }))))[0]?.fields.value).toBe(3);
  });
});

test.each<[string, object, number]>([
  ["sensorthings-no-id", { "@iot.id": null }, 0],
  ["sensorthings-multi", { multiObservationDataTypes: [] }, 0],
  ["sensorthings-bad-number", { Observations: [observation({ result: "high" })] }, 1],
  ["sensorthings-bad-number", { Observations: [observation({ result: { a: 1 } })] }, 1],
  ["sensorthings-text-number", { Observations: [observation({ result: "2.31" })] }, 1],
  ["sensorthings-bad-time", { Observations: [observation({ resultTime: "now" })] }, 1],
  ["sensorthings-no-observed-at", { Observations: [observation({ phenomenonTime: null })] }, 1],
  ["sensorthings-future", { Observations: [observation({ phenomenonTime: "2026-01-06T00:00:00Z" })] }, 1],
  ["sensorthings-no-observation", { Observations: [], "Observations@iot.nextLink": undefined }, 1],
  ["sensorthings-no-place", { Thing: undefined }, 1],
  [
    "sensorthings-place-swapped",
    { Thing: thing({ Locations: [{ location: { type: "Point", coordinates: [53.54, 9.97] } }] }) },
    1,
  ],
  [
    "sensorthings-place-far",
    { Thing: thing({ Locations: [{ location: { type: "Point", coordinates: [2, 48] } }] }) },
    1,
  ],
  ["sensorthings-geometry", { Thing: thing({ Locations: [{ location: { type: "LineString" } }] }) }, 1],
  ["sensorthings-duplicate-id", { "@iot.id": 99 }, 0],
])("%s keeps what it can of %o and the rest of the body", (code, more, kept) => {
  const update = decode(list(stream(more), stream({ "@iot.id": 99 })));
  expect(codes(update).filter((one) => one === code || one !== "sensorthings-no-place")).toEqual([code]);
  expect(update.entities.length).toBe(1 + kept);
});

describe("declared properties", () => {
  const options = {
    properties: {
      "water-level": { observedProperty: ["http://vocab.example/level", "Level"], unit: "m" },
      rain: { observedProperty: "Rain" },
    },
  };

  test("streams by the definition or the name of what they measure", () => {
    const update = decode(
      list(
        stream(),
        stream({ "@iot.id": 8, ObservedProperty: { name: "Rain" } }),
        stream({ "@iot.id": 9, ObservedProperty: { name: "Wind" } }),
      ),
      {},
      options,
    );
    expect(sensors(update).map(({ fields }) => fields.property)).toEqual(["water-level", "rain"]);
    expect(codes(update)).toEqual(["sensorthings-other-property"]);
  });

  test("a stream in another unit is left out, whichever of its names the unit is declared by", () => {
    const inUnit = (unit: string) =>
      decode(list(stream()), {}, { properties: { level: { observedProperty: "Water level", unit } } });
    for (const name of ["m", "metre", "http://www.qudt.org/qudt/owl/1.0.0/unit/#Meter"])
      expect(inUnit(name).entities.length).toBe(1);
    expect([inUnit("cm").entities.length, codes(inUnit("cm"))]).toEqual([0, ["sensorthings-unit"]]);
  });
});

test("a stream that died long ago is left out where the feed says so", () => {
  const body = list(
    stream(),
    stream({ "@iot.id": 8, Observations: [observation({ phenomenonTime: "2019-03-01T00:00:00Z" })] }),
  );
  expect(decode(body).entities.length).toBe(2);
  const update = decode(body, {}, { maxAgeSeconds: 86_400 });
  expect([update.entities.length, codes(update)]).toEqual([1, ["sensorthings-silent"]]);
  const old = observation({ phenomenonTime: "2019-03-01T00:00:00Z" });
  const part = { name: "v1.1/Datastreams(7)/Observations", url: null };
  expect(decode(old, part).observations.length).toBe(1);
  expect(decode(old, part, { maxAgeSeconds: 86_400 }).observations).toEqual([]);
});

describe("messages of MQTT, whose topics are the parts' names", () => {
  const told = (name: string, body: unknown) => decode(body, { name, url: null });

  test.each([
    ["v1.1/Datastreams(7)/Observations", "7"],
    ["FROST-Server/v1.1/Datastreams(7)/Observations", "7"],
    ["v1.0/Datastreams('quay 3/o''clock')/Observations", "quay 3/o'clock"],
  ])("an Observation under %s is a new value of a stream that is known", (topic, id) => {
    const update = told(topic, { "@iot.id": 1, ...observation() });
    expect(update).toMatchObject({
      mode: "partial",
      scope: "messages",
      entities: [],
      notices: [],
      speaksOf: [],
    });
    expect(update.observations).toEqual([
      {
        entityId: `gauges/Sensor/${encodeURIComponent(id)}`,
        property: "result",
        value: 2.31,
        observedAt: Date.UTC(2026, 0, 5, 11, 55),
        receivedAt,
      },
    ]);
  });

  test("under v1.1/Observations only with its Datastream", () => {
    expect(told("v1.1/Observations", observation({ Datastream: { "@iot.id": 7 } })).observations.length).toBe(
      1,
    );
    const bare = told("v1.1/Observations", observation());
    expect([bare.observations, codes(bare)]).toEqual([[], ["sensorthings-no-stream"]]);
  });

  test("a Datastream is news only with its Observations, and a Location is none", () => {
    const { Observations: _, ...bare } = stream();
    const unused = told("v1.1/Datastreams(7)", bare);
    expect([unused.entities, codes(unused)]).toEqual([[], ["sensorthings-unused"]]);
    expect(told("v1.1/Datastreams(7)", stream())).toMatchObject({
      mode: "partial",
      entities: [{ sourceId: "7" }],
    });
    expect(codes(told("v1.1/Things(5)/Locations", quay))).toEqual(["sensorthings-unused"]);
  });
});

test.each<[unknown, RegExp]>([
  ["<html><title>Login</title>", /an HTML page titled "Login"/],
  [[], /JSON that is a list/],
  [{ code: 400, type: "error", message: "Not a valid path" }, /the service's error "Not a valid path"/],
  [{ hello: 1 }, /an object with "hello"/],
])("what is no SensorThings says what it is instead: %o", (body, message) => {
  expect(() => decode(body)).toThrow(message);
});

test("an entry that is no entity is counted, the others stay", () => {
  const update = decode(list(null, 7, stream()));
  expect(update.entities.length).toBe(1);
  expect(update.notices).toMatchObject([{ code: "sensorthings-no-entity", count: 2 }]);
});

test("never throws, whatever stands in its places, and never loses the sound ones", () => {
  const json = fc.jsonValue();
  fc.assert(
    fc.property(json, json, json, fc.constantFrom("Datastreams", "Things"), (a, b, c, name) => {
      const odd = [
        a,
        stream({ Thing: a, Observations: b, ObservedProperty: c }),
        stream({ Observations: [a, observation({ result: b, phenomenonTime: c })] }),
        stream({ Thing: thing({ Locations: [a, { location: b }] }), "Observations@iot.nextLink": c }),
        stream({ "@iot.id": a, unitOfMeasurement: b, name: c }),
      ];
      const sound = stream({ "@iot.id": "sound" });
      const streams = [...odd, sound];
      const value =
        name === "Datastreams"
          ? streams
          : [a, thing({ Datastreams: streams, Locations: b }), thing({ Datastreams: c })];
      for (const options of [{}, { properties: { level: { observedProperty: "Water level", unit: "m" } } }]) {
        const update = decode({ value, "@iot.nextLink": a }, { name }, options);
        expect(sensors(update).filter(({ sourceId }) => sourceId === "sound").length).toBe(1);
      }
    }),
    { seed: 23, numRuns: 300 },
  );
});

test("a body that was cut or changed is a failure with words, never a throw", () => {
  const whole = encode(list(stream(), stream({ "@iot.id": 8 })));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: whole.length - 1 }),
      fc.integer({ min: 0, max: 255 }),
      (at, byte) => {
        const changed = Uint8Array.from(whole);
        changed[at] = byte;
        for (const bytes of [whole.subarray(0, at), changed])
          sensorthings.decode({ name: "Datastreams", url: null, bytes }, feedOf(), receivedAt);
      },
    ),
    { seed: 24, numRuns: 300 },
  );
});
