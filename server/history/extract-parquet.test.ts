import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { csvOfParquet } from "./extract-parquet.ts";

let dir: string;
let file: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "citydeck-parquet-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  file = join(dir, "it's old.parquet");
});

/** Writes the answer of a SELECT. */
async function write(select: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

const csv = async (): Promise<string[]> =>
  (await readFile(await csvOfParquet(file, dir), "utf8")).trim().split("\n");

test.each([
  ["a timestamp", "TIMESTAMP '2026-06-01 00:00:00'"],
  ["a timestamp with a zone", "TIMESTAMPTZ '2026-06-01 00:00:00+00'"],
  ["nanoseconds", "TIMESTAMP_NS '2026-06-01 00:00:00'"],
  ["epoch milliseconds", "1780272000000"],
  ["a date", "DATE '2026-06-01'"],
])("%s is an instant", async (_, at) => {
  await write(`SELECT 'a{b:c, "d"}' AS series, ${at} AS at, 3600 AS seconds, 1.5 AS value, true AS other`);
  expect(await csv()).toEqual([
    "series,at,seconds,value",
    '"a{b:c, ""d""}",2026-06-01T00:00:00.000Z,3600,1.5',
  ]);
});

test("rows come in the order of time, an unknown value is empty, what is no bucket's start is not made one", async () => {
  await write(`
    SELECT * FROM (VALUES
      ('b', TIMESTAMP '2026-06-01 02:00:00.5', 60::UTINYINT, 2::DECIMAL(8, 2)),
      ('a', TIMESTAMP '2026-06-01 01:00:00', 60, NULL)) t(series, "at", seconds, value)`);
  expect((await csv()).slice(1)).toEqual([
    "a,2026-06-01T01:00:00.000Z,60,",
    "b,2026-06-01T02:00:00.500Z,60,2.0",
  ]);
});

test("of the same file it is written once, and nothing else is left", async () => {
  await write("SELECT 'a' AS series, '2026-06-01T00:00:00Z' AS at, 60 AS seconds, 1 AS value");
  expect(await csvOfParquet(file, dir)).toBe(await csvOfParquet(file, dir));
  expect((await readdir(dir)).filter((name) => !name.endsWith(".parquet"))).toEqual([
    expect.stringMatching(/^extract-.*\.csv$/),
  ]);
});

test.each([
  ["SELECT 'a' AS series, 1 AS at, 60 AS seconds", 'there is no column "value", it has: series, at, seconds'],
  [
    "SELECT 'a' AS series, true AS at, 60 AS seconds, 1 AS value",
    'column "at" is BOOLEAN, expected a timestamp',
  ],
  [
    "SELECT 'a' AS series, 1 AS at, 60.5 AS seconds, 1 AS value",
    'column "seconds" is DECIMAL(3,1), expected a whole',
  ],
  [
    "SELECT 'a' AS series, 1 AS at, 60 AS seconds, 'x' AS value",
    'column "value" is VARCHAR, expected a number',
  ],
  ["SELECT 7 AS series, 1 AS at, 60 AS seconds, 1 AS value", 'column "series" is INTEGER, expected a text'],
])("a table of another kind is refused by its column: %s", async (select, why) => {
  await write(select);
  await expect(csvOfParquet(file, dir)).rejects.toThrow(`${file}: ${why}`);
});

test("what is no Parquet, or half of one, is refused by name", async () => {
  await writeFile(file, "PAR1 and nothing else");
  await expect(csvOfParquet(file, dir)).rejects.toThrow(`${file} cannot be read as Parquet`);
  await write("SELECT 'a' AS series, i AS at, 60 AS seconds, random() AS value FROM range(100000) t(i)");
  const whole = await readFile(file);
  await writeFile(file, whole.subarray(0, whole.length / 2));
  await expect(csvOfParquet(file, dir)).rejects.toThrow(`${file} cannot be read as Parquet`);
});
