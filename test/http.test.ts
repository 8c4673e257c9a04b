/** The HTTP contract, asked of a running city: what is built answers in its documented shape, what is not says so. */

import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { io } from "socket.io-client";
import * as parser from "socket.io-msgpack-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Annotation } from "../shared/annotation.ts";
import type { SeriesItem } from "../shared/series.ts";
import { seriesItemOf, type SeriesItemInColumns } from "../shared/series-columns.ts";
import type { RunningCitydeck } from "../server/main.ts";
import { protocolVersion, type Frame } from "../shared/protocol.ts";
import { bikeFiles, temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { readDocument, undocumented } from "./documented.ts";
import { logInto, startCity, withToken } from "./running-city.ts";

const both = (text: string) => ({ en: text, zh: text });

const square = (west: number, south: number) => [
  [west, south],
  [west + 0.03, south],
  [west + 0.03, south + 0.03],
  [west, south + 0.03],
  [west, south],
];

const city = {
  ...walkCity,
  "city.json": { ...walkCity["city.json"], areas: [{ level: "district", title: both("District") }] },
  "areas/district.geojson": {
    type: "FeatureCollection",
    features: [
      {
        type: "Feature",
        properties: { id: "harbour", name: both("Harbour") },
        geometry: { type: "Polygon", coordinates: [square(-122.41, 37.78)] },
      },
    ],
  },
  "feeds/warnings.json": {
    ...walkCity["feeds/bikes.json"],
    id: "warnings",
    title: both("Warnings"),
    spec: "cap",
    transport: { type: "receive", bearer: { env: "CITYDECK_TEST_WARNINGS" } },
  },
  "indicators/transport.bikes-available.json": {
    ...walkCity["indicators/transport.bikes-available.json"],
    by: ["area.district"],
  },
};

let dir: string;
let running: RunningCitydeck;
let publishing: NodeJS.Timeout;
/** What the server logged, one event a line. */
const logged: string[] = [];

beforeAll(async () => {
  process.env["CITYDECK_TEST_WARNINGS"] = "warning token";
  dir = await temporaryDir("http");
  const clientDir = join(dir, "client");
  await mkdir(join(clientDir, "assets"), { recursive: true });
  await writeFile(join(clientDir, "index.html"), "<!doctype html><title>Citydeck</title>");
  await writeFile(join(clientDir, "assets", "app-1a2b.js"), "export {};");
  const cityDir = join(dir, "city");
  const publish = () => writeJsonFiles(cityDir, bikeFiles(7, Date.now()));
  await writeJsonFiles(cityDir, city);
  await publish();
  publishing = setInterval(() => void publish(), 1_000);
  running = await startCity({
    cityDir,
    dataDir: join(dir, "data"),
    recordings: dir,
    clientDir,
    log: logInto(logged),
  });
  while ((await items("indicators"))[0]?.["state"] !== "fresh") await pause(100);
  // The history's process takes a moment longer.
  const longAgo = "/api/v1/series?indicator=transport.stations&from=2026-01-01&to=2026-01-02";
  while ((await ask(longAgo)).status === 503) await pause(100);
});

afterAll(async () => {
  clearInterval(publishing);
  await running?.stop();
  await rm(dir, { recursive: true, force: true });
  delete process.env["CITYDECK_TEST_WARNINGS"];
});

const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(running.url + path, init);

/** Asks with the access token. */
const askToChange = (path: string, init: { headers?: Record<string, string> } & RequestInit = {}) =>
  ask(path, { ...init, headers: { ...withToken, ...init.headers } });

/** Asks a route of the API; what it answers must be as the server documents it. */
async function askDocumented(path: string, init?: RequestInit): Promise<Response> {
  const answer = await ask(path, init);
  const document = await readDocument(running.url);
  expect(await undocumented(document, init?.method ?? "GET", path, answer)).toEqual([]);
  return answer;
}

type Item = Readonly<Record<string, unknown>>;

async function items(list: string): Promise<readonly Item[]> {
  return (await (await askDocumented(`/api/v1/${list}`)).json()) as Item[];
}

async function problemOf(answer: Response): Promise<Item> {
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  return (await answer.json()) as Item;
}

const anyNumber = expect.any(Number) as number;
const instant = expect.toSatisfy((at) => Math.abs(Number(at) - Date.now()) < 60_000) as number;

describe("what is built", () => {
  test("/healthz and /api/v1/city", async () => {
    expect(await (await askDocumented("/healthz")).json()).toEqual({ status: "ok", cityAt: instant });
    expect(await (await askDocumented("/api/v1/city")).json()).toMatchObject({
      id: "walk",
      title: { en: "Walk", zh: "步行城" },
      zone: "America/Los_Angeles",
      clock: { kind: "live", cityAt: instant, speed: 1 },
    });
  });

  test("/api/v1/departments", async () => {
    expect(await items("departments")).toEqual([{ id: "mobility", title: { en: "Mobility", zh: "交通局" } }]);
  });

  test("/api/v1/indicators", async () => {
    const all = await items("indicators");
    expect(all.length).toBe(4);
    const { definition: _, ...bikes } = all.find(({ id }) => id === "transport.bikes-available")!;
    const figure = { value: 7, state: "fresh", reason: null, observedAt: instant };
    expect(bikes).toEqual({
      id: "transport.bikes-available",
      domain: "transport",
      department: "mobility",
      title: { en: "Bikes available", zh: "可用单车" },
      unit: "count",
      better: "higher",
      target: null,
      ...figure,
      quality: "good",
      oldestAt: instant,
      ageSeconds: anyNumber,
      feeds: ["bikes"],
      groups: [{ key: "area.district:harbour", ...figure }],
    });
  });

  test("/api/v1/feeds", async () => {
    const [bikes, warnings] = await items("feeds");
    expect(bikes).toEqual({
      id: "bikes",
      title: { en: "Bikes", zh: "单车" },
      spec: "gbfs",
      transport: "file",
      department: "mobility",
      supplier: null,
      licence: "CC0-1.0",
      attribution: null,
      cadenceSeconds: 2,
      staleAfterSeconds: 3,
      status: "fresh",
      lastGoodAt: instant,
      observedAt: instant,
      entities: 4,
      dropped: 0,
      error: null,
      notices: [],
    });
    expect(warnings).toMatchObject({ id: "warnings", status: "waiting", lastGoodAt: null, observedAt: null });
  });

  test("/api/v1/feed-quality and /api/v1/feed-rules", async () => {
    // The first minute is taken at the first tick.
    await expect.poll(async () => (await items("feed-quality"))[0]?.["today"]).not.toBeNull();
    const [bikes, warnings] = await items("feed-quality");
    expect(bikes).toMatchObject({
      id: "bikes",
      agreement: null,
      completeness: 100,
      today: { minutes: anyNumber, completenessPercent: anyNumber },
      graded: { grade: "bronze" },
    });
    expect(warnings).toMatchObject({ id: "warnings", completeness: null, graded: { grade: null } });
    const rules = await items("feed-rules");
    expect(rules.find(({ code }) => code === "E026")).toMatchObject({
      spec: "gtfs-rt",
      severities: ["error"],
      meaning: { en: "A vehicle's place cannot be." },
    });
  });

  test("/api/v1/feeds/{id}/body and /replay", async () => {
    const body = (await (await askDocumented("/api/v1/feeds/bikes/body?part=station_status")).json()) as Item;
    expect(body).toMatchObject({
      part: "station_status",
      parts: expect.arrayContaining(["station_status", "station_information"]) as string[],
      isCut: false,
      form: "text",
      content: expect.stringContaining("num_bikes_available") as string,
    });
    const replay = await askDocumented("/api/v1/feeds/bikes/replay?part=station_status", { method: "POST" });
    expect(await replay.json()).toMatchObject({ spec: "gbfs", entities: { StationStatus: 2 } });
    const unknown = await askDocumented("/api/v1/feeds/trams/body");
    expect([unknown.status, (await problemOf(unknown))["type"]]).toEqual([404, "urn:citydeck:problem:feed"]);
    const unheard = await askDocumented("/api/v1/feeds/warnings/body");
    expect((await problemOf(unheard))["type"]).toBe("urn:citydeck:problem:body");
    const forwarded = { headers: { "x-forwarded-for": "192.0.2.7" } };
    const far = await askDocumented("/api/v1/feeds/bikes/body", forwarded);
    expect([far.status, (await problemOf(far))["type"]]).toEqual([401, "urn:citydeck:problem:token"]);
  });

  test("/api/v1/entities by kind, box and distance", async () => {
    const ids = async (query: string): Promise<unknown> => {
      const answer = await askDocumented(`/api/v1/entities?kind=Station${query}`);
      expect(answer.headers.get("content-type")).toBe("application/geo+json");
      const { type, features } = (await answer.json()) as { type: string; features: Item[] };
      expect(type).toBe("FeatureCollection");
      return features.map(({ id }) => id);
    };
    expect(await ids("")).toEqual(["bikes/Station/a", "bikes/Station/b"]);
    expect(await ids("&bbox=-122.4,37.79,-122.39,37.8")).toEqual(["bikes/Station/a"]);
    expect(await ids("&near=-122.42,37.761,200")).toEqual(["bikes/Station/b"]);
    expect(await ids("&near=-122.42,37.761,50")).toEqual([]);
    expect(await ids("&within=-122.4,37.79;-122.39,37.79;-122.39,37.8")).toEqual(["bikes/Station/a"]);
    for (const within of ["1,2;3,4", "1,2;3,4;5", "1,2;3,4;5,x", "181,0;0,0;0,1"])
      expect((await ask(`/api/v1/entities?kind=Station&within=${within}`)).status).toBe(400);
    const { features } = (await (await askDocumented("/api/v1/entities?kind=Station")).json()) as {
      features: Item[];
    };
    expect(features[0]).toMatchObject({
      type: "Feature",
      geometry: { type: "Point", coordinates: [-122.394, 37.795] },
      properties: { kind: "Station", feedId: "bikes", sourceId: "a", name: "Ferry", capacity: 20 },
    });
  });

  test("/api/v1/dossier of an outline and of an area", async () => {
    type Asked = { areas: Item[]; kinds: { kind: string; count: number }[]; outline: Item };
    const dossier = async (query: string) =>
      (await (await askDocumented(`/api/v1/dossier?${query}`)).json()) as Asked;
    const drawn = await dossier("within=-122.4,37.79;-122.39,37.79;-122.39,37.8;-122.4,37.8");
    expect(drawn.areas).toEqual([{ level: "district", id: "harbour", name: both("Harbour") }]);
    expect(drawn.kinds.map(({ kind, count }) => [kind, count])).toEqual([["StationStatus", 1]]);
    const chosen = await dossier("area=district:harbour");
    expect([chosen.areas, chosen.kinds]).toEqual([drawn.areas, drawn.kinds]);
    expect(chosen.outline).toEqual({ type: "Polygon", coordinates: [square(-122.41, 37.78)] });
    for (const query of [
      "",
      "area=district:none",
      "area=harbour",
      "within=1,2;3,4;5,6&area=district:harbour",
    ])
      expect((await ask(`/api/v1/dossier?${query}`)).status).toBe(400);
  });

  test("/api/v1/series, whole and by group", async () => {
    const day = "from=2026-01-01&to=2026-01-02T00:00:00-08:00&bucket=3600";
    const query = `series?indicator=transport.bikes-available,transport.stations&${day}`;
    const gap = { value: null, min: null, max: null, state: "missing", reason: "not-recorded" };
    const points = Array.from({ length: 24 }, (_, hour) => ({
      at: Date.parse("2026-01-01T00:00:00-08:00") + hour * 3_600_000,
      ...gap,
    }));
    expect(await items(query)).toEqual([
      { id: "transport.bikes-available", unit: "count", bucket: 3600, points },
      { id: "transport.stations", unit: "count", bucket: 3600, points },
    ]);
    const grouped = await items("series?indicator=transport.bikes-available&by=area.district");
    expect(grouped.map(({ id }) => id)).toEqual(["transport.bikes-available{area.district:harbour}"]);
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const [now] = (await items(
      `series?indicator=transport.bikes-available&to=${soon}&compare=previous,week,year`,
    )) as unknown as [SeriesItem];
    const measured = now.points.findLast(({ state }) => state !== "missing");
    expect(measured).toEqual({ at: anyNumber, value: 7, min: 7, max: 7, state: "fresh", reason: null });
    expect(now.points.at(-1)).toMatchObject({ state: "missing", reason: "future" });
    expect(Object.values(now.compare!).map((beside) => beside.length)).toEqual(
      Array.from({ length: 3 }, () => now.points.length),
    );
  });

  test("/api/v1/series in columns says what its points say", async () => {
    const query =
      "series?indicator=transport.bikes-available&bucket=hour&compare=week&from=2026-03-29&to=2026-03-30";
    const [points] = (await items(query)) as unknown as [SeriesItem];
    const [columns] = (await items(`${query}&form=columns`)) as unknown as [SeriesItemInColumns];
    expect(seriesItemOf(columns)).toEqual(points);
    expect((await askDocumented(`/api/v1/${query}&form=rows`)).status).toBe(400);
  });

  test("/api/v1/series is answered anew only where it changed, and kept for ever only where it cannot", async () => {
    const over = "/api/v1/series?indicator=transport.stations&from=2026-01-01&to=2026-01-02&bucket=hour";
    const answer = await askDocumented(over);
    expect(answer.headers.get("cache-control")).toBe("private, no-cache");
    // What it was then is asked for by its version, and is the same.
    const version = answer.headers.get("content-location")!;
    expect(version).toMatch(/^\/api\/v1\/series\?indicator=transport\.stations&.*&asOf=\d{4}-/);
    const same = await askDocumented(version);
    expect([await same.text(), same.headers.get("content-location")]).toEqual([await answer.text(), null]);
    const headers = { "if-none-match": `W/${answer.headers.get("etag")!}, "other"` };
    const again = await askDocumented(over, { headers });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect((await askDocumented(over, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
    const controlOf = async (query: string) => (await askDocumented(query)).headers.get("cache-control");
    expect(await controlOf(`${over}&asOf=2026-01-03`)).toContain("immutable");
    expect(await controlOf(`${over}&asOf=${Date.now() - 1_000}`)).toBe("private, no-cache");
    expect(await controlOf("/api/v1/series?indicator=transport.stations&asOf=2026-01-03")).toBe(
      "private, no-cache",
    );
  });

  test("/api/v1/export, /api/v1/at and /api/v1/quality", { timeout: 60_000 }, async () => {
    const file = await askDocumented("/api/v1/export?indicator=transport.bikes-available");
    expect(await file.text()).toContain("# licence bikes: CC0-1.0");
    // What was just learnt is on disk a little later.
    const at = async (): Promise<Response> =>
      askDocumented(`/api/v1/at?t=${Date.now()}&known=now&kind=StationStatus`);
    await expect.poll(async () => (await at()).status, { timeout: 30_000, interval: 500 }).toBe(200);
    const { readings, feeds, entities } = (await (await at()).json()) as Record<string, Item[]> & {
      entities: { StationStatus: { features: Item[] } };
    };
    expect(readings!.find(({ id }) => id === "transport.bikes-available")).toMatchObject({ value: 7 });
    expect(feeds!.map(({ id }) => id)).toContain("bikes");
    expect(entities.StationStatus.features).toHaveLength(2);
    expect(await items("events")).toBeInstanceOf(Array);
    const [bikes] = await items("quality?period=day");
    expect(bikes).toMatchObject({ feed: "bikes", supplier: null, days: 1, keeps: null });
  });

  test("/api/v1/lost", async () => {
    expect(await items("lost")).toEqual([]);
  });

  test("/api/v1/areas/district", async () => {
    const answer = await askDocumented("/api/v1/areas/district");
    const { features } = (await answer.json()) as { features: { properties: Item }[] };
    expect(features.map(({ properties }) => properties)).toEqual([{ id: "harbour", name: both("Harbour") }]);
    const headers = { "if-none-match": answer.headers.get("etag")! };
    expect((await askDocumented("/api/v1/areas/district", { headers })).status).toBe(304);
  });

  test("/metrics is OpenMetrics text", async () => {
    const answer = await askDocumented("/metrics");
    expect(answer.headers.get("content-type")).toBe(
      "application/openmetrics-text; version=1.0.0; charset=utf-8",
    );
    const lines = (await answer.text()).split("\n");
    expect(lines.splice(-2)).toEqual(["# EOF", ""]);
    let family = "";
    const families: string[] = [];
    for (const line of lines) {
      const [, named] = /^# (?:TYPE|HELP) ([a-z_]+) .+$/.exec(line) ?? [];
      if (named === undefined) {
        const label = String.raw`[a-z_]+="(?:[^"\\\n]|\\["\\n])*"`;
        expect(line).toMatch(new RegExp(`^${family}(?:\\{${label}(?:,${label})*\\})? -?[0-9.e+-]+$`));
      } else if (named !== family) families.push((family = named));
    }
    expect(new Set(families).size).toBe(families.length);
    expect(lines).toContain('citydeck_indicator{id="transport.bikes-available"} 7');
    expect(lines).toContain('citydeck_feed_fresh{feed="bikes"} 1');
    expect(lines).toContain('citydeck_feed_fresh{feed="warnings"} 0');
    expect(lines).toContain('citydeck_history_lost_rows{kind="minutes"} 0');
  });
});

describe("what is not", () => {
  test.each([
    "/api/v1/cases",
    "/api/v1/briefings/morning-2026-11-27",
    "/api/v1/briefings/daily/latest?format=html",
    "/api/v1/areas/parish",
    "/api/v1/nothing",
    "/assets/none.js",
    "/basemap.pmtiles",
  ])("%s is a 404 problem", async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(await problemOf(answer)).toMatchObject({
      type: expect.stringMatching(/^urn:citydeck:problem:[a-z-]+$/) as string,
      status: 404,
      title: expect.any(String) as string,
      detail: expect.any(String) as string,
    });
  });

  test.each([
    ["entities", "kind"],
    ["entities?kind=Tram", "kind"],
    ["entities?kind=Station&bbox=1,2,3", "bbox"],
    ["entities?kind=Station&bbox=3,2,1,4", "bbox"],
    ["entities?kind=Station&near=1,2,-3", "near"],
    ["entities?kind=Station&bobx=1,2,3,4", "bobx"],
    ["series", "indicator"],
    ["series?indicator=transport.none", "indicator"],
    ["series?indicator=transport.stations&from=yesterday", "from"],
    ["series?indicator=transport.stations&from=2026-01-02&to=2026-01-01", "from"],
    ["series?indicator=transport.stations&to=2026-02-31T00:00", "to"],
    ["series?indicator=transport.stations&bucket=7", "bucket"],
    ["series?indicator=transport.stations&by=department", "by"],
    ["series?indicator=transport.stations&asOf=2027-01-01", "asOf"],
  ])("%s is a 400 problem that names %s", async (path, parameter) => {
    const answer = await askDocumented(`/api/v1/${path}`);
    expect(answer.status).toBe(400);
    expect(await problemOf(answer)).toMatchObject({
      type: `urn:citydeck:problem:parameter:${parameter}`,
      detail: expect.stringMatching(new RegExp(`^${parameter}\\b`)) as string,
    });
  });
});

test("the client's files: HEAD, who has them already, pages of the client's own router", async () => {
  for (const path of ["/", "/wall/city", "/assets/app-1a2b.js"]) {
    const got = await ask(path);
    expect(got.status).toBe(200);
    const head = await ask(path, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(Number(head.headers.get("content-length"))).toBe((await got.arrayBuffer()).byteLength);
    expect((await head.arrayBuffer()).byteLength).toBe(0);
    const headers = { "if-modified-since": got.headers.get("last-modified")! };
    expect((await ask(path, { headers })).status).toBe(304);
    const before = { "if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT" };
    expect((await ask(path, { headers: before })).status).toBe(200);
  }
  expect((await ask("/wall/city")).headers.get("cache-control")).toBe("no-cache");
  expect((await ask("/assets/app-1a2b.js")).headers.get("cache-control")).toContain("immutable");
});

describe("a push", () => {
  const path = "/api/v1/feeds/warnings/data";
  const warning = `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
    <identifier>1</identifier><sender>weather@city.example</sender><sent>${new Date().toISOString()}</sent>
    <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
    <info><category>Met</category><event>Gale</event><urgency>Expected</urgency><severity>Severe</severity>
    <certainty>Likely</certainty><area><areaDesc>Harbour</areaDesc></area></info></alert>`;
  const headers = { authorization: "Bearer warning token" };

  test("without the feed's token is refused, to another feed finds nothing, unreadable is told so", async () => {
    for (const authorization of ["", "Bearer wrong"]) {
      const answer = await askDocumented(path, {
        method: "POST",
        body: warning,
        headers: { ...headers, authorization },
      });
      expect(answer.status).toBe(401);
      expect(await problemOf(answer)).toMatchObject({ type: "urn:citydeck:problem:push:unauthorized" });
    }
    for (const feed of ["bikes", "nothing"])
      expect(
        (await askDocumented(`/api/v1/feeds/${feed}/data`, { method: "POST", body: warning, headers }))
          .status,
      ).toBe(404);
    const bad = await askDocumented(path, { method: "POST", body: "no JSON", headers });
    expect(bad.status).toBe(422);
    expect(await problemOf(bad)).toMatchObject({ type: "urn:citydeck:problem:push:unreadable" });
  });

  test("that breaks off is not taken in; the whole one is", async () => {
    await new Promise<void>((resolve) => {
      const asked = request(running.url + path, {
        method: "POST",
        headers: { ...headers, "content-length": warning.length },
      });
      asked.on("error", () => resolve());
      asked.write(warning.slice(0, 40), () => setTimeout(() => asked.destroy(), 100));
      asked.on("close", () => resolve());
    });
    expect((await items("feeds"))[1]).toMatchObject({ entities: 0, lastGoodAt: null });
    expect((await askDocumented("/healthz")).status).toBe(200);
    expect((await askDocumented(path, { method: "POST", body: warning, headers })).status).toBe(202);
    await expect.poll(async () => (await items("feeds"))[1]).toMatchObject({ entities: 1 });
  });
});

describe("a changed city folder", () => {
  /** In one step: a watcher that looks in between would otherwise refuse the half of a file. */
  const change = async (file: string, content: unknown): Promise<void> => {
    const whole = join(dir, "changed.json");
    await writeFile(whole, typeof content === "string" ? content : JSON.stringify(content));
    await rename(whole, join(dir, "city", file));
  };

  test("is a new epoch, and every topic of a wall gets its snapshot", { timeout: 30_000 }, async () => {
    const topics = ["city", "indicators", "feeds", "wall/city", "entities/StationStatus"] as const;
    const socket = io(running.url, { parser, transports: ["websocket"] });
    const snapshots = new Map<string, Set<string>>();
    const takenOver = (): number => logged.filter((line) => line.includes("city-folder-taken-over")).length;
    socket.on("frame", ({ mode, epoch, topic }: Frame) => {
      if (mode !== "snapshot") return;
      snapshots.set(epoch, (snapshots.get(epoch) ?? new Set()).add(topic));
    });
    socket.emit("hello", { protocol: protocolVersion, topics, have: { epoch: null, seq: {} } });
    await expect.poll(() => [...snapshots.values()].map((set) => set.size)).toEqual([topics.length]);

    // Feeds' own data changes every second: that alone is no new epoch.
    await pause(2_500);
    expect([snapshots.size, takenOver()]).toEqual([1, 0]);
    const settings = walkCity["feeds/bikes.json"];
    await change("feeds/bikes.json", { ...settings, title: both("Bicycles") });
    await expect
      .poll(() => [...snapshots.values()].map((set) => set.size), { timeout: 10_000 })
      .toEqual([topics.length, topics.length]);
    expect(takenOver()).toBe(1);
    expect((await items("feeds"))[0]).toMatchObject({ title: both("Bicycles") });
    socket.close();
  });

  test("that is broken is refused with its reasons, in the log and on /api/v1/feeds", async () => {
    const file = "feeds/bikes.json";
    const sound = await readFile(join(dir, "city", file), "utf8");
    await change(file, { ...walkCity[file], cadenceSeconds: "often" });
    await expect
      .poll(async () => (await items("feeds"))[0]?.["error"], { timeout: 10_000 })
      .toMatchObject({ class: "settings", message: expect.stringContaining("cadenceSeconds") as string });
    const refusal = logged.find((line) => line.includes("city-folder-refused"));
    expect(refusal).toContain("cadenceSeconds");
    const header = (await ask("/api/v1/feeds")).headers.get("citydeck-refused-change");
    expect(decodeURIComponent(header ?? "")).toContain("cadenceSeconds");
    expect((await items("indicators"))[0]).toMatchObject({ state: "fresh" });

    await change(file, sound);
    await expect.poll(async () => (await items("feeds"))[0]?.["error"], { timeout: 10_000 }).toBeNull();
  });
});

describe("changes by /api/v1/admin", () => {
  const path = "/api/v1/admin/files/indicators/transport.bikes-available.json";
  const send = (method: string, to: string, body: unknown): Promise<Response> =>
    askToChange(to, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

  test("are written when the city is sound with them, and taken over", { timeout: 30_000 }, async () => {
    const { text, print } = (await (await askToChange(path)).json()) as { text: string; print: string };
    const draft = JSON.stringify({ ...(JSON.parse(text) as object), target: 3 }, null, 2);
    expect(await (await send("POST", `${path}/check`, { text: draft })).json()).toEqual({ faults: [] });
    const answer = await send("PUT", path, { text: draft, print });
    expect(await answer.json()).toMatchObject({ text: draft, previous: text });
    const target = async () =>
      (await items("indicators")).find(({ id }) => id === "transport.bikes-available")?.["target"];
    await expect.poll(target, { timeout: 10_000 }).toBe(3);
    expect((await send("PUT", path, { text, print })).status).toBe(409);
  });

  test("are refused with the reason", async () => {
    const { text, print } = (await (await askToChange(path)).json()) as { text: string; print: string };
    const answer = await send("PUT", path, { text: text.replace(/"count"/, '"bananas"'), print });
    expect(answer.status).toBe(422);
    expect((await problemOf(answer))["detail"]).toMatch(/unit.*bananas/);
    expect((await askToChange(path, { method: "PUT", body: "{}" })).status).toBe(415);
    expect((await send("PUT", path, { text })).status).toBe(400);
    expect((await askToChange("/api/v1/admin/files/feeds/bikes.json")).status).toBe(404);
    const foreign = { headers: { "x-forwarded-for": "203.0.113.7" } };
    expect((await ask(path, foreign)).status).toBe(401);
    expect((await askToChange(path, foreign)).status).toBe(200);
    expect((await ask(path)).status).toBe(401);
  });
});

describe("notes on figures", () => {
  const id = "transport.bikes-available";
  const send = (method: string, body?: unknown, to = id): Promise<Response> =>
    askToChange(`/api/v1/notes/${to}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });

  test("are set, sent to every wall, and taken away", async () => {
    const socket = io(running.url, { parser, transports: ["websocket"] });
    const seen: string[] = [];
    socket.on("frame", ({ topic, body }: Frame) => {
      if (topic === "notes" && "notes" in body) seen.push(body.notes.map(({ text }) => text).join());
    });
    socket.emit("hello", { protocol: protocolVersion, topics: ["notes"], have: { epoch: null, seq: {} } });
    await expect.poll(() => seen).toEqual([""]);
    const untilAt = Date.now() + 60_000;
    const answer = await send("PUT", { text: " known, back at 16:00 ", untilAt });
    const note = { indicator: id, text: "known, back at 16:00", setAt: instant, untilAt };
    expect(await answer.json()).toEqual(note);
    expect(await items("notes")).toEqual([note]);
    expect((await send("DELETE")).status).toBe(204);
    await expect.poll(() => seen).toEqual(["", "known, back at 16:00", ""]);
    expect(await items("notes")).toEqual([]);
    socket.close();
  });

  test("are refused with the reason", async () => {
    expect((await send("PUT", { text: "x" }, "transport.none")).status).toBe(404);
    expect((await problemOf(await send("PUT", { text: "  " })))["detail"]).toMatch(/^text/);
    expect((await send("PUT", { text: "x".repeat(81) })).status).toBe(400);
    expect((await problemOf(await send("PUT", { text: "x", untilAt: 5 })))["detail"]).toMatch(/^untilAt/);
    expect((await send("DELETE")).status).toBe(404);
    const foreign = { method: "DELETE", headers: { "x-forwarded-for": "203.0.113.7" } };
    expect((await ask(`/api/v1/notes/${id}`, foreign)).status).toBe(401);
  });
});

describe("annotations and views", () => {
  const send = (method: string, path: string, body: unknown): Promise<Response> =>
    askToChange(path, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const draft = {
    series: "transport.bikes-available",
    fromAt: 1_000,
    toAt: 2_000,
    text: " Fair ",
    author: "W",
  };

  test("are written, found by their time and series, and taken away", async () => {
    const made = (await (await send("POST", "/api/v1/annotations", draft)).json()) as Annotation;
    expect(made).toEqual({ ...draft, text: "Fair", id: made.id, madeAt: instant });
    expect(await items("annotations?from=2000&to=3000")).toEqual([made]);
    expect(await items("annotations?from=2001&to=3000")).toEqual([]);
    expect(await items("annotations?series=security.none")).toEqual([]);
    const path = `/api/v1/annotations/${made.id}`;
    const change = { ...draft, text: "市集", madeAt: made.madeAt };
    expect(await (await send("PUT", path, change)).json()).toMatchObject({ id: made.id, text: "市集" });
    expect(await problemOf(await send("PUT", path, change))).toMatchObject({
      status: 409,
      type: "urn:citydeck:problem:changed",
    });
    expect((await send("PUT", path, { ...change, toAt: 1 })).status).toBe(400);
    expect((await send("PUT", "/api/v1/annotations/none", change)).status).toBe(404);
    expect((await askToChange(path, { method: "DELETE" })).status).toBe(204);
    expect((await askToChange(path, { method: "DELETE" })).status).toBe(404);
    expect(await items("annotations")).toEqual([]);
  });

  test("a view is saved, read, changed and removed", async () => {
    const view = { title: "Bikes", query: "?indicator=transport.bikes-available", author: "W" };
    const saved = (await (await send("POST", "/api/v1/views", view)).json()) as {
      id: string;
      savedAt: number;
    };
    const path = `/api/v1/views/${saved.id}`;
    expect(await (await askToChange(path)).json()).toEqual({ ...view, id: saved.id, savedAt: instant });
    expect(await problemOf(await send("POST", "/api/v1/views", view))).toMatchObject({
      status: 409,
      type: "urn:citydeck:problem:title-taken",
      detail: 'title: there is already a view "Bikes"',
    });
    const changed = { ...view, title: "骑行 <b>" };
    const change = { ...changed, savedAt: saved.savedAt };
    expect(await (await send("PUT", path, change)).json()).toMatchObject({ ...changed, id: saved.id });
    expect(await problemOf(await send("PUT", path, change))).toMatchObject({
      status: 409,
      type: "urn:citydeck:problem:changed",
    });
    expect(await items("views")).toMatchObject([changed]);
    expect((await askToChange(path, { method: "DELETE" })).status).toBe(204);
    expect((await askToChange(path)).status).toBe(404);
    expect((await send("PUT", path, change)).status).toBe(404);
    expect((await send("PUT", path, changed)).status).toBe(400);
  });

  test("are refused with the reason", async () => {
    const refused = async (path: string, body: unknown) =>
      (await problemOf(await send("POST", path, body)))["detail"];
    expect(await refused("/api/v1/annotations", { ...draft, toAt: 999 })).toMatch(/^toAt: .*before fromAt/);
    expect(await refused("/api/v1/annotations", { ...draft, text: " " })).toMatch(/^text/);
    expect(await refused("/api/v1/annotations", { ...draft, author: "x".repeat(81) })).toMatch(/^author/);
    expect(await refused("/api/v1/annotations", { ...draft, fromAt: 1e300 })).toMatch(/^fromAt/);
    expect(await refused("/api/v1/views", { title: "x", query: "javascript:", author: "x" })).toMatch(
      /^query/,
    );
    const reversed = await ask("/api/v1/annotations?from=3000&to=2000");
    expect((await problemOf(reversed))["type"]).toBe("urn:citydeck:problem:parameter:from");
    const foreign = { method: "POST", headers: { "x-forwarded-for": "203.0.113.7" } };
    expect((await ask("/api/v1/annotations", foreign)).status).toBe(401);
    expect((await ask("/api/v1/views", foreign)).status).toBe(401);
  });
});

describe("shifts", () => {
  const post = async (path: string, body: object) => {
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    const answer = await askToChange(`/api/v1/shifts/${path}`, init);
    const document = await readDocument(running.url);
    expect(await undocumented(document, "POST", `/api/v1/shifts/${path}`, answer)).toEqual([]);
    return { status: answer.status, body: (await answer.json()) as Item };
  };
  const night = { position: "Transport desk", shift: "Night" };

  test("are written down, handed over and acknowledged, and whoever asks is told", async () => {
    const entry = { ...night, text: " Called the depot ", key: "key of an entry" };
    const written = { id: entry.key, by: { ...night, account: null }, text: "Called the depot", at: instant };
    expect(await post("log", entry)).toEqual({ status: 200, body: written });
    expect(await items("shifts/log")).toEqual([written]);
    expect(await (await askDocumented("/api/v1/shifts/handovers/draft")).json()).toMatchObject({
      open: { count: 0 },
      muted: [],
    });
    const draft = { ...night, text: "Quiet", key: "key of a hand-over" };
    expect((await post("handovers", draft)).body).toMatchObject({ text: "Quiet", acknowledged: null });
    expect((await post("handovers", { ...draft, key: "another key" })).status).toBe(409);
    const path = `handovers/${encodeURIComponent(draft.key)}/acknowledgement`;
    expect((await post(path, night)).body["type"]).toBe("urn:citydeck:problem:handover:own");
    const known = await post(path, { ...night, shift: "Day" });
    expect(known.body).toMatchObject({ acknowledged: { by: { shift: "Day" }, text: null } });
    expect(await items("shifts/handovers")).toEqual([known.body]);
    expect((await post("handovers/none/acknowledgement", night)).status).toBe(404);
  });

  test("are refused with the reason", async () => {
    expect((await post("log", { ...night, text: " ", key: "some key" })).body["detail"]).toMatch(/^text/);
    expect((await ask("/api/v1/shifts/log", { method: "POST" })).status).toBe(401);
    expect((await ask("/api/v1/shifts/log?since=1")).status).toBe(400);
  });
});

describe("what is usual and what is to come", () => {
  test("are answered of any series, and say when too little is known", async () => {
    const usual = await ask("/api/v1/expected?indicator=transport.bikes-available&bucket=day");
    const [expected] = (await usual.json()) as { points: readonly { samples: number }[] }[];
    const { points } = expected!;
    expect(points).toHaveLength(8);
    expect(points.every(({ samples }) => samples === 0)).toBe(true);
    const coming = await ask("/api/v1/forecast?indicator=transport.bikes-available");
    expect(coming.status).toBe(422);
    expect((await problemOf(coming))["type"]).toBe("urn:citydeck:problem:too-little-known");
  });
});
