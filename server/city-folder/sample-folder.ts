/** For tests: a small sound city folder as plain objects, to be changed and written to a temporary place. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const title = { en: "Harbour town", zh: "海港城" };

export function sampleFiles(): Record<string, unknown> {
  return {
    "city.json": {
      version: 1,
      id: "harbour-town",
      title,
      zone: "America/Los_Angeles",
      bounds: [-122.52, 37.7, -122.35, 37.83],
      areas: [{ level: "district", title }],
    },
    "departments.json": { version: 1, departments: [{ id: "mobility", title }] },
    "suppliers.json": { version: 1, suppliers: [{ id: "bike-works", title }] },
    "holidays.json": { version: 1, holidays: [{ date: "2026-12-25", title }] },
    "areas/district.geojson": {
      type: "FeatureCollection",
      features: [square("harbour", -122.45, 37.75), square("mission", -122.42, 37.75)],
    },
    "feeds/bikes.json": {
      version: 1,
      id: "bikes",
      title,
      spec: "gbfs",
      transport: {
        type: "poll",
        url: "https://bikes.example/gbfs.json",
        headers: { "x-key": { env: "BIKES_KEY" } },
      },
      department: "mobility",
      supplier: "bike-works",
      licence: "CC-BY-4.0",
      cadenceSeconds: 60,
      staleAfterSeconds: 180,
    },
    "feeds/bikes-recorded.json": {
      version: 1,
      id: "bikes-recorded",
      title,
      spec: "gbfs",
      transport: {
        type: "replay",
        recordings: [{ name: "station_status", path: "bikes/station_status.json" }],
        from: "2022-09-15T18:47",
        to: "2022-09-16T01:57:31Z",
        loop: true,
      },
      department: "mobility",
      licence: "none stated",
      cadenceSeconds: 60,
      staleAfterSeconds: 180,
    },
    "indicators/transport.stations-empty.json": {
      version: 1,
      id: "transport.stations-empty",
      department: "mobility",
      title,
      definition: title,
      unit: "percent",
      better: "lower",
      reads: "StationStatus",
      where: { isRenting: true },
      measure: { share: { numVehiclesAvailable: 0 } },
      by: ["area.district"],
      staleAfterSeconds: 180,
    },
    "rules/transport.stations-empty.json": sampleRule(),
    "walls/city.json": {
      version: 1,
      id: "city",
      title,
      scenes: [
        {
          id: "overview",
          title,
          map: {
            layers: ["StationStatus"],
            shade: { indicator: "transport.stations-empty", level: "district" },
          },
          regions: {
            right: [[{ show: "tiles", domain: "transport", indicators: ["transport.stations-empty"] }]],
          },
        },
      ],
    },
  };
}

function sampleRule(): Record<string, unknown> {
  return {
    version: 1,
    id: "transport.stations-empty",
    title,
    consequence: title,
    indicator: "transport.stations-empty",
    when: { above: 20, clearBelow: 15 },
    by: ["area.district"],
    onDelaySeconds: 600,
    priority: "medium",
    response: { text: title, withinSeconds: 1800 },
    owner: "mobility",
    tests: [{ series: "5x3 25x12", everySeconds: 60, activeAtSeconds: 840 }],
  };
}

function square(id: string, west: number, south: number): unknown {
  const [east, north] = [west + 0.02, south + 0.02];
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return {
    type: "Feature",
    properties: { id, name: id },
    geometry: { type: "Polygon", coordinates: [ring] },
  };
}

export interface WrittenFolder {
  readonly dir: string;
  readonly recordings: string;
  write(file: string, content: unknown): void;
  remove(): void;
}

/** Texts are written as they are, everything else as JSON. */
export function writeFolder(files: Readonly<Record<string, unknown>>): WrittenFolder {
  const root = mkdtempSync(join(tmpdir(), "citydeck-folder-"));
  const [dir, recordings] = [join(root, "city"), join(root, "recordings")];
  const write = (file: string, content: unknown): void => {
    const path = file.startsWith("recordings/") ? join(root, file) : join(dir, file);
    mkdirSync(dirname(path), { recursive: true });
    const isAsItIs = typeof content === "string" || Buffer.isBuffer(content);
    writeFileSync(path, isAsItIs ? content : JSON.stringify(content, null, 2));
  };
  write("recordings/bikes/station_status.json", {});
  for (const [file, content] of Object.entries(files)) write(file, content);
  return { dir, recordings, write, remove: () => rmSync(root, { recursive: true, force: true }) };
}
