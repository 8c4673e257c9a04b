/** Rules that no connector's own test raises: the smallest body that does, and the same body without its fault. */

import { expect, it } from "vitest";
import { makeGtfs, smallTimetable } from "../../../fixtures/make-gtfs.ts";
import type { Spec } from "../../../shared/feed.ts";
import type { ConnectorFeed } from "./connector.ts";
import { connectorFor } from "./index.ts";
import { findRule, severitiesOf } from "./rules.ts";

const receivedAt = Date.UTC(2026, 0, 5, 12);
const bounds = [-122.52, 37.7, -122.35, 37.83] as const;

function noticesOf(spec: Spec, body: unknown, name: string, options: object = {}) {
  const bytes =
    body instanceof Uint8Array
      ? body
      : new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  const feed: ConnectorFeed = { id: "a", spec, zone: "America/Los_Angeles", bounds, url: null, options };
  const decoded = connectorFor(spec).decode({ name, url: null, bytes }, feed, receivedAt);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value.notices;
}

const seconds = receivedAt / 1000;
const file = (data: object) => ({ last_updated: seconds, ttl: 60, version: "2.3", data });
const status = (more: object) =>
  file({
    stations: [
      {
        station_id: "1",
        num_bikes_available: 3,
        num_docks_available: 3,
        is_installed: true,
        is_renting: true,
        is_returning: true,
        last_reported: seconds,
        ...more,
      },
    ],
  });
const station = (lon: number, lat: number) => file({ stations: [{ station_id: "1", name: "A", lon, lat }] });
const alerts = (type: string) => file({ alerts: [{ alert_id: "1", type, summary: "closed" }] });
const discovery = (url: unknown) =>
  file({
    en: {
      feeds: [
        { name: "station_status", url },
        { name: "system_alerts", url: "https://a.example/x" },
      ],
    },
  });

const request = (long: number, lat: number) => [
  { service_request_id: "1", status: "open", requested_datetime: "2026-01-05T10:00:00Z", long, lat },
];

const road = (coordinates: unknown) => ({
  feed_info: { version: "4.2", update_date: "2026-01-05T11:00:00Z" },
  type: "FeatureCollection",
  features: [
    {
      id: "1",
      type: "Feature",
      properties: {
        core_details: {
          event_type: "work-zone",
          road_names: ["A"],
          direction: "northbound",
          update_date: "2026-01-05T11:00:00Z",
        },
        start_date: "2026-01-01T00:00:00Z",
        end_date: "2026-02-01T00:00:00Z",
      },
      geometry: { type: "LineString", coordinates },
    },
  ],
});
const inside = [-122.4, 37.75];

const capOf = (area: string, namespace = "urn:oasis:names:tc:emergency:cap:1.2") =>
  `<alert xmlns="${namespace}"><identifier>1</identifier><sender>a@b.example</sender><sent>2026-01-05T10:00:00Z</sent>` +
  "<status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info><category>Met</category><event>Rain</event>" +
  "<urgency>Expected</urgency><severity>Minor</severity><certainty>Likely</certainty>" +
  `<expires>2026-01-06T10:00:00Z</expires><area><areaDesc>A</areaDesc>${area}</area></info></alert>`;
const polygon = (points: string) => capOf(`<polygon>${points}</polygon>`);
const ring = (lat: number, lon: number) =>
  [
    [0, 0],
    [0, 0.1],
    [0.1, 0.1],
    [0.1, 0],
    [0, 0],
  ]
    .map(([n, e]) => `${lat + n!},${lon + e!}`)
    .join(" ");
const soundArea = `<polygon>${ring(37.7, -122.5)}</polygon>`;
const edxl = (namespace: string) =>
  `<EDXLDistribution xmlns="${namespace}"><distributionStatus>Actual</distributionStatus><contentObject><xmlContent>` +
  `<embeddedXMLContent>${capOf(soundArea)}</embeddedXMLContent></xmlContent></contentObject></EDXLDistribution>`;

const flags = { entities: [{ kind: "StationStatus", id: ["id"], fields: { isRenting: "open" } }] };
const result = (id: number) => ({ id: `s${id}`, probedAt: "2026-01-05T11:59:00Z", isAvailable: true });
const many = Array.from({ length: 10_001 }, (_, i) => result(i));

const late = smallTimetable["stop_times.txt"]!.replace("T1,08:20:00,08:20:00", "T1,07:20:00,07:20:00");

/** Cells read by the options of a table, as SQL and MQTT give them. */
const cellRule = (more: object = {}) => ({
  kind: "StationStatus",
  id: ["id"],
  fields: { isRenting: { column: "open", map: { auf: true } } },
  observedAt: ["at"],
  position: { text: "place", order: "lon,lat" },
  ...more,
});
const cells = { id: "1", open: "auf", at: "2026-01-05T11:59:00Z", place: "-122.4,37.75" };
const callRule = {
  kind: "DispatchCall",
  id: ["id"],
  fields: { callAt: { column: "at" }, onSceneAt: { column: "open" } },
  observedAt: ["at"],
  durations: { callToSceneSeconds: { from: "callAt", to: "onSceneAt" } },
};
const call = { ...cells, open: "2026-01-05T11:59:30Z" };
const early = { ...cells, open: "2026-01-05T11:00:00Z" };
const merging = cellRule({ from: "rows" });

const sqlResult = (rows: readonly (typeof cells)[], names: readonly string[] = Object.keys(cells)) => ({
  askedAt: "2026-01-05T12:00:00.000Z",
  news: null,
  columns: names.map((name) => ({ name, type: "text" })),
  rows: rows.map((row) => names.map((name) => row[name as keyof typeof cells])),
});
const topics = (rule: object) => ({ topics: [{ topic: "a/{b}", rows: "rows", entities: [rule] }] });

type Case = readonly [Spec, string, string, unknown, unknown, object?];

/** The same faulty rows, as a query's result and as a message. */
function cellCases(
  slug: string,
  faulty: readonly (typeof cells)[],
  sound: readonly (typeof cells)[],
  rule: object,
): Case[] {
  return [
    ["sql", `sql-${slug}`, "body", sqlResult(faulty), sqlResult(sound), { entities: [rule] }],
    ["mqtt", `mqtt-${slug}`, "a/b", { rows: faulty }, { rows: sound }, topics(rule)],
  ];
}

const flagRule = cellRule({ fields: { isRenting: "open" } });
const trueCells = { ...cells, open: "true" };
const ofCells: readonly Case[] = [
  ...cellCases("bad-flag", [{ ...cells, open: "perhaps" }], [trueCells], flagRule),
  ...cellCases("bad-time", [{ ...cells, at: "noon" }], [cells], cellRule()),
  ...cellCases("future", [{ ...cells, at: "2027-01-05T11:59:00Z" }], [cells], cellRule()),
  ...cellCases("unmapped", [{ ...cells, open: "zu" }], [cells], cellRule()),
  ...cellCases("time-order", [early], [call], callRule),
  ...cellCases("merged", [cells, cells], [cells], merging),
  ...cellCases("place-unreadable", [{ ...cells, place: "by the quay" }], [cells], cellRule()),
  [
    "sql",
    "sql-repeated-column",
    "body",
    sqlResult([cells], ["id", "open", "at", "place", "open"]),
    sqlResult([cells]),
    { entities: [cellRule()] },
  ],
];

/** The same unbelievable place, in each standard that has places of its own. */
const [soundLon, soundLat] = [-122.4, 37.75];
const wrongPlaces: Readonly<Record<string, readonly [number, number]>> = {
  zero: [0, 0],
  swapped: [soundLat, soundLon],
  sign: [-soundLon, soundLat],
  metres: [-13_625_634, 4_548_678],
  impossible: [-222.41, 337.76],
  far: [2.35, 48.85],
};
const placed = (lon: unknown, lat: unknown) => ({ type: "Point", coordinates: [lon, lat] });
const stream = (lon: unknown, lat: unknown) => ({
  value: [
    {
      "@iot.id": 1,
      name: "Level",
      ObservedProperty: { name: "level" },
      Thing: { "@iot.id": 2, Locations: [{ location: placed(lon, lat) }] },
      Observations: [{ result: 2, phenomenonTime: "2026-01-05T11:59:00Z" }],
    },
  ],
});
const things = (more: object) => ({ value: [{ "@iot.id": 2, name: "Quay", Locations: [], ...more }] });
const air = (lon: number, lat: number) => ({
  id: "urn:ngsi-ld:A:1",
  type: "A",
  no2: { type: "Property", value: 3 },
  location: { type: "GeoProperty", value: placed(lon, lat) },
});
const lineOf = (lon: number, lat: number) => `air,station=a,lon=${lon},lat=${lat} no2=3 1767614340000000000`;
const lineOptions = {
  measurements: [
    { measurement: "air", id: ["station"], position: { lon: "lon", lat: "lat" }, fields: { no2: "no2" } },
  ],
};
const situation = (lat: number, lon: number) =>
  '<d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
  '<payloadPublication xsi:type="SituationPublication"><publicationTime>2026-01-05T11:59:00Z</publicationTime>' +
  '<situation id="S" version="1"><situationRecord xsi:type="Accident" id="R" version="1">' +
  "<situationRecordVersionTime>2026-01-05T11:59:00Z</situationRecordVersionTime>" +
  '<groupOfLocations xsi:type="Point"><pointByCoordinates><pointCoordinates>' +
  `<latitude>${lat}</latitude><longitude>${lon}</longitude>` +
  "</pointCoordinates></pointByCoordinates></groupOfLocations></situationRecord></situation></payloadPublication></d2LogicalModel>";
const soundSituation = situation(soundLat, soundLon);

const ofPlaces: readonly Case[] = Object.entries(wrongPlaces)
  .flatMap(([fault, [lon, lat]]): Case[] => [
    ...cellCases(
      `place-${fault}`,
      [{ ...cells, place: `${lon}.0,${lat}.0`.replaceAll(/(\.\d+)\.0/g, "$1") }],
      [cells],
      cellRule(),
    ),
    [
      "sensorthings",
      `sensorthings-place-${fault}`,
      "Datastreams",
      stream(lon, lat),
      stream(soundLon, soundLat),
    ],
    ["ngsi", `ngsi-place-${fault}`, "entities", [air(lon, lat)], [air(soundLon, soundLat)]],
    ["line", `line-place-${fault}`, "body", lineOf(lon, lat), lineOf(soundLon, soundLat), lineOptions],
    ["datex2", `datex2-place-${fault}`, "body", situation(lat, lon), soundSituation],
  ])
  .filter(([spec, code]) => findRule(spec, code));

/** Standard, code, part, the body that raises it, the body that does not. */
const cases: readonly Case[] = [
  ...ofCells,
  ...ofPlaces,
  ["gbfs", "gbfs-bad-number", "station_status", status({ num_bikes_available: -1 }), status({})],
  ["gbfs", "gbfs-bad-flag", "station_status", status({ is_renting: "perhaps" }), status({})],
  [
    "wzdx",
    "wzdx-no-feature",
    "body",
    { ...road([inside, inside]), features: [7] },
    road([inside, [-122.41, 37.76]]),
  ],
  ["datex2", "datex2-no-type", "body", soundSituation.replace('xsi:type="Accident" ', ""), soundSituation],
  [
    "datex2",
    "datex2-version",
    "body",
    soundSituation.replace("schema/2/2_0", "schema/1_0/1_0"),
    soundSituation,
  ],
  ["sensorthings", "sensorthings-no-streams", "Things", things({}), things({ Datastreams: [] })],
  [
    "sensorthings",
    "sensorthings-place-missing",
    "Datastreams",
    stream(null, soundLat),
    stream(soundLon, soundLat),
  ],
  ["gbfs", "gbfs-text-as-number", "station_status", status({ num_bikes_available: "3" }), status({})],
  ["gbfs", "gbfs-text-as-flag", "station_status", status({ is_renting: "true" }), status({})],
  ["gbfs", "gbfs-text-as-time", "station_status", status({ last_reported: String(seconds) }), status({})],
  ["gbfs", "gbfs-bad-link", "gbfs", discovery(7), discovery("https://a.example/s")],
  ["gbfs", "gbfs-unknown-alert-type", "system_alerts", alerts("storm"), alerts("system_closure")],
  ["gbfs", "gbfs-place-sign", "station_information", station(122.4, 37.75), station(-122.4, 37.75)],
  ["open311", "open311-place-swapped", "requests", request(37.75, -122.4), request(-122.4, 37.75)],
  ["open311", "open311-place-sign", "requests", request(122.4, 37.75), request(-122.4, 37.75)],
  ["open311", "open311-place-metres", "requests", request(-13625634, 4548678), request(-122.4, 37.75)],
  ["open311", "open311-place-far", "requests", request(2.35, 48.85), request(-122.4, 37.75)],
  ["wzdx", "wzdx-place-missing", "body", road([inside, [null, 37.76]]), road([inside, [-122.41, 37.76]])],
  ["wzdx", "wzdx-place-sign", "body", road([inside, [122.41, 37.76]]), road([inside, [-122.41, 37.76]])],
  [
    "wzdx",
    "wzdx-place-metres",
    "body",
    road([[-13625634, 4548678], inside]),
    road([inside, [-122.41, 37.76]]),
  ],
  [
    "wzdx",
    "wzdx-place-impossible",
    "body",
    road([inside, [-222.41, 337.76]]),
    road([inside, [-122.41, 37.76]]),
  ],
  [
    "cap",
    "cap-edxl-version",
    "body",
    edxl("urn:oasis:names:tc:emergency:EDXL:DE:9.0"),
    edxl("urn:oasis:names:tc:emergency:EDXL:DE:1.0"),
  ],
  [
    "cap",
    "cap-unknown-version",
    "body",
    capOf(soundArea, "urn:oasis:names:tc:emergency:cap:next"),
    capOf(soundArea),
  ],
  ["cap", "cap-place-zero", "body", polygon("0,0 0,0 0,0 0,0"), capOf(soundArea)],
  ["cap", "cap-place-sign", "body", polygon(ring(37.7, 122.4)), capOf(soundArea)],
  ["cap", "cap-place-impossible", "body", polygon(ring(137.7, -222.5)), capOf(soundArea)],
  ["table", "table-bad-flag", "body", "id,open\n1,perhaps\n", "id,open\n1,true\n", flags],
  ["table", "table-repeated-column", "body", "id,open,open\n1,true,true\n", "id,open\n1,true\n", flags],
  [
    "gtfs",
    "gtfs-duplicate-file",
    "body",
    makeGtfs({ "old/stops.txt": smallTimetable["stops.txt"]! }),
    makeGtfs(),
  ],
  [
    "gtfs",
    "stop_time_with_arrival_before_previous_departure_time",
    "body",
    makeGtfs({ "stop_times.txt": late }),
    makeGtfs(),
  ],
  ["probe", "probe-too-many", "body", { results: many }, { results: many.slice(1) }],
];

for (const [spec, code, name, faulty, sound, options] of cases)
  it(`${spec}: ${code}`, () => {
    const raised = noticesOf(spec, faulty, name, options).find((notice) => notice.code === code);
    expect(severitiesOf(findRule(spec, code)!)).toContain(raised?.severity);
    expect(noticesOf(spec, sound, name, options).map((notice) => notice.code)).not.toContain(code);
  });
