/** The history's own process on a disk in trouble: what was acknowledged is there, and whoever records goes on. */

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { noMinutes, noObservations, type HistoryBatch } from "../server/history/history.ts";
import { startHistory, type HistoryHost, type HistoryLimits } from "../server/history/host.ts";
import { noRows } from "../server/history/lost.ts";
import { Recorder } from "../server/history/recorder.ts";
import { emptyBatch } from "../server/core/city/changes.ts";
import { City } from "../server/core/city/city.ts";
import { temporaryDir } from "./city-files.ts";
import { entity, indicator, noon, plan, word } from "./planned-city.ts";

const patient = 60_000;
const never = new AbortController().signal;
const stations = 400;

let dir = "";
let hosts: HistoryHost[] = [];
let events: string[] = [];

beforeEach(async () => {
  dir = await temporaryDir("history-disk");
  events = [];
});

afterEach(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  hosts = [];
  rmSync(dir, { recursive: true, force: true });
});

async function start(
  folder: string,
  limits: Partial<HistoryLimits> = {},
  program?: string,
): Promise<HistoryHost> {
  const note = (line: unknown): void => void events.push((line as { event: string }).event);
  const host = await startHistory({
    dir: folder,
    ...(program !== undefined && { program }),
    zone: "UTC",
    log: { info: note, warn: note },
    limits: { retryAfterMs: 100, restartAfterMs: 100, restartAfterMsAtMost: 500, ...limits },
  });
  hosts.push(host);
  return host;
}

/** A city in which every station changes every second; gives what one second of it is to the history. */
function recordedSeconds(): (second: number) => HistoryBatch {
  const counts = indicator({ id: "transport.bikes", measure: { sum: "numVehiclesAvailable" } });
  const city = new City(plan({ indicators: [counts] }));
  const recorder = new Recorder(1);
  recorder.begin([counts]);
  return (second) => {
    const at = noon + second * 1000;
    const entities = Array.from({ length: stations }, (_, i) =>
      entity("StationStatus", `${i}`, {
        observedAt: at,
        receivedAt: at,
        fields: { numVehiclesAvailable: second, name: `${i} ${second}`.padEnd(200, "x") },
      }),
    );
    const changes = city.advance({ ...emptyBatch, words: [word({ entities }, { receivedAt: at })] }, at);
    recorder.record({ city, changes, moments: [], isPast: false });
    return recorder.take()!;
  };
}

/** How many bikes every station had at a second, as it was known then. */
async function bikesAt(host: HistoryHost, second: number): Promise<readonly unknown[]> {
  const { entities } = await host.cityAt(noon + second * 1000, "then", ["StationStatus"], never);
  return (entities.get("StationStatus") ?? []).map(({ fields }) => fields["numVehiclesAvailable" as never]);
}

function allHave(second: number): readonly number[] {
  return Array<number>(stations).fill(second);
}

test(
  "a process that is killed again and again loses nothing that was acknowledged",
  { timeout: patient },
  async () => {
    const host = await start(dir);
    const second = recordedSeconds();
    const acknowledged: Promise<void>[] = [];
    for (let i = 0; i < 12; i++) {
      acknowledged.push(host.append(second(i)));
      if (i % 4 !== 3) continue;
      // Some of the last are on disk, some under way and some wait.
      await acknowledged[i - 2];
      process.kill(host.pid!, "SIGKILL");
      await vi.waitUntil(() => host.pid === null, patient);
    }
    await Promise.all(acknowledged);
    expect(host.health.lost.entities).toBe(0);
    for (let i = 0; i < 12; i++) expect(await bikesAt(host, i)).toEqual(allHave(i));
  },
);

const vehicles = 1_000;

/** What a second of many vehicles is to the history, which say where they are four times in it. */
function drivenSecond(second: number): HistoryBatch {
  const entities = Array.from({ length: 4 }, (_, tick) => {
    const knownAt = noon + second * 1000 + tick * 250;
    const changed = Array.from({ length: vehicles }, (_vehicle, i) =>
      entity("VehiclePosition", `${i}`, {
        observedAt: knownAt,
        receivedAt: knownAt,
        fields: { tripId: `${second}.${tick}`, label: `${i} ${knownAt}`.padEnd(40, "x"), speed: i / 7 },
      }),
    );
    return {
      kind: "VehiclePosition",
      knownAt,
      isKeyframe: second + tick === 0,
      changed,
      removed: [],
    } as const;
  });
  return {
    minutes: noMinutes(),
    readings: [],
    observations: noObservations(),
    entities,
    feeds: [],
    moments: [],
  };
}

test(
  "an engine without memory for a batch is opened anew and gets it in parts: rows are late, and none is lost",
  { timeout: patient },
  async () => {
    const host = await start(dir, {}, join(import.meta.dirname, "history-little-memory.ts"));
    const seconds = 8;
    await Promise.all(Array.from({ length: seconds }, (_, i) => host.append(drivenSecond(i))));
    expect(host.health.lost).toEqual(noRows);
    expect(events).toContain("history-not-kept");
    await host.close();
    const roomy = await start(dir);
    for (let second = 0; second < seconds; second++)
      for (let tick = 0; tick < 4; tick++) {
        const at = noon + second * 1000 + tick * 250;
        const { entities } = await roomy.cityAt(at, "then", ["VehiclePosition"], never);
        const trips = entities.get("VehiclePosition")!.map(({ fields }) => fields["tripId" as never]);
        expect(trips).toEqual(Array(vehicles).fill(`${second}.${tick}`));
      }
  },
);

const canMount = process.platform === "linux" && process.getuid?.() === 0;
if (!canMount) console.warn("history on a full and on a read-only disk: not tried, only root may mount one");

describe.skipIf(!canMount)("a disk", () => {
  let disk = "";

  beforeEach(() => {
    disk = join(dir, "disk");
    mkdirSync(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", disk]);
  });

  afterEach(async () => {
    await Promise.all(hosts.map((host) => host.close()));
    hosts = [];
    execFileSync("umount", [disk]);
  });

  const remount = (options: string): void => void execFileSync("mount", ["-o", `remount,${options}`, disk]);

  test(
    "that is full: the oldest are counted as lost, the rest is kept when there is room",
    { timeout: patient },
    async () => {
      const host = await start(join(disk, "history"), { waitingBytes: 2 ** 16 });
      const second = recordedSeconds();
      await host.append(second(0));
      let i = 1;
      let slowest = 0;
      while (host.health.lost.entities === 0) {
        const before = performance.now();
        const kept = host.append(second(i++)).catch(() => undefined);
        slowest = Math.max(slowest, performance.now() - before);
        // As fast as the disk, while there is one.
        await Promise.race([kept, sleep(200)]);
      }
      expect(events).toContain("history-not-kept");
      // Whoever records waits for none of it.
      expect(slowest).toBeLessThan(500);
      remount("size=64m");
      await host.append(second(i));
      expect(await bikesAt(host, i)).toEqual(allHave(i));
      expect(await bikesAt(host, 0)).toEqual(allHave(0));
      expect(host.lostStretches[0]!.rows.entities).toBe(host.health.lost.entities);
    },
  );

  test(
    "that can only be read: what is recorded waits until it can be written",
    { timeout: patient },
    async () => {
      remount("ro");
      const host = await start(join(disk, "history"));
      const second = recordedSeconds();
      const kept = host.append(second(0));
      await vi.waitUntil(() => events.includes("history-not-open"), patient);
      expect(host.health).toMatchObject({ isOpen: false, lost: { entities: 0 } });
      remount("rw,size=64m");
      await kept;
      expect(await bikesAt(host, 0)).toEqual(allHave(0));
    },
  );
});
