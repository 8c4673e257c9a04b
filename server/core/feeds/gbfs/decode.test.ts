import { expect, test } from "vitest";
import type { ConnectorFeed } from "../connector.ts";
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
