import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lines, temporaryFolder } from "../../test/feed-rig.ts";
import type { ConnectorFeed } from "../core/feeds/connector.ts";
import { openRecording, timeInFileName } from "./recording.ts";

const feed: ConnectorFeed = {
  id: "sensors",
  spec: "table",
  zone: "UTC",
  bounds: [0, 0, 1, 1],
  url: null,
  options: {},
};

test.each([
  ["1707397157.ace.pb", "2024-02-08T12:59:17.000Z"],
  ["1707397157123.json", "2024-02-08T12:59:17.123Z"],
  ["20230529T140324-0400.pb", "2023-05-29T18:03:24.000Z"],
  ["bart-20190807T174521Z-trip-updates.pb", "2019-08-07T17:45:21.000Z"],
  ["station_status_20240411001718.json", "2024-04-11T00:17:18.000Z"],
])("%s was recorded at %s", (name, at) => {
  expect(new Date(timeInFileName(name)!).toISOString()).toBe(at);
});

test.each(["station_information.json", "station_information_20240411.json", "x_20241399001718.json"])(
  "%s names no time",
  (name) => {
    expect(timeInFileName(name)).toBeNull();
  },
);

test("several files without a time in their names are placed by the header's time", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "a.txt"), "published 5000\nsensor a 1");
  await writeFile(join(folder, "b.txt"), "published 2000\nsensor a 2");
  await writeFile(join(folder, ".hidden"), "published 3000\nsensor a 3");
  await mkdir(join(folder, "deeper"));
  const { recording, faults } = await openRecording(
    {
      type: "replay",
      recordings: [{ name: "body", path: folder }],
      fromAt: 1_000,
      toAt: 9_000,
      loop: false,
      maxBytes: 99,
    },
    lines,
    feed,
  );
  expect(faults).toEqual([]);
  expect([...recording.stepsBetween(0, 9_000)].map(({ at }) => at)).toEqual([2_000, 5_000]);
});

test("a missing recording and one outside its window are faults that name it", async () => {
  const folder = await temporaryFolder();
  for (const name of ["20240411T001718Z.txt", "20240411T011718Z.txt"])
    await writeFile(join(folder, name), "sensor a 1");
  const empty = await temporaryFolder();
  const { faults } = await openRecording(
    {
      type: "replay",
      recordings: [
        { name: "body", path: folder },
        { name: "status", path: join(folder, "nowhere") },
        { name: "alerts", path: empty },
      ],
      fromAt: 0,
      toAt: 9_000,
      loop: false,
      maxBytes: 99,
    },
    lines,
    feed,
  );
  expect(faults).toMatchObject([
    { part: "status", class: "missing" },
    { part: "alerts", class: "missing" },
    { part: "body", class: "settings" },
  ]);
});

const recordings = process.env["CITYDECK_RECORDINGS"] ?? "../shared/feeds";
const nyct = join(recordings, "new-york/gtfs-rt/nyct-ace-20240208");

test.skipIf(!existsSync(nyct))(
  "the recorded New York snapshots lie 60 to 69 seconds apart (skipped without CITYDECK_RECORDINGS)",
  async () => {
    const fromAt = Date.parse("2024-02-08T12:59:00Z");
    const transport = {
      type: "replay",
      recordings: [{ name: "body", path: nyct }],
      fromAt,
      toAt: fromAt + 81 * 60_000,
      loop: false,
      maxBytes: 1e6,
    } as const;
    const { recording, faults } = await openRecording(transport, lines, feed);
    expect(faults).toEqual([]);
    const steps = [...recording.stepsBetween(fromAt - 1, transport.toAt)].map(({ at }) => at);
    expect(steps).toHaveLength(80);
    for (const [i, at] of steps.slice(1).entries()) {
      expect(at - steps[i]!).toBeGreaterThanOrEqual(60_000);
      expect(at - steps[i]!).toBeLessThan(70_000);
    }
  },
);
