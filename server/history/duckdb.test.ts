import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, test } from "vitest";
import type { Reading } from "../../shared/protocol.ts";
import { entity } from "../../test/planned-city.ts";
import { batchOf, conformance } from "./conformance.ts";
import { openDuckDb } from "./duckdb.ts";
import { QueryTimedOut, type History, type HistoryBatch } from "./history.ts";
import { NewerSchema, schemaVersion } from "./schema.ts";
import { slicesOfBatch, batchOf as joined } from "./slices.ts";
import { openHistory } from "./sql-history.ts";

const dir = await mkdtemp(join(tmpdir(), "citydeck-history-"));
afterAll(() => rm(dir, { recursive: true }));

let count = 0;
conformance(() => {
  const path = join(dir, String(count++), "history.duckdb");
  return Promise.resolve(() => openDuckDb(path));
});

const never = new AbortController().signal;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const zone = "Europe/Berlin";
const monday = Date.parse("2026-05-04T00:00:00+02:00");
const dayEdges = Float64Array.of(monday, monday + dayMs, monday + 2 * dayMs);

/** Two days of minutes of one series, 1 on the first and 2 on the second, as the first word or a later one. */
function twoDays(knownAfterMs = minuteMs): HistoryBatch {
  const length = 2 * 1440;
  const at = Float64Array.from({ length }, (_, minute) => monday + minute * minuteMs);
  const value = at.map((one) => (one < monday + dayMs ? 1 : 2));
  return batchOf({
    minutes: {
      series: ["bikes"],
      seriesOf: new Uint32Array(length),
      at,
      count: new Uint16Array(length).fill(1),
      knownAt: at.map((one) => one + knownAfterMs),
      mean: value,
      min: value,
      max: value,
      freshSeconds: new Uint8Array(length).fill(60),
      code: new Uint8Array(length),
      revisions: ["1"],
      revisionOf: new Uint32Array(length),
    },
  });
}

async function meansOf(history: History): Promise<number[]> {
  const [points] = await history.points({ series: ["bikes"], edges: dayEdges, asOf: null }, never);
  return [...points!.mean];
}

function newPath(): string {
  return join(dir, String(count++), "history.duckdb");
}

test("a file that is cut in half is set aside and named, and closed days are read all the same", async () => {
  const path = newPath();
  const first = await openHistory(await openDuckDb(path), { zone });
  await first.append(twoDays());
  await first.maintain(monday + 3.5 * dayMs);
  await first.close();
  expect(await readdir(join(path, "../closed"))).toContain(`minutes-${monday}-${monday + dayMs}-2.parquet`);
  await truncate(path, Math.floor((await stat(path)).size / 2));

  const again = await openHistory(await openDuckDb(path), { zone });
  const { setAside } = await again.figures();
  expect(setAside.map(({ file }) => file)).toEqual([
    expect.stringMatching(/^history\.duckdb\.set-aside-\d+$/),
  ]);
  expect(await meansOf(again)).toEqual([1, Number.NaN]);
  await again.append(twoDays(2 * minuteMs));
  expect(await meansOf(again)).toEqual([1, 2]);
  await again.close();
});

test("closed days say what the table said, in whole hundredths or not, and so do those of earlier versions", async () => {
  const path = newPath();
  const values = [3, 0.1, 51.37, 1 / 3, -0.07, 1e300, 9_007_199_254_740_991, 1e15 + 0.25];
  const at = Float64Array.from(values, (_, minute) => monday + minute * minuteMs);
  const batch = twoDays();
  const ofMonday = {
    ...batch.minutes,
    seriesOf: new Uint32Array(values.length),
    at,
    count: new Uint16Array(values.length).fill(1),
    knownAt: at.map((one) => one + minuteMs),
    mean: Float64Array.from(values),
    min: Float64Array.from(values),
    max: Float64Array.from(values),
    freshSeconds: new Uint8Array(values.length).fill(60),
    code: new Uint8Array(values.length),
    revisionOf: new Uint32Array(values.length),
  };
  const edges = Float64Array.from({ length: values.length + 1 }, (_, minute) => monday + minute * minuteMs);
  const means = async (): Promise<number[]> => {
    const history = await openHistory(await openDuckDb(path), { zone, heldBytes: 0 });
    const [points] = await history.points({ series: ["bikes"], edges, asOf: null }, never);
    await history.close();
    return [...points!.mean];
  };
  const first = await openHistory(await openDuckDb(path), { zone });
  await first.append({ ...batch, minutes: ofMonday });
  await first.maintain(monday + 5 * dayMs);
  await first.close();
  const [name] = (await readdir(join(path, "../closed"))).filter((one) => one.startsWith("minutes"));
  expect(await means()).toEqual(values);

  const formerly = `minutes-${monday}-${monday + dayMs}.parquet`;
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const closed = (file: string): string => `'${join(path, "../closed", file)}'`;
  await connection.run(`
    COPY (SELECT * EXCLUDE (low_hundredths) REPLACE (coalesce(low, low_hundredths::DOUBLE) AS low) FROM ${closed(name!)})
    TO ${closed(formerly)}`);
  await connection.run(`UPDATE closed_days SET file = '${formerly}'`);
  connection.closeSync();
  instance.closeSync();
  expect(await means()).toEqual(values);
  expect(await readdir(join(path, "../closed"))).not.toContain(name);
});

test("closed days are asked by one statement until a later word about one of them comes, which wins then and ever after", async () => {
  const path = newPath();
  let statements = 0;
  const open = async (): Promise<History> => {
    const engine = await openDuckDb(path);
    const ask = engine.ask.bind(engine);
    engine.ask = (signal, questions) =>
      ask(signal, (read) =>
        questions((sql) => {
          statements++;
          return read(sql);
        }),
      );
    return openHistory(engine, { zone, heldBytes: 0 });
  };
  /** The minutes from ten before the end of Monday to ten after it, and how many statements told them. */
  const night = Float64Array.from({ length: 21 }, (_, i) => monday + dayMs + (i - 10) * minuteMs);
  const asked = async (history: History, asOf: number | null = null) => {
    const before = statements;
    const [points] = await history.points({ series: ["bikes"], edges: night, asOf }, never);
    return { means: [...points!.mean], statements: statements - before };
  };
  const told: number[] = Array.from({ length: 20 }, (_, i) => (i < 10 ? 1 : 2));
  let history = await open();
  await history.append(twoDays());
  expect((await asked(history)).statements).toBeGreaterThan(1);
  await history.maintain(monday + 5 * dayMs);
  expect(await asked(history)).toEqual({ means: told, statements: 1 });
  await history.close();
  history = await open();
  // What is held in memory has been read by then.
  await history.maintain(monday + 5 * dayMs);
  expect(await asked(history)).toEqual({ means: told, statements: 1 });
  const { minutes } = twoDays();
  const laterAt = monday + 9 * dayMs;
  const later = {
    ...minutes,
    seriesOf: Uint32Array.of(0),
    at: Float64Array.of(night[12]!),
    count: Uint16Array.of(1),
    knownAt: Float64Array.of(laterAt),
    mean: Float64Array.of(7),
    min: Float64Array.of(5),
    max: Float64Array.of(9),
    freshSeconds: Uint8Array.of(60),
    code: Uint8Array.of(0),
    revisionOf: Uint32Array.of(0),
  };
  await history.append(batchOf({ minutes: later }));
  const corrected = told.with(12, 7);
  expect((await asked(history)).means).toEqual(corrected);
  expect((await asked(history, laterAt - 1)).means).toEqual(told);
  await history.close();
  history = await open();
  expect((await asked(history)).means).toEqual(corrected);
  await history.close();
});

test("a file that is something else is set aside, and so is a closed day that cannot be read", async () => {
  const path = newPath();
  const first = await openHistory(await openDuckDb(path), { zone });
  await first.append(twoDays());
  await first.maintain(monday + 5 * dayMs);
  await first.close();
  const closed = join(path, "../closed", `minutes-${monday}-${monday + dayMs}-2.parquet`);
  await truncate(closed, 100);
  const again = await openHistory(await openDuckDb(path), { zone });
  expect((await again.figures()).setAside).toHaveLength(1);
  expect(await meansOf(again)).toEqual([1, 2]);
  const byMinute = { series: ["bikes"], edges: Float64Array.of(monday, monday + minuteMs), asOf: null };
  expect((await again.points(byMinute, never))[0]!.freshSeconds[0]).toBe(0);
  await again.close();

  await writeFile(path, "not a database at all, but long enough to be looked at".repeat(1000));
  const third = await openHistory(await openDuckDb(path), { zone });
  expect((await third.figures()).setAside).toHaveLength(1);
  expect(await meansOf(third)).toEqual([Number.NaN, 2]);
  await third.close();
});

test("a file that has become shorter by itself is whole", async () => {
  const path = newPath();
  const engine = await openDuckDb(path);
  await engine.run("CREATE TABLE numbers AS SELECT range AS one, hash(range) AS two FROM range(500000)");
  await engine.run("CHECKPOINT");
  await engine.run("DELETE FROM numbers WHERE one > 10");
  await engine.run("CHECKPOINT");
  await engine.run("DELETE FROM numbers WHERE one > 9");
  await engine.run("CHECKPOINT");
  await engine.close();
  const again = await openDuckDb(path);
  expect(again.setAside).toEqual([]);
  const rows = await again.ask(never, (read) => read("SELECT count(*) AS n FROM numbers"));
  expect(rows.numbers("n")[0]).toBe(10);
  await again.close();
});

test("a file whose end is missing is not whole", async () => {
  const path = newPath();
  const engine = await openDuckDb(path);
  await engine.run("CREATE TABLE numbers AS SELECT range AS one, hash(range) AS two FROM range(500000)");
  await engine.close();
  await truncate(path, (await stat(path)).size - 300_000);
  const again = await openDuckDb(path);
  expect(again.setAside).toHaveLength(1);
  await again.close();
});

test("a database that another one has open is not taken from it", async () => {
  const path = newPath();
  const program = `
    const { DuckDBInstance } = require("@duckdb/node-api");
    DuckDBInstance.create(${JSON.stringify(path)}).then(() => { console.log("open"); setInterval(() => {}, 1000); });`;
  await mkdir(dirname(path), { recursive: true });
  const other = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  await once(other.stdout, "data");
  await expect(openDuckDb(path)).rejects.toThrow(/lock/);
  other.kill();
});

test("a history that a newer program wrote is refused and left as it is", async () => {
  const path = newPath();
  const engine = await openDuckDb(path);
  await openHistory(engine, { zone });
  await engine.append("schema_versions", { version: [schemaVersion + 1] });
  await expect(openHistory(engine, { zone })).rejects.toThrow(NewerSchema);
  await engine.close();
});

test.each([1, 2])(
  "a history of schema %i is brought to this one, and nothing of it is lost",
  async (version) => {
    const path = newPath();
    await mkdir(dirname(path), { recursive: true });
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(await readFile(join(import.meta.dirname, `schema-${version}.sql`), "utf8"));
    connection.closeSync();
    instance.closeSync();
    const history = await openHistory(await openDuckDb(path), { zone });
    expect(await meansOf(history)).toEqual([3, 4.5]);
    const city = await history.cityAt(monday, "then", ["ServiceRequest"], never);
    expect(city.readings).toEqual([
      {
        id: "bikes",
        value: 3,
        state: "stale",
        reason: "source-down",
        quality: "partial",
        observedAt: monday - 1000,
        oldestAt: null,
      },
    ]);
    expect(city.entities.get("ServiceRequest")!.map(({ id, fields }) => [id, fields])).toEqual([
      ["calls/ServiceRequest/1", { status: "open", isRepeat: true }],
    ]);
    await history.close();
  },
);

test("a backup that is made while others write opens as what there was", async () => {
  const path = newPath();
  const history = await openHistory(await openDuckDb(path), { zone });
  await history.append(twoDays());
  await history.maintain(monday + 3.5 * dayMs);
  const copy = join(dir, "backup", String(count++));
  await Promise.all([history.backup(copy), history.append(batchOf({ moments: [] }))]);
  await expect(history.backup(copy)).rejects.toThrow(/not empty/);
  await history.close();
  const restored = await openHistory(await openDuckDb(join(copy, "history.duckdb")), { zone });
  expect(await meansOf(restored)).toEqual([1, 2]);
  await restored.close();
});

test("what is past its retention is forgotten, figures by hour and day are not", async () => {
  const path = newPath();
  const history = await openHistory(await openDuckDb(path), { zone });
  await history.append(twoDays());
  await history.maintain(monday + 5 * dayMs);
  await history.append(twoDays(10 * minuteMs));
  await history.maintain(monday + 500 * dayMs);
  expect(await readdir(join(path, "../closed"))).toEqual(["revisions.parquet", "series.parquet"]);
  expect((await history.figures()).rows.minutes).toBe(0);
  expect(await meansOf(history)).toEqual([1, 2]);
  await history.close();
});

test("a question that takes too long is cancelled, and so is one whose asker leaves", async () => {
  const path = newPath();
  const engine = await openDuckDb(path);
  const slow =
    "SELECT count(*) AS n FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3";
  const left = new Error("left");
  const leaving = new AbortController();
  setTimeout(() => {
    leaving.abort(left);
  }, 50);
  await expect(engine.ask(leaving.signal, (read) => read(slow))).rejects.toBe(left);
  expect((await engine.ask(never, (read) => read("SELECT 1 AS one"))).numbers("one")).toEqual(
    Float64Array.of(1),
  );
  await engine.close();
});

test("who waits for a reader gets one though another who waited has left", async () => {
  const engine = await openDuckDb(newPath(), { readers: 1 });
  const first = Promise.withResolvers<void>();
  const asking = engine.ask(never, () => first.promise);
  const leaving = new AbortController();
  const left = new Error("left");
  const waiting = engine.ask(leaving.signal, () => Promise.resolve("answered"));
  const staying = engine.ask(never, () => Promise.resolve("answered"));
  leaving.abort(left);
  await expect(waiting).rejects.toBe(left);
  first.resolve();
  await asking;
  expect(await staying).toBe("answered");
  await engine.close();
});

test("an append that fails leaves nothing behind", async () => {
  const engine = await openDuckDb(newPath());
  await engine.run("CREATE TABLE texts (one VARCHAR)");
  const texts = Array.from({ length: 5000 }, (_, row) => (row === 4999 ? 1 : "text")) as string[];
  await expect(engine.together(() => engine.append("texts", { one: texts }))).rejects.toThrow(/string/);
  await engine.together(() => engine.append("texts", { one: ["text"] }));
  const rows = await engine.ask(never, (read) => read("SELECT count(*) AS n FROM texts"));
  expect(rows.numbers("n")[0]).toBe(1);
  await engine.close();
});

test("a question that takes longer than it may is refused", async () => {
  const engine = await openDuckDb(newPath());
  const history = await openHistory(engine, { zone, queryTimeoutMs: 50 });
  const ask = engine.ask.bind(engine);
  engine.ask = (signal) =>
    ask(signal, async (read) => {
      await read("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3");
      throw new Error("answered");
    });
  await expect(history.recorded(0, never)).rejects.toThrow(QueryTimedOut);
  engine.ask = ask;
  await history.close();
});

test("a keyframe that comes slice by slice counts when it is whole", async () => {
  const history = await openHistory(await openDuckDb(newPath()), { zone });
  const changed = Array.from({ length: 900 }, (_, i) => entity("StationStatus", String(i)));
  const readings = Array.from({ length: 900 }, (_, i): Reading => ({
    id: `bikes${i}`,
    value: i,
    state: "fresh",
    reason: null,
    quality: "good",
    observedAt: monday,
    oldestAt: monday,
  }));
  const batch = batchOf({
    readings: [{ knownAt: monday, isKeyframe: true, changed: readings }],
    entities: [{ kind: "StationStatus", knownAt: monday, isKeyframe: true, changed, removed: [] }],
  });
  const seen: (number | undefined)[][] = [];
  for (const slice of slicesOfBatch(batch)) {
    await history.append(joined([slice]));
    const city = await history.cityAt(monday, "then", ["StationStatus"], never);
    seen.push([city.readings.length, city.entities.get("StationStatus")?.length]);
  }
  const none = [0, undefined];
  expect(seen).toEqual([
    none,
    none,
    none,
    none,
    [900, undefined],
    [900, undefined],
    [900, undefined],
    [900, 900],
  ]);
  expect(joined(slicesOfBatch(batch))).toEqual(batch);
  await history.close();
});
