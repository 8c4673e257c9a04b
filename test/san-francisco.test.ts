/** San Francisco from its recordings, every real part but the browser, held to counts of its own. */

import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parse as parseCsv } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRecordings, recordingsFolder } from "../fixtures/feed-cases.ts";
import type { RunningCitydeck } from "../server/main.ts";
import { temporaryDir } from "./city-files.ts";
import { startCity } from "./running-city.ts";

const zone = "America/Los_Angeles";
const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;

if (!hasRecordings) console.warn(`san-francisco: skipped, no recordings in ${recordingsFolder}`);

interface IndicatorItem {
  readonly id: string;
  readonly domain: string;
  readonly value: number | null;
  readonly state: "fresh" | "stale" | "none";
  readonly reason: string | null;
}

interface Features {
  readonly features: readonly {
    readonly id: string;
    readonly geometry: { readonly coordinates: readonly number[] } | null;
  }[];
}

/** Local time without its zone, as if it were UTC: an independent clock to find a recorded moment by. */
function localAt(at: number): number {
  return Date.parse(`${new Date(at).toLocaleString("sv", { timeZone: zone }).replace(" ", "T")}Z`);
}

/** `04/14/2020 01:05:06 PM` as local time without its zone; NaN when empty. */
function recordedAt(text: string): number {
  const [, month, day, year, hour, minute, second, half] =
    /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d):(\d\d):(\d\d) (AM|PM)$/.exec(text) ?? [];
  const hours = (Number(hour) % 12) + (half === "PM" ? 12 : 0);
  return Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute), Number(second));
}

/** Calls that were received and have a unit that is not available again, of those with a word in the last 26 h. */
function openCallsAt(cityAt: number): number {
  const file = "san-francisco/public-safety/fire-calls-for-service-20200407-20200420.csv";
  const rows: Record<string, string>[] = parseCsv(readFileSync(join(recordingsFolder, file)), {
    columns: true,
  });
  const lastWeek = Date.UTC(2020, 3, 14);
  const at = lastWeek + ((((localAt(cityAt) - lastWeek) % weekMs) + weekMs) % weekMs);
  const calls = Map.groupBy(rows, (row) => row["Call Number"]);
  return [...calls.values()].filter((units) => {
    const words = units.flatMap((row) =>
      ["Received DtTm", "Dispatch DtTm", "On Scene DtTm", "Available DtTm"].map((name) =>
        recordedAt(row[name]!),
      ),
    );
    const known = words.filter((word) => word <= at);
    return (
      known.length > 0 &&
      Math.max(...known) > at - 26 * hourMs &&
      units.some((row) => !(recordedAt(row["Available DtTm"]!) <= at))
    );
  }).length;
}

/** Bikes at the stations that rent, straight from the recorded file. */
function bikesAtRentingStations(): number {
  const file = join(recordingsFolder, "san-francisco/gbfs/baywheels/station_status.json");
  const { data } = JSON.parse(readFileSync(file, "utf8")) as {
    data: { stations: { num_bikes_available: number; is_renting: number }[] };
  };
  return data.stations.reduce((sum, each) => sum + (each.is_renting === 1 ? each.num_bikes_available : 0), 0);
}

it.runIf(!hasRecordings && process.env["CI"])("has the recordings where all checks must run", () => {
  expect(recordingsFolder, "a folder of recordings").toBe("there");
});

describe.skipIf(!hasRecordings)("San Francisco's recordings", () => {
  let dataDir: string;
  let city: RunningCitydeck;

  const get = async <T>(path: string): Promise<T> => (await fetch(`${city.url}${path}`)).json() as Promise<T>;
  const indicators = (): Promise<IndicatorItem[]> => get("/api/v1/indicators");
  const places = async (kind: string): Promise<Map<string, string>> => {
    const { features } = await get<Features>(`/api/v1/entities?kind=${kind}`);
    return new Map(features.map(({ id, geometry }) => [id, JSON.stringify(geometry?.coordinates)]));
  };

  beforeAll(async () => {
    dataDir = await temporaryDir("san-francisco");
    city = await startCity({
      cityDir: join(import.meta.dirname, "../fixtures/san-francisco"),
      dataDir,
      recordings: recordingsFolder,
    });
  }, 120_000);

  afterAll(async () => {
    await city?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it("says everywhere that it is a replay", async () => {
    expect(city.clockKind).toBe("replay");
    expect(await get("/api/v1/city")).toMatchObject({ clock: { kind: "replay" } });
  });

  it("has eight indicators or more of every domain, each with a value or a reason", async () => {
    const items = await indicators();
    for (const [domain, own] of Map.groupBy(items, (item) => item.domain))
      expect([domain, own.length >= 8]).toEqual([domain, true]);
    expect(new Set(items.map((item) => item.domain)).size).toBe(4);
    for (const { id, value, state, reason } of items) {
      expect([id, state === "fresh"]).toEqual([id, reason === null]);
      expect([id, state === "none"]).toEqual([id, value === null]);
      // "no-data" would be a feed that never came.
      expect([id, reason]).not.toEqual([id, "no-data"]);
    }
  });

  it("every feed has come and none has failed", async () => {
    const feeds = await get<{ id: string; status: string; error: unknown }[]>("/api/v1/feeds");
    expect(feeds.map(({ id, status, error }) => ({ id, status, error }))).toEqual(
      feeds.map(({ id }) => ({ id, status: "fresh", error: null })),
    );
  });

  it("counts bikes, calls and requests as the recordings do", async () => {
    const values = new Map((await indicators()).map(({ id, value }) => [id, value]));
    expect(values.get("transport.bikes-available")).toBe(bikesAtRentingStations());
    // The city may have moved on by a call between the two questions.
    const { clock } = await get<{ clock: { cityAt: number } }>("/api/v1/city");
    expect(Math.abs(values.get("security.calls-open")! - openCallsAt(clock.cityAt))).toBeLessThanOrEqual(1);
    expect(values.get("community.requests-open")).toBeGreaterThan(0);
    expect(values.get("transport.trains-located")).toBe(14);
    expect(values.get("transport.trains-in-service")).toBeGreaterThan(0);
  });

  it("moves its trains", async () => {
    const before = await places("TripUpdate");
    const startedAt = performance.now();
    const moved = async (): Promise<number> =>
      [...(await places("TripUpdate"))].filter(([id, at]) => before.has(id) && before.get(id) !== at).length;
    await expect.poll(moved, { timeout: 20_000, interval: 1_000 }).toBeGreaterThan(0);
    expect(performance.now() - startedAt).toBeLessThan(21_000);
  }, 30_000);
});
