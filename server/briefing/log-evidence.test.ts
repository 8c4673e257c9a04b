/** What a briefing says of alarms, feeds, warnings and works is what the addresses of its evidence answer, also much later. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, test } from "vitest";
import { temporaryDir } from "../../test/city-files.ts";
import type { AlarmEvent } from "../../shared/alarms.ts";
import type { Briefing } from "../../shared/briefing.ts";
import type { CityEvent } from "../../shared/city-event.ts";
import type { Entity } from "../../shared/entity.ts";
import { indexAreas } from "../core/city/areas.ts";
import { composeBriefing } from "../core/briefing/compose.ts";
import { dayAt, scriptedFacts } from "../core/briefing/scripted-facts.ts";
import { batchOf } from "../history/conformance.ts";
import { openDuckDb } from "../history/duckdb.ts";
import type { History } from "../history/history.ts";
import { openHistory } from "../history/sql-history.ts";
import { serveAlarms } from "../http/alarms.ts";
import { eventsIn, serveEvents, type EventSource } from "../http/events.ts";

const hourMs = 3_600_000;
const issuedAt = dayAt + 20 * hourMs;
const never = new AbortController().signal;

let dir: string;
let history: History;
let now = issuedAt;
/** Of the live city. */
let known: readonly Entity[] = [];
let log: readonly AlarmEvent[] = [];

beforeAll(async () => {
  dir = await temporaryDir("log-evidence");
  history = await openHistory(await openDuckDb(join(dir, "history.duckdb")), { zone: "Europe/Lisbon" });
}, 60_000);
afterAll(async () => {
  await history.close();
  await rm(dir, { recursive: true, force: true });
});

function thing(kind: "CapAlert" | "WorkZone", id: string, fields: Record<string, unknown>): Entity {
  return {
    id: `feed/${kind}/${id}`,
    kind,
    feedId: "feed",
    sourceId: id,
    observedAt: null,
    receivedAt: now,
    position: null,
    quality: "good",
    fields,
  } as unknown as Entity;
}

const warning = (headline: string, expiresAt: number): Entity =>
  thing("CapAlert", "storm", { status: "Actual", headline, onsetAt: dayAt + 15 * hourMs, expiresAt });
const works = (name: string, startsAt: number): Entity =>
  thing("WorkZone", name, { name, startsAt, endsAt: startsAt + 3 * hourMs });

/** All that is known from an instant on. */
async function learn(things: readonly Entity[], knownAt: number): Promise<void> {
  known = things;
  const entities = (["CapAlert", "WorkZone"] as const).map((kind) => ({
    kind,
    knownAt,
    isKeyframe: true,
    changed: things.filter((one) => one.kind === kind),
    removed: [],
  }));
  await history.append(batchOf({ entities }));
}

async function notice(kind: "feed-down" | "feed-live", at: number): Promise<void> {
  const moment = { at, kind, subject: "trips", department: "transport", value: null, text: null };
  await history.append(batchOf({ moments: [{ knownAt: at, moment }] }));
}

const source: EventSource = {
  past: { moments: (...asked) => history.moments(...asked), cityAt: (...asked) => history.cityAt(...asked) },
  zone: () => "Europe/Lisbon",
  now: () => now,
  feeds: () => [],
  entities: (kind) => known.filter((one) => one.kind === kind),
  areas: () => indexAreas([]),
};

/** What the address of each log answers now, by the log. */
async function answers({ evidence }: Briefing): Promise<Record<string, unknown>> {
  const app = new Hono();
  const desk = {
    events: ({ fromAt, toAt }: { fromAt: number; toAt: number }) =>
      Promise.resolve({ events: log.filter(({ at }) => at >= fromAt && at < toAt), older: null }),
  };
  const context = { desk, now: source.now, zone: source.zone, backtest: () => null };
  serveAlarms(app, context as never, { allowsChange: () => false } as never);
  serveEvents(app, source);
  const logs = evidence.filter((one) => one.source !== "series");
  const told = logs.map(async (one) => {
    const answer = await app.request(one.address);
    expect(answer.status, one.address).toBe(200);
    return [`${one.source} ${one.address}`, await answer.json()] as const;
  });
  return Object.fromEntries(await Promise.all(told));
}

test("they are pinned to the moment of the issue", async () => {
  await notice("feed-down", dayAt - 2 * hourMs);
  await notice("feed-live", dayAt + 3 * hourMs);
  await learn(
    [warning("Red warning", dayAt + 23 * hourMs), works("Quay Street", dayAt + 10 * hourMs)],
    dayAt + 19 * hourMs,
  );
  const script = {
    hours: 20,
    alarms: [
      { rule: "transport.on-time-low", from: -3, to: 5 },
      { rule: "security.units-short", from: 17, to: null },
    ],
    feeds: [
      {
        id: "trips",
        title: { en: "Trip updates", zh: "车次动态" },
        department: "transport",
        silences: [{ fromAt: dayAt - 2 * hourMs, toAt: dayAt + 3 * hourMs }],
      },
    ],
    definition: { sections: ["unusual", "timeline", "alarms", "data", "next"] },
  } as const;
  log = scriptedFacts(script).alarmEvents!;
  const events = await eventsIn({ fromAt: dayAt, toAt: issuedAt }, source, issuedAt, never);
  const facts = {
    ...scriptedFacts(script),
    knownAt: issuedAt,
    events: events.filter(({ kind }) => kind === "alert" || kind === "works"),
  };
  const briefing = composeBriefing(facts, { id: "x", issuedAt, dueAt: null, corrects: null });
  const then = await answers(briefing);
  const of = (kind: string): unknown[] =>
    Object.entries(then).flatMap(([key, all]) => (key.startsWith(`${kind} `) ? [all] : []));
  expect(of("alarms")).toContainEqual(log);
  expect(of("feeds")).toEqual([
    [
      expect.objectContaining({ kind: "feed-down", at: dayAt - 2 * hourMs }),
      expect.objectContaining({ kind: "feed-live", at: dayAt + 3 * hourMs }),
    ],
  ]);
  const said = of("events").flat() as CityEvent[];
  expect(new Set(said.flatMap(({ text }) => text?.en ?? []))).toEqual(
    new Set(["Red warning", "Quay Street"]),
  );

  // What is learnt later of the same hours changes what they answer now, and nothing of what was known then.
  now = dayAt + 30 * hourMs;
  await learn(
    [warning("Red warning, extended", dayAt + 40 * hourMs), works("Mill Lane", dayAt + 11 * hourMs)],
    dayAt + 29 * hourMs,
  );
  await notice("feed-down", issuedAt + hourMs);
  log = [...log, { ...log[0]!, kind: "comment", at: issuedAt + hourMs }];
  expect(await answers(briefing)).toEqual(then);
  const later = await eventsIn({ fromAt: dayAt, toAt: issuedAt }, source, null, never);
  expect(later.map(({ text }) => text?.en)).toContain("Red warning, extended");
});
