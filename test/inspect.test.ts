/**
 * `citydeck inspect` over the recorded feeds of real cities. The counts are those of the recordings' own table, taken
 * with other programs than ours; where we give fewer, a notice says how many are missing and why.
 */

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import bindings from "gtfs-realtime-bindings";
import { beforeAll, describe, expect, test } from "vitest";
import {
  hasRecordings,
  listAllRecordings,
  listFeedCases,
  listRecordings,
  readRecording,
  recordingsFolder,
} from "../fixtures/feed-cases.ts";
import { readAreas } from "../server/city-folder/areas.ts";
import { parseJson } from "../server/city-folder/json-document.ts";
import { inspectFile } from "../server/commands/inspect.ts";
import type { Settings } from "../shared/city.ts";
import type { Inspection } from "../shared/inspection.ts";
import type { Spec } from "../shared/feed.ts";
import { runCitydeck } from "./run-command.ts";

if (!hasRecordings) console.warn(`inspect: recorded files skipped, no recordings in ${recordingsFolder}`);

const now = Date.parse("2026-11-23T12:00:00Z");
const world = [-180, -90, 180, 90] as const;

/** Every recorded file that was inspected. */
const seen = new Set<string>();

function inspected(spec: Spec, path: string): Inspection | string {
  seen.add(path);
  const feed = { id: "inspect", spec, zone: "UTC", bounds: world, url: null, options: {} };
  return inspectFile(path, readRecording(path), spec, feed, now);
}

function soundly(spec: Spec, path: string): Inspection {
  const result = inspected(spec, path);
  if (typeof result === "string") throw new Error(`${path}: ${result}`);
  return result;
}

const lost = ({ notices }: Inspection, code: string): number =>
  notices.find((notice) => notice.code === code)?.count ?? 0;

/** What only a reading at the wrong time would say. */
const lateCodes = ["W008", "gbfs-outdated", "cap-all-expired"];

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const instantOrNull = expect.toSatisfy(
  (value) => value === null || !Number.isNaN(Date.parse(String(value))),
) as string;

test("inspect reads what our own probes and queries wrote", () => {
  const feed = {
    id: "inspect",
    zone: "Europe/Lisbon",
    bounds: [-12.16, 43.9, -11.84, 44.1],
    url: null,
  } as const;
  const [round] = listFeedCases("probe");
  expect(
    inspectFile("round.json", round!.bytes, "probe", { ...feed, spec: "probe", options: {} }, now),
  ).toMatchObject({
    mode: "full",
    entities: { PublicService: 3 },
    observedFrom: "2026-11-23T09:00:00.004Z",
    headerAt: "2026-11-23T09:00:07.400Z",
    notices: [{ code: "probe-unavailable" }, { code: "probe-not-allowed" }],
  });
  const [result] = listFeedCases("sql");
  const { options } = result!;
  expect(
    inspectFile("result.json", result!.bytes, "sql", { ...feed, spec: "sql", options }, now),
  ).toMatchObject({
    mode: "partial",
    entities: { DispatchCall: 3 },
    withPosition: 1,
    headerAt: "2026-11-23T09:00:00.000Z",
  });
});

describe.skipIf(!hasRecordings)("inspect", () => {
  test.each<[string, Readonly<Record<string, number>>]>([
    [
      "san-francisco/gtfs/bart-2019.zip",
      { routes: 8, stops: 48, trips: 2_641, stop_times: 32_185, shapes: 34_578 },
    ],
    ["san-francisco/gtfs/bart-2023.zip", { routes: 14, stops: 186, trips: 4_225, stop_times: 61_853 }],
    ["san-francisco/gtfs/caltrain-2023.zip", { routes: 9, stops: 109, trips: 176, stop_times: 3_498 }],
    [
      "new-york/gtfs/nyct-subway-cut-20230528-20231119.zip",
      { routes: 23, stops: 3_799, trips: 5_164, stop_times: 143_616 },
    ],
    ["puget-sound/gtfs/soundtransit-2023.zip", { routes: 5, stops: 149, trips: 734 }],
    ["mexico-city/gtfs/cdmx-2018-2019.zip", { routes: 145, stops: 6_021, trips: 1_741 }],
    ["portland/gtfs/trimet-2routes-2021.zip", { routes: 2, stops: 103, trips: 2_341 }],
    ["portland/gtfs/ctran-flex-2025.zip", { routes: 6, stops: 293, trips: 1_389 }],
  ])("gtfs %s", (path, counts) => {
    const result = soundly("gtfs", path);
    expect(result).toMatchObject({ mode: "full", entities: counts, withPosition: counts["stops"] });
    expect(result).toMatchObject({ observedFrom: null, observedTo: null, headerAt: null });
  });

  test.each<[string, Readonly<Record<string, number>>, number, string]>([
    [
      "san-francisco/gtfs-rt/bart-20190807T174521Z-trip-updates.pb",
      { TripUpdate: 91 },
      0,
      "2019-08-07T17:45:21",
    ],
    ["san-francisco/gtfs-rt/bart-20190807T174542Z-alerts.pb", { ServiceAlert: 1 }, 0, "2019-08-07T17:45:42"],
    [
      "san-francisco/gtfs-rt/caltrain-20231108T010534Z-trip-updates.pb",
      { TripUpdate: 19 },
      0,
      "2023-11-08T01:05:34",
    ],
    [
      "san-francisco/gtfs-rt/caltrain-20231108T010559Z-vehicle-positions.pb",
      { VehiclePosition: 14 },
      14,
      "2023-11-08T01:05:59",
    ],
    [
      "boston/gtfs-rt/mbta-20241120-VehiclePositions.pb",
      { VehiclePosition: 650 },
      650,
      "2024-11-20T18:52:05",
    ],
    ["boston/gtfs-rt/mbta-20241120-TripUpdates.pb", { TripUpdate: 1_207 }, 0, "2024-11-20T18:52:10"],
    ["boston/gtfs-rt/mbta-20241120-Alerts.pb", { ServiceAlert: 94 }, 0, "2024-11-20T18:51:40"],
    [
      "boston/gtfs-rt-json/mbta-20190411-VehiclePositions.json",
      { VehiclePosition: 565 },
      565,
      "2019-04-11T15:04:44",
    ],
    [
      "boston/gtfs-rt-json/mbta-20190517-VehiclePositions.json",
      { VehiclePosition: 559 },
      559,
      "2019-05-17T17:09:07",
    ],
  ])("gtfs-rt %s", (path, entities, withPosition, headerAt) => {
    const result = soundly("gtfs-rt", path);
    expect(result).toMatchObject({ mode: "full", entities, withPosition, headerAt: `${headerAt}.000Z` });
  });

  test("gtfs-rt: every snapshot of New York and of Puget Sound, none of them called late", () => {
    const ace = listRecordings("new-york/gtfs-rt/nyct-ace-20240208").map((path) => soundly("gtfs-rt", path));
    expect(ace.length).toBe(80);
    for (const result of ace) expect(result.withPosition).toBe(0);
    expect(ace[0]!.headerAt).toBe("2024-02-08T12:59:15.000Z");
    expect(ace.at(-1)!.headerAt).toBe("2024-02-08T14:18:39.000Z");

    const numbered = listRecordings("new-york/gtfs-rt/nyct-1234567s-20230529");
    expect(numbered.length).toBe(21);
    const results = numbered.map((path) => soundly("gtfs-rt", path));
    expect(results[0]!.entities).toEqual({ VehiclePosition: 109, TripUpdate: 169, ServiceAlert: 1 });
    for (const result of [...ace, ...results]) {
      const read = Object.values(result.entities).reduce((a, b) => a + b, 0);
      const sent = bindings.transit_realtime.FeedMessage.decode(readRecording(result.file)).entity.length;
      expect(read + lost(result, "gtfs-rt-trip-twice") + lost(result, "E052")).toBe(sent);
    }

    const sound = listRecordings("puget-sound/gtfs-rt-json").map((path) => soundly("gtfs-rt", path));
    expect(sound.length).toBe(14);
    for (const result of sound) {
      const [count, ...more] = Object.values(result.entities);
      expect(more).toEqual([]);
      expect(count! + lost(result, "gtfs-rt-trip-twice") + lost(result, "E052")).toBeOneOf([14, 15]);
    }
    for (const { notices } of [...ace, ...results, ...sound])
      for (const { code } of notices) expect(lateCodes).not.toContain(code);
  });

  test("gbfs: Bay Wheels", () => {
    const of = (file: string): Inspection => soundly("gbfs", `san-francisco/gbfs/baywheels/${file}.json`);
    expect(of("station_information")).toMatchObject({ entities: { Station: 496 }, withPosition: 496 });
    expect(of("free_bike_status")).toMatchObject({ entities: { Vehicle: 720 }, withPosition: 720 });
    const status = of("station_status");
    expect(status).toMatchObject({ entities: { StationStatus: 496 }, headerAt: "2022-09-16T01:47:29.000Z" });
    expect(lost(status, "gbfs-report-silent")).toBe(7);
    expect(status.observedFrom).toMatch(/^2022-08-01/);
  });

  test("gbfs: 48 hours of Ecobici, known by what the files hold; the one that is no GBFS says so", () => {
    const paths = listRecordings("mexico-city/gbfs/ecobici/station_status");
    const results = paths.map((path) => inspected("gbfs", path));
    const broken = results.filter((result) => typeof result === "string");
    expect(broken).toEqual([
      'station_status_20240412140435: expected a JSON object, found text starting with "404 Not Found"',
    ]);
    const sound = results.filter((result) => typeof result !== "string");
    expect(sound.length).toBe(47);
    for (const result of sound) {
      expect(result.entities).toEqual({ StationStatus: 667 });
      expect(lost(result, "gbfs-time-before-2000")).toBe(2);
      expect(lost(result, "gbfs-outdated")).toBe(0);
    }
    const stations = soundly("gbfs", "mexico-city/gbfs/ecobici/station_information_20240411.json");
    expect(stations.entities).toEqual({ Station: 667 });
    expect(stations.withPosition + lost(stations, "gbfs-place-zero")).toBe(667);
  });

  test("gbfs: one of each file of 2.3 and 3.0", () => {
    for (const version of ["2.3", "3.0"]) {
      const paths = listRecordings(`_gbfs-spec-fixtures/v${version}`);
      const results = paths
        .filter((path) => !path.endsWith("/manifest.json"))
        .map((path) => soundly("gbfs", path));
      for (const result of results) {
        expect(result.version).toBe(version);
        for (const { code } of result.notices) expect(lateCodes).not.toContain(code);
      }
      const counted = new Map(results.map((result) => [basename(result.file, ".json"), result.entities]));
      expect(counted.get("station_information")).toEqual({ Station: 2 });
      expect(counted.get("station_status")).toEqual({ StationStatus: 2 });
      expect(counted.get("system_alerts")).toEqual({ ServiceAlert: 1 });
      expect(counted.get(version === "3.0" ? "vehicle_status" : "free_bike_status")).toEqual({
        Vehicle: version === "3.0" ? 4 : 2,
      });
    }
    // Systems elsewhere, none of which is said to be ours.
    expect(inspected("gbfs", "_gbfs-spec-fixtures/v3.0/manifest.json")).toMatch(/a single system/);
  });

  test("cap: every recorded warning and envelope", () => {
    const counts: Record<string, number> = {
      "bushfire_valid.edxlde": 7,
      "bushfire_invalid.edxlde": 6,
      "weather_index.atom": 0,
      "empty_weather_index.atom": 0,
    };
    const paths = listRecordings("_cap");
    expect(paths.length).toBe(20);
    for (const path of paths) {
      const result = soundly("cap", path);
      expect(result.entities["CapAlert"] ?? 0).toBe(counts[basename(path)] ?? 1);
      if (!path.endsWith("canada_signed.atom")) expect(lost(result, "cap-all-expired")).toBe(0);
    }
    expect(lost(soundly("cap", "_cap/bushfire_invalid.edxlde"), "cap-no-identifier")).toBe(1);
    expect(lost(soundly("cap", "_cap/xee.cap"), "cap-entity-left-out")).toBeGreaterThan(0);
    for (const name of ["invalid", "noaa_errors", "canada_errors"])
      expect(soundly("cap", `_cap/${name}.cap`).notices).toContainEqual(
        expect.objectContaining({ severity: "error" }),
      );
  });

  test("wzdx: every example of the specification, lines and ends alone", () => {
    const paths = listRecordings("_wzdx/v4.2");
    expect(paths.length).toBe(11);
    const counted = new Map(paths.map((path) => [basename(path, "_example.geojson"), soundly("wzdx", path)]));
    const of = (name: string) => counted.get(name)!;
    expect([...counted.values()].every(({ version }) => version === "4.2")).toBe(true);
    expect(of("WorkZoneFeed-scenario1_simple_linestring").entities).toEqual({ WorkZone: 5 });
    expect(lost(of("WorkZoneFeed-scenario1_simple_multipoint"), "wzdx-ends-only")).toBe(5);
    expect(of("WorkZoneFeed-scenario4_detour_linestring").entities).toEqual({ WorkZone: 4 });
    const events = [...counted.values()].reduce((sum, { entities }) => sum + (entities["WorkZone"] ?? 0), 0);
    expect(events).toBe(26);
    for (const device of ["DeviceFeed-arrow_board_ok", "DeviceFeed-camera_error"])
      expect(of(device)).toMatchObject({ entities: { FieldDevice: 1 }, withPosition: 1 });
    for (const { notices } of counted.values())
      expect(notices.filter(({ severity }) => severity !== "info")).toEqual([]);
  });

  test("datex2: every situation record of Finland counts, is replaced or is over, and the table places all", () => {
    const v2 = listRecordings("finland-roads/datex2-v2");
    const v3 = listRecordings("finland-roads/datex2-v3.5");
    expect([v2.length, v3.length]).toEqual([23, 1]);
    const feed = {
      id: "inspect",
      spec: "datex2",
      zone: "UTC",
      bounds: world,
      url: null,
      options: {},
    } as const;
    const known = {};
    const table = "finland-roads/tmc-location-table-simple-1.11.45.zip";
    expect(inspectFile(table, readRecording(table), "datex2", feed, now, known)).toMatchObject({
      entities: { points: 32_872, lines: 8_240, areas: 369 },
    });
    seen.add(table);
    let records = 0;
    for (const path of [...v2, ...v3]) {
      const written = new TextDecoder()
        .decode(readRecording(path))
        .match(/<(?:sit:)?situationRecord /g)!.length;
      records += written;
      const bare = soundly("datex2", path);
      const situations = bare.entities["Situation"] ?? 0;
      expect(situations + lost(bare, "datex2-replaced") + lost(bare, "datex2-ended")).toBe(written);
      expect(bare.version).toBe(v3.includes(path) ? "3" : "2");
      // No coordinates: a place of its own by its code, or that of its situation.
      const byCode = lost(bare, "datex2-alert-c") + lost(bare, "datex2-place-of-situation");
      expect([bare.withPosition, byCode]).toEqual([0, situations]);
      const placed = inspectFile(path, readRecording(path), "datex2", feed, now, known) as Inspection;
      expect([placed.withPosition, lost(placed, "datex2-unknown-code")]).toEqual([situations, 0]);
    }
    expect(records).toBe(81);
  });

  test("ngsi: every form of the six models, each one entity", () => {
    const models = listRecordings("_ngsi");
    expect(models.map((path) => basename(path))).toEqual([
      "AirQualityForecast",
      "AirQualityMonitoring",
      "AirQualityObserved",
      "EnvironmentObserved",
      "FloodMonitoring",
      "NoiseLevelObserved",
    ]);
    const paths = models.flatMap(listRecordings);
    expect(paths.length).toBe(26);
    for (const path of paths) {
      const result = soundly("ngsi", path);
      // One entity gives a Sensor for each of its numbers, and a notice says so.
      expect(lost(result, "ngsi-entities")).toBe(1);
      const sensors = result.entities["Sensor"] ?? 0;
      if (path.includes("EnvironmentObserved"))
        expect([sensors, lost(result, "ngsi-no-number")]).toEqual([0, 1]);
      else expect(sensors).toBeGreaterThan(3);
      expect(result.withPosition).toBe(path.includes("FloodMonitoring") ? 0 : sensors);
      expect(lost(result, "ngsi-wrapped-geometry")).toBe(path.endsWith("geojsonfeature.json") ? 1 : 0);
      const isLd = path.endsWith(".jsonld") || path.endsWith("geojsonfeature.json");
      const isV2 = path.endsWith("-normalized.json");
      expect(result.version).toBe(isLd ? "NGSI-LD" : isV2 ? "NGSIv2" : null);
    }
    const observed = (path: string) => soundly("ngsi", `_ngsi/${path}`).observedTo;
    expect(observed("AirQualityObserved/example-geojsonfeature.json")).toBe("2016-03-15T12:00:00.000Z");
    expect(observed("NoiseLevelObserved/example-normalized.jsonld")).toBe("2016-12-28T12:00:00.000Z");
    expect(observed("FloodMonitoring/example.json")).toBe("2020-09-16T08:00:00.000Z");
    // It says what it is about, not when it was made.
    expect(observed("AirQualityForecast/example.json")).toBeNull();
  });

  test("open311: requests, services, nothing, an error", () => {
    const of = (name: string): Inspection | string =>
      inspected("open311", `san-francisco/311/open311-${name}`);
    const requests = soundly("open311", "san-francisco/311/open311-requests-2010-11.json");
    expect(requests.entities["ServiceRequest"]! + lost(requests, "open311-no-id")).toBe(1_001);
    expect(of("service_requests-sample.xml")).toMatchObject({ entities: { ServiceRequest: 2 } });
    expect(of("service_requests-empty.xml")).toMatchObject({ entities: {} });
    expect(lost(soundly("open311", "san-francisco/311/open311-services.xml"), "open311-services")).toBe(36);
    expect(of("error-not-found.xml")).toMatch(/error 404: Service request not found/);
  });
});

describe.skipIf(!hasRecordings)("the inspect command", () => {
  let tables: Map<string, Inspection>;
  const recordedTables: readonly (readonly [feed: string, path: string])[] = [
    ["san-francisco#fire-calls", "san-francisco/public-safety/fire-calls-for-service-20200407-20200420.csv"],
    ["san-francisco#sf311-cases", "san-francisco/311/sf311-cases-20231127-20231128.csv"],
    [
      "san-francisco#electricity-demand",
      "san-francisco/utilities/caiso-load-forecast-7da-20250219-20250227.zip",
    ],
    [
      "san-francisco#electricity-renewables",
      "san-francisco/utilities/caiso-renewable-forecast-dam-20250204-20250211.zip",
    ],
    ["recorded-tables#muni-arrivals", "san-francisco/muni/realtime-arrivals.excerpt.csv"],
    ["recorded-tables#muni-passengers", "san-francisco/muni/passenger-count.excerpt.csv"],
    ["recorded-tables#police-incidents", "san-francisco/public-safety/police-incidents-no-timestamps.csv"],
    ["recorded-tables#tmc-locations", "finland-roads/tmc-location-table-simple-1.11.45.zip"],
    ["recorded-tables#muni-stops", "san-francisco/muni/stops.geojson"],
    ["recorded-tables#muni-routes", "san-francisco/muni/routes.geojson"],
    ["taipei#pumping-stations", "taipei/patrol_rain_floodgate.geojson"],
    ["taipei#youbike", "taipei/youbike_avail_pct.geojson"],
    ["taipei#welfare-offices", "taipei/socl_welfare_organization_plc.geojson"],
    ["taipei#bus-routes", "taipei/traffic_bus_route_view.geojson"],
    ["recorded-tables#finland-announcement", "finland-roads/simple-json/GUID50409331.json"],
    ["recorded-tables#finland-road-weather", "finland-roads/road-conditions-forecast-20221013.json"],
    ...[
      "Roadwork",
      "Roadwork2",
      "Roadwork_lane_closed",
      "Roadwork_lane_closed_2",
      "Roadwork_lane_management",
    ].map(
      (name) => ["recorded-tables#finland-road-works", `finland-roads/simple-json/${name}.geojson`] as const,
    ),
  ];

  beforeAll(async () => {
    tables = new Map();
    for (const [feed, path] of recordedTables) {
      seen.add(path);
      const reference = join(import.meta.dirname, "..", "fixtures", feed);
      const file = join(recordingsFolder, path);
      const { code, stdout, stderr } = await runCitydeck(
        "inspect",
        "table",
        file,
        "--feed",
        reference,
        "--json",
      );
      if (code !== 0) throw new Error(stderr);
      tables.set(path.includes("Roadwork") ? `${feed} ${path}` : feed, JSON.parse(stdout) as Inspection);
    }
  }, 120_000);

  test("maps every recorded table by its feed", () => {
    expect(tables.get("san-francisco#fire-calls")).toMatchObject({
      entities: { DispatchCall: 5_292, DispatchUnit: 10_410 },
    });
    expect(tables.get("san-francisco#sf311-cases")).toMatchObject({
      entities: { ServiceRequest: 108 },
      withPosition: 98,
    });
    expect(tables.get("san-francisco#electricity-demand")).toMatchObject({ entities: { Sensor: 192 } });
    // 336 rows each for NP15 and ZP26; the feed leaves SP15, the south of California, out.
    expect(tables.get("san-francisco#electricity-renewables")).toMatchObject({ entities: { Sensor: 672 } });
    expect(tables.get("recorded-tables#muni-arrivals")).toMatchObject({
      entities: { VehiclePosition: 37 },
      withPosition: 37,
    });
    const passengers = tables.get("recorded-tables#muni-passengers")!;
    expect(passengers).toMatchObject({ entities: { VehiclePosition: 37 }, withPosition: 0 });
    expect(lost(passengers, "table-place-sign")).toBe(37);
    const police = tables.get("recorded-tables#police-incidents")!;
    expect(police.withPosition + lost(police, "table-no-id")).toBe(12_827);
    expect(tables.get("recorded-tables#muni-stops")).toMatchObject({
      entities: { Stop: 3_663 },
      withPosition: 3_663,
    });
    expect(tables.get("recorded-tables#muni-routes")!.entities).toEqual({ Route: 68 });
    const pumps = tables.get("taipei#pumping-stations")!;
    expect(pumps.entities).toEqual({ Sensor: 74 });
    // One of them has no geometry.
    expect([pumps.withPosition, lost(pumps, "table-place-missing")]).toEqual([73, 1]);
    expect(pumps.observedTo).toMatch(/^2023-06-01/);
    expect(tables.get("taipei#youbike")).toMatchObject({ entities: { Sensor: 1_294 }, withPosition: 1_294 });
    const offices = tables.get("taipei#welfare-offices")!;
    expect(offices.entities["ServiceCounter"]! + lost(offices, "table-duplicate-id")).toBe(578);
    expect(tables.get("taipei#bus-routes")!.entities).toEqual({ Route: 50 });
    expect(tables.get("recorded-tables#tmc-locations")!.entities["Stop"]).toBe(41_481);
    expect(tables.get("recorded-tables#finland-announcement")!.entities).toEqual({ Situation: 1 });
    const works = [...tables].filter(([feed]) => feed.startsWith("recorded-tables#finland-road-works"));
    expect(works.map(([, { entities }]) => entities)).toEqual(Array(5).fill({ Situation: 1 }));
    expect(tables.get("recorded-tables#finland-road-weather")!.entities).toEqual({ Sensor: 4 });
  });

  test("log: OpenSSH's and Apache's lines, and how many were about nothing", () => {
    const ssh = soundly("log", "_security-logs/OpenSSH_2k.log");
    // 520 lines with "Failed password", two of which stand for five, and one log-in.
    expect(ssh.entities).toEqual({ SecurityEvent: 520 - 2 + 2 * 5 + 1 });
    expect(ssh.observedFrom).toBe("2025-12-10T06:55:48.000Z");
    expect(ssh.observedTo).toBe("2025-12-10T11:04:45.000Z");
    const apache = soundly("log", "_security-logs/Apache_error_2k.log");
    expect(apache.entities).toEqual({ SecurityEvent: 32 });
    expect(apache.observedTo).toBe("2005-12-05T19:14:09.000Z");
    const counted = ({ notices }: Inspection) => notices.reduce((sum, { count }) => sum + count, 0);
    expect([counted(ssh) + 521, counted(apache) + 32]).toEqual([2_000, 2_000]);
    for (const { notices } of [ssh, apache])
      expect(new Set(notices.map(({ severity }) => severity))).toEqual(new Set(["info"]));
  });

  test("has exactly the shape of the contract", () => {
    for (const result of tables.values()) {
      expect(Object.keys(result)).toEqual([
        "file",
        "spec",
        "version",
        "mode",
        "entities",
        "withPosition",
        "observedFrom",
        "observedTo",
        "headerAt",
        "notices",
      ]);
      expect(result).toMatchObject({ observedFrom: instantOrNull, headerAt: instantOrNull });
      for (const notice of result.notices)
        expect(Object.keys(notice).toSorted()).toEqual(["code", "count", "example", "severity"]);
    }
    expect(tables.get("san-francisco#fire-calls")).toMatchObject({
      observedFrom: instant,
      observedTo: instant,
    });
  });

  test("reads on after files it cannot read, one line each, and ends with 1", async () => {
    const file = (name: string): string =>
      join(recordingsFolder, "mexico-city/gbfs/ecobici/station_status", `station_status_${name}.json`);
    const [broken, missing, sound] = [file("20240412140435"), file("19990101000000"), file("20240412150447")];
    const { code, stdout, stderr } = await runCitydeck("inspect", "gbfs", broken, missing, sound, "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ file: sound, entities: { StationStatus: 667 } });
    const lines = stderr.trim().split("\n");
    expect(lines.length).toBe(2);
    expect(lines[0]).toMatch(/^.*20240412140435\.json: .*404 Not Found/);
    expect(lines[1]).toBe(`${missing}: there is no such file`);
  });
});

/** What lies beside the feeds: not a feed's body, but a city's ground, its areas, or words about the files. */
const beside: Readonly<Record<string, string>> = {
  "README.md": "words",
  "_security-logs/LICENSE-loghub.txt": "words",
  "san-francisco/basemap/sf.pmtiles": "ground",
  "boston/boundaries/neighborhoods.geojson": "areas",
  "san-francisco/boundaries/neighborhoods.geojson": "areas",
  "san-francisco/boundaries/zipcodes-epsg3857.geojson": "areas",
  "taipei/taipei_town.geojson": "areas",
};

function areasIn(file: string, name: string, bounds: Settings["bounds"]): ReturnType<typeof readAreas> {
  // A ZIP code is a number there, and a name is a text.
  const text = new TextDecoder().decode(readRecording(file)).replaceAll(/("ZIP_CODE": *)(\d+)/g, '$1"$2"');
  const document = parseJson(text);
  if (!document.ok) throw new Error(document.failure.expected);
  return readAreas(
    { file, document: document.value, properties: { id: name, name }, recorded: true },
    bounds,
  );
}

describe.skipIf(!hasRecordings)("beside the feeds", () => {
  test.each<[string, string, number, Settings["bounds"]]>([
    ["boston/boundaries/neighborhoods.geojson", "name", 26, [-71.2, 42.2, -70.9, 42.4]],
    ["san-francisco/boundaries/neighborhoods.geojson", "name", 37, [-122.52, 37.7, -122.35, 37.83]],
    ["taipei/taipei_town.geojson", "TNAME", 12, [121.45, 24.96, 121.67, 25.22]],
  ])("areas %s", (file, name, count, bounds) => {
    const { areas, faults } = areasIn(file, name, bounds);
    expect([areas.length, faults]).toEqual([count, []]);
  });

  test("areas in metres are told so", () => {
    const file = "san-francisco/boundaries/zipcodes-epsg3857.geojson";
    const { areas, faults } = areasIn(file, "ZIP_CODE", world);
    expect(areas.length).toBe(25);
    expect(faults.map(({ expected }) => expected).join()).toMatch(/look like metres of a projection/);
  });

  test("is nothing: every other recorded file was inspected above", () => {
    const forgotten = listAllRecordings().filter((path) => !seen.has(path) && !Object.hasOwn(beside, path));
    expect(forgotten).toEqual([]);
    expect([...seen].filter((path) => Object.hasOwn(beside, path))).toEqual([]);
  });
});

test("inspect mqtt: a message in a file is of the topic that the file's name says", async () => {
  const folder = join(import.meta.dirname, "../fixtures");
  const options = join(folder, "feeds/mqtt/one-sensor/options.json");
  const file = join(folder, "feeds/mqtt/one-sensor/sensors%2Fdock-3%2Ftemperature.json");
  const feed = {
    id: "inspect",
    spec: "mqtt",
    zone: "UTC",
    bounds: world,
    url: null,
    options: JSON.parse(readFileSync(options, "utf8")) as unknown,
  } as const;
  expect(inspectFile(file, readFileSync(file), "mqtt", feed, now)).toMatchObject({
    mode: "full",
    entities: { Sensor: 1 },
    withPosition: 1,
    observedFrom: "2026-11-23T08:00:00.000Z",
    notices: [],
  });
  const bare = await runCitydeck("inspect", "mqtt", file);
  expect(bare.stderr).toContain("mqtt needs its columns: give the feed that maps them with --feed DIR#FEED");
});
