/** `citydeck backup TO` and `citydeck restore FROM`: everything a city remembers, into one folder and back. */

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pino } from "pino";
import { hasTables, tablesToRestore } from "../backup/clickhouse-tables.ts";
import { copyHistory } from "../backup/copy-history.ts";
import { makeBackup, type HistoryCopy, type HistoryQuestion } from "../backup/make-backup.ts";
import type { BackupManifest } from "../backup/manifest.ts";
import { checkBackup, contentsOf, restoreBackup } from "../backup/restore-backup.ts";
import { readCityFolder, type CityFolder } from "../city-folder/city-folder.ts";
import { recordingsDir } from "../city-folder/recordings.ts";
import { askHolder, claimDataFolder, holdDataFolder, unfinishedRestore } from "../data-folder.ts";
import { startHistory } from "../history/host.ts";
import { schemaVersion } from "../history/schema.ts";
import { megabytes, progressLine } from "./progress-line.ts";
import { demoCity, ownerOf, usualDataDir } from "./start.ts";

const options = { city: { type: "string" }, data: { type: "string" } } as const;

/** Throws what a person can do about it, as all commands. */
export async function backupCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [place] = positionals;
  if (place === undefined || positionals.length > 1)
    throw new Error("expected one folder to make: backup TO");
  const to = resolve(place);
  const cityDir = resolve(values.city ?? demoCity);
  const dataDir = dataDirOf(cityDir, values);
  const manifest = await makeBackup({
    dataDir,
    to,
    takenAt: Date.now(),
    tell: progressLine("Backing up"),
    copyHistory: async (dir) => {
      const asked = await askHolder(dataDir, { backUpHistoryTo: dir } satisfies HistoryQuestion);
      return asked
        ? (asked.value as HistoryCopy)
        : copyOfStopped(cityDir, dataDir, dir, values.data !== undefined);
    },
  });
  process.stdout.write(`\n${summaryOf(manifest, to)}\n`);
  return 0;
}

/** Of a city that is not running: its folder is held meanwhile. */
async function copyOfStopped(
  cityDir: string,
  dataDir: string,
  dir: string,
  isChosen: boolean,
): Promise<HistoryCopy> {
  const { settings } = soundFolder(cityDir);
  const held = await holdDataFolder(dataDir);
  try {
    claimDataFolder(dataDir, ownerOf(cityDir), isChosen);
    const log = pino({ base: null, level: process.env["CITYDECK_LOG"] ?? "warn" }, pino.destination(2));
    const history = await startHistory({ dir: join(dataDir, "history"), zone: settings.zone, log });
    try {
      return { city: settings.id, knownTo: Date.now(), ...(await copyHistory(history, dir)) };
    } finally {
      await history.close();
    }
  } finally {
    await held.letGo();
  }
}

const restoreOptions = { ...options, replace: { type: "boolean", default: false } } as const;

/** Throws what a person can do about it, as all commands. */
export async function restoreCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: restoreOptions,
    allowPositionals: true,
  });
  const [place] = positionals;
  if (place === undefined || positionals.length > 1) throw new Error("expected one backup: restore FROM");
  const from = resolve(place);
  const cityDir = resolve(values.city ?? demoCity);
  const { settings } = soundFolder(cityDir);
  const dataDir = dataDirOf(cityDir, values);
  const held = await holdDataFolder(dataDir);
  try {
    const there = await contentsOf(dataDir);
    if (there.length > 0 && !values.replace && !there.includes(unfinishedRestore))
      throw new Error(
        `the data folder ${dataDir} is not empty: choose another one with --data, or put what is there aside with --replace`,
      );
    const manifest = await checkBackup({
      from,
      city: settings.id,
      historySchema: schemaVersion,
      tell: progressLine("Checking"),
    });
    const tables = await tablesToRestore(manifest, dataDir);
    process.stdout.write("\n");
    const aside = await restoreBackup({ from, tell: progressLine("Restoring") }, manifest, {
      dataDir,
      at: Date.now(),
      ...tables,
    });
    claimDataFolder(dataDir, ownerOf(cityDir), true);
    process.stdout.write(`\n${summaryOf(manifest, dataDir)}\n`);
    if (aside !== null) process.stdout.write(`What was there before lies in ${aside}.\n`);
    if (manifest.history.engine === "clickhouse" && !hasTables(manifest))
      process.stdout.write("The history is not among it: restore that in ClickHouse (docs/backup.md).\n");
    return 0;
  } finally {
    await held.letGo();
  }
}

function dataDirOf(cityDir: string, { data }: { readonly data?: string | undefined }): string {
  return data === undefined ? usualDataDir(cityDir) : resolve(data);
}

function soundFolder(cityDir: string): CityFolder {
  const folder = readCityFolder(cityDir, { recordings: recordingsDir(), env: process.env });
  if (!folder.ok) throw new Error(`${cityDir} has faults; citydeck check ${cityDir} says them`);
  return folder.value;
}

function summaryOf({ city, knownTo, files }: BackupManifest, place: string): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return `${place}: the city "${city}" as known at ${knownTo}, ${files.length} files, ${megabytes(bytes)} MB.`;
}
