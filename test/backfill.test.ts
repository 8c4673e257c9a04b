/** `citydeck backfill`, as a person runs it. */

import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startHistory } from "../server/history/host.ts";
import { temporaryDir } from "./city-files.ts";
import { runCitydeck } from "./run-command.ts";

const series = "transport.stations-empty{area.district:harbour}";
const firstAt = Date.parse("2026-06-01T00:00:00Z");
const hourMs = 3_600_000;
let dir: string;
let file: string;

beforeAll(async () => {
  dir = await temporaryDir("backfill");
  file = join(dir, "old.csv");
});

afterAll(() => rm(dir, { recursive: true, force: true }));

function run(): ReturnType<typeof runCitydeck> {
  return runCitydeck("backfill", file, "--data", join(dir, "data"));
}

it("takes an extract once, says how far it is and which lines it could not take", async () => {
  const hours = Array.from({ length: 48 }, (_, hour) => {
    return `${series},${new Date(firstAt + hour * hourMs).toISOString()},3600,${hour}`;
  });
  await writeFile(
    file,
    ["series,at,seconds,value", ...hours, "no.such,2026-06-03T00:00:00Z,3600,1", ""].join("\n"),
  );
  const first = await run();
  expect(first.code).toBe(1);
  expect(first.stdout).toMatch(/old\.csv +100 % +up to 2026-06-03T00:00Z +48 rows/);
  expect(first.stderr).toContain(
    "1 lines refused; the first: series: the city has no such indicator: no.such,",
  );
  const second = await run();
  expect([second.code, second.stderr]).toEqual([0, ""]);
  expect(second.stdout).toContain("nothing that was not taken before");
}, 60_000);

it("leaves a history that knows the hours and the city's days", async () => {
  const options = {
    dir: join(dir, "data", "history"),
    zone: "Europe/Lisbon",
    log: pino({ level: "silent" }),
  };
  const history = await startHistory(options);
  await expect.poll(() => history.health.isOpen, { timeout: 10_000 }).toBe(true);
  // Lisbon's summer days begin an hour before those of UTC.
  const edges = Float64Array.of(firstAt, firstAt + hourMs, firstAt + 23 * hourMs, firstAt + 47 * hourMs);
  const [points] = await history.points(
    { series: [series], edges, asOf: null },
    new AbortController().signal,
  );
  await history.close();
  expect(points!.mean).toEqual(Float64Array.of(0, 11.5, 34.5));
});

it("refuses what is no extract, and a file that is not there", async () => {
  await writeFile(file, "time,value\n");
  const other = await run();
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("its first line is")]);
  await rm(file);
  const none = await run();
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("there is no file")]);
}, 60_000);

it("takes Parquet alike, once, and leaves nothing of it behind", async () => {
  const parquet = join(dir, "old.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT '${series}' AS series, TIMESTAMP '2026-05-01' + to_hours(i::INTEGER) AS at, 3600 AS seconds,
                  CASE WHEN i = 3 THEN 'nan'::DOUBLE ELSE i END AS value
           FROM range(24) t(i) ORDER BY i DESC) TO '${parquet}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  const take = (): ReturnType<typeof runCitydeck> =>
    runCitydeck("backfill", parquet, "--data", join(dir, "data"));
  const first = await take();
  expect(first.stdout).toMatch(/old\.parquet +100 % +up to 2026-05-02T00:00Z +23 rows/);
  expect([first.code, first.stderr]).toEqual([
    1,
    expect.stringContaining(
      "1 lines refused; the first: value: expected a number: transport.stations-empty{",
    ),
  ]);
  expect((await take()).stdout).toContain("nothing that was not taken before");
  expect((await readdir(join(dir, "data", "history"))).filter((name) => name.startsWith("extract"))).toEqual(
    [],
  );
}, 60_000);
