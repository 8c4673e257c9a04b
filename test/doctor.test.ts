/** The feed doctor on links and files: what it guesses, what it follows, where it does not go. */

import { createServer, type RequestListener, type Server } from "node:http";
import { writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { hasRecordings, listAllRecordings, listFeedCases, recordingsFolder } from "../fixtures/feed-cases.ts";
import { makeGtfs } from "../fixtures/make-gtfs.ts";
import { checkCityFolder } from "../server/city-folder/check.ts";
import { diagnose, diagnosisText } from "../server/commands/doctor.ts";
import { passingKeyedHash } from "../server/keyed-hash.ts";
import { guessSpec } from "../server/core/feeds/guess.ts";
import type { Spec } from "../shared/feed.ts";
import { temporaryFolder } from "./feed-rig.ts";
import { walkCity, writeJsonFiles } from "./city-files.ts";

const hash = passingKeyedHash();

const now = Date.UTC(2026, 0, 5, 12);

async function serve(answer: RequestListener): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function fileOf(name: string, bytes: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

const seconds = now / 1000;
const gbfsFile = (data: object) => JSON.stringify({ last_updated: seconds, ttl: 60, version: "2.3", data });
const station = {
  station_id: "1",
  num_bikes_available: 3,
  is_installed: true,
  is_renting: true,
  is_returning: true,
  last_reported: seconds,
};

it.each([
  ["/nothing/here.json", "/nothing/here.json: there is no such file"],
  ["ftp://city.example/a", 'expected a link with http or https, or a file, found "ftp://city.example/a"'],
  [import.meta.dirname, `${import.meta.dirname} is a folder: name one of its files`],
])("says what %s is instead of a feed", async (source, reason) => {
  await expect(diagnose(source, now)).rejects.toThrow(reason);
});

describe("guessing the standard", () => {
  const known: Spec[] = ["gbfs", "gtfs", "gtfs-rt", "cap"];
  it.each(known)("%s: every recorded case", (spec) => {
    const wrong = listFeedCases(spec).flatMap(({ name, bytes }) => {
      const { best } = guessSpec({ name, url: null, bytes }, name, now, hash);
      return best?.spec === spec ? [] : [`${name}: ${best?.spec}`];
    });
    // A web server's "not found", a list of other systems, and messages that are deliberately none.
    expect(wrong.filter((line) => !/not-found|manifest|invalid-cap|errors-cap|xee/.test(line))).toEqual([]);
  });

  it("reads a table by the names of its columns", () => {
    const csv =
      "sensor_id,lon,lat,measured_at,level\nA,10,50,2026-01-05T11:00:00Z,3\nB,10,51,2026-01-05T11:00:00Z,4\n";
    const { best } = guessSpec(
      { name: "levels", url: null, bytes: new TextEncoder().encode(csv) },
      "levels.csv",
      now,
      hash,
    );
    expect(best?.feed.options).toEqual({
      time: { format: "ISO" },
      entities: [
        {
          kind: "Sensor",
          id: ["sensor_id"],
          fields: { property: { value: "level" }, value: "level" },
          observedAt: ["measured_at"],
          position: { lon: "lon", lat: "lat" },
        },
      ],
    });
  });

  it.each<[string, unknown, object]>([
    [
      "a list somewhere in JSON, by dotted paths",
      {
        made: "2026-01-05T11:00:00Z",
        data: {
          sensors: [
            { key: 7, at: { lat: 50, lng: 10 }, seen: { updatedAt: "2026-01-05T10:59:00Z" }, level: 3 },
            { key: 8, at: { lat: 51, lng: 10 }, seen: { updatedAt: "2026-01-05T10:58:00Z" }, level: null },
          ],
        },
      },
      {
        rows: "data.sensors",
        time: { format: "ISO" },
        entities: [
          {
            kind: "Sensor",
            id: ["key"],
            fields: { property: { value: "level" }, value: "level" },
            observedAt: ["seen.updatedAt"],
            position: { lon: "at.lng", lat: "at.lat" },
          },
        ],
      },
    ],
    [
      "GeoJSON points",
      {
        type: "FeatureCollection",
        features: [1, 2].map((i) => ({
          type: "Feature",
          properties: { stop_name: `Stop ${i}`, waiting: i, line: "3" },
          geometry: { type: "Point", coordinates: [10, 50 + i] },
        })),
      },
      {
        rows: "features",
        entities: [
          {
            kind: "Sensor",
            id: ["properties.stop_name"],
            fields: { property: { value: "waiting" }, value: "properties.waiting" },
            position: { geojson: "geometry" },
          },
        ],
      },
    ],
    [
      "rows that two columns tell apart",
      [
        { station: "a", pollutant: "no2", level: 3.5 },
        { station: "a", pollutant: "o3", level: 3.5 },
        { station: "b", pollutant: "no2", level: 4.5 },
        { station: "b", pollutant: "o3", level: 4.5 },
      ],
      {
        rows: "",
        entities: [
          {
            kind: "Sensor",
            id: ["station", "pollutant"],
            fields: { property: { value: "level" }, value: "level" },
          },
        ],
      },
    ],
  ])("reads %s", (_what, body, options) => {
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const { best } = guessSpec({ name: "body", url: null, bytes }, "body.json", now, hash);
    expect(best?.spec).toBe("table");
    expect(best?.feed.options).toEqual(options);
  });

  it("says why it is none of them", async () => {
    const diagnosis = await diagnose(await fileOf("page.bin", "nothing that anybody publishes"), now);
    expect(diagnosis).toMatchObject({ spec: null, entry: null });
    expect(diagnosis.others.map(({ spec }) => spec)).toEqual(
      expect.arrayContaining(["gbfs", "gtfs-rt", "cap"]),
    );
    expect(diagnosisText(diagnosis)).toMatch(/^ {2}not gbfs: .*\n/m);
  });

  it("that is recognised is told what else it might be, and nothing of what it is not", async () => {
    const file = await fileOf("status.json", gbfsFile({ stations: [station] }));
    const text = diagnosisText(await diagnose(file, now));
    expect(text).toContain(`${file}: reads as gbfs 2.3: 1 StationStatus, 0 errors\n  it also reads as table`);
    expect(text).not.toMatch(/^ {2}not /m);
  });
});

describe("a link", () => {
  it("is followed to its parts, graded and entered", async () => {
    const base = await serve((request, response) => {
      const self = `http://${request.headers.host}`;
      if (request.url === "/gbfs.json")
        return response.end(
          gbfsFile({ en: { feeds: [{ name: "station_status", url: `${self}/status.json` }] } }),
        );
      response.end(gbfsFile({ stations: [{ ...station, num_bikes_available: "3" }] }));
    });
    const diagnosis = await diagnose(`${base}/gbfs.json`, now);
    expect(diagnosis).toMatchObject({
      spec: "gbfs",
      faults: [],
      parts: [{}, { entities: { StationStatus: 1 } }],
    });
    expect(diagnosis.graded?.grade).toBe("bronze");
    expect(diagnosis.graded?.missing).toContainEqual({ grade: "platinum", id: "no-warnings" });
    expect(diagnosisText(diagnosis)).toContain("A number is written as text.");
    expect(diagnosis.entry).toMatchObject({
      spec: "gbfs",
      transport: { type: "poll", url: `${base}/gbfs.json` },
    });
  });

  it("whose times are long past is not called fresh", async () => {
    const base = await serve((_request, response) => response.end(gbfsFile({ stations: [station] })));
    const notFresh = { grade: "gold", id: "true-times" };
    const inTime = await diagnose(`${base}/station_status.json`, now + 60_000);
    expect(inTime.graded?.missing).not.toContainEqual(notFresh);
    const late = await diagnose(`${base}/station_status.json`, now + 600_000);
    expect(late.graded?.missing).toContainEqual(notFresh);
  });

  it("that promises news faster than anybody should ask is entered at the pace of the asking", async () => {
    const body = { last_updated: seconds, ttl: 1, version: "2.3", data: { stations: [station] } };
    const base = await serve((_request, response) => response.end(JSON.stringify(body)));
    const { entry } = await diagnose(`${base}/station_status.json`, now);
    expect(entry).toMatchObject({
      transport: { everySeconds: 15 },
      cadenceSeconds: 15,
      staleAfterSeconds: 45,
    });
  });

  it("that was named may be inside, but leads nowhere else inside", async () => {
    const secret = await serve((_request, response) => response.end("secret"));
    const base = await serve((request, response) => {
      if (request.url === "/go") return response.writeHead(302, { location: `${secret}/x` }).end();
      response.end(gbfsFile({ en: { feeds: [{ name: "station_status", url: `${secret}/status.json` }] } }));
    });
    await expect(diagnose(`${base}/go`, now)).rejects.toThrow(/refused: 127\.0\.0\.1 is a loopback address/);
    const { faults } = await diagnose(`${base}/gbfs.json`, now);
    expect(faults.join()).toMatch(/refused: 127\.0\.0\.1 is a loopback address/);
  });

  it("is shown without what its query holds", async () => {
    const base = await serve((_request, response) => response.end(gbfsFile({ stations: [station] })));
    const diagnosis = await diagnose(`${base}/status.json?key=hidden`, now);
    expect(diagnosisText({ ...diagnosis, entry: null })).not.toContain("hidden");
  });
});

describe("what is no feed", () => {
  const adviceOn = async (name: string, bytes: string | Uint8Array): Promise<string> => {
    const diagnosis = await diagnose(await fileOf(name, bytes), now);
    expect(diagnosis.spec).toBeNull();
    expect(diagnosisText(diagnosis)).toContain(diagnosis.advice[0]!);
    return diagnosis.advice.join("\n");
  };
  const polygon = (i: number) => ({
    type: "Feature",
    properties: { id: `a${i}` },
    geometry: { type: "Polygon", coordinates: [] },
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ["map.pmtiles", "PMTiles\u0003\0\0", /a map in PMTiles.*basemap/],
    ["cut.zip", makeGtfs().subarray(0, 300), /broken or cut ZIP/],
    ["cut.json", '{"data":[{"a":1', /broken or cut JSON/],
    [
      "areas.geojson",
      JSON.stringify({ type: "FeatureCollection", features: [polygon(1), polygon(2)] }),
      /areas\/<level>/,
    ],
    ["other.xml", "<rss><channel/></rss>x", /XML starting with/],
    ["words.txt", "nothing that anybody publishes", /Ask whoever publishes it/],
    [
      "manifest.json",
      JSON.stringify({
        data: { datasets: [{ system_id: "x", versions: [{ url: "https://x.example/gbfs" }] }] },
      }),
      /leads elsewhere.*\nhttps:\/\/x\.example\/gbfs/,
    ],
  ])("%s is called what it is", async (name, bytes, words) => {
    expect(await adviceOn(name, bytes)).toMatch(words);
  });

  it("a page of HTML names the links in it that may be feeds", async () => {
    const base = await serve((_request, response) =>
      response.end(
        '<html><head><title>Open data</title><link rel="alternate" type="application/atom+xml" href="/warnings">' +
          '</head><a href="about">us</a><a href="data/stops.csv?a=1&amp;b=2">stops</a><a href="javascript:x.json">x</a></html>',
      ),
    );
    const { spec, advice } = await diagnose(`${base}/open/`, now);
    expect(spec).toBeNull();
    expect(advice[0]).toBe('It is an HTML page titled "Open data", made for people.');
    expect(advice.slice(2)).toEqual([`${base}/warnings`, `${base}/open/data/stops.csv?a=1&b=2`]);
  });
});

describe("a link to where an interface begins", () => {
  const request = {
    service_request_id: "1",
    status: "open",
    service_code: "2",
    requested_datetime: "2026-01-05T10:00:00Z",
  };
  const stream = {
    "@iot.id": 1,
    name: "Level",
    unitOfMeasurement: { symbol: "m" },
    ObservedProperty: { name: "level" },
    Observations: [{ result: 2, phenomenonTime: "2026-01-05T11:00:00Z" }],
  };
  const air = { id: "urn:ngsi-ld:A:1", type: "A", no2: { type: "Property", value: 3 } };

  it.each<[Spec, string, string, unknown]>([
    ["open311", "/open311/v2", "/open311/v2", [request]],
    ["gbfs", "/bikes/", "/bikes/gbfs.json", null],
    ["sensorthings", "/frost/v1.1", "/frost/v1.1", { value: [stream] }],
    ["ngsi", "/ngsi-ld/v1", "/ngsi-ld/v1", [air]],
  ])("%s", async (spec, path, entry, answer) => {
    const pathOf = {
      open311: "/requests.json",
      gbfs: "/gbfs.json",
      sensorthings: "/Datastreams",
      ngsi: "/entities",
    };
    const asked = path.replace(/\/$/, "") + pathOf[spec as keyof typeof pathOf];
    const base = await serve((incoming, response) => {
      const self = `http://${incoming.headers.host}`;
      const body = answer ?? { en: { feeds: [{ name: "station_status", url: `${self}/s.json` }] } };
      if (incoming.url?.split("?")[0] === asked)
        return response.end(answer === null ? gbfsFile(body as object) : JSON.stringify(body));
      if (incoming.url === "/s.json") return response.end(gbfsFile({ stations: [station] }));
      response.writeHead(404).end("<html></html>");
    });
    const diagnosis = await diagnose(base + path, now);
    expect(diagnosis).toMatchObject({
      spec,
      faults: [],
      entry: { transport: { type: "poll", url: base + entry } },
    });
  });

  it("that nothing answers says what the first answer was", async () => {
    const base = await serve((_request, response) => response.writeHead(404).end());
    await expect(diagnose(`${base}/x`, now)).rejects.toThrow(/status 404/);
  });
});

/** Long series of one feed: the first of each will do. */
const series = /station_status_2024|nyct-ace|nyct-1234567s/;
const specByPath: readonly (readonly [RegExp, Spec | "table" | null])[] = [
  [/README|LICENSE|pmtiles|boundaries|taipei_town|error-not-found|manifest|routes\.geojson/, null],
  // Weekdays and street corners: nothing in it tells one incident from another.
  [/police-incidents/, null],
  [/^_cap/, "cap"],
  [/gbfs/, "gbfs"],
  [/^_ngsi/, "ngsi"],
  [/^_wzdx/, "wzdx"],
  [/^_security-logs/, "log"],
  [/datex2|tmc-location-table/, "datex2"],
  [/gtfs-rt/, "gtfs-rt"],
  [/gtfs/, "gtfs"],
  [/open311/, "open311"],
  [/./, "table"],
];

it.skipIf(!hasRecordings)(
  "every recorded file is what it is, or is told what it is instead",
  { timeout: 120_000 },
  async () => {
    const files = listAllRecordings();
    const seen = new Set<string>();
    for (const path of files) {
      const one = series.exec(path)?.[0];
      if (one !== undefined && seen.has(one)) continue;
      seen.add(one ?? path);
      const diagnosis = await diagnose(join(recordingsFolder, path), now);
      const [, spec] = specByPath.find(([pattern]) => pattern.test(path))!;
      expect([path, diagnosis.spec]).toEqual([path, spec]);
      if (spec === null) expect(diagnosis.advice.join()).not.toBe("");
      else expect(diagnosis.entry).toMatchObject({ spec, cadenceSeconds: expect.any(Number) as number });
    }
  },
);

it("a file's proposed entry is one that the check takes", async () => {
  const diagnosis = await diagnose(await fileOf("bus.zip", makeGtfs()), now);
  const dir = await temporaryFolder();
  const entry = { ...diagnosis.entry, department: "mobility" } as { readonly id?: string };
  await writeJsonFiles(dir, { ...walkCity, [`feeds/${entry.id!}.json`]: entry });
  const checked = checkCityFolder(dir, { recordings: dir, env: {} });
  expect(JSON.stringify(checked)).not.toContain(entry.id);
});
