/** The demo city end to end: the simulator writes by the standards, the server reads by them, and neither knows the other. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { io } from "socket.io-client";
import * as parser from "socket.io-msgpack-parser";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { cityZone } from "../fixtures/simulator/day.ts";
import { timetableOf } from "../fixtures/simulator/transit/ran-day.ts";
import type { RunningCitydeck } from "../server/main.ts";
import { prepareSimulatorIfNeeded, startSimulator, type RunningSimulator } from "../server/simulator.ts";
import { startOfServiceDay } from "../shared/city-time.ts";
import { specs } from "../shared/feed.ts";
import { kinds } from "../shared/kinds.ts";
import { temporaryDir } from "./city-files.ts";
import { readDocument, undocumented } from "./documented.ts";
import { startCity, withToken } from "./running-city.ts";

/** A Wednesday without a storm, at ten in the morning. */
const calmAt = Date.parse("2026-11-25T10:00:00Z");

interface IndicatorItem {
  readonly id: string;
  readonly domain: string;
  readonly department: string;
  readonly value: number | null;
  readonly state: string;
  readonly reason: string | null;
  readonly groups: readonly { readonly key: string; readonly value: number | null }[];
}

interface FeedItem {
  readonly id: string;
  readonly status: string;
  readonly error: unknown;
  readonly entities: number;
  readonly notices: readonly { readonly code: string; readonly severity: string }[];
}

describe("the demo city on a calm morning", () => {
  let simulator: RunningSimulator;
  let city: RunningCitydeck;
  let dataDir: string;
  const get = async <T>(path: string): Promise<T> => (await fetch(`${city.url}${path}`)).json() as Promise<T>;
  const raw = (path: string): Promise<Response> => fetch(`${simulator.url}${path}`);
  const indicators = async (): Promise<Map<string, IndicatorItem>> =>
    new Map((await get<IndicatorItem[]>("/api/v1/indicators")).map((item) => [item.id, item]));

  beforeAll(async () => {
    await prepareSimulatorIfNeeded();
    simulator = await startSimulator({ seed: 1, speed: 1, cityAt: calmAt, storm: false });
    dataDir = await temporaryDir("demo-city");
    city = await startCity({
      cityDir: join(import.meta.dirname, "../fixtures/demo-city"),
      dataDir,
      simulated: simulator,
    });
    await vi.waitUntil(
      async () => (await get<FeedItem[]>("/api/v1/feeds")).every(({ status }) => status === "fresh"),
      { timeout: 60_000, interval: 250 },
    );
    await vi.waitUntil(
      async () => [...(await indicators()).values()].every(({ reason }) => reason !== "no-data"),
      { timeout: 30_000, interval: 250 },
    );
  }, 120_000);

  afterAll(async () => {
    await city?.stop();
    await simulator?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it("says that it is simulated and what time it is there", async () => {
    const { clock } = await get<{ clock: { kind: string; cityAt: number } }>("/api/v1/city");
    expect(clock.kind).toBe("simulated");
    expect(clock.cityAt - calmAt).toBeGreaterThan(0);
    expect(clock.cityAt - calmAt).toBeLessThan(180_000);
  });

  it("reads all of its feeds; only the faults put in on purpose are noticed", async () => {
    const feeds = await get<FeedItem[]>("/api/v1/feeds");
    expect(feeds).toHaveLength(23);
    expect(feeds.map(({ error }) => error)).toEqual(feeds.map(() => null));
    const known = new Set(["mqtt-future", "table-duplicate-id", "gbfs-stale", "E050", "E018", "W001"]);
    const odd = feeds.flatMap(({ id, notices }) =>
      notices
        .filter(({ code, severity }) => severity !== "info" && !known.has(code))
        .map(({ code }) => `${id} ${code}`),
    );
    expect(odd).toEqual([]);
  });

  it("measures at least 45 indicators, and knows every one that can be known in the morning", async () => {
    const items = [...(await indicators()).values()];
    expect(items.length).toBeGreaterThanOrEqual(45);
    expect(items.filter(({ reason }) => reason === "no-data" || reason === "source-down")).toEqual([]);
    for (const domain of ["transport", "security", "community"])
      expect(items.filter((item) => item.domain === domain).length).toBeGreaterThanOrEqual(14);
  });

  it("has no alarm: nothing asks for somebody to act", async () => {
    expect(await get<object[]>("/api/v1/alarms")).toEqual([]);
    expect((await get<object[]>("/api/v1/rules")).length).toBeGreaterThanOrEqual(20);
  });

  it("counts what the simulator says, by other means", async () => {
    const at = `?at=${Date.now() + (simulator.cityAt - simulator.wallAt)}`;
    const { data } = (await (await raw(`/gbfs/station_status.json${at}`)).json()) as {
      data: { stations: { num_vehicles_available: number; is_renting: boolean }[] };
    };
    const bikes = data.stations
      .filter(({ is_renting }) => is_renting)
      .reduce((sum, { num_vehicles_available: n }) => sum + n, 0);
    const items = await indicators();
    // A minute may turn between the two questions.
    expect(Math.abs(items.get("transport.bikes-available")!.value! - bikes)).toBeLessThan(60);
    const calls = (await (await raw(`/calls.csv${at}`)).text()).trim().split("\n").slice(1);
    const open = new Set(calls.filter((line) => line.split(",")[7] === "").map((line) => line.split(",")[0]));
    expect(Math.abs(items.get("security.calls-open")!.value! - open.size)).toBeLessThanOrEqual(1);
    const situations = await (await raw(`/datex2.xml${at}`)).text();
    const accidents = situations.match(/xsi:type="sit:Accident"/g)?.length ?? 0;
    expect(Math.abs(items.get("transport.accidents")!.value! - accidents)).toBeLessThanOrEqual(1);
  });

  it("finds the online services as anybody would who opens their pages", async () => {
    const names = ["portal", "appointments", "payments", "requests", "registry", "permits"];
    names.push("library", "schools", "maps", "open-data", "transit", "alerts");
    const pages = await Promise.all(names.map((name) => raw(`/services/${name}`)));
    const items = await indicators();
    const down = pages.filter(({ ok }) => !ok).length;
    expect(items.get("security.services-down")!.value).toBe(down);
    expect(items.get("security.services-available")!.value).toBeCloseTo((100 * (12 - down)) / 12, 6);
    const response = items.get("security.service-response")!;
    expect(response.groups).toHaveLength(12 - down);
    expect(response.value).toBeGreaterThan(0.04);
    expect(response.value).toBeLessThan(1);
  });

  it("knows the air and the rain as their own services tell of them", async () => {
    const items = await indicators();
    const at = `?at=${Date.now() + (simulator.cityAt - simulator.wallAt)}`;
    const stations = (await (await raw(`/ngsi-ld/v1/entities${at}&limit=100`)).json()) as {
      no2: { value: number };
    }[];
    const no2 = stations.reduce((sum, station) => sum + station.no2.value, 0) / stations.length;
    expect(Math.abs(items.get("community.no2")!.value! - no2)).toBeLessThan(0.05 * no2);
    const { value: gauges } = (await (await raw(`/sensorthings/v1.1/Datastreams${at}`)).json()) as {
      value: { Observations: { result: number }[] }[];
    };
    const rain = gauges.map(({ Observations: [newest] }) => newest!.result);
    expect(items.get("community.rain")!.value).toBeGreaterThanOrEqual(Math.min(...rain) - 0.05);
  });

  it("holds every sensor once, however many pages it is told on", async () => {
    const entities = new Map(
      (await get<FeedItem[]>("/api/v1/feeds")).map((feed) => [feed.id, feed.entities]),
    );
    expect(["air", "rain", "gauges"].map((id) => entities.get(id))).toEqual([28, 8, 8]);
  });

  it("takes the portal's events from its log and all others from the centre, each once, without addresses", async () => {
    const at = `?at=${Date.now() + (simulator.cityAt - simulator.wallAt)}`;
    const lines = (await (await raw(`/portal.log${at}`)).text()).split("\n");
    const failed = lines.filter((line) => /POST .* 401 |Failed password/.test(line)).length;
    const refused = lines.filter((line) => / 403 /.test(line)).length;
    const { events } = (await (await raw(`/security-events.json${at}`)).json()) as { events: object[] };
    const items = await indicators();
    // Events of five minutes, a few of which come or go between the two questions.
    expect(
      Math.abs(items.get("security.blocked-events")!.value! * 5 - failed - refused - events.length),
    ).toBeLessThan(5);
    const portal = items
      .get("security.failed-logins-per-minute")!
      .groups.find(({ key }) => key === "target:citizen-portal");
    expect(Math.abs(portal!.value! * 5 - failed)).toBeLessThan(4);
    expect(JSON.stringify(await get("/api/v1/entities?kind=SecurityEvent"))).not.toMatch(/198\.1[89]\./);
  });

  it("reads the river's gauges from line protocol", async () => {
    const { features } = await get<{
      features: { properties: { feedId: string; property: string; value: number }; geometry: unknown }[];
    }>("/api/v1/entities?kind=Sensor");
    const gauges = features.filter(({ properties }) => properties.feedId === "gauges");
    expect(gauges).toHaveLength(8);
    for (const { properties, geometry } of gauges) {
      expect(properties.property).toBe("water-level");
      expect(properties.value).toBeGreaterThan(0.5);
      expect(geometry).toMatchObject({ type: "Point" });
    }
    const water = (await indicators()).get("community.water-level")!;
    expect(water.value).toBeCloseTo(Math.max(...gauges.map(({ properties }) => properties.value)), 1);
  });

  it("uses every standard, and asks the survey's database as any client of PostgreSQL would", async () => {
    const feeds = await get<(FeedItem & { readonly spec: string })[]>("/api/v1/feeds");
    expect(new Set(feeds.map(({ spec }) => spec))).toEqual(new Set(specs));
    const survey = feeds.find(({ id }) => id === "satisfaction")!;
    expect(survey).toMatchObject({ spec: "sql", status: "fresh", error: null, entities: 8, notices: [] });
    const client = new Client({ connectionString: simulator.databaseUrl });
    await client.connect();
    const asked = await client.query<{ satisfaction: string }>(
      "SELECT satisfaction FROM survey.newest_result",
    );
    await client.end();
    const sum = asked.rows.reduce((total, { satisfaction }) => total + Number(satisfaction), 0);
    const figure = (await indicators()).get("community.satisfaction")!;
    expect(figure).toMatchObject({ state: "fresh", value: expect.closeTo(sum / 8, 6) as unknown });
  });

  it("measures how its open walls fare by their own word", async () => {
    const wall = io(city.url, { parser, transports: ["websocket"] });
    const figures = async () => {
      const items = await indicators();
      return ["memory", "frame-rate", "clock-skew"].map((name) => items.get(`platform.wall-${name}`)!);
    };
    expect((await figures()).map(({ reason }) => reason)).toEqual(Array(3).fill("not-applicable"));
    wall.emit("report", { heapBytes: -5, framesPerSecond: 60, at: 0 });
    wall.emit("report", { heapBytes: 50 * 2 ** 20, framesPerSecond: 24, at: Date.now() - 7_000 });
    await expect.poll(async () => (await figures())[1]!.value, { timeout: 30_000 }).toBe(24);
    const [memory, , skew] = await figures();
    expect(memory!.value).toBe(50);
    expect(Math.abs(skew!.value! - 7)).toBeLessThan(1);
    wall.close();
    await expect.poll(async () => (await figures())[1]!.value, { timeout: 30_000 }).toBeNull();
  }, 70_000);

  it("sees nearly every trip that the simulator's own timetable has under way", async () => {
    const items = await indicators();
    const seconds = (calmAt - startOfServiceDay("20261125", cityZone)) / 1000;
    const planned = timetableOf("weekday").trips.filter(
      ({ startSeconds, endSeconds }) => startSeconds <= seconds && endSeconds > seconds,
    );
    expect(Math.abs(items.get("transport.trips-scheduled")!.value! - planned.length)).toBeLessThan(8);
    const share = items.get("transport.trips-seen-share")!.value!;
    expect(share).toBeGreaterThan(92);
    expect(share).toBeLessThan(108);
  });

  it("knows the hours before its start, because a simulated source can be asked about them", async () => {
    const from = calmAt - 6 * 3_600_000;
    const query = `indicator=transport.vehicles-in-service&from=${from}&to=${calmAt}&bucket=3600`;
    const [series] = await get<{ points: { value: number | null; state: string }[] }[]>(
      `/api/v1/series?${query}`,
    );
    const vehicles = series!.points.map(({ value }) => value ?? 0);
    expect(series!.points.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => "fresh"));
    // From four in the morning, when few run, to the peak.
    expect(vehicles[0]).toBeLessThan(vehicles[4]! / 4);
    expect(vehicles[4]).toBeGreaterThan(400);
  });

  it("scores each domain and the city, between the worst and the best of what they are made of", async () => {
    const items = await indicators();
    const domains = ["transport", "security", "community"].map(
      (domain) => items.get(`${domain}.score`)!.value!,
    );
    const whole = items.get("platform.city-score")!.value!;
    expect(whole).toBeCloseTo(domains.reduce((sum, score) => sum + score, 0) / 3, 6);
    for (const score of domains) {
      expect(score).toBeGreaterThan(60);
      expect(score).toBeLessThanOrEqual(100);
    }
  });

  it("answers every question of its own API document as that says", async () => {
    const document = await readDocument(city.url);
    const indicator = "transport.vehicles-in-service,transport.score";
    const questions: Record<string, readonly string[]> = {
      "/basemap.pmtiles": ["/basemap.pmtiles"],
      "/api/v1/series": [`/api/v1/series?indicator=${indicator}`],
      "/api/v1/at": ["/api/v1/at?t=1970-01-02"],
      "/api/v1/observations": ["/api/v1/observations?thing=air/Sensor/a"],
      "/api/v1/export": ["csv", "parquet", "xlsx"].map(
        (format) => `/api/v1/export?indicator=${indicator}&format=${format}`,
      ),
      "/api/v1/expected": ["/api/v1/expected?indicator=transport.score"],
      "/api/v1/forecast": ["/api/v1/forecast?indicator=transport.score"],
      "/api/v1/views/{id}": ["/api/v1/views/none"],
      "/api/v1/dossier": ["/api/v1/dossier?area=district:harbour"],
      "/briefing/{id}": ["/briefing/none"],
      "/briefing/{definition}/latest": ["/briefing/morning/latest"],
      "/fonts/{file}": ["/fonts/none.woff2"],
      "/api/v1/briefings/{id}": ["/api/v1/briefings/none"],
      "/api/v1/briefings/{definition}/latest": ["/api/v1/briefings/morning/latest"],
      "/api/v1/briefings/{id}/editions": ["/api/v1/briefings/none/editions"],
      "/api/v1/entities": kinds.map((kind) => `/api/v1/entities?kind=${kind}`),
      "/api/v1/areas/{level}": ["/api/v1/areas/district"],
      "/api/v1/feeds/{id}/body": ["/api/v1/feeds/bikes/body"],
      "/api/v1/admin/files/{folder}/{name}": ["/api/v1/admin/files/walls/city.json"],
    };
    // What nobody recorded, what is too young to be foretold, a view that is not there, and what nobody issued.
    const refusals: Record<string, number> = {
      "/api/v1/at": 404,
      "/api/v1/forecast": 422,
      "/api/v1/views/{id}": 404,
      "/briefing/{id}": 404,
      "/briefing/{definition}/latest": 404,
      "/fonts/{file}": 404,
      "/api/v1/briefings/{id}": 404,
      "/api/v1/briefings/{definition}/latest": 404,
      "/api/v1/briefings/{id}/editions": 404,
    };
    for (const [path, { get: documented }] of Object.entries(document.paths)) {
      if (!documented) continue;
      for (const question of questions[path] ?? [path]) {
        const answer = await fetch(city.url + question, { headers: withToken });
        expect([question, answer.status]).toEqual([question, refusals[path] ?? 200]);
        expect([question, ...(await undocumented(document, "GET", question, answer))]).toEqual([question]);
        await answer.body?.cancel();
      }
    }
  });

  it("documents what it answers so that a missing, a wrong and an unknown part would be seen", async () => {
    const document = await readDocument(city.url);
    const [feed, ...others] = await get<Record<string, unknown>[]>("/api/v1/feeds");
    const { licence: _, ...lacking } = feed!;
    for (const wrong of [lacking, { ...feed, status: "fine" }, { ...feed, colour: "red" }])
      expect(
        await undocumented(document, "GET", "/api/v1/feeds", Response.json([wrong, ...others])),
      ).toHaveLength(1);
    expect(await undocumented(document, "GET", "/api/v1/none", Response.json([]))).toHaveLength(1);
  });
});
