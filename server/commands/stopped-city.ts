/** A city that is not running, held by a command that works on its history. */

import { join, resolve } from "node:path";
import { pino, type Logger } from "pino";
import { readCityFolder, type CityFolder } from "../city-folder/city-folder.ts";
import { recordingsDir } from "../city-folder/recordings.ts";
import { claimDataFolder, holdDataFolder } from "../data-folder.ts";
import { startHistory, type HistoryHost } from "../history/host.ts";
import { demoCity, ownerOf, usualDataDir } from "./start.ts";

export interface StoppedCity {
  readonly folder: CityFolder;
  readonly dataDir: string;
  readonly history: HistoryHost;
  readonly log: Logger;
  /** Aborts when a person interrupts the command. */
  readonly signal: AbortSignal;
}

export const stoppedCityOptions = { city: { type: "string" }, data: { type: "string" } } as const;

/** Runs `work` with the city's history; what was begun is ended however it ends. Throws what a person can do about it. */
export async function withStoppedCity<T>(
  { city, data }: { readonly city?: string | undefined; readonly data?: string | undefined },
  work: (stopped: StoppedCity) => Promise<T>,
): Promise<T> {
  const cityDir = resolve(city ?? demoCity);
  const folder = readCityFolder(cityDir, { recordings: recordingsDir(), env: process.env });
  if (!folder.ok) throw new Error(`${cityDir} has faults; citydeck check ${cityDir} says them`);
  const dataDir = data === undefined ? usualDataDir(cityDir) : resolve(data);
  const { letGo } = await holdDataFolder(dataDir);
  const stopping = new AbortController();
  process.once("SIGINT", () => {
    stopping.abort(new Error("stopped; the same command goes on from here"));
  });
  let history: HistoryHost | null = null;
  try {
    claimDataFolder(dataDir, ownerOf(cityDir), data !== undefined);
    const log = pino({ base: null, level: process.env["CITYDECK_LOG"] ?? "warn" }, pino.destination(2));
    history = await startHistory({ dir: join(dataDir, "history"), zone: folder.value.settings.zone, log });
    return await work({ folder: folder.value, dataDir, history, log, signal: stopping.signal });
  } finally {
    await history?.close();
    await letGo();
  }
}
