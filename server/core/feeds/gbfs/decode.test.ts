import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  hasRecordings,
  listFeedCases,
  readRecording,
  recordingsFolder,
} from "../../../../fixtures/feed-cases.ts";
import type { ConnectorFeed, Update } from "../connector.ts";
import { gbfs } from "./decode.ts";
import type { GbfsOptions } from "./options.ts";

const receivedAt = Date.UTC(2026, 0, 5, 12);
const reportedSeconds = receivedAt / 1000 - 30;

function feed(options: GbfsOptions = {}): ConnectorFeed<GbfsOptions> {
  const bounds = [-122.52, 37.7, -122.35, 37.83] as const;
  return {
    id: "bikes",
    spec: "gbfs",
    zone: "America/Los_Angeles",
    bounds,
    url: "https://bikes.example/gbfs.json",
    options,
  };
}

function decode(name: string, body: unknown, options: GbfsOptions = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const part = { name, url: `https://bikes.example/${name}.json`, bytes: new TextEncoder().encode(text) };
  return gbfs.decode(part, feed(options), receivedAt);
}

function update(name: string, data: unknown, header: object = { version: "2.3" }, options: GbfsOptions = {}) {
  const result = decode(name, { last_updated: receivedAt / 1000 - 10, ttl: 60, ...header, data }, options);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

function failure(name: string, body: unknown): string {
  const result = decode(name, body);
  if (result.ok) throw new Error("decoded");
  expect(result.failure.class).toBe("unreadable");
  return result.failure.message;
}

const status = {
  station_id: "7",
  num_bikes_available: 3,
  num_docks_available: 9,
  is_installed: true,
  is_renting: true,
  is_returning: false,
  last_reported: reportedSeconds,
};

function codes(notices: readonly { code: string; count: number }[]): Record<string, number> {
  return Object.fromEntries(notices.map((notice) => [notice.code, notice.count]));
}

test("a round starts at the discovery document", () => {
  expect(gbfs.next(feed(), null, receivedAt)).toEqual([
    { name: "gbfs", url: "https://bikes.example/gbfs.json" },
  ]);
  expect(gbfs.next({ ...feed(), url: null }, null, receivedAt)).toEqual([]);
});

test("discovery before 3.0 picks a language and resolves the links", () => {
  const feeds = (language: string) => ({
    feeds: [
      { name: "station_status", url: `/${language}/status.json` },
      { name: "free_bike_status", url: `https://other.example/${language}/bikes.json` },
      { name: "system_hours", url: "hours.json" },
    ],
  });
  const data = { fr: feeds("fr"), en: feeds("en") };
  expect(update("gbfs", data).follow).toEqual([
    { name: "station_status", url: "https://bikes.example/en/status.json" },
    { name: "vehicle_status", url: "https://other.example/en/bikes.json" },
  ]);
  expect(update("gbfs", data, {}, { language: "fr-CA" }).follow?.[0]?.url).toContain("/fr/");
});

test("a list of versions leads to the newest that is read, and to older ones in its place", () => {
  const versions = [
    { version: "2.3", url: "/2.3/gbfs.json" },
    { version: "4.0", url: "/4/gbfs.json" },
    { version: "3.0", url: "/3/gbfs.json" },
    { version: "3.1", url: 5 },
    { version: "none", url: "/none/gbfs.json" },
  ];
  const older = { name: "gbfs 2.3", url: "https://bikes.example/2.3/gbfs.json" };
  const newest = { name: "gbfs 3.0", url: "https://bikes.example/3/gbfs.json", otherwise: older };
  expect(update("gbfs_versions", { versions }).follow).toEqual([newest]);
  expect(update("manifest", { datasets: [{ system_id: "a", versions }] }).follow).toEqual([newest]);
  // Its part has a name of its own, and is read as what it holds.
  const feeds = [{ name: "station_status", url: "status.json" }];
  expect(update(older.name, { en: { feeds } }).follow).toEqual([
    { name: "station_status", url: "https://bikes.example/status.json" },
  ]);
});

test("discovery of 3.0 has no language, and the newer name of a file wins", () => {
  const feeds = [
    { name: "vehicle_status", url: "https://bikes.example/new" },
    { name: "free_bike_status", url: "https://bikes.example/old" },
  ];
  const expected = [{ name: "vehicle_status", url: "https://bikes.example/new" }];
  expect(update("gbfs", { feeds }, { version: "3.0" }).follow).toEqual(expected);
  expect(update("gbfs", { feeds: feeds.toReversed() }, { version: "3.0" }).follow).toEqual(expected);
});

test("a 2.x station status comes out in the words of 3.0, at its own time", () => {
  const { entities, scope, mode, version, publishedAt } = update("station_status", { stations: [status] });
  expect({ scope, mode, version, publishedAt }).toEqual({
    scope: "station_status",
    mode: "full",
    version: "2.3",
    publishedAt: receivedAt - 10_000,
  });
  expect(entities).toEqual([
    {
      id: "bikes/StationStatus/7",
      kind: "StationStatus",
      feedId: "bikes",
      sourceId: "7",
      observedAt: receivedAt - 30_000,
      receivedAt,
      position: null,
      quality: "good",
      fields: {
        numVehiclesAvailable: 3,
        numVehiclesDisabled: null,
        numDocksAvailable: 9,
        numDocksDisabled: null,
        isInstalled: true,
        isRenting: true,
        isReturning: false,
      },
    },
  ]);
});

test("what is not GBFS fails by its name", () => {
  expect(failure("station_status", "404 Not Found")).toBe(
    'station_status: expected a JSON object, found text starting with "404 Not Found"',
  );
  expect(failure("gbfs", "<!DOCTYPE html><html><title>Down for now</title>")).toContain(
    'an HTML page titled "Down for now"',
  );
  expect(failure("gbfs", "")).toContain("an empty body");
  expect(failure("gbfs", { message: "Not authorized" })).toContain('a message "Not authorized"');
});

test("a file under the name of another changes nothing", () => {
  const stations = [{ station_id: "7", name: "Pier", lat: 37.8, lon: -122.4 }];
  expect(failure("station_status", { data: { stations } })).toContain("the content of station_information");
});

test("a file under any name is known by its content", () => {
  const { entities, scope } = update("body", { stations: [status] });
  expect(entities[0]?.kind).toBe("StationStatus");
  expect(scope).toBe("body");
});

test("times that cannot be believed are not times", () => {
  const stations = [0, reportedSeconds + 3600, -1, "soon"].map((last_reported, at) => ({
    ...status,
    station_id: String(at),
    last_reported,
  }));
  const { entities, notices } = update("station_status", { stations });
  expect(entities.map((one) => one.observedAt)).toEqual([null, null, null, null]);
  expect(codes(notices)).toEqual({
    "gbfs-time-before-2000": 2,
    "gbfs-time-in-future": 1,
    "gbfs-bad-time": 1,
  });
});

const world = [-180, -90, 180, 90] as const;

/** What a case's `expected.json` holds; `failure` instead of all others when nothing of the body can be used. */
function summarize(update: Update): object {
  const { entities, mode, version, publishedAt, notices, follow = [] } = update;
  const times = entities.map((one) => one.observedAt).filter((at) => at !== null);
  return {
    mode,
    version,
    publishedAt: publishedAt === null ? null : new Date(publishedAt).toISOString(),
    kinds: Array.from(new Set(entities.map((one) => one.kind))),
    entities: entities.length,
    withPosition: entities.filter((one) => one.position).length,
    observedFrom: times.length === 0 ? null : new Date(Math.min(...times)).toISOString(),
    observedTo: times.length === 0 ? null : new Date(Math.max(...times)).toISOString(),
    vehicles: sumOfVehicles(update),
    first: entities[0]?.fields ?? null,
    follow: follow.map((fetch) => fetch.name),
    notices: notices.map(({ code, severity, count }) => ({ code, severity, count })),
  };
}

function sumOfVehicles({ entities }: Update): number {
  const counts = entities.map((one) =>
    one.kind === "StationStatus" ? (one.fields.numVehiclesAvailable ?? 0) : 0,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

describe("recorded and exemplary files", () => {
  test.each(listFeedCases("gbfs"))("$name", ({ bytes, expected }) => {
    const { receivedAt: at, ...rest } = expected as { receivedAt: string };
    const part = { name: "body", url: null, bytes };
    const result = gbfs.decode(part, { ...feed(), bounds: world }, Date.parse(at));
    expect(result.ok ? summarize(result.value) : { failure: result.failure.message }).toEqual(rest);
  });

  test.skipIf(!hasRecordings)(
    "two days of Ecobici: 47 snapshots of 667 stations, one answer that is none",
    () => {
      const folder = "mexico-city/gbfs/ecobici/station_status";
      const results = readdirSync(join(recordingsFolder, folder)).map((name) => {
        const part = { name: "station_status", url: null, bytes: readRecording(`${folder}/${name}`) };
        return gbfs.decode(part, { ...feed(), bounds: world }, receivedAt);
      });
      const failures = results.filter((result) => !result.ok).map((result) => result.failure.message);
      expect(failures).toEqual([
        'station_status: expected a JSON object, found text starting with "404 Not Found"',
      ]);
      const updates = results.filter((result) => result.ok).map((result) => result.value);
      expect(updates.map((update) => update.entities.length)).toEqual(updates.map(() => 667));
      expect(Math.max(...updates.map(sumOfVehicles))).toBe(7459);
    },
  );

  test.skipIf(!hasRecordings)(
    "the region's stations keep their places, 283 of them inside San Francisco",
    () => {
      const bytes = readRecording("san-francisco/gbfs/baywheels/station_information.json");
      const result = gbfs.decode({ name: "station_information", url: null, bytes }, feed(), receivedAt);
      const places = result.ok ? result.value.entities.map((one) => one.position) : [];
      const [west, south, east, north] = feed().bounds;
      const inside = places.filter(
        (at) => at && at[0] >= west && at[0] <= east && at[1] >= south && at[1] <= north,
      );
      expect([places.length, places.filter((at) => at).length, inside.length]).toEqual([496, 496, 283]);
    },
  );
});

test("places that cannot be are notices, and the station stays", () => {
  const at = [
    [37.8, -122.4],
    [-122.4, 37.8],
    [0, 0],
    [4548678, -13625634],
    [45.5, -73.6],
    [91, 200],
    [null, "x"],
  ];
  const stations = at.map(([lat, lon], id) => ({ station_id: String(id), name: "S", lat, lon }));
  const { entities, notices } = update("station_information", { stations });
  expect(entities.map((one) => one.position)).toEqual([[-122.4, 37.8], null, null, null, null, null, null]);
  const faults = ["swapped", "zero", "metres", "far", "impossible", "missing"];
  expect(codes(notices)).toEqual(Object.fromEntries(faults.map((fault) => [`gbfs-place-${fault}`, 1])));
});

test("milliseconds for seconds are read and named; late and silent stations too", () => {
  const ages = [0, 400, 4000];
  const stations = ages.map((age) => ({
    ...status,
    station_id: `s${age}`,
    last_reported: reportedSeconds - age,
  }));
  const milliseconds = { ...status, last_reported: reportedSeconds * 1000 };
  const { entities, notices } = update("station_status", { stations: [...stations, milliseconds] });
  expect(entities.at(-1)?.observedAt).toBe(reportedSeconds * 1000);
  expect(codes(notices)).toEqual({ "gbfs-report-late": 1, "gbfs-report-silent": 1, "gbfs-milliseconds": 1 });
});

test("a file is outdated when it is older than its ttl and than five minutes", () => {
  const age = (seconds: number, ttl: number) => {
    const header = { version: "2.3", last_updated: receivedAt / 1000 - seconds, ttl };
    return codes(
      update("station_status", { stations: [{ ...status, last_reported: undefined }] }, header).notices,
    );
  };
  expect(age(290, 5)).not.toHaveProperty("gbfs-outdated");
  expect(age(500, 5)).toHaveProperty("gbfs-outdated");
  expect(age(500, 600)).not.toHaveProperty("gbfs-outdated");
});

test("an alert speaks in the words of GTFS-Realtime, for the period that is next", () => {
  const period = (hours: number) => ({
    start: receivedAt / 1000 + hours * 3600,
    end: receivedAt / 1000 + (hours + 1) * 3600,
  });
  const alerts = [
    {
      alert_id: "1",
      type: "STATION_CLOSURE",
      station_ids: ["7"],
      summary: "Closed",
      times: [period(-9), period(2)],
    },
  ];
  expect(update("system_alerts", { alerts }).entities[0]).toMatchObject({
    kind: "ServiceAlert",
    fields: { effect: "NO_SERVICE", headerText: "Closed", stopIds: ["7"], startsAt: receivedAt + 7_200_000 },
  });
});

test("an unknown version is named", () => {
  const future = update("station_status", { stations: [status] }, { version: "9.1" });
  expect([future.entities.length, codes(future.notices)]).toEqual([1, { "gbfs-unknown-version": 1 }]);
});

test("types and regions explain the ids of other files, and are asked for with them", () => {
  const types = [{ vehicle_type_id: "e", form_factor: "scooter_standing" }, { vehicle_type_id: "x" }];
  const read = update("vehicle_types", { vehicle_types: types });
  expect([...read.lookups!.formFactors!]).toEqual([["e", "scooter_standing"]]);
  expect(codes(read.notices)).toEqual({ "gbfs-bad-entry": 1 });
  const name = [{ text: "North", language: "en" }];
  const regions = update("system_regions", { regions: [{ region_id: "3", name }] }, { version: "3.0" });
  expect([...regions.lookups!.regionNames!]).toEqual([["3", "North"]]);
  const feeds = ["vehicle_status", "vehicle_types", "system_regions", "system_information"].map((file) => ({
    name: file,
    url: `https://x.example/${file}`,
  }));
  const asked = (options: GbfsOptions) =>
    update("gbfs", { feeds }, { version: "3.0" }, options).follow?.map((fetch) => fetch.name);
  expect(asked({})).toEqual(["vehicle_status", "vehicle_types", "system_regions", "system_information"]);
  expect(asked({ files: ["vehicle_status"] })).toEqual([
    "vehicle_status",
    "vehicle_types",
    "system_information",
  ]);
});

test("a system says its name, its licence and its zone", () => {
  const data = { system_id: "s", name: "Bay Bikes", timezone: "Europe/Paris", license_id: "CC-BY-4.0" };
  const { notices } = update("system_information", data);
  expect(codes(notices)).toEqual({ "gbfs-system": 1, "gbfs-other-zone": 1 });
  expect(notices[0]?.example).toBe('system_information: name "Bay Bikes", licence "CC-BY-4.0"');
  const silent = { system_id: "s", name: "Bay Bikes", timezone: "America/Los_Angeles" };
  expect(codes(update("system_information", silent).notices)).toEqual({
    "gbfs-system": 1,
    "gbfs-no-licence": 1,
  });
});

test("a file says for how long it is good, within reason, and what it speaks of", () => {
  const said = (name: string, data: object, ttl: number) => {
    const { goodForSeconds, speaksOf } = update(name, data, { version: "2.3", ttl });
    return [goodForSeconds, speaksOf];
  };
  // The header is 10 s old.
  expect(said("station_status", { stations: [status] }, 60)).toEqual([50, ["StationStatus"]]);
  expect(said("station_status", { stations: [status] }, 0)).toEqual([0, ["StationStatus"]]);
  expect(said("station_status", { stations: [status] }, 86_400)).toEqual([300, ["StationStatus"]]);
  expect(said("system_alerts", { alerts: [] }, 60)).toEqual([50, ["ServiceAlert"]]);
  expect(said("gbfs", { feeds: [] }, 86_400)).toEqual([3_600, []]);
  expect(said("vehicle_types", { vehicle_types: [] }, 0)).toEqual([3_600, []]);
});

describe("hostile input", () => {
  test("a wrong entry leaves its neighbours alone, whatever is wrong with it", () => {
    const members = Object.keys(status) as (keyof typeof status)[];
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(1e308, -1, 1e21, "1e999", "__proto__"));
    fc.assert(
      fc.property(fc.constantFrom(...members), odd, odd, (member, value, entry) => {
        const broken = { ...status, station_id: "x", [member]: value };
        const neighbours = [status, { ...status, station_id: "8" }];
        const { entities } = update("station_status", { stations: [broken, entry, ...neighbours] });
        expect(entities.map((one) => one.sourceId)).toEqual(expect.arrayContaining(["7", "8"]));
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  test("arbitrary, cut and flipped bytes never throw", () => {
    const sound = new TextEncoder().encode(
      JSON.stringify({ last_updated: 1, ttl: 0, data: { stations: [status] } }),
    );
    const names = fc.constantFrom(
      "gbfs",
      "station_status",
      "vehicle_status",
      "system_alerts",
      "gbfs_versions",
      "body",
    );
    fc.assert(
      fc.property(
        names,
        fc.uint8Array({ maxLength: 100 }),
        fc.nat(sound.length),
        fc.nat(255),
        (name, noise, cut, byte) => {
          const flipped = sound.with(Math.min(cut, sound.length - 1), byte);
          for (const bytes of [noise, sound.slice(0, cut), flipped])
            gbfs.decode({ name, url: null, bytes }, feed(), receivedAt);
        },
      ),
      { seed: 4, numRuns: 500 },
    );
  });

  test("any JSON under any name never throws", () => {
    const names = fc.constantFrom(
      "gbfs",
      "station_information",
      "vehicle_status",
      "system_alerts",
      "gbfs_versions",
      "manifest",
    );
    const lists = fc.constantFrom(
      "stations",
      "bikes",
      "vehicles",
      "alerts",
      "feeds",
      "versions",
      "datasets",
      "en",
    );
    fc.assert(
      fc.property(names, lists, fc.jsonValue(), (name, list, value) => {
        decode(name, { last_updated: value, ttl: value, version: value, data: { [list]: value } });
        decode(name, { data: { [list]: [value, { times: value, start: value }] } });
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  test("deep nesting and a hundred thousand equal ids cost little", () => {
    const startedAt = performance.now();
    expect(failure("station_status", "[".repeat(1_000_000))).toContain("broken or cut JSON");
    decode("station_status", `{"data":{"stations":${"[".repeat(200_000)}${"]".repeat(200_000)}}}`);
    const { entities, notices } = update("station_status", {
      stations: Array.from({ length: 100_000 }, () => status),
    });
    expect([entities.length, codes(notices)]).toEqual([1, { "gbfs-duplicate-id": 99_999 }]);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
