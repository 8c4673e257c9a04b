import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { FeedStatus } from "../../shared/feed.ts";
import { temporaryFolder } from "../../test/feed-rig.ts";
import { Kept } from "./kept.ts";

const zone = "America/Los_Angeles";
const noon = Date.UTC(2026, 0, 5, 20);
const minute = 60_000;
const day = 1440 * minute;
const log = { warn: () => undefined };

function feed(now: number, more: Partial<FeedStatus> & { readonly ageSeconds?: number } = {}): FeedStatus {
  const { ageSeconds = 10, ...rest } = more;
  return {
    id: "bikes",
    title: { en: "Bikes", zh: "单车" },
    spec: "gbfs",
    transport: "poll",
    department: "mobility",
    supplier: null,
    licence: "CC0-1.0",
    attribution: null,
    cadenceSeconds: 30,
    staleAfterSeconds: 120,
    status: "fresh",
    lastGoodAt: now,
    observedAt: now - ageSeconds * 1000,
    entities: 9,
    dropped: 0,
    error: null,
    notices: [],
    ...rest,
  };
}

it("measures once a minute how available, fresh, punctual and complete a feed is", async () => {
  const kept = new Kept(await temporaryFolder(), log);
  const errors = { code: "gbfs-no-id", severity: "error", count: 1, example: "" } as const;
  const words: (Partial<FeedStatus> & { ageSeconds?: number })[] = [
    {},
    { notices: [errors] },
    { status: "stale", ageSeconds: 200 },
    { status: "down", ageSeconds: 900 },
  ];
  words.forEach((word, i) => {
    const at = noon + i * minute;
    kept.sample(at, zone, () => [feed(at, word)]);
    kept.sample(at + 20_000, zone, () => {
      throw new Error("asked twice in a minute");
    });
  });
  expect(kept.of("bikes", noon, zone).today).toEqual({
    minutes: 4,
    availablePercent: 75,
    freshPercent: 50,
    onTimePercent: 50,
    completenessPercent: (100 + 90 + 100) / 3,
    oldestSeconds: 900,
  });
  await kept.flushed();
});

it("begins a day at the city's midnight, forgets after seven, and knows nothing of a feed it never saw", async () => {
  const folder = await temporaryFolder();
  const kept = new Kept(folder, log);
  for (let i = 0; i < 9; i++) kept.sample(noon + i * day, zone, () => [feed(noon + i * day)]);
  const now = noon + 8 * day;
  expect(kept.of("bikes", now, zone)).toMatchObject({ today: { minutes: 1 }, week: { minutes: 7 } });
  expect(kept.of("trams", now, zone)).toEqual({ today: null, week: null });
  // 07:30 UTC is still the evening before in the city.
  expect(kept.of("bikes", Date.UTC(2026, 0, 14, 7, 30), zone).today?.minutes).toBe(1);
  await kept.flushed();
  expect((await readdir(folder)).toSorted()).toEqual(
    Array.from({ length: 7 }, (_, i) => `2026-01-${String(i + 7).padStart(2, "0")}.json`),
  );
});

it("goes on after a restart, and passes over a broken day", async () => {
  const folder = await temporaryFolder();
  const before = new Kept(folder, log);
  before.sample(noon, zone, () => [feed(noon)]);
  await before.flushed();
  await writeFile(join(folder, "2026-01-04.json"), '{"bikes":');
  const after = new Kept(folder, log);
  await after.restore();
  after.sample(noon + minute, zone, () => [feed(noon + minute, { status: "stale", ageSeconds: 200 })]);
  expect(after.of("bikes", noon, zone).week).toMatchObject({ minutes: 2, freshPercent: 50 });
  await after.flushed();
});
