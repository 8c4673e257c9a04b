/** The feed doctor on links and files: what it guesses, what it follows, where it does not go. */

import { createServer, type RequestListener, type Server } from "node:http";
import { writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { listFeedCases } from "../fixtures/feed-cases.ts";
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
          fields: {},
          observedAt: ["measured_at"],
          position: { lon: "lon", lat: "lat" },
        },
      ],
    });
  });

  it("says why it is none of them", async () => {
    const diagnosis = await diagnose(await fileOf("page.bin", "nothing that anybody publishes"), now);
    expect(diagnosis).toMatchObject({ spec: null, entry: null });
    expect(diagnosis.others.map(({ spec }) => spec)).toEqual(
      expect.arrayContaining(["gbfs", "gtfs-rt", "cap"]),
    );
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

it("a file's proposed entry is one that the check takes", async () => {
  const diagnosis = await diagnose(await fileOf("bus.zip", makeGtfs()), now);
  const dir = await temporaryFolder();
  const entry = { ...diagnosis.entry, department: "mobility" } as { readonly id?: string };
  await writeJsonFiles(dir, { ...walkCity, [`feeds/${entry.id!}.json`]: entry });
  const checked = checkCityFolder(dir, { recordings: dir, env: {} });
  expect(JSON.stringify(checked)).not.toContain(entry.id);
});
