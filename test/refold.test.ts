/** What was measured live, and what is measured again from the bodies that were kept: one and the same. */

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readCityFolder, type CityFolder } from "../server/city-folder/city-folder.ts";
import { indexAreas } from "../server/core/city/areas.ts";
import { City } from "../server/core/city/city.ts";
import { connectorFor } from "../server/core/feeds/index.ts";
import type { HistoryBatch, MinuteColumns } from "../server/history/history.ts";
import { startHistory } from "../server/history/host.ts";
import { Recorder } from "../server/history/recorder.ts";
import { startFeed, type RunningFeed } from "../server/ingest/intake.ts";
import { Inbox } from "../server/live/inbox.ts";
import { tickEveryMs } from "../server/live/ticker.ts";
import { Refold } from "../server/refold.ts";
import { runCitydeck } from "./run-command.ts";
import { temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";

const log = pino({ level: "silent" });
const minuteMs = 60_000;
/** Yesterday morning in the city. */
const start = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 6 * 3_600_000;
const never = new AbortController().signal;

function pushed(id: string, keepBodiesDays: number): Record<string, unknown> {
  return {
    ...walkCity["feeds/bikes.json"],
    id,
    spec: "table",
    transport: { type: "receive", bearer: { env: "TOKEN" } },
    cadenceSeconds: 10,
    staleAfterSeconds: 40,
    dropAfterSeconds: 150,
    keepBodiesDays,
    options: {
      rows: "rows",
      entities: [
        {
          kind: "Sensor",
          id: ["station"],
          fields: { name: "station", property: { value: "water-level" }, value: "metres" },
          observedAt: ["at"],
          position: { lon: "lon", lat: "lat" },
        },
      ],
    },
  };
}

const level = {
  version: 1,
  department: "mobility",
  unit: "metres",
  better: "neither",
  reads: "Sensor",
  staleAfterSeconds: 40,
  title: { en: "Level", zh: "水位" },
  definition: { en: "Level.", zh: "水位。" },
} as const;

const files = {
  ...Object.fromEntries(
    Object.entries(walkCity).filter(([path]) => !/^(feeds|indicators|walls)\//.test(path)),
  ),
  "feeds/tide.json": pushed("tide", 3),
  "feeds/well.json": pushed("well", 0),
  "indicators/community.mean.json": {
    ...level,
    id: "community.mean",
    measure: { mean: "value" },
    from: ["tide"],
  },
  "indicators/community.most.json": {
    ...level,
    id: "community.most",
    unit: "count",
    measure: { count: true },
    where: { value: { from: 2 } },
    from: ["tide"],
  },
  "indicators/community.both.json": { ...level, id: "community.both", measure: { mean: "value" } },
};

/** When, by which feed, and the levels that it says; `null` is a body that nobody can read. */
type Said = readonly [atSeconds: number, feed: "tide" | "well", levels: readonly number[] | null];

const said: readonly Said[] = [
  [1.3, "tide", [1, 2]],
  [2, "well", [7]],
  [31.111, "tide", [1.5, 2.5]],
  [31.2, "tide", [1.75, 2.5]],
  [60, "tide", [4]],
  // Said again: it is not kept again, and is good all the same.
  [90.5, "tide", [4]],
  [119.9, "tide", [4]],
  [140, "tide", null],
  [141, "tide", [5, 6, 7]],
  // Silent for longer than its limit; what came then could not be read, of which no body is kept but a report.
  [200, "tide", null],
  [290.07, "tide", [9]],
  [291, "well", [8]],
  [301, "tide", [10]],
];
const lastSeconds = 420;

let dir: string;
let folder: CityFolder;
let live: HistoryBatch[];

function body(at: number, levels: readonly number[] | null): Buffer {
  const rows = levels?.map((metres, i) => ({
    station: `s${i}`,
    metres,
    at: new Date(at).toISOString(),
    lon: -122.4,
    lat: 37.75,
  }));
  return Buffer.from(rows ? JSON.stringify({ rows }) : "{");
}

beforeAll(async () => {
  dir = await temporaryDir("refold");
  await writeJsonFiles(join(dir, "city"), files);
  const read = readCityFolder(join(dir, "city"), { recordings: dir, env: { TOKEN: "t" } });
  if (!read.ok) throw new Error(JSON.stringify(read.failure));
  folder = read.value;
  live = await liveRun();
}, 60_000);

afterAll(() => rm(dir, { recursive: true, force: true }));

/** The city as a server runs it, stepped by hand. */
async function liveRun(): Promise<HistoryBatch[]> {
  const { zone, bounds } = folder.settings;
  const feeds = folder.feeds.map((entry) => ({
    ...entry,
    gives: connectorFor(entry.spec).gives(entry.options),
  }));
  const city = new City({
    zone,
    feeds,
    indicators: folder.indicators,
    rules: [],
    areas: indexAreas(folder.areas),
  });
  const inbox = new Inbox();
  const recorder = new Recorder(1);
  recorder.begin(folder.indicators);
  let now = start;
  const running = new Map<string, RunningFeed>();
  for (const entry of folder.feeds)
    running.set(
      entry.id,
      startFeed({
        entry,
        connector: connectorFor(entry.spec),
        zone,
        bounds,
        dataFolder: join(dir, "data"),
        now: () => now,
        wallNow: () => now,
        log,
        keyedHash: String,
        deliver: (update, delivery) => inbox.put({ ...delivery, update }),
        report: (feedId, { part, good, error }) => inbox.putReport({ feedId, part, goodAt: good, error }),
      }),
    );
  await Promise.all(Array.from(running.values(), (feed) => feed.ready));
  let busyAt = Number.NEGATIVE_INFINITY;
  const batches: HistoryBatch[] = [];
  const tick = (): void => {
    if (!inbox.isEmpty) busyAt = now;
    recorder.record({ city, changes: city.advance(inbox.drain({}), now), moments: [], isPast: false });
    const batch = recorder.take();
    if (batch) batches.push(batch);
  };
  const rest = [...said];
  for (let boundary = start; boundary <= start + lastSeconds * 1000; boundary += tickEveryMs) {
    for (; rest[0] && start + rest[0][0] * 1000 <= boundary; rest.shift()) {
      const [seconds, feed, levels] = rest[0];
      now = start + seconds * 1000;
      const header = (name: string): string | undefined => ({ authorization: "Bearer t" })[name];
      await running.get(feed)!.receive!({
        header,
        body: [body(levels?.[0] === 4 ? start + 60_000 : now, levels)],
      });
      if (now - busyAt >= tickEveryMs) tick();
    }
    now = boundary;
    tick();
  }
  await Promise.all(Array.from(running.values(), (feed) => feed.stop()));
  return batches;
}

const refold = (): Refold => new Refold({ folder, dataDir: join(dir, "data"), keyedHash: String, log });

async function refolded(fromSeconds: number, toSeconds: number): Promise<HistoryBatch[]> {
  const span = { fromAt: start + fromSeconds * 1000, toAt: start + toSeconds * 1000 };
  const batches: HistoryBatch[] = [];
  for await (const { batch } of refold().steps(span, never)) if (batch) batches.push(batch);
  return batches;
}

/** Every minute of every series as a line, without when it was learnt. */
function minutesOf(batches: readonly HistoryBatch[], fromSeconds: number, toSeconds: number): string[] {
  const lines = batches.flatMap(({ minutes }) =>
    Array.from(minutes.at.keys(), (row) => lineOf(minutes, row)),
  );
  return [...new Set(lines.flat())]
    .filter((line) => {
      const at = Number(line.split(" ")[1]);
      return at >= start + fromSeconds * 1000 && at < start + toSeconds * 1000;
    })
    .toSorted();
}

function lineOf(minutes: MinuteColumns, row: number): string[] {
  const { series, seriesOf, at, count, mean, min, max, freshSeconds, code } = minutes;
  return Array.from({ length: count[row]! }, (_, i) =>
    [
      series[seriesOf[row]!],
      at[row]! + i * minuteMs,
      mean[row],
      min[row],
      max[row],
      freshSeconds[row],
      code[row],
    ].join(" "),
  );
}

it("measures what was measured, with what was stale, down and said again", async () => {
  const ours = minutesOf(await refolded(60, 360), 60, 360);
  const wanted = minutesOf(live, 60, 360).filter((line) => !line.startsWith("community.both"));
  expect(ours).toEqual(wanted);
  // The minutes are not all alike: some are fresh, some stale, some empty.
  expect(new Set(wanted.map((line) => line.split(" ").at(-1))).size).toBeGreaterThan(2);
});

it("knows what held at the beginning of the stretch, wherever that is", async () => {
  for (const from of [120, 180, 300])
    expect(minutesOf(await refolded(from, from + 60), from, from + 60)).toEqual(
      minutesOf(live, from, from + 60).filter((line) => !line.startsWith("community.both")),
    );
});

it("leaves out what a feed without bodies has a part in, and says which feed that is", async () => {
  const span = { fromAt: start, toAt: start + 60_000 };
  expect(await refold().whatCan(span)).toEqual({
    indicators: new Set(["community.mean", "community.most"]),
    of: 3,
    lacking: ["well"],
  });
  const batches = await refolded(60, 120);
  expect(batches.flatMap(({ entities }) => entities)).toEqual([]);
  const ids = batches.flatMap(({ readings }) =>
    readings.flatMap(({ changed }) => changed.map(({ id }) => id)),
  );
  expect(new Set(ids)).toEqual(new Set(["community.mean", "community.most"]));
  const before = { fromAt: start - 30 * 86_400_000, toAt: start - 29 * 86_400_000 };
  expect((await refold().whatCan(before)).indicators.size).toBe(0);
});

const iso = (seconds: number): string => new Date(start + seconds * 1000).toISOString();

function run(...args: readonly string[]): ReturnType<typeof runCitydeck> {
  return runCitydeck("backfill", "--city", join(dir, "city"), "--data", join(dir, "data"), ...args);
}

/** The means of some minutes, as the history tells them. */
async function meansOf(fromSeconds: number, toSeconds: number): Promise<readonly number[]> {
  const history = await startHistory({ dir: join(dir, "data", "history"), zone: folder.settings.zone, log });
  const minutes = (toSeconds - fromSeconds) / 60;
  const edges = Float64Array.from(
    { length: minutes + 1 },
    (_, i) => start + fromSeconds * 1000 + i * minuteMs,
  );
  const [points] = await history.points({ series: ["community.mean"], edges, asOf: null }, never);
  await history.close();
  return [...points!.mean];
}

const liveMeans = (fromSeconds: number, toSeconds: number): number[] =>
  minutesOf(live, fromSeconds, toSeconds)
    .filter((line) => line.startsWith("community.mean "))
    .map((line) => Number(line.split(" ")[2]));

it(
  "the command takes a stretch into the history and goes on where it was stopped",
  { timeout: 60_000 },
  async () => {
    await mkdir(join(dir, "data", "history"), { recursive: true });
    const [from, to] = [60, 240];
    const ledger = join(dir, "data", "history", "refold.json");
    await writeFile(
      ledger,
      JSON.stringify({ [`${start + from * 1000}-${start + to * 1000}`]: start + 120_000 }),
    );
    const done = await run("--from", iso(from), "--to", iso(to));
    expect(done.stderr).toContain(
      "2 of 3 indicators; no bodies of that time are kept of: well (keepBodiesDays)",
    );
    expect(done.stdout).toMatch(/ 100 % {2}4 rows/);
    expect(done.code).toBe(0);
    expect(await meansOf(60, 240)).toEqual([Number.NaN, ...liveMeans(120, 240)]);
    const again = await run("--from", iso(from), "--to", iso(to));
    expect(again.stdout).toContain("nothing that was not measured before");
    const wrong = await run("--from", iso(to), "--to", iso(from));
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("--from: ")]);
    const nothing = await run("--from", "2020-01-01", "--to", "2020-01-02");
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining("0 of 3 indicators")]);
  },
);

it("what the history lost is brought back, once, and said to be", { timeout: 60_000 }, async () => {
  const path = join(dir, "data", "history", "lost.json");
  const rows = { minutes: 4, readings: 9, observations: 0, entities: 3, feeds: 2, moments: 0 };
  const stretch = { fromAt: start + 300_001, toAt: start + 345_000, rows };
  await writeFile(path, JSON.stringify([stretch]));
  const done = await run("--lost");
  expect(done.code).toBe(0);
  const [[ours], [wanted]] = [await meansOf(300, 360), liveMeans(300, 360)];
  // On disk a mean lies in thousandths of the way from the least to the greatest.
  expect(Math.abs(ours! - wanted!)).toBeLessThan(0.001);
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual([
    { ...stretch, recovered: { at: expect.any(Number) as number, indicators: 2, of: 3 } },
  ]);
  expect((await run("--lost")).stdout).toContain("Nothing is lost that was not recovered");
});
