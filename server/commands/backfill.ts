/** `citydeck backfill`: takes extracts of the past into a city's history, or measures it again from kept bodies. */

import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { backfill, type BackfillProgress } from "../history/backfill.ts";
import { refoldCommand } from "./refold.ts";
import { stoppedCityOptions, withStoppedCity, type StoppedCity } from "./stopped-city.ts";

const options = {
  ...stoppedCityOptions,
  from: { type: "string" },
  to: { type: "string" },
  lost: { type: "boolean", default: false },
} as const;

/** Exit code 1 when lines were refused. Throws what a person can do about it, as all commands. */
export async function backfillCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const isOfBodies = values.lost || values.from !== undefined || values.to !== undefined;
  if (isOfBodies && positionals.length > 0)
    throw new Error("expected files, or --from and --to, or --lost: not two of them");
  if (isOfBodies) return refoldCommand(values);
  if (positionals.length === 0)
    throw new Error("expected one or more files: backfill FILE…, or --from and --to, or --lost");
  const files = positionals.map((file) => resolve(file));
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) throw new Error(`there is no file ${missing}`);
  return withStoppedCity(values, (stopped) => takeFiles(files, stopped));
}

async function takeFiles(files: readonly string[], stopped: StoppedCity): Promise<number> {
  const { folder, dataDir, history, signal } = stopped;
  const revisions = Object.fromEntries(folder.indicators.map(({ id, revision }) => [id, revision]));
  let refused = 0;
  for (const file of files) {
    const dir = join(dataDir, "history");
    const csv = file.endsWith(".parquet") ? await csvOf(file, dir) : file;
    const about = { file: csv, dir, knownAt: Date.now(), revisions, isWhole: () => true };
    let last: BackfillProgress | null = null;
    for await (const progress of backfill(history, { ...about, signal })) {
      last = progress;
      show(file, progress);
    }
    process.stdout.write(last ? "\n" : `${file}  nothing that was not taken before\n`);
    if (last?.reason != null)
      process.stderr.write(`${last.refused} lines refused; the first: ${last.reason}\n`);
    refused += last?.refused ?? 0;
    // All of it has been taken: made again, nothing of it would be.
    if (csv !== file) await rm(csv, { force: true });
  }
  await history.maintain(Date.now());
  return refused > 0 ? 1 : 0;
}

/** Of Parquet: what reads it is large, and loaded by who has such a file. */
async function csvOf(file: string, dir: string): Promise<string> {
  const { csvOfParquet } = await import("../history/extract-parquet.ts");
  return csvOfParquet(file, dir);
}

/** On a terminal the line is written over, elsewhere each part has its own. */
function show(file: string, { bytes, size, rows, toAt }: BackfillProgress): void {
  const percent = Math.floor((100 * bytes) / Math.max(1, size));
  const upTo = toAt === null ? "" : `  up to ${new Date(toAt).toISOString().slice(0, 16)}Z`;
  const line = `${file}  ${String(percent).padStart(3)} %${upTo}  ${rows} rows`;
  process.stdout.write(process.stdout.isTTY ? `\r${line}` : `${line}\n`);
}
