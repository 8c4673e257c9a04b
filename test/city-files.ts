/** A city folder for tests: one department, bikes from files, four indicators and a wall. */

import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Writes `files` (path → JSON value) below `dir`. */
export async function writeJsonFiles(dir: string, files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [path, value] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), JSON.stringify(value, null, 2));
  }
}

/** A new folder under the system's temporary folder. */
export function temporaryDir(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `citydeck-${name}-`));
}

const both = (en: string, zh: string) => ({ en, zh });

const stationIndicator = {
  version: 1,
  department: "mobility",
  reads: "StationStatus",
  staleAfterSeconds: 3,
} as const;

/** What the walk's city declares. Its bikes are stale after 3 s and dropped after 6 s. */
export const walkCity = {
  "city.json": {
    version: 1,
    id: "walk",
    title: both("Walk", "步行城"),
    zone: "America/Los_Angeles",
    bounds: [-122.52, 37.7, -122.35, 37.83],
  },
  "departments.json": { version: 1, departments: [{ id: "mobility", title: both("Mobility", "交通局") }] },
  "feeds/bikes.json": {
    version: 1,
    id: "bikes",
    title: both("Bikes", "单车"),
    spec: "gbfs",
    department: "mobility",
    licence: "CC0-1.0",
    cadenceSeconds: 2,
    staleAfterSeconds: 3,
    dropAfterSeconds: 6,
    transport: {
      type: "file",
      files: [
        { name: "station_information", path: "gbfs/station_information.json" },
        { name: "station_status", path: "gbfs/station_status.json" },
      ],
    },
  },
  "indicators/transport.stations.json": {
    ...stationIndicator,
    id: "transport.stations",
    title: both("Bike stations", "单车站点"),
    definition: both("Stations that report.", "有报告的站点数。"),
    unit: "count",
    better: "neither",
    measure: { count: true },
  },
  "indicators/transport.bikes-available.json": {
    ...stationIndicator,
    id: "transport.bikes-available",
    title: both("Bikes available", "可用单车"),
    definition: both("Bikes that can be taken from a station now.", "此刻可从站点取用的单车。"),
    unit: "count",
    better: "higher",
    measure: { sum: "numVehiclesAvailable" },
  },
  "indicators/transport.stations-empty.json": {
    ...stationIndicator,
    id: "transport.stations-empty",
    title: both("Bike stations empty", "无车站点占比"),
    definition: both("Share of renting stations without a bike.", "可租站点中无车站点的比例。"),
    unit: "percent",
    better: "lower",
    target: 10,
    where: { isRenting: true },
    measure: { share: { numVehiclesAvailable: 0 } },
  },
  "indicators/transport.stations-full.json": {
    ...stationIndicator,
    id: "transport.stations-full",
    title: both("Bike stations full", "满桩站点占比"),
    definition: both("Share of stations that take no bike back.", "无空桩站点的比例。"),
    unit: "percent",
    better: "lower",
    target: 10,
    measure: { share: { numDocksAvailable: 0 } },
  },
  "walls/city.json": {
    version: 1,
    id: "city",
    title: both("City overview", "城市总览"),
    scenes: [
      {
        id: "overview",
        title: both("City overview", "城市总览"),
        map: { layers: ["StationStatus"] },
        regions: {
          left: [[{ show: "off-target" }], [{ show: "data" }]],
          right: [
            [
              {
                show: "tiles",
                domain: "transport",
                indicators: [
                  "transport.stations",
                  "transport.bikes-available",
                  "transport.stations-empty",
                  "transport.stations-full",
                ],
              },
            ],
          ],
          bottom: [[{ show: "today", indicators: ["transport.stations"] }]],
        },
      },
    ],
  },
} as const;

/** GBFS 2.3 files with two stations, `bikes` at the first and none at the second. */
export function bikeFiles(bikes: number, at: number): Readonly<Record<string, unknown>> {
  const seconds = Math.floor(at / 1000);
  const head = { last_updated: seconds, ttl: 2, version: "2.3" };
  const status = { is_installed: true, is_renting: true, is_returning: true, last_reported: seconds };
  return {
    "gbfs/station_information.json": {
      ...head,
      data: {
        stations: [
          { station_id: "a", name: "Ferry", lat: 37.795, lon: -122.394, capacity: 20 },
          { station_id: "b", name: "Mission", lat: 37.76, lon: -122.42, capacity: 10 },
        ],
      },
    },
    "gbfs/station_status.json": {
      ...head,
      data: {
        stations: [
          { station_id: "a", num_bikes_available: bikes, num_docks_available: 20 - bikes, ...status },
          { station_id: "b", num_bikes_available: 0, num_docks_available: 10, ...status },
        ],
      },
    },
  };
}
