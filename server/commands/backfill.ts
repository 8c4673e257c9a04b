/** `citydeck backfill FILE…`: takes extracts of the past into a city's history. */

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pino } from "pino";
import { readCityFolder } from "../city-folder/city-folder.ts";
import { recordingsDir } from "../city-folder/recordings.ts";
import { claimDataFolder, holdDataFolder } from "../data-folder.ts";
import { backfill, type BackfillProgress } from "../history/backfill.ts";
import { startHistory, type HistoryHost } from "../history/host.ts";
import { demoCity, ownerOf, usualDataDir } from "./start.ts";

const options = { city: { type: "string" }, data: { type: "string" } } as const;

/** Exit code 1 when lines were refused. Throws what a person can do about it, as all commands. */
export async function backfillCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (positionals.length === 0) throw new Error("expected one or more files: backfill FILE…");
  const files = positionals.map((file) => resolve(file));
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) throw new Error(`there is no file ${missing}`);
  const cityDir = resolve(values.city ?? demoCity);
  const folder = readCityFolder(cityDir, { recordings: recordingsDir(), env: process.env });
  if (!folder.ok) throw new Error(`${cityDir} has faults; citydeck check ${cityDir} says them`);
  const dataDir = values.data === undefined ? usualDataDir(cityDir) : resolve(values.data);
  const { letGo } = await holdDataFolder(dataDir);
  const stopping = new AbortController();
  process.once("SIGINT", () => {
    stopping.abort(new Error("stopped; the same command goes on from here"));
  });
  let history: HistoryHost | null = null;
  try {
    claimDataFolder(dataDir, ownerOf(cityDir), values.data !== undefined);
    const log = pino({ base: null, level: process.env["CITYDECK_LOG"] ?? "warn" }, pino.destination(2));
    const { settings, indicators } = folder.value;
    const dir = join(dataDir, "history");
    history = await startHistory({ dir, zone: settings.zone, log });
    const revisions = Object.fromEntries(indicators.map(({ id, revision }) => [id, revision]));
    let refused = 0;
    for (const file of files) {
      const about = { file, dir, knownAt: Date.now(), revisions, isWhole: () => true };
      let last: BackfillProgress | null = null;
      for await (const progress of backfill(history, { ...about, signal: stopping.signal })) {
        last = progress;
        show(file, progress);
      }
      process.stdout.write(last ? "\n" : `${file}  nothing that was not taken before\n`);
      if (last?.reason != null)
        process.stderr.write(`${last.refused} lines refused; the first: ${last.reason}\n`);
      refused += last?.refused ?? 0;
    }
    await history.maintain(Date.now());
    return refused > 0 ? 1 : 0;
  } finally {
    await history?.close();
    await letGo();
  }
}

/** On a terminal the line is written over, elsewhere each part has its own. */
function show(file: string, { bytes, size, rows, toAt }: BackfillProgress): void {
  const percent = Math.floor((100 * bytes) / Math.max(1, size));
  const upTo = toAt === null ? "" : `  up to ${new Date(toAt).toISOString().slice(0, 16)}Z`;
  const line = `${file}  ${String(percent).padStart(3)} %${upTo}  ${rows} rows`;
  process.stdout.write(process.stdout.isTTY ? `\r${line}` : `${line}\n`);
}
