/** One bad folder per kind of fault: a sound one, changed in one place, and the line that must come of it. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkCityFolder, lacksOnlyRecordings } from "./check.ts";
import { readCityFolder } from "./city-folder.ts";
import { faultLine, firstFaultLines } from "./fault.ts";
import { sampleFiles, writeFolder } from "./sample-folder.ts";

type Files = Record<string, unknown>;
type Json = Record<string, unknown>;

const bikes = "feeds/bikes.json";
const recorded = "feeds/bikes-recorded.json";
const database = "feeds/database.json";
const probes = "feeds/services.json";
const portal = {
  id: "portal",
  name: { en: "Portal", zh: "门户" },
  url: "https://portal.example/",
  method: "HEAD",
};
const empty = "indicators/transport.stations-empty.json";
const wall = "walls/city.json";
const district = "areas/district.geojson";

/** Sets `a.b[0].c` of a file; `undefined` removes it. */
function set(file: string, key: string, value: unknown): (files: Files) => void {
  return (files) => {
    const steps = key.split(".");
    let at = files[file] as Json;
    for (const step of steps.slice(0, -1)) at = at[step] as Json;
    const last = steps.at(-1) ?? "";
    if (value === undefined) delete at[last];
    else at[last] = value;
  };
}

/** Adds an indicator that is the sample's with other members. */
function indicator(id: string, members: Json): (files: Files) => void {
  return (files) => {
    files[`indicators/${id}.json`] = { ...(files[empty] as Json), id, ...members };
  };
}

/** Makes the sample's feed one of water levels over MQTT. */
function listening(transport: Json = {}, rule: Json = {}): (files: Files) => void {
  return (files) => {
    const levels = {
      kind: "Sensor",
      id: ["{station}"],
      fields: { value: "{payload}" },
      observedAt: "received",
    };
    files[bikes] = {
      ...(files[bikes] as Json),
      spec: "mqtt",
      transport: { type: "subscribe", url: "mqtt://broker.example", topics: ["levels/#"], ...transport },
      options: { topics: [{ topic: "levels/{station}", entities: [{ ...levels, ...rule }] }] },
    };
  };
}

const derived = { reads: null, where: {}, by: [] };

function linesOf(change: (files: Files) => void): string[] {
  const files = sampleFiles();
  change(files);
  const folder = writeFolder(files);
  try {
    const city = readCityFolder(folder.dir, { recordings: folder.recordings, env: {} });
    return city.ok ? [] : city.failure.map(faultLine);
  } finally {
    folder.remove();
  }
}

/** The sample with a feed of probes, changed by `change`. */
function probing(change: (files: Files) => void): (files: Files) => void {
  return (files) => {
    files[probes] = {
      ...(files[bikes] as Json),
      id: "services",
      spec: "probe",
      transport: { type: "probe", services: [{ ...portal }, { ...portal, id: "library" }] },
    };
    (files["city.json"] as Json)["contact"] = "https://harbour.example/";
    change(files);
  };
}

type Case = readonly [string, (files: Files) => void, string];

const probeCases: readonly Case[] = [
  [
    "a probe that nobody could be found behind",
    probing((f) => delete (f["city.json"] as Json)["contact"]),
    'transport.type: found "probe", expected "contact" in city.json',
  ],
  [
    "two services of one id",
    probing(set(probes, "transport.services.1.id", "portal")),
    'transport.services[1].id: found "portal", expected an id that only one service has',
  ],
  [
    "a text in the answer to a HEAD",
    probing(set(probes, "transport.services.0.text", "welcome")),
    'transport.services[0].method: found "HEAD", expected GET',
  ],
  [
    "a service inside",
    probing(set(probes, "transport.services.0.url", "http://10.0.0.5/")),
    "expected a host outside",
  ],
  [
    "probes for another standard",
    probing(set(probes, "spec", "wzdx")),
    'spec: found "wzdx", expected "probe" for a transport of probes',
  ],
  [
    "probing without a pause",
    probing(set(probes, "transport.everySeconds", 1)),
    "transport.everySeconds: found 1, expected a number of at least 10",
  ],
];

const entities = [{ kind: "Sensor", id: ["id"], fields: { value: "value" }, observedAt: ["at"] }];

/** The sample with a feed from a database, changed by `change`. */
function querying(change: (files: Files) => void): (files: Files) => void {
  return (files) => {
    files[database] = {
      ...(files[bikes] as Json),
      id: "database",
      spec: "sql",
      transport: { type: "query", connection: { env: "DATABASE" }, sql: "SELECT id, value, at FROM sensor" },
      options: { entities },
    };
    change(files);
  };
}

const queryCases: readonly Case[] = [
  [
    "news without $1",
    querying(set(database, "transport.incremental", { column: "at" })),
    'transport.sql: found "SELECT id, value, at FROM sensor", expected $1',
  ],
  [
    "$1 without news",
    querying(set(database, "transport.sql", "SELECT id, value, at FROM sensor WHERE at > $1")),
    'expected no $1, or "incremental" to say what it is',
  ],
  [
    "a statement that is no query",
    querying(set(database, "transport.sql", "-- all\nCOPY (SELECT * FROM sensor) TO '/tmp/sensors'")),
    "expected a statement that begins with SELECT, WITH, VALUES or TABLE",
  ],
  [
    "a statement's file that is not there",
    querying(set(database, "transport.sql", { file: "feeds/sensors.sql" })),
    'transport.sql.file: found "feeds/sensors.sql", expected a readable file in the city folder',
  ],
  [
    "an address with its password",
    querying(set(database, "transport.connection", "postgres://a:b@c/d")),
    'transport.connection: found "postgres://…@c/d", expected { "env": "NAME" } or { "simulator": "postgres" }',
  ],
  [
    "an option that is about files",
    querying(set(database, "options.delimiter", ";")),
    'options.delimiter: found ";", expected no such key',
  ],
  [
    "a field that the kind does not have",
    querying(set(database, "options.entities.0.fields.amount", "value")),
    'options.entities[0].fields.amount: found "value", expected a field of Sensor',
  ],
  [
    "queries for another standard",
    querying((f) => {
      (f[database] as Json)["spec"] = "wzdx";
      delete (f[database] as Json)["options"];
    }),
    'spec: found "wzdx", expected "sql" for a transport of queries',
  ],
];

const cases: readonly Case[] = [
  [
    "JSON syntax",
    (f) => (f[bikes] = '{\n  "id" 1 }'),
    'feeds/bikes.json:2: found "1", expected ":" (column 8)',
  ],
  [
    "a duplicate key",
    (f) => (f["departments.json"] = JSON.stringify(f["departments.json"]).replace("{", '{"version":1,')),
    "version: found 1, expected each key once",
  ],
  [
    "an unknown key",
    set(bikes, "cadenceSecond", 60),
    'cadenceSecond: found 60, expected no such key; perhaps "cadenceSeconds"',
  ],
  ["a missing owner", set(bikes, "department", undefined), "department: found nothing, expected a text"],
  ["a missing licence", set(bikes, "licence", undefined), "licence: found nothing, expected a text"],
  [
    "a missing cadence",
    set(bikes, "cadenceSeconds", undefined),
    "cadenceSeconds: found nothing, expected a number",
  ],
  [
    "a missing file",
    (f) => delete f["departments.json"],
    "departments.json: found nothing, expected a readable file",
  ],
  [
    "a file that a spreadsheet wrote as UTF-16",
    (f) => (f["departments.json"] = Buffer.from("\ufeff{}", "utf16le")),
    'departments.json: found "other bytes", expected text in UTF-8',
  ],
  [
    "an id that is not the file's name",
    set(bikes, "id", "bicycles"),
    'id: found "bicycles", expected "bikes", the file\'s name',
  ],
  [
    "two departments of one id",
    set("departments.json", "departments", [
      { id: "mobility", title: { en: "a", zh: "b" } },
      { id: "mobility", title: { en: "a", zh: "b" } },
    ]),
    'departments[1].id: found "mobility", expected an id that only one entry has',
  ],
  [
    "an unknown department",
    set(bikes, "department", "mobilty"),
    'department: found "mobilty", expected a department of departments.json, perhaps "mobility"',
  ],
  [
    "an unknown supplier",
    set(bikes, "supplier", "bike-work"),
    'supplier: found "bike-work", expected a supplier of suppliers.json, perhaps "bike-works"',
  ],
  [
    "a stale limit below the cadence",
    set(bikes, "staleAfterSeconds", 30),
    "staleAfterSeconds: found 30, expected at least cadenceSeconds, which is 60",
  ],
  [
    "an agreement of which notice was given and nobody knows the end",
    set(bikes, "agreement", { purpose: { en: "a", zh: "甲" }, terminated: true }),
    "agreement.validUntil: found nothing, expected the date on which it ends, because notice was given (terminated)",
  ],
  [
    "an agreement that forbids all that the feed gives",
    set(bikes, "agreement", {
      purpose: { en: "a", zh: "甲" },
      forbids: {
        kinds: ["Station", "StationStatus", "Vehicle", "ServiceAlert"],
        reason: { en: "a", zh: "甲" },
      },
    }),
    "agreement.forbids.kinds: found",
  ],
  ["an unknown spec", set(bikes, "spec", "gbsf"), 'spec: found "gbsf", expected one of "gbfs", "gtfs"'],
  [
    "an unknown transport",
    set(bikes, "transport.type", "pull"),
    'transport.type: found "pull", expected one of "poll", "receive", "subscribe", "listen", "file", "replay"',
  ],
  [
    "a broker over HTTP",
    listening({ url: "https://broker.example" }),
    'transport.url: found "https://broker.example", expected a URL with mqtt, mqtts, ws or wss',
  ],
  [
    "a secret in a URL",
    listening({ url: "mqtts://user:secret@broker.example" }),
    'transport.url: found "mqtts://…@broker.example", expected a URL with mqtt, mqtts, ws or wss and without user and password',
  ],
  [
    "a topic filter that is none",
    listening({ topics: ["levels/#", "levels/#/raw"] }),
    'transport.topics[1]: found "levels/#/raw", expected "#" alone in the last level',
  ],
  [
    "certificates without TLS",
    listening({ ca: "broker.pem" }),
    'transport.ca: found "broker.pem", expected a url with mqtts or wss',
  ],
  [
    "a certificate without its key",
    listening({ url: "mqtts://broker.example", cert: "city.pem" }),
    'transport.cert: found "city.pem", expected key beside it',
  ],
  [
    "a password for nobody",
    listening({ protocolVersion: "3.1.1", password: { env: "A" } }),
    "expected username beside it, as 3.1.1 wants",
  ],
  [
    "a session for nobody",
    listening({ sessionExpirySeconds: 60 }, { observedAt: ["at"] }),
    "transport.sessionExpirySeconds: found 60, expected clientId beside it",
  ],
  [
    "kept messages that tell no time",
    listening({ sessionExpirySeconds: 60, clientId: "city" }),
    'options.topics[0].entities[0].observedAt: found "received", expected columns with a time',
  ],
  [
    "a topic that is not subscribed to",
    listening({ topics: ["rain/#"] }),
    'options.topics[0].topic: found "levels/{station}", expected a topic that one of transport.topics brings',
  ],
  [
    "a level without a name",
    listening({}, { id: ["{gauge}"] }),
    "expected {topic}, {payload}, {station} instead of {gauge}",
  ],
  [
    "a standard that is found by links, over a broker",
    set(bikes, "transport", { type: "subscribe", url: "mqtt://broker.example", topics: ["#"] }),
    'transport.type: found "subscribe", expected gbfs by another transport',
  ],
  [
    "messages that are polled",
    (f) => {
      listening()(f);
      set(bikes, "transport", { type: "poll", url: "https://broker.example" })(f);
    },
    'transport.type: found "poll", expected subscribe, receive, file or replay for mqtt',
  ],
  ...["127.0.0.1:8080", "10.0.0.5", "[fd00::5]", "localhost", "169.254.169.254"].map((host): Case => [
    `an address inside, ${host}`,
    set(bikes, "transport.url", `http://${host}/gbfs.json`),
    'expected a host outside, or "allowHosts": [',
  ]),
  [
    "a broker inside",
    listening({ url: "mqtts://10.0.0.5" }),
    'transport.url: found "mqtts://10.0.0.5", expected a host outside, or "allowHosts": [',
  ],
  [
    "a source to reconcile with inside",
    set(bikes, "transport", {
      type: "receive",
      bearer: { env: "A" },
      reconcile: { url: "http://10.0.0.5/v2" },
    }),
    'transport.reconcile.url: found "http://10.0.0.5/v2", expected a host outside',
  ],
  [
    "an allowed host that is an address of the web",
    set("city.json", "allowHosts", ["http://sensors.internal/"]),
    'allowHosts[0]: found "http://sensors.internal/", expected a host such as "sensors.internal"',
  ],
  ...probeCases,
  ...queryCases,
  [
    "a port that two feeds listen to",
    (files) => {
      const transport = { type: "listen", protocol: "tcp", port: 6514 };
      const feed = { ...(files[bikes] as Json), spec: "log", transport };
      files["feeds/log-a.json"] = { ...feed, id: "log-a" };
      files["feeds/log-b.json"] = {
        ...feed,
        id: "log-b",
        transport: { ...transport, protocol: "tls", certificate: "a", key: "b" },
      };
    },
    "transport.port: found 6514, expected a port that no other feed listens to; log-a does",
  ],
  [
    "TLS without a certificate",
    set(bikes, "transport", { type: "listen", protocol: "tls", port: 6514 }),
    "certificate and key with tls, and neither without",
  ],
  [
    "a network that is none",
    set(bikes, "transport", { type: "listen", protocol: "udp", port: 514, from: ["10.0.0.0/40"] }),
    'an address or a network such as "10.1.0.0/16"',
  ],
  [
    "another standard than a log on a port",
    set(bikes, "transport", { type: "listen", protocol: "udp", port: 514 }),
    'expected another transport, unless "spec" is "log"',
  ],
  [
    "two ways to sign",
    set(bikes, "transport", { type: "receive", bearer: { env: "A" }, hmac: { env: "B" } }),
    "expected exactly one of bearer and hmac",
  ],
  [
    "a source to reconcile with that cannot be asked",
    set(bikes, "transport", { type: "receive", bearer: { env: "A" }, reconcile: { url: "ftp://broker" } }),
    'transport.reconcile.url: found "ftp://broker", expected a URL with http or https',
  ],
  [
    "a table column for a field the kind does not have",
    (f) => {
      const options = { entities: [{ kind: "Sensor", id: ["id"], fields: { amount: "MW" } }] };
      f[bikes] = { ...(f[bikes] as Json), spec: "table", options };
    },
    'options.entities[0].fields.amount: found "MW", expected a field of Sensor',
  ],
  [
    "an option the spec does not have",
    set(bikes, "options", { file: [] }),
    'options.file: found [], expected no such key; perhaps "files"',
  ],
  [
    "a missing schedule",
    set(bikes, "schedule", "timetable"),
    'schedule: found "timetable", expected a feed with "spec": "gtfs"',
  ],
  [
    "a location table that is no feed",
    (f) => {
      f[bikes] = { ...(f[bikes] as Json), spec: "datex2", options: { locationTable: "tmc" } };
    },
    'options.locationTable: found "tmc", expected a feed with "spec": "datex2"',
  ],
  [
    "a missing recording",
    set(recorded, "transport.recordings.0.path", "bikes/none.json"),
    'transport.recordings[0].path: found "bikes/none.json", expected',
  ],
  [
    "a recording outside the recordings",
    set(recorded, "transport.recordings.0.path", "../city/city.json"),
    "expected a path inside the folder of recordings",
  ],
  [
    "a window that ends before it starts",
    set(recorded, "transport.to", "2022-09-15T18:00"),
    'transport.to: found "2022-09-15T18:00", expected a time after from, 2022-09-15T18:47',
  ],
  [
    "a date that does not exist",
    set(recorded, "transport.from", "2022-02-30T00:00"),
    "expected a date that exists",
  ],
  [
    "a zone that does not exist",
    set("city.json", "zone", "America/San_Francisco"),
    'zone: found "America/San_Francisco", expected an IANA time zone',
  ],
  [
    "bounds the wrong way round",
    set("city.json", "bounds", [-122.35, 37.7, -122.52, 37.83]),
    "expected west before east",
  ],
  [
    "bounds that are no degrees",
    set("city.json", "bounds", [-13625634, 37.7, -122.35, 37.83]),
    "bounds[0]: found -13625634, expected a number of at least -180",
  ],
  [
    "a kind that no feed gives",
    set(empty, "reads", "ServiceCounter"),
    'reads: found "ServiceCounter", expected a kind that a feed of this folder gives',
  ],
  [
    "a feed that does not give the kind",
    set(empty, "from", ["bike"]),
    'from[0]: found "bike", expected a feed that gives StationStatus, perhaps "bikes"',
  ],
  [
    "a field the kind does not have",
    set(empty, "measure", { share: { numBikesAvailable: 0 } }),
    "measure.share.numBikesAvailable: found 0, expected a field of StationStatus",
  ],
  [
    "a value of another type",
    set(empty, "where", { isRenting: "yes" }),
    'where.isRenting: found "yes", expected true or false',
  ],
  [
    "a range on a text",
    set(empty, "where", { name: { from: 1 } }),
    'where.name: found {"from":1}, expected a text',
  ],
  [
    "a window on a number",
    set(empty, "window", { field: "capacity", lastSeconds: 60 }),
    'window.field: found "capacity", expected a field of StationStatus that is an instant',
  ],
  ["a grouping by a number", set(empty, "by", ["capacity"]), 'by[0]: found "capacity"'],
  [
    "a grouping by an unknown level",
    set(empty, "by", ["area.distric"]),
    'by[0]: found "area.distric", expected area.<level> of city.json, perhaps "area.district"',
  ],
  [
    "an unknown area",
    set(empty, "where", { $area: "area.district:harbor" }),
    '"area.district:harbor", expected an area of the city, perhaps "area.district:harbour"',
  ],
  ["two measures", set(empty, "measure", { count: true, sum: "capacity" }), "expected exactly one of count"],
  [
    "a unit that the measure is not in",
    set(empty, "unit", "count"),
    'unit: found "count", expected "percent"',
  ],
  [
    "a rate without its window",
    indicator("transport.rate", { unit: "per-hour", measure: { rate: "hour" } }),
    "window: found nothing, expected a window with lastSeconds",
  ],
  ["a domain that does not exist", set(empty, "id", "traffic.stations-empty"), "expected <domain>.<slug>"],
  [
    "a ratio of a missing indicator",
    indicator("transport.ratio", {
      ...derived,
      measure: { ratio: { of: "transport.stations-empty", to: "transport.none" } },
    }),
    'measure.ratio.to: found "transport.none", expected an indicator of this folder',
  ],
  [
    "a score of a figure without a target",
    indicator("transport.score", {
      unit: "score",
      measure: { score: [{ indicator: "transport.stations-empty", worst: 40 }] },
    }),
    'measure.score[0].indicator: found "transport.stations-empty", expected an indicator with a target and a better side',
  ],
  [
    "the trips of a timetable that is none",
    indicator("transport.scheduled", { unit: "count", measure: { scheduled: "bikes" } }),
    'measure.scheduled: found "bikes", expected a feed with "spec": "gtfs"',
  ],
  [
    "a ratio of itself",
    indicator("transport.ratio", {
      ...derived,
      measure: { ratio: { of: "transport.ratio", to: "transport.stations-empty" } },
    }),
    "expected an indicator that is not made of this one",
  ],
  [
    "a ratio that reads",
    indicator("transport.ratio", {
      measure: { ratio: { of: "transport.stations-empty", to: "transport.stations-empty" } },
    }),
    'reads: found "StationStatus", expected nothing',
  ],
  [
    "a wall with a missing indicator",
    set(wall, "scenes.0.regions.right.0.0.indicators.0", "transport.station-empty"),
    'scenes[0].regions.right[0][0].indicators[0]: found "transport.station-empty", expected an indicator of this folder, perhaps "transport.stations-empty"',
  ],
  [
    "a wall shaded by a missing level",
    set(wall, "scenes.0.map.shade.level", "distrikt"),
    'scenes[0].map.shade.level: found "distrikt", expected a level of city.json, perhaps "district"',
  ],
  [
    "a wall shaded by an ungrouped indicator",
    set(empty, "by", []),
    'scenes[0].map.shade.indicator: found "transport.stations-empty", expected an indicator with "by": ["area.district"]',
  ],
  [
    "a column of another domain",
    set(wall, "scenes.0.regions.right.0.0.domain", "security"),
    "expected an indicator of the part's domain, security",
  ],
  ["a misspelt folder", (f) => (f["feed/x.json"] = {}), "expected a known folder, perhaps feeds/"],
  [
    "areas in metres",
    set(district, "features.0.geometry.coordinates.0.1", [-13625634, 4548678]),
    "these look like metres of a projection such as EPSG:3857",
  ],
  [
    "an open ring",
    set(district, "features.0.geometry.coordinates.0.4", [-122.44, 37.76]),
    "expected a closed ring: first and last position equal",
  ],
  [
    "two areas of one name",
    set(district, "features.1.properties.name", "harbour"),
    'features[1].properties: found "harbour", expected an id and names that features[0] does not have',
  ],
  [
    "an area without a polygon",
    set(district, "features.0.geometry", null),
    "expected a Polygon or MultiPolygon",
  ],
  [
    "areas of an undeclared level",
    (f) => (f["areas/ward.geojson"] = f[district]),
    'areas: found [{"level":"district"',
  ],
];

describe("a fault names file, key, value and what was expected", () => {
  it.each(cases)("%s", (_name, change, expected) => {
    expect(linesOf(change).join("\n")).toContain(expected);
  });

  it("says that longitude and latitude are swapped", () => {
    const swap = (files: Files) => {
      const { features } = files[district] as { features: { geometry: { coordinates: number[][][] } }[] };
      for (const { geometry } of features)
        for (const ring of geometry.coordinates) for (const position of ring) position.reverse();
    };
    expect(linesOf(swap)).toEqual([expect.stringContaining("these are swapped")]);
  });

  it("finds all faults of all files at once", () => {
    const lines = linesOf((files) => {
      set(bikes, "licence", undefined)(files);
      set(bikes, "cadenceSeconds", "often")(files);
      set(empty, "department", "nobody")(files);
      set(wall, "title", "City")(files);
    });
    expect(lines.map((line) => line.split(" ")[0]?.replace(/:\d+:$/, ""))).toEqual([
      bikes,
      bikes,
      empty,
      wall,
    ]);
  });
});

describe("a wall", () => {
  const keysOf = (change: (files: Files) => void): string[] =>
    linesOf(change).map((line) => /^walls\/city\.json:\d+: (\S+):/.exec(line)?.[1] ?? line);

  it("hides no fault behind another: a figure is missed although a layer, a title or its own part is wrong", () => {
    const keys = keysOf((files) => {
      set(wall, "title", "City")(files);
      set(wall, "scenes.0.map.layers.0", "Trams")(files);
      set(wall, "scenes.0.map.shade.level", "distrikt")(files);
      set(wall, "scenes.0.regions.right.0.0.colour", "red")(files);
      set(wall, "scenes.0.regions.right.0.0.indicators", ["transport.none", "transport.stations-empty", 7])(
        files,
      );
      set(wall, "scenes.0.regions.left", [
        [{ show: "ranking", indicator: "transport.stations-empty", by: "area.parish" }],
        [{ show: "score" }, { show: "clock", indicator: "transport.nothing" }],
      ])(files);
    });
    expect(keys.toSorted()).toEqual(
      [
        "title",
        "scenes[0].map.layers[0]",
        "scenes[0].map.shade.level",
        "scenes[0].regions.right[0][0].colour",
        "scenes[0].regions.right[0][0].indicators[0]",
        "scenes[0].regions.right[0][0].indicators[2]",
        "scenes[0].regions.left[0][0].indicator",
        "scenes[0].regions.left[1][0].indicator",
        "scenes[0].regions.left[1][1].show",
        "scenes[0].regions.left[1][1].indicator",
      ].toSorted(),
    );
  });

  it("of any shape at all is a list of faults", () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom("scenes", "scenes.0", "scenes.0.map", "scenes.0.regions"),
        (value, key) => {
          expect(linesOf(set(wall, key, value))).toEqual(expect.any(Array));
        },
      ),
      { seed: 5, numRuns: 40 },
    );
  });
});

describe("check", () => {
  it("prints every fault, a summary, and exits with 1", () => {
    const folder = writeFolder({ ...sampleFiles(), "feed/x.json": {} });
    const checked = checkCityFolder(folder.dir, { recordings: folder.recordings, env: {} });
    folder.remove();
    expect(checked.exitCode).toBe(1);
    expect(checked.lines.at(-1)).toBe(`${folder.dir}: 1 fault in 1 file`);
  });

  it("says what a sound folder holds and exits with 0", () => {
    const folder = writeFolder(sampleFiles());
    const checked = checkCityFolder(folder.dir, { recordings: folder.recordings, env: {} });
    folder.remove();
    expect(checked).toEqual({
      lines: [`${folder.dir}: sound, 2 feeds, 1 indicator, 1 rule, 1 wall, 2 areas`],
      exitCode: 0,
    });
  });

  it("warns of a feed's file that is not there", () => {
    const files = sampleFiles();
    const transport = { type: "file", files: [{ name: "body", path: "data/none.json" }] };
    const folder = writeFolder({ ...files, [bikes]: { ...(files[bikes] as Json), transport } });
    const checked = checkCityFolder(folder.dir, { recordings: folder.recordings, env: {} });
    folder.remove();
    expect(checked.lines[0]).toMatch(/^feeds\/bikes\.json: warning: .*data\/none\.json is not there yet$/);
    expect(checked.exitCode).toBe(0);
  });

  it("has a short form for many faults: the first, cut where long, and how many more", () => {
    const fault = { kind: "setting", file: "x.json", line: 1, key: "a", value: 1 } as const;
    const lines = firstFaultLines(
      Array.from({ length: 11 }, () => ({ ...fault, expected: "y".repeat(500) })),
    );
    expect(lines.length).toBe(9);
    expect(lines[0]?.length).toBe(150);
    expect(lines.at(-1)).toBe("and 3 more");
  });

  it("says once how recordings that are elsewhere are found", () => {
    const folder = writeFolder(sampleFiles());
    const { lines } = checkCityFolder(folder.dir, { recordings: "/nowhere", env: {} });
    folder.remove();
    const advice = "Recordings are looked for in /nowhere: CITYDECK_RECORDINGS names another folder.";
    expect(lines.filter((line) => line.startsWith("Recordings"))).toEqual([advice]);
    expect(lines.at(-1)).toMatch(/ faults? in \d files?$/);
  });

  it("tells missing recordings from faults of the folder", () => {
    const folder = writeFolder(sampleFiles());
    const city = readCityFolder(folder.dir, { recordings: "/nowhere", env: {} });
    folder.remove();
    expect(!city.ok && city.failure.length > 0 && lacksOnlyRecordings(city.failure)).toBe(true);
  });
});

it("never throws, whatever the files hold", () => {
  const names = Object.keys(sampleFiles());
  const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(null, -1, "", "x".repeat(100), [], {}, 1e308));
  const mutation = fc.record({ file: fc.constantFrom(...names), at: fc.nat(), value: odd });
  const folder = writeFolder(sampleFiles());
  fc.assert(
    fc.property(mutation, ({ file, at, value }) => {
      const paths = pathsOf(sampleFiles()[file]);
      folder.write(file, replaced(sampleFiles()[file], paths[at % paths.length] ?? [], value));
      const city = readCityFolder(folder.dir, { recordings: folder.recordings, env: {} });
      if (!city.ok) for (const fault of city.failure) expect(faultLine(fault)).toContain("expected ");
      folder.write(file, sampleFiles()[file]);
    }),
    { seed: 20261123, numRuns: 300 },
  );
  folder.remove();
});

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function replaced(value: unknown, [step, ...rest]: readonly string[], by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value))
    return value.map((inner: unknown, i): unknown =>
      String(i) === step ? replaced(inner, rest, by) : inner,
    );
  return { ...(value as Json), [step]: replaced((value as Json)[step], rest, by) };
}
