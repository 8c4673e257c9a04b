import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dialect } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findPostgres, postgresAdvice, startPostgres, type RunningPostgres } from "../../test/postgres.ts";
import type { AlarmEvent } from "../../shared/alarms.ts";
import type { SavedView } from "../../shared/saved-view.ts";
import { neverActive } from "../core/alarms/machine.ts";
import { postgresDialect } from "./postgres-dialect.ts";
import { Records } from "./records.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";

let folder: string;
let records: Records;
let postgres: RunningPostgres | null = null;
/** Of the test that runs. */
let dialect: () => Dialect;
let databases = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "citydeck-records-"));
});

afterEach(() => rm(folder, { recursive: true }));

const inFile = (): Dialect => sqliteDialect(join(folder, "records.sqlite"));

async function inPostgres(): Promise<() => Dialect> {
  const name = `records${++databases}`;
  await postgres!.run(`CREATE DATABASE ${name}`);
  const url = postgres!.address().replace(/postgres$/, name);
  return () => postgresDialect(url);
}

const bin = findPostgres();
if (bin === null) console.warn(postgresAdvice);

beforeAll(async () => {
  if (bin !== null) postgres = await startPostgres(bin);
}, 60_000);

afterAll(() => postgres?.stop());

const open = () => Records.open(dialect());

async function saved(view: Omit<SavedView, "id">): Promise<SavedView> {
  const answer = await records.saveView(view);
  if (!answer.ok) throw new Error(answer.failure);
  return answer.value;
}

const draft = (fromAt: number, toAt: number, series: string | null = null) => ({
  series,
  fromAt,
  toAt,
  text: "Bridge closed; 桥梁关闭 ' \" ;--",
  author: "O'Neil",
  madeAt: 5,
});

const none = { count: 0, alarms: [] };
const calm = { open: none, shelved: none, outOfService: none, expected: [], muted: [], notes: [] };
const refusal = (failure: string) => ({ ok: false, failure });

const sqlite = { name: "SQLite", choose: async () => inFile };
const databasesHere = bin === null ? [sqlite] : [sqlite, { name: "PostgreSQL", choose: inPostgres }];

describe.each(databasesHere)("in $name", ({ choose }) => {
  beforeEach(async () => {
    dialect = await choose();
    records = await open();
  });

  afterEach(() => records.close());

  test("what touches the stretch is found, and what is about another series is not", async () => {
    const before = await records.annotate(draft(0, 99));
    const across = await records.annotate(draft(90, 100));
    const inside = await records.annotate(draft(150, 150, "transport.delay"));
    const other = await records.annotate(draft(160, 170, "security.calls"));
    await records.annotate(draft(200, 300));
    expect(await records.annotations(100, 200, null)).toEqual([across, inside, other]);
    expect(await records.annotations(100, 200, ["transport.delay"])).toEqual([across, inside]);
    expect(await records.annotations(100, 200, [])).toEqual([across]);
    expect(await records.annotations(99, 100, null)).toEqual([before, across]);
  });

  test("an annotation is changed by who has read it as it is", async () => {
    const { id } = await records.annotate(draft(0, 10));
    const later = { ...draft(5, 20), text: "Bridge open", madeAt: 6 };
    expect(await records.changeAnnotation(id, later, 5)).toEqual({ ok: true, value: { id, ...later } });
    expect(await records.annotations(0, 100, null)).toEqual([{ id, ...later }]);
    expect(await records.changeAnnotation(id, later, 5)).toEqual({ ok: false, failure: "changed" });
    await records.removeAnnotation(id, 7);
    expect(await records.changeAnnotation(id, later, 6)).toEqual({ ok: false, failure: "missing" });
    expect(await records.annotations(0, 100, null)).toEqual([]);
  });

  test("entries of a shift stay in their order, and the same key writes once", async () => {
    const by = { position: "Transport desk", shift: "Night", account: null };
    const first = await records.shifts.write({ key: "key of the first", by, text: "值班 ' \" ;--" }, 10);
    const second = await records.shifts.write(
      { key: "key of the second", by: { ...by, shift: null }, text: "b" },
      10,
    );
    expect(await records.shifts.write({ key: "key of the first", by, text: "other" }, 99)).toEqual(first);
    expect(await records.shifts.entries(10, 11)).toEqual([first, second]);
    expect(await records.shifts.entries(11, 100)).toEqual([]);
  });

  test("a hand-over waits until somebody else acknowledges it, once, and both stay", async () => {
    const { shifts } = records;
    const night = { position: "Transport desk", shift: "Night", account: null };
    const day = { ...night, shift: "Day" };
    const draft = { key: "key of the hand-over", by: night, text: "Quiet but for the quay." };
    const written = await shifts.handOver(draft, calm, 10);
    const waiting = { id: draft.key, at: 10, by: night, text: draft.text, content: calm, acknowledged: null };
    expect(written).toEqual({ ok: true, value: waiting });
    expect(await shifts.handOver(draft, calm, 11)).toEqual(written);
    expect(await shifts.handOver({ ...draft, key: "another key" }, calm, 11)).toEqual(refusal("waiting"));
    expect(await shifts.acknowledge(draft.key, { by: night, text: null }, 12)).toEqual(refusal("own"));
    expect(await shifts.acknowledge("none", { by: day, text: null }, 12)).toEqual(refusal("missing"));
    const acknowledged = { ...waiting, acknowledged: { at: 12, by: day, text: "明白" } };
    const answer = { ok: true, value: acknowledged };
    expect(await shifts.acknowledge(draft.key, { by: day, text: "明白" }, 12)).toEqual(answer);
    expect(await shifts.acknowledge(draft.key, { by: day, text: null }, 13)).toEqual(answer);
    const other = { ...day, position: "Security desk" };
    expect(await shifts.acknowledge(draft.key, { by: other, text: null }, 13)).toEqual(
      refusal("acknowledged"),
    );
    expect(await shifts.waiting()).toEqual([]);
    await records.close();
    records = await open();
    expect(await records.shifts.handovers(0, 11)).toEqual([acknowledged]);
    expect(await records.shifts.handovers(11, 99)).toEqual([]);
  });

  test("what several write at the same time is written in turn, and of two hand-overs of a position one", async () => {
    const by = { position: "Transport desk", shift: "Night", account: null };
    const texts = Array.from({ length: 20 }, (_, i) => `entry ${i}`);
    await Promise.all(texts.map((text) => records.shifts.write({ key: `key of ${text}`, by, text }, 10)));
    expect((await records.shifts.entries(0, 99)).map(({ text }) => text)).toEqual(texts);
    const both = ["one of two", "the other"].map((key) =>
      records.shifts.handOver({ key, by, text: "x" }, calm, 10),
    );
    expect((await Promise.all(both)).map(({ ok }) => ok)).toEqual([true, false]);
  });

  test("at a position without shifts whoever comes acknowledges under its name", async () => {
    const { shifts } = records;
    const gate = { position: "Gate", shift: null, account: null };
    const draft = { key: "key of the gate's hand-over", by: gate, text: "The key is in the drawer." };
    await shifts.handOver(draft, calm, 20);
    expect(await shifts.acknowledge(draft.key, { by: gate, text: null }, 21)).toMatchObject({
      ok: true,
      value: { acknowledged: { at: 21, by: gate } },
    });
  });

  test("hand-overs that wait are told whenever they were written, each position's on its own", async () => {
    const by = { position: "Transport desk", shift: null, account: null };
    await records.shifts.handOver({ key: "one of them", by, text: "a" }, calm, 10);
    await records.shifts.handOver(
      { key: "another", by: { ...by, position: "Security desk" }, text: "b" },
      calm,
      20,
    );
    expect((await records.shifts.handovers(500, 600)).map(({ id }) => id)).toEqual([
      "another",
      "one of them",
    ]);
    expect((await records.shifts.waiting()).map(({ id }) => id)).toEqual(["one of them", "another"]);
  });

  test("of many years of shifts the newest are told, and whatever waits", async () => {
    const { shifts } = records;
    const by = { position: "Transport desk", shift: "Night", account: null };
    const day = { by: { ...by, shift: "Day" }, text: null };
    await shifts.handOver({ key: "waits", by: { ...by, position: "Security desk" }, text: "a" }, calm, 1);
    for (let i = 0; i <= 3; i++) {
      await shifts.handOver({ key: `key ${i}`, by, text: "a" }, calm, 2 + i);
      await shifts.acknowledge(`key ${i}`, day, 2 + i);
      await shifts.write({ key: `key of entry ${i}`, by, text: `entry ${i}` }, i);
    }
    const told = (await shifts.handovers(0, 100, 2)).map(({ id }) => id);
    expect(told).toEqual(["key 3", "key 2", "waits"]);
    const entries = (await shifts.entries(0, 100, 2)).map(({ text }) => text);
    expect(entries).toEqual(["entry 2", "entry 3"]);
  });

  test("a removed annotation is gone, once", async () => {
    const { id } = await records.annotate(draft(0, 10));
    expect(await records.removeAnnotation(id, 7)).toBe(true);
    expect(await records.removeAnnotation(id, 8)).toBe(false);
    expect(await records.annotations(0, 100, null)).toEqual([]);
  });

  test("views are saved, changed and removed, and outlive the process", async () => {
    const view = await saved({ title: "Delays", query: "?show=a", author: "x", savedAt: 1 });
    const answer = await records.changeView(view.id, { ...view, title: "Late trams", savedAt: 2 }, 1);
    const changed = { ...view, title: "Late trams", savedAt: 2 };
    expect(answer).toEqual({ ok: true, value: changed });
    await records.close();
    records = await open();
    expect(await records.views()).toEqual([changed]);
    expect(await records.findView(view.id)).toEqual(changed);
    expect(await records.removeView(view.id)).toBe(true);
    expect(await records.removeView(view.id)).toBe(false);
    expect(await records.changeView(view.id, view, 2)).toEqual({ ok: false, failure: "missing" });
  });

  test("a view's title is its own, and who was slower does not write over somebody's change", async () => {
    const trams = await saved({ title: "Trams", query: "?show=a", author: "x", savedAt: 1 });
    const bikes = await saved({ title: "Bikes", query: "?show=b", author: "x", savedAt: 1 });
    const refused = (failure: string) => ({ ok: false, failure });
    expect(await records.saveView({ ...bikes, title: "Trams" })).toEqual(refused("title-taken"));
    expect(await records.changeView(bikes.id, { ...bikes, title: "Trams" }, 1)).toEqual(
      refused("title-taken"),
    );
    const both = await Promise.all(
      ["?show=c", "?show=d"].map((query) => records.changeView(trams.id, { ...trams, query, savedAt: 2 }, 1)),
    );
    // Which of two at the same time comes first is the database's affair; one of them does, and stands.
    const written = both.find(({ ok }) => ok);
    expect(both).toContainEqual(refused("changed"));
    expect(await records.findView(trams.id)).toEqual(written?.ok && written.value);
  });

  test("statements at the same time come through one after another", async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => records.annotate(draft(i, i))));
    expect(await records.annotations(0, 100, null)).toHaveLength(40);
  });

  const event = (at: number, more: Partial<AlarmEvent> = {}): AlarmEvent => ({
    at,
    alarm: "transport.delay{area.district:harbour}",
    rule: "transport.delay",
    group: "area.district:harbour",
    occurrence: 1,
    kind: "raised",
    priority: "high",
    state: "unacknowledged",
    value: 12.5,
    by: null,
    text: null,
    until: null,
    ...more,
  });
  const alarm = (rule: string) => ({ rule, group: null, memory: neverActive, about: null, position: null });
  const nothing = { kept: new Map(), events: [], answers: new Map(), at: 1 };

  test("the newest of each alarm is kept, over the process, until it is normal", async () => {
    const b = { ...alarm("b"), memory: { ...neverActive, isActive: true, activeAt: 1_795_000_000_000 } };
    await records.alarms.write({
      ...nothing,
      kept: new Map([
        ["a", alarm("a")],
        ["b", alarm("b")],
      ]),
    });
    await records.alarms.write({
      ...nothing,
      kept: new Map([
        ["a", null],
        ["b", b],
      ]),
    });
    await records.close();
    records = await open();
    expect(await records.alarms.kept()).toEqual([b]);
  });

  test("events come back as they were, in the order in which they were learnt, the newest where there are too many", async () => {
    const by = { position: "Transport desk", shift: null, account: null };
    const first = event(1_795_000_000_000);
    const second = event(5, { kind: "shelve", by, text: "works", until: 1_795_000_600_000, value: null });
    const other = event(6, { alarm: "other", rule: "other", group: null });
    await records.alarms.write({ ...nothing, events: [first, second] });
    await records.alarms.write({ ...nothing, events: [other] });
    const all = { fromAt: 0, toAt: 2_000_000_000_000, alarm: null, atMost: 10 };
    const found = (asked: Partial<Parameters<typeof records.alarms.events>[0]>) =>
      records.alarms.events({ ...all, ...asked });
    expect(await found({})).toEqual({ events: [first, second, other], older: null });
    const newest = await found({ atMost: 2 });
    expect(newest.events).toEqual([second, other]);
    expect(await found({ atMost: 2, before: newest.older })).toEqual({ events: [first], older: null });
    expect((await found({ alarm: "other" })).events).toEqual([other]);
    expect((await found({ fromAt: 6, toAt: 7 })).events).toEqual([other]);
  });

  test("thousands at once are written, or nothing is", async () => {
    const events = Array.from({ length: 2_500 }, (_, i) => event(i));
    await records.alarms.write({ ...nothing, events });
    const broken = { ...nothing, kept: new Map([["a", alarm("a")]]), events: [event(Number.NaN)] };
    await expect(records.alarms.write(broken)).rejects.toThrow(/NOT NULL|NaN/);
    expect(await records.alarms.kept()).toEqual([]);
    const found = await records.alarms.events({ fromAt: 0, toAt: 9_999, alarm: null, atMost: 9_999 });
    expect(found.events).toHaveLength(2_500);
  });

  test("a command's answer is found by its key, the first one that was given", async () => {
    const answer = (state: "shelved" | "normal") => ({
      results: [{ alarm: "a", refused: null, state } as const],
      unstored: null,
    });
    await records.alarms.write({ ...nothing, answers: new Map([["key", answer("shelved")]]) });
    await records.alarms.write({ ...nothing, answers: new Map([["key", answer("normal")]]) });
    expect(await records.alarms.findAnswer("key")).toEqual(answer("shelved"));
    expect(await records.alarms.findAnswer("another")).toBeNull();
  });

  test("a long log comes in pages, in the order in which it was learnt, as far as it is read", async () => {
    // Every hundredth was learnt late.
    const events = Array.from({ length: 4_500 }, (_, i) => event(i % 100 === 99 ? i - 50 : i));
    await records.alarms.write({ ...nothing, events });
    const whole = await records.alarms.log(0, 9_999);
    expect([whole.pages.map(({ length }) => length), whole.isCut]).toEqual([[500, 2_000, 2_000], false]);
    expect(whole.pages.flat()).toEqual(events);
    const within = events.filter(({ at }) => at >= 1_000 && at < 4_000);
    expect((await records.alarms.log(1_000, 4_000)).pages.flat()).toEqual(within);
    const newest = await records.alarms.log(1_000, 4_000, 2_500);
    expect([newest.pages.flat(), newest.isCut]).toEqual([within.slice(-2_500), true]);
    expect(await records.alarms.log(5_000, 9_999)).toEqual({ pages: [], isCut: false });
    expect([await records.alarms.hasBefore(0), await records.alarms.hasBefore(1)]).toEqual([false, true]);
  });

  test("what is older than it has to be kept is forgotten, but for alarms that are not normal", async () => {
    const answers = new Map([["old", { results: [], unstored: null }]]);
    const kept = new Map([["a", alarm("a")]]);
    const [of, overOf] = ["a", "b"].map(
      (id) => (at: number) => event(at, { alarm: id, rule: id, group: null }),
    );
    await records.alarms.write({ kept, events: [of!(1), overOf!(1), overOf!(9)], answers, at: 1 });
    await records.alarms.write({ ...nothing, answers: new Map([["new", answers.get("old")!]]), at: 9 });
    await records.alarms.prune(5);
    const { events } = await records.alarms.events({ fromAt: 0, toAt: 99, alarm: null, atMost: 9 });
    expect(events).toEqual([of!(1), overOf!(9)]);
    expect(await records.alarms.findAnswer("old")).toBeNull();
    expect(await records.alarms.findAnswer("new")).not.toBeNull();
    expect(await records.alarms.kept()).toHaveLength(1);
  });
});

test("a file that is no database is refused by name", async () => {
  await writeFile(
    join(folder, "broken.sqlite"),
    "this is not a database, however long it may be ".repeat(50),
  );
  await expect(Records.open(sqliteDialect(join(folder, "broken.sqlite")))).rejects.toThrow(/not a database/);
});
