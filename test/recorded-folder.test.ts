/** A folder of recorded bodies is one recording: `replay` plays it, `inspect` says what is in each. */

import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasRecordings, recordingsFolder } from "../fixtures/feed-cases.ts";
import { checkCityFolder } from "../server/city-folder/check.ts";
import type { Inspection } from "../shared/inspection.ts";
import type { FeedStatus } from "../shared/feed.ts";
import { temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { runCitydeck } from "./run-command.ts";
import { startCity } from "./running-city.ts";

const nyct = "new-york/gtfs-rt/nyct-ace-20240208";
let dir: string;

beforeAll(async () => {
  dir = await temporaryDir("recorded-folder");
});

afterAll(() => rm(dir, { recursive: true, force: true }));

function cityOf(path: string): Readonly<Record<string, unknown>> {
  const count = { ...walkCity["indicators/transport.stations.json"], staleAfterSeconds: 300 };
  return {
    "city.json": { ...walkCity["city.json"], zone: "America/New_York", bounds: [-74.3, 40.4, -73.6, 41] },
    "departments.json": walkCity["departments.json"],
    "feeds/subway.json": {
      ...walkCity["feeds/bikes.json"],
      id: "subway",
      spec: "gtfs-rt",
      cadenceSeconds: 60,
      staleAfterSeconds: 300,
      dropAfterSeconds: 3_600,
      transport: {
        type: "replay",
        recordings: [{ name: "body", path }],
        from: "2024-02-08T12:59:00Z",
        to: "2024-02-08T14:19:00Z",
        loop: true,
      },
    },
    "indicators/transport.stations.json": { ...count, reads: "TripUpdate" },
  };
}

describe.skipIf(!hasRecordings)("a folder of recorded bodies (skipped without CITYDECK_RECORDINGS)", () => {
  test("is played through by a replay feed", { timeout: 60_000 }, async () => {
    const cityDir = join(dir, "city");
    await writeJsonFiles(cityDir, cityOf(nyct));
    const check = await runCitydeck("check", cityDir);
    expect(check).toMatchObject({ code: 0 });
    const city = await startCity({
      cityDir,
      dataDir: join(dir, "data"),
      recordings: recordingsFolder,
      clientDir: dir,
    });
    const get = async <T>(path: string): Promise<T> =>
      (await (await fetch(`${city.url}/api/v1/${path}`)).json()) as T;
    try {
      const [feed] = await get<FeedStatus[]>("feeds");
      expect(feed).toMatchObject({ status: "fresh", error: null });
      // The table of the recordings: 306 to 320 entities each, half of them trip updates.
      expect(feed!.entities).toBeGreaterThan(290);
      expect(feed!.entities).toBeLessThanOrEqual(320);
      // The whole buckets of the last day, whatever the minute.
      const bucketMs = 300_000;
      const to = Math.floor(Date.now() / bucketMs) * bucketMs;
      const [series] = await get<{ points: { value: number | null; state: string }[] }[]>(
        `series?indicator=transport.stations&bucket=300&from=${to - 287 * bucketMs}&to=${to}`,
      );
      const values = series!.points.map(({ value }) => value);
      expect(values).toHaveLength(287);
      expect(values.every((value) => value !== null && value > 140 && value <= 160)).toBe(true);
      expect(new Set(values).size).toBeGreaterThan(5);
    } finally {
      await city.stop();
    }
  });

  test("is inspected file by file, the ones that cannot be read by their reasons", async () => {
    const { code, stdout } = await runCitydeck("inspect", "gtfs-rt", join(recordingsFolder, nyct), "--json");
    expect(code).toBe(0);
    const all = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Inspection);
    expect(all).toHaveLength(80);
    for (const { entities } of all) {
      const count = Object.values(entities).reduce((sum, one) => sum + one, 0);
      expect(count).toBeGreaterThan(290);
      expect(count).toBeLessThanOrEqual(320);
    }
    const headers = all.map(({ headerAt }) => headerAt!);
    expect(headers).toEqual(headers.toSorted());
    expect([headers[0]!.slice(0, 16), headers.at(-1)!.slice(0, 16)]).toEqual([
      "2024-02-08T12:59",
      "2024-02-08T14:18",
    ]);
  });
});

test("a folder without a file is a fault, for check and for inspect", async () => {
  const recordings = join(dir, "recordings");
  await mkdir(join(recordings, "empty", "deeper"), { recursive: true });
  await writeFile(join(recordings, "empty", ".keep"), "");
  await writeJsonFiles(join(dir, "wanting"), cityOf("empty"));
  const { lines, exitCode } = checkCityFolder(join(dir, "wanting"), { recordings, env: {} });
  expect(exitCode).toBe(1);
  expect(lines[0]).toMatch(/transport\.recordings\[0\]\.path: found "empty", expected a file in the folder/);
  const inspected = await runCitydeck("inspect", "gtfs-rt", join(recordings, "empty"));
  expect(inspected).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("there is no file in this folder") as string,
  });
});
