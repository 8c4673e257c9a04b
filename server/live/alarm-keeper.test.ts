import { mkdtemp, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { AlarmEvent, CommandAnswer } from "../../shared/alarms.ts";
import type { AlarmChanges } from "../core/alarms/board.ts";
import { neverActive } from "../core/alarms/machine.ts";
import type { KeptAlarm } from "../core/alarms/watched.ts";
import { recordDesk } from "../records/record-desk.ts";
import { AlarmKeeper, type AlarmStore, type AlarmWrites } from "./alarm-keeper.ts";

const silent = { warn: () => undefined, info: () => undefined };
const soon = { timeout: 10_000 };

const alarm = (rule: string, activeAt = 1): KeptAlarm => ({
  rule,
  group: null,
  memory: { ...neverActive, isActive: true, occurrence: 1, activeAt },
  about: null,
  position: null,
});

const raised = (rule: string, at = 1): AlarmChanges => {
  const event: AlarmEvent = {
    at,
    alarm: rule,
    rule,
    group: null,
    occurrence: 1,
    kind: "raised",
    priority: "low",
    state: "unacknowledged",
    value: null,
    by: null,
    text: null,
    until: null,
  };
  return { alarms: [], kept: [[rule, alarm(rule, at)]], events: [event] };
};

/** A store in memory that fails while it is told to. */
class FakeStore implements AlarmStore {
  failure: string | null = null;
  readonly rows = new Map<string, KeptAlarm>();
  readonly events: AlarmEvent[] = [];

  async kept(): Promise<readonly KeptAlarm[]> {
    this.#fail();
    return Array.from(this.rows.values());
  }

  async write({ kept, events }: AlarmWrites): Promise<void> {
    this.#fail();
    for (const [id, row] of kept) if (row) this.rows.set(id, row);
    for (const [id, row] of kept) if (!row) this.rows.delete(id);
    this.events.push(...events);
  }

  /** How the store answers about a command. */
  answering: Promise<CommandAnswer | null> = Promise.resolve(null);

  findAnswer(): Promise<CommandAnswer | null> {
    return this.answering;
  }

  prunedBefore: number[] = [];

  async prune(before: number): Promise<void> {
    this.prunedBefore.push(before);
  }

  #fail(): void {
    if (this.failure !== null) throw new Error(this.failure);
  }
}

function keeperOf(store: FakeStore) {
  const keeper = new AlarmKeeper({
    open: async () => store,
    now: () => 77,
    keptMs: () => 70,
    log: silent,
    retryMs: 10,
  });
  let troubles = 0;
  keeper.onTrouble = () => void troubles++;
  onTestFinished(() => keeper.close());
  return { keeper, troubles: () => troubles };
}

test.each(["database or disk is full", "attempt to write a readonly database", "connection refused"])(
  "%s: alarms go on, what waits is said, and is written when it can be",
  async (failure) => {
    const store = new FakeStore();
    const { keeper, troubles } = keeperOf(store);
    await keeper.restore(1_000);
    store.failure = failure;
    keeper.take(raised("a"));
    expect(await keeper.written(1_000)).toBe(failure);
    keeper.take(raised("b", 2));
    expect(keeper.kept.map(({ rule }) => rule)).toEqual(["a", "b"]);
    expect(keeper.unstored).toEqual({ count: 2, since: 77, error: failure });
    store.failure = null;
    await expect.poll(() => keeper.unstored, soon).toBeNull();
    expect(store.events.map(({ rule }) => rule)).toEqual(["a", "b"]);
    expect(Array.from(store.rows.keys())).toEqual(["a", "b"]);
    expect(troubles()).toBe(2);
  },
);

test("what waits for too long is given up, the oldest first, and counted; what each alarm is never is", async () => {
  const store = new FakeStore();
  const { keeper } = keeperOf(store);
  await keeper.restore(1_000);
  store.failure = "full";
  for (let i = 0; i < 50_010; i++) keeper.take(raised("a", i));
  await expect.poll(() => keeper.unstored?.count, soon).toBe(50_010);
  store.failure = null;
  await expect.poll(() => keeper.unstored, soon).toBeNull();
  expect(store.events).toHaveLength(45_010);
  // The first was under way.
  expect(store.events[1]?.at).toBe(5_001);
  expect(store.rows.get("a")?.memory.activeAt).toBe(50_009);
});

test("what the last run left is read late when it could not be at the start, and is not written over before", async () => {
  const store = new FakeStore();
  store.rows.set("old", alarm("old", 5));
  store.failure = "locked";
  const { keeper } = keeperOf(store);
  const late: string[] = [];
  keeper.onRead = (kept) => late.push(...kept.map(({ rule }) => rule));
  await keeper.restore(1_000);
  expect(keeper.kept).toEqual([]);
  keeper.take(raised("new"));
  store.failure = null;
  await expect.poll(() => keeper.unstored, soon).toBeNull();
  expect(late).toEqual(["old"]);
  expect(Array.from(store.rows.keys())).toEqual(["old", "new"]);
});

test("a start waits for nobody", async () => {
  const keeper = new AlarmKeeper({
    open: () => new Promise(() => undefined),
    now: () => 0,
    keptMs: () => 70,
    log: silent,
  });
  await keeper.restore(10);
  keeper.take(raised("a"));
  expect(await keeper.written(10)).toBe("the store does not answer");
});

test("a database that another program has locked, for real", async () => {
  const folder = await mkdtemp(join(tmpdir(), "citydeck-keeper-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "records.sqlite");
  const records = recordDesk(path, "");
  const open = async () => (await records.open()).alarms;
  const keeper = new AlarmKeeper({ open, now: () => 77, keptMs: () => 70, log: silent, retryMs: 20 });
  await keeper.restore(5_000);
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  keeper.take(raised("a"));
  expect(await keeper.written(20_000)).toMatch(/locked/);
  expect(keeper.unstored).toMatchObject({ count: 1 });
  other.exec("ROLLBACK");
  other.close();
  await expect.poll(() => keeper.unstored, soon).toBeNull();
  expect((await (await open()).kept()).map(({ rule }) => rule)).toEqual(["a"]);
  await keeper.close();
  await records.close();
});

test("a store that does not say whether a command was done before delays it for a moment only", async () => {
  const store = new FakeStore();
  const { keeper } = keeperOf(store);
  await keeper.restore(1_000);
  const answer = { results: [], unstored: null };
  store.answering = Promise.resolve(answer);
  expect(await keeper.findAnswer("key", 1_000)).toEqual(answer);
  store.answering = new Promise(() => undefined);
  expect(await keeper.findAnswer("key", 20)).toBeNull();
});

test("what is older than the city keeps is forgotten, once a day", async () => {
  const store = new FakeStore();
  const { keeper } = keeperOf(store);
  await keeper.restore(1_000);
  for (const rule of ["a", "b", "c"]) {
    keeper.take(raised(rule));
    await keeper.written(1_000);
  }
  expect(store.prunedBefore).toEqual([7]);
});
