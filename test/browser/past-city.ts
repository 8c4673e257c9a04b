/** A running city that has had a past: an extract of its figures by the hour, taken into its history before it begins. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { expect } from "vitest";
import { backfill } from "../../server/history/backfill.ts";
import { startHistory } from "../../server/history/host.ts";
import { temporaryDir, walkCity } from "../city-files.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";

/** Hours of a series. */
export interface PastHours {
  readonly series: string;
  readonly fromAt: number;
  readonly toAt: number;
  readonly valueAt: (at: number) => number;
}

const hour = 3_600_000;

export async function startPastCity(
  name: string,
  past: readonly PastHours[],
  settings: Readonly<Record<string, unknown>> = walkCity,
): Promise<BikeCity> {
  const dir = await temporaryDir(name);
  const lines = ["series,at,seconds,value"];
  for (const { series, fromAt, toAt, valueAt } of past)
    for (let at = fromAt; at < toAt; at += hour)
      lines.push(`${series},${new Date(at).toISOString()},3600,${valueAt(at)}`);
  await writeFile(join(dir, "old.csv"), `${lines.join("\n")}\n`);
  const indicators = new Set(past.map(({ series }) => series.replace(/\{.*/, "")));
  await takeIn(join(dir, "old.csv"), join(dir, "data", "history"), Array.from(indicators));
  return startBikeCity(name, settings, undefined, {}, dir);
}

/** As `citydeck backfill` does. */
async function takeIn(file: string, into: string, indicators: readonly string[]): Promise<void> {
  const history = await startHistory({
    dir: into,
    zone: walkCity["city.json"].zone,
    log: pino({ level: "silent" }),
  });
  const revisions = Object.fromEntries(indicators.map((id) => [id, "1"]));
  const about = { file, dir: into, knownAt: Date.now(), revisions };
  const signal = new AbortController().signal;
  for await (const { refused } of backfill(history, { ...about, isWhole: () => true, signal }))
    expect(refused).toBe(0);
  await history.close();
}
