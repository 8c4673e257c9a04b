/** Backups of a data folder whose history is a file that the test writes; of a real one see `test/backup.test.ts`. */

import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { claimDataFolder, unfinishedRestore } from "../data-folder.ts";
import { schemaVersion } from "../history/schema.ts";
import { version } from "../version.ts";
import { tablesToRestore } from "./clickhouse-tables.ts";
import { copyHistory as copyHistoryOf } from "./copy-history.ts";
import { makeBackup, type HistoryCopy } from "./make-backup.ts";
import type { BackupManifest } from "./manifest.ts";
import { checkBackup, restoreBackup } from "./restore-backup.ts";

let dir: string;
let dataDir: string;
let to: string;

const history: HistoryCopy = {
  city: "harbour",
  knownTo: Date.UTC(2026, 10, 27),
  engine: "duckdb",
  schema: 1,
};

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "citydeck-backup-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  dataDir = join(dir, "data");
  to = join(dir, "backup");
  const files = {
    "in-use": "",
    "city-folder": "/cities/harbour",
    "hash-key": "a key",
    "notes.json.new": "half of it",
    "history/history.duckdb": "written by its own process",
    "history/lost.json": "[]",
    "feeds/bikes/journal/000001.segment": "bodies",
    "feeds/bikes/cursor.json": "{}",
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(dataDir, path, ".."), { recursive: true });
    await writeFile(join(dataDir, path), text);
  }
});

async function copyHistory(copy: string): Promise<HistoryCopy> {
  await mkdir(join(copy, "closed"), { recursive: true });
  await writeFile(join(copy, "history.duckdb"), "the history's own copy");
  await writeFile(join(copy, "closed", "minutes-1-2.parquet"), "a day");
  return history;
}

const backUp = (options: Partial<Parameters<typeof makeBackup>[0]> = {}): Promise<BackupManifest> =>
  makeBackup({
    dataDir,
    to,
    copyHistory,
    takenAt: Date.UTC(2026, 10, 28),
    tell: () => undefined,
    ...options,
  });

const check = (city = "harbour", historySchema = 1): Promise<BackupManifest> =>
  checkBackup({ from: to, city, historySchema, tell: () => undefined });

test("what a city remembers is in it, what is of one place and one moment is not", async () => {
  const manifest = await backUp();
  expect(manifest).toMatchObject({
    format: 1,
    citydeck: version,
    city: "harbour",
    takenAt: "2026-11-28T00:00:00.000Z",
    knownTo: "2026-11-27T00:00:00.000Z",
    history: { engine: "duckdb", schema: 1 },
  });
  expect(manifest.files.map(({ path }) => path).toSorted()).toEqual([
    "feeds/bikes/cursor.json",
    "feeds/bikes/journal/000001.segment",
    "hash-key",
    "history/closed/minutes-1-2.parquet",
    "history/history.duckdb",
    "history/lost.json",
  ]);
  expect(await readFile(join(to, "history", "history.duckdb"), "utf8")).toBe("the history's own copy");
  expect(await check()).toEqual(manifest);
});

test("what grows and what goes while it is copied does no harm", async () => {
  const segment = join(dataDir, "feeds/bikes/journal/000001.segment");
  const manifest = await backUp({
    copyHistory: async (copy) => {
      await appendFile(segment, " and more");
      await rm(join(dataDir, "feeds/bikes/cursor.json"));
      return copyHistory(copy);
    },
  });
  expect(manifest.files.map(({ path }) => path)).not.toContain("feeds/bikes/cursor.json");
  await check();
});

test("the records are one state of their database, whoever has it open", async () => {
  const records = new DatabaseSync(join(dataDir, "records.sqlite"));
  records.exec("PRAGMA journal_mode = WAL; CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('kept')");
  const { files } = await backUp();
  records.close();
  expect(files.filter(({ path }) => path.startsWith("records"))).toHaveLength(1);
  const copy = new DatabaseSync(join(to, "records.sqlite"), { readOnly: true });
  expect(copy.prepare("SELECT text FROM note").all()).toEqual([{ text: "kept" }]);
  copy.close();
});

test("a history that ClickHouse keeps is copied as its tables, which no city is restored from without a server", async () => {
  vi.stubEnv("CITYDECK_CLICKHOUSE", "http://127.0.0.1:8123/citydeck");
  onTestFinished(() => void vi.unstubAllEnvs());
  const backup = async (copy: string): Promise<void> => {
    await mkdir(join(copy, "clickhouse"), { recursive: true });
    await writeFile(join(copy, "clickhouse", "minutes.parquet"), "rows");
  };
  const manifest = await backUp({
    copyHistory: async (copy) => ({ ...history, ...(await copyHistoryOf({ backup }, copy)) }),
  });
  expect(manifest.history).toEqual({ engine: "clickhouse", schema: schemaVersion });
  expect(manifest.files.map(({ path }) => path)).toContain("history/clickhouse/minutes.parquet");
  await check("harbour", schemaVersion);
  vi.stubEnv("CITYDECK_CLICKHOUSE", undefined);
  await expect(tablesToRestore(manifest, dataDir)).rejects.toThrow("name a server and an empty database");
});

test("what is left to do when the files are there is done before the folder is whole", async () => {
  const manifest = await backUp();
  const rest = async (): Promise<void> => {
    expect(await readFile(join(dataDir, "hash-key"), "utf8")).toBe("a key");
    expect(() => claimDataFolder(dataDir, "/cities/harbour", true)).toThrow("was not ended");
    throw new Error("the server is gone");
  };
  const restored = restoreBackup({ from: to, tell: () => undefined }, manifest, { dataDir, at: 0, rest });
  await expect(restored).rejects.toThrow("the server is gone");
  expect(await readdir(dataDir)).toContain(unfinishedRestore);
});

test("what is to be done last is done when the folder is whole: until then a restore may begin anew", async () => {
  const manifest = await backUp();
  const steps: string[] = [];
  const note = (step: string) => async (): Promise<void> => {
    const isWhole = !(await readdir(dataDir)).includes(unfinishedRestore);
    steps.push(`${step}: ${isWhole ? "whole" : "unfinished"}`);
  };
  const doing = { rest: note("rest"), last: note("last") };
  await restoreBackup({ from: to, tell: () => undefined }, manifest, { dataDir, at: 0, ...doing });
  expect(steps).toEqual(["rest: unfinished", "last: whole"]);
});

test("half a backup has not its name and is removed, and one in the data folder is not begun", async () => {
  const failing = backUp({
    copyHistory: async (copy) => {
      await copyHistory(copy);
      expect(await readdir(dir)).toEqual(["backup.unfinished", "data"]);
      throw new Error("the disk is full");
    },
  });
  await expect(failing).rejects.toThrow("the disk is full");
  expect(await readdir(dir)).toEqual(["data"]);
  await expect(backUp({ to: join(dataDir, "backup") })).rejects.toThrow("lies in the data folder");
  await mkdir(to);
  await writeFile(join(to, "mine"), "");
  await expect(backUp()).rejects.toThrow(`${to} is not empty`);
});

test("what a killed backup left behind is no backup, and the next one takes its place", async () => {
  await mkdir(`${to}.unfinished`);
  await writeFile(join(`${to}.unfinished`, "hash-key"), "a k");
  await expect(check()).rejects.toThrow(`${to} is no backup: backup.json: there is none`);
  await backUp();
  expect(await readdir(dir)).toEqual(["backup", "data"]);
});

test.each([
  ["cut", (file: string) => truncate(file, 3), "3 bytes, it had 22"],
  ["changed", (file: string) => writeFile(file, "the history's OWN copy"), "its content is another one"],
  ["missing", (file: string) => rm(file), "it is not there"],
])("a file that is %s is named", async (_, harm, why) => {
  await backUp();
  await harm(join(to, "history", "history.duckdb"));
  await expect(check()).rejects.toThrow(`${to} is damaged: history/history.duckdb: ${why}`);
});

test.each<[string, Record<string, unknown>, string]>([
  ["a newer layout", { format: 2 }, "format 2, this program knows 1: a newer version made it"],
  ["a newer program", { citydeck: "99.0.0" }, `was made by Citydeck 99.0.0, this is ${version}`],
  ["a newer history", { history: { engine: "duckdb", schema: 2 } }, "schema 2, this program knows 1"],
  ["another city", { city: "inland" }, 'is of the city "inland", not of "harbour"'],
  ["a way out", { files: [{ path: "../hash-key", bytes: 0, sha256: "0".repeat(64) }] }, "files.0.path"],
  ["an absolute way", { files: [{ path: "/etc/passwd", bytes: 0, sha256: "0".repeat(64) }] }, "files.0.path"],
])("%s is refused", async (_, change, why) => {
  const manifest = await backUp();
  await writeFile(join(to, "backup.json"), JSON.stringify({ ...manifest, ...change }));
  await expect(check()).rejects.toThrow(why);
});

test("half a manifest is refused", async () => {
  await backUp();
  await truncate(join(to, "backup.json"), 40);
  await expect(check()).rejects.toThrow("backup.json is damaged: it is no JSON");
});

test("a restore gives back every file, puts aside what was there, and says until its end that it is not all", async () => {
  const manifest = await backUp();
  const seen: string[] = [];
  const aside = await restoreBackup(
    {
      from: to,
      tell: () => {
        expect(() => claimDataFolder(dataDir, "/cities/harbour", true)).toThrow("was not ended");
        seen.push("a piece");
      },
    },
    manifest,
    { dataDir, at: Date.UTC(2026, 10, 28) },
  );
  expect(seen.length).toBeGreaterThan(1);
  expect(aside).toBe(`${dataDir}.before-restore-20261128T000000000Z`);
  expect(await readFile(join(aside!, "history", "history.duckdb"), "utf8")).toBe(
    "written by its own process",
  );
  for (const { path } of manifest.files)
    expect(await readFile(join(dataDir, path))).toEqual(await readFile(join(to, path)));
  expect(await readdir(dataDir)).not.toContain(unfinishedRestore);
});
