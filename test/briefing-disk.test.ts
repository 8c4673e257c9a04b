/** Briefings on a disk that is full: nothing half-made is there, the reader is told, and it is issued when there is room. */

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { BriefingItem, IssuedBriefing } from "../shared/briefing.ts";
import type { RunningCitydeck } from "../server/main.ts";
import { bikeFiles, temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { logInto, startCity, withToken } from "./running-city.ts";

const canMount = process.platform === "linux" && process.getuid?.() === 0;

const briefing = {
  version: 1,
  title: { en: "Morning briefing", zh: "早间简报" },
  audience: { en: "Mayor", zh: "市长" },
  period: { of: "day", until: "now" },
  sections: ["unusual", "data", "next"],
};

describe.skipIf(!canMount)("a disk that is full", () => {
  let dir: string;
  let disk: string;
  let city: RunningCitydeck;
  const said: string[] = [];

  beforeEach(async () => {
    dir = await temporaryDir("briefing-disk");
    disk = join(dir, "data", "briefings");
    mkdirSync(disk, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]);
    const hourAgo = Date.now() - 3_600_000;
    const due = new Intl.DateTimeFormat("en-GB", {
      timeZone: walkCity["city.json"].zone,
      hour: "2-digit",
      minute: "2-digit",
    }).format(hourAgo);
    await writeJsonFiles(dir, {
      ...walkCity,
      ...bikeFiles(7, Date.now()),
      "briefings/asked.json": { ...briefing, id: "asked" },
      "briefings/scheduled.json": { ...briefing, id: "scheduled", schedule: [{ at: due }] },
      "data/briefings/scheduled.json": { scheduled: hourAgo - 3_600_000 },
    });
    for (const folder of ["issued", "editions", "untold"]) mkdirSync(join(disk, folder));
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, "ballast"), Buffer.alloc(bavail * bsize));
    city = await startCity({ cityDir: dir, dataDir: join(dir, "data"), log: logInto(said) });
  }, 60_000);

  afterEach(async () => {
    await city?.stop();
    execFileSync("umount", [disk]);
    await rm(dir, { recursive: true, force: true });
  });

  const issue = (): Promise<Response> =>
    fetch(`${city.url}/api/v1/briefings`, {
      method: "POST",
      headers: { "content-type": "application/json", ...withToken },
      body: JSON.stringify({ definition: "asked" }),
    });
  const list = async (): Promise<string[]> =>
    ((await (await fetch(`${city.url}/api/v1/briefings`)).json()) as BriefingItem[]).map(
      (one) => one.definition,
    );

  test("takes nothing half, says so, and what was due is issued when there is room", async () => {
    await expect
      .poll(() => said.some((line) => line.includes('"briefing-not-issued"')), { timeout: 30_000 })
      .toBe(true);
    const refused = await issue();
    expect([refused.status, await refused.json()]).toMatchObject([
      503,
      {
        detail:
          "the disk with the data folder is full: nothing of it was kept, and it can be issued when there is room",
      },
    ]);
    expect([readdirSync(join(disk, "issued")), await list()]).toEqual([[], []]);
    expect(await (await fetch(`${city.url}/briefings`)).text()).toContain("No briefing has been issued yet");

    rmSync(join(disk, "ballast"));
    const made = await issue();
    expect(made.status).toBe(201);
    const { briefing: asked } = (await made.json()) as IssuedBriefing;
    // A minute passes, after which what was due is tried again.
    const real = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => real() + 61_000);
    await expect
      .poll(async () => (await list()).toSorted(), { timeout: 30_000 })
      .toEqual(["asked", "scheduled"]);
    vi.restoreAllMocks();
    expect(readdirSync(join(disk, "issued"))).toHaveLength(2);
    expect((await fetch(`${city.url}/briefing/${asked.id}`)).status).toBe(200);
  }, 90_000);
});
