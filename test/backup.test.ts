/** A backup of the demo city while it writes its past, and the city that comes of it, as a person makes them. */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { SeriesItem } from "../shared/series.ts";
import { temporaryDir } from "./city-files.ts";
import { citydeck, runCitydeck } from "./run-command.ts";

const hourMs = 3_600_000;
const patient = { timeout: 120_000, interval: 200 };
let dir = "";
const cities: ChildProcess[] = [];

beforeAll(async () => {
  dir = await temporaryDir("backup");
});

afterAll(async () => {
  for (const city of cities.splice(0)) {
    if (city.exitCode !== null || city.signalCode !== null) continue;
    city.kill("SIGTERM");
    await once(city, "exit");
  }
  await rm(dir, { recursive: true, force: true });
}, 60_000);

/** Starts the demo city over a data folder and gives its address. */
async function start(data: string): Promise<{ readonly city: ChildProcess; readonly url: string }> {
  const city = spawn(process.execPath, [citydeck, "start", "--port", "0", "--data", data], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  cities.push(city);
  let said = "";
  city.stdout.on("data", (text: Buffer) => (said += String(text)));
  const url = await vi.waitUntil(() => /Start page +(http:\S+)\//.exec(said)?.[1], patient);
  return { city, url };
}

/** Of an hour from `from` on; `asOf` is one more parameter, or nothing. */
async function hourOf(url: string, from: number, asOf = ""): Promise<readonly SeriesItem[]> {
  const ids = "transport.stations-empty,community.noise";
  const answer = await fetch(`${url}/api/v1/series?indicator=${ids}&from=${from}&to=${from + hourMs}${asOf}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as readonly SeriesItem[];
}

test("a city that was killed is, from its backup, what it was", { timeout: 300_000 }, async () => {
  const [data, backup, restored] = [join(dir, "data"), join(dir, "backup"), join(dir, "restored")];
  const { city, url } = await start(data);
  // Of the two days whose minutes are written first, the first hour.
  const from = Math.floor((Date.now() - 48 * hourMs) / hourMs) * hourMs + hourMs;
  const isThere = async (): Promise<boolean> =>
    (await hourOf(url, from)).every(({ points }) => points.at(-1)!.value !== null);
  await vi.waitUntil(isThere, patient);

  const made = await runCitydeck("backup", backup, "--data", data);
  expect([made.code, made.stderr]).toEqual([0, ""]);
  expect(made.stdout).toMatch(/Backing up .* 100 %/);
  expect(made.stdout).toMatch(/the city "merrow-bay" as known at \S+Z, \d+ files/);
  const { knownTo } = JSON.parse(await readFile(join(backup, "backup.json"), "utf8")) as { knownTo: string };
  const before = await hourOf(url, from, `&asOf=${knownTo}`);

  const running = await runCitydeck("restore", backup, "--data", data);
  expect([running.code, running.stderr]).toEqual([
    1,
    expect.stringContaining("is in use by another Citydeck"),
  ]);
  city.kill("SIGKILL");
  await once(city, "exit");
  const full = await runCitydeck("restore", backup, "--data", data);
  expect([full.code, full.stderr]).toEqual([1, expect.stringContaining("is not empty: choose another one")]);

  const took = await runCitydeck("restore", backup, "--data", restored);
  expect([took.code, took.stderr]).toEqual([0, ""]);
  const again = await start(restored);
  const after = await hourOf(again.url, from, `&asOf=${knownTo}`);
  expect(before[0]!.points).toHaveLength(60);
  expect(after).toEqual(before);
});

test(
  "of a city that is stopped, a backup is made too; one that is damaged is not restored",
  { timeout: 120_000 },
  async () => {
    const [data, backup, restored] = [join(dir, "data"), join(dir, "stopped"), join(dir, "damaged")];
    const made = await runCitydeck("backup", backup, "--data", data);
    expect([made.code, made.stderr]).toEqual([0, ""]);
    await truncate(join(backup, "history", "history.duckdb"), 4096);
    const refused = await runCitydeck("restore", backup, "--data", restored);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining("is damaged: history/history.duckdb: 4096 bytes, it had"),
    ]);
    const half = await runCitydeck("restore", `${backup}.unfinished`, "--data", restored);
    expect([half.code, half.stderr]).toEqual([1, expect.stringContaining("is no backup")]);
  },
);
