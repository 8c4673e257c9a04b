/** Alarms on a disk in trouble, and more of them than any disk takes: they go on, what is not written is said, and nothing piles up. */

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AlarmEvent } from "../shared/alarms.ts";
import type { AlarmChanges } from "../server/core/alarms/board.ts";
import { judge, neverActive, type AlarmMemory } from "../server/core/alarms/machine.ts";
import type { KeptAlarm } from "../server/core/alarms/watched.ts";
import { AlarmKeeper, type AlarmStore, type AlarmWrites } from "../server/live/alarm-keeper.ts";
import { recordDesk, type RecordDesk } from "../server/records/record-desk.ts";
import { rule as ruleOf } from "./alarm-samples.ts";
import { temporaryDir } from "./city-files.ts";

const silent = { warn: () => undefined, info: () => undefined };
const soon = { timeout: 20_000 };
const rule = { ...ruleOf("transport.bridge-shut"), onDelaySeconds: 0, offDelaySeconds: 0 };

/** One alarm that comes and goes at each look. */
class Flapping {
  readonly id: string;
  #memory: AlarmMemory = neverActive;

  constructor(id: string) {
    this.id = id;
  }

  next(at: number): AlarmChanges {
    const verdict = this.#memory.isActive ? "clear" : "abnormal";
    const { memory, events } = judge(this.#memory, rule, verdict, at);
    this.#memory = memory;
    const kept: KeptAlarm = { rule: this.id, group: null, memory, about: null, position: null };
    return {
      alarms: [],
      kept: [[this.id, kept]],
      events: events.map((kind): AlarmEvent => ({
        at,
        alarm: this.id,
        rule: this.id,
        group: null,
        occurrence: memory.occurrence,
        kind,
        priority: "low",
        state: memory.isActive ? "unacknowledged" : "returned",
        value: null,
        by: null,
        text: null,
        until: null,
      })),
    };
  }
}

let dir = "";

beforeEach(async () => {
  dir = await temporaryDir("alarm-disk");
});

afterEach(() => rm(dir, { recursive: true, force: true }));

test("a million changes while the store hangs: so many wait, the rest is counted, and what holds now is written", async () => {
  const written: AlarmWrites[] = [];
  const hang = Promise.withResolvers<void>();
  const store: AlarmStore = {
    kept: () => Promise.resolve([]),
    findAnswer: () => Promise.resolve(null),
    prune: () => Promise.resolve(),
    async write(what) {
      if (written.length === 0) await hang.promise;
      written.push(what);
    },
  };
  let lost = 0;
  const log = { ...silent, info: (line: object) => void (lost = (line as { lost?: number }).lost ?? lost) };
  const keeper = new AlarmKeeper({ open: async () => store, now: () => 0, keptMs: () => 1, log });
  await keeper.restore(1_000);
  const alarms = Array.from({ length: 1_000 }, (_, i) => new Flapping(`transport.flaps-${i}`));
  let made = 0;
  for (let at = 1; at <= 1_000; at++)
    for (const alarm of alarms) {
      const changes = alarm.next(at);
      made += changes.events.length;
      keeper.take(changes);
    }
  expect(made).toBe(1_000_000);
  expect(keeper.kept).toHaveLength(1_000);
  expect(keeper.unstored).toMatchObject({ count: made - 1, error: "the store does not answer" });
  hang.resolve();
  await expect.poll(() => keeper.unstored, soon).toBeNull();
  await keeper.close();
  const stored = written.reduce((sum, { events }) => sum + events.length, 0);
  // What was under way when the store hung, and what waits at most.
  expect(stored).toBeGreaterThan(45_000);
  expect(stored).toBeLessThanOrEqual(50_001);
  expect(stored + lost).toBe(made);
  const last = written.at(-1)!;
  expect(last.kept.size).toBe(1_000);
  for (const kept of last.kept.values())
    expect(kept).toMatchObject({ memory: { isActive: false, occurrence: 500 } });
}, 60_000);

const canMount = process.platform === "linux" && process.getuid?.() === 0;

describe.skipIf(!canMount)("a disk", () => {
  let disk = "";
  let records: RecordDesk;
  let keeper: AlarmKeeper;

  const startKeeper = async (): Promise<void> => {
    records = recordDesk(join(disk, "records.sqlite"), "");
    const open = async () => (await records.open()).alarms;
    keeper = new AlarmKeeper({ open, now: () => 77, keptMs: () => 1_000, log: silent, retryMs: 50 });
    await keeper.restore(10_000);
  };

  beforeEach(async () => {
    disk = join(dir, "disk");
    mkdirSync(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]);
    await startKeeper();
  });

  afterEach(async () => {
    await keeper.close();
    await records.close();
    execFileSync("umount", [disk]);
  });

  test("that is full: alarms go on, it is said why they are not written, and they are when there is room", async () => {
    const flapping = Array.from({ length: 200 }, (_, i) => new Flapping(`transport.flaps-${i}`));
    for (const alarm of flapping) keeper.take(alarm.next(1));
    expect(await keeper.written(10_000)).toBeNull();
    const ballast = join(disk, "ballast");
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(ballast, Buffer.alloc(bavail * bsize));
    for (let at = 2; at <= 11; at++) for (const alarm of flapping) keeper.take(alarm.next(at));
    expect(await keeper.written(20_000)).toMatch(/full/);
    expect(keeper.unstored).toMatchObject({ count: 2_000, since: 77 });
    expect(keeper.kept).toHaveLength(200);
    rmSync(ballast);
    await expect.poll(() => keeper.unstored, soon).toBeNull();
    // A start afterwards finds all of it.
    const before = keeper.kept;
    await keeper.close();
    await records.close();
    await startKeeper();
    expect(keeper.kept.toSorted(byRule)).toEqual(before.toSorted(byRule));
    const { alarms } = await records.open();
    const { events } = await alarms.events({ fromAt: 0, toAt: 99, alarm: null, atMost: 9_999 });
    expect(events).toHaveLength(2_200);
  }, 90_000);
});

function byRule(a: KeptAlarm, b: KeptAlarm): number {
  return a.rule < b.rule ? -1 : 1;
}
