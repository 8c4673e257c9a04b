import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { IndicatorDefinition } from "../../shared/city.ts";
import type { Entity } from "../../shared/entity.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { Reading } from "../../shared/protocol.ts";
import { noAlarmChanges } from "../core/alarms/board.ts";
import type { Changes } from "../core/city/changes.ts";
import { confirmMs, Moments } from "./moments.ts";

const noon = Date.UTC(2026, 4, 4, 12);
const minute = 60_000;
const onTime = {
  id: "transport.on-time",
  department: "mobility",
  better: "higher",
  target: 88,
} as IndicatorDefinition;
const silent = { warn: () => undefined };

let folder = "";
let moments: Moments;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "citydeck-moments-"));
  moments = open();
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function open(): Moments {
  const made = new Moments(join(folder, "moments.jsonl"), silent);
  made.judgeBy([onTime]);
  return made;
}

function at(minutes: number, more: Partial<Changes> = {}): Changes {
  return {
    at: noon + minutes * minute,
    entities: new Map(),
    readings: [],
    feeds: [],
    alarms: noAlarmChanges,
    ...more,
  };
}

function reads(value: number | null): Pick<Changes, "readings"> {
  const reading: Reading = {
    id: onTime.id,
    value,
    state: value === null ? "none" : "fresh",
    reason: value === null ? "source-down" : null,
    quality: "good",
    observedAt: noon,
    oldestAt: noon,
  };
  return { readings: [reading] };
}

function feed(status: FeedStatus["status"]): Pick<Changes, "feeds"> {
  return { feeds: [{ id: "bikes", department: "mobility", status } as FeedStatus] };
}

function alert(id: string, status = "Actual"): Entity {
  return { id, kind: "CapAlert", fields: { status, headline: "Coastal flood" } } as unknown as Entity;
}

it("tells when a figure left its target and whose it is, once that has lasted", () => {
  moments.take(at(0, reads(92)));
  expect(moments.take(at(1, reads(71)))).toEqual([]);
  expect(moments.take(at(1.5, reads(70)))).toEqual([]);
  expect(moments.take(at(1 + confirmMs / minute))).toEqual([
    {
      at: noon + minute,
      kind: "left-target",
      subject: onTime.id,
      department: "mobility",
      value: 71,
      text: null,
    },
  ]);
  moments.take(at(30, reads(90)));
  expect(moments.take(at(33)).map(({ kind, at: when }) => [kind, when])).toEqual([
    ["reached-target", noon + 30 * minute],
  ]);
});

it("does not tell what trembles around its target, nor that a silent figure reached it", () => {
  moments.take(at(0, reads(92)));
  for (let i = 1; i < 20; i++) moments.take(at(i, reads(i % 2 === 0 ? 90 : 86)));
  moments.take(at(20, reads(86)));
  moments.take(at(21, reads(null)));
  moments.take(at(40));
  expect(moments.all).toEqual([]);
});

it("knows nothing of when a figure left its target that was off it from the first", () => {
  moments.take(at(0, reads(71)));
  moments.take(at(30));
  expect(moments.all).toEqual([]);
});

it("tells a dead feed and its return, not each of its words", () => {
  for (const status of ["fresh", "stale", "down", "down", "stale", "fresh", "fresh"] as const)
    moments.take(at(0, feed(status)));
  expect(moments.all.map(({ kind }) => kind)).toEqual(["feed-down", "feed-live"]);
});

it("tells an actual warning once however often it is updated, and its end; never an exercise", () => {
  const changed = (entity: Entity) =>
    at(0, { entities: new Map([["CapAlert", { changed: [{ slot: 1, entity }], removed: [] }]]) });
  moments.take(changed(alert("cap/CapAlert/a")));
  moments.take(changed(alert("cap/CapAlert/a")));
  moments.take(changed(alert("cap/CapAlert/drill", "Exercise")));
  const removed = [{ slot: 1, id: "cap/CapAlert/a" }];
  const moved = { changed: [{ slot: 2, entity: alert("cap/CapAlert/a") }], removed };
  moments.take(at(50, { entities: new Map([["CapAlert", moved]]) }));
  moments.take(at(60, { entities: new Map([["CapAlert", { changed: [], removed }]]) }));
  expect(moments.all.map(({ at: when, kind, text }) => [when, kind, text?.en])).toEqual([
    [noon, "warning", "Coastal flood"],
    [noon + 60 * minute, "warning-over", "Coastal flood"],
  ]);
});

it("remembers a day across a restart, and how things stood", async () => {
  moments.take(at(-25 * 60, feed("down")));
  moments.take(at(-24 * 60 - 30, feed("fresh")));
  moments.take(at(-10, feed("down")));
  await moments.flushed();
  const again = open();
  await again.restore(noon);
  expect(again.all.map(({ kind }) => kind)).toEqual(["feed-down"]);
  expect(again.take(at(1, feed("down")))).toEqual([]);
  expect(again.take(at(2, feed("fresh"))).map(({ kind }) => kind)).toEqual(["feed-live"]);
  await again.flushed();
});

it("keeps a day in its file too, however much happens", async () => {
  for (let i = 0; i < 6_000; i++) moments.take(at(i / 60, feed(i % 2 === 0 ? "down" : "fresh")));
  await moments.flushed();
  const lines = readFileSync(join(folder, "moments.jsonl"), "utf8").split("\n").slice(0, -1);
  expect(lines.length).toBeLessThanOrEqual(2_000);
  expect(lines.slice(-500).map((line) => JSON.parse(line) as unknown)).toEqual(moments.all);
});
