import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Alarm } from "../../shared/alarms.ts";
import type { BriefingItem } from "../../shared/briefing.ts";
import { sampleBriefing } from "../../test/briefing-sample.ts";
import type { BriefingDefinition } from "../core/briefing/definition.ts";
import type { IssueRequest } from "./desk.ts";
import { Scheduler } from "./scheduler.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const noon = Date.parse("2026-11-26T12:00Z");

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "citydeck-scheduler-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function definition(rest: Partial<BriefingDefinition>): BriefingDefinition {
  const { title, audience } = sampleBriefing;
  return {
    id: "morning",
    title,
    audience,
    period: { of: "day", until: "end" },
    comparison: null,
    sections: ["data"],
    score: null,
    domains: ["transport"],
    indicators: null,
    services: null,
    compare: [],
    recipients: [],
    schedule: [
      { at: "06:30", weekdays: [1, 2, 3, 4, 5, 6, 7], monthDays: null, months: null, onHolidays: true },
    ],
    ...rest,
  };
}

const situation = definition({
  id: "situation",
  period: { of: "incident", rules: ["security.warning"] },
  schedule: [],
});

/** A city whose issues outlive its scheduler, as their files do. */
function city(name: string, definitions: readonly BriefingDefinition[]) {
  const issued: IssueRequest[] = [];
  const state = { now: noon, alarms: [] as Alarm[], fails: false };
  const items = (): BriefingItem[] =>
    issued.map(({ at, since }, i) => ({
      ...sampleBriefing,
      id: String(i),
      cover: sampleBriefing.title,
      hash: "",
      corrects: null,
      correctedBy: null,
      isSigned: false,
      issuedAt: at,
      period: { ...sampleBriefing.period, fromAt: Math.floor((since ?? 0) / 300_000) * 300_000 },
    }));
  const desk = {
    definitions: () => definitions,
    archive: async () =>
      ({
        hasDue: (id: string, dueAt: number) =>
          issued.some((one) => one.definition === id && (one.dueAt ?? 0) >= dueAt),
        ofIncident: (_: string, fromAt: number) =>
          items()
            .toReversed()
            .filter(({ period }) => period.fromAt === fromAt),
      }) as never,
    issue: async (request: IssueRequest) => {
      if (state.fails) throw new Error("the history is away");
      issued.push(request);
      return { ok: true, value: null as never } as const;
    },
  };
  const start = (): Scheduler =>
    new Scheduler({
      desk,
      calendar: () => ({ zone: "Europe/Lisbon", holidays: new Set() }),
      alarms: () => state.alarms,
      now: () => state.now,
      path: join(dir, `${name}.json`),
      log: pino({ level: "silent" }),
    });
  return { issued, state, start };
}

test("a new city owes nothing of before, then issues each time once, also over starts", async () => {
  const { issued, state, start } = city("daily", [definition({})]);
  let scheduler = start();
  await scheduler.look();
  expect(issued).toEqual([]);
  state.now = noon + 19 * hourMs;
  await scheduler.look();
  await scheduler.look();
  scheduler = start();
  await scheduler.look();
  expect(issued).toEqual([{ definition: "morning", at: state.now, dueAt: Date.parse("2026-11-27T06:30Z") }]);
});

test("of all that was missed while nothing ran, the last is caught up, once", async () => {
  const { issued, state, start } = city("missed", [definition({})]);
  await start().look();
  state.now = noon + 5 * dayMs;
  const late = start();
  await Promise.all([late.look(), late.look()]);
  await late.look();
  expect(issued.map(({ dueAt }) => new Date(dueAt!).toISOString().slice(0, 16))).toEqual([
    "2026-12-01T06:30",
  ]);
});

test("what could not be issued is tried again after a while", async () => {
  const { issued, state, start } = city("failing", [definition({})]);
  const scheduler = start();
  await scheduler.look();
  state.now = noon + dayMs;
  state.fails = true;
  await scheduler.look();
  state.fails = false;
  await scheduler.look();
  expect(issued).toEqual([]);
  const later = performance.now() + 61_000;
  const clock = vi.spyOn(performance, "now").mockReturnValue(later);
  await scheduler.look();
  clock.mockRestore();
  expect(issued).toHaveLength(1);
});

test("a definition that cannot be looked at keeps none of those after it waiting", async () => {
  const broken = definition({
    id: "broken",
    schedule: [
      { at: "late", weekdays: [1, 2, 3, 4, 5, 6, 7], monthDays: null, months: null, onHolidays: true },
    ],
  });
  const { issued, state, start } = city("broken", [broken, definition({})]);
  const scheduler = start();
  await scheduler.look();
  state.now = noon + dayMs;
  await scheduler.look();
  expect(issued.map((one) => one.definition)).toEqual(["morning"]);
});

test("an alarm opens a situation report after a quarter of an hour, again each hour, and a last one at its end", async () => {
  const { issued, state, start } = city("incident", [situation]);
  const scheduler = start();
  const alarm = { rule: "security.warning", isActive: true, suppressedBy: null, since: noon } as Alarm;
  state.alarms = [alarm, { ...alarm, rule: "security.other" }];
  const at = async (minutes: number): Promise<void> => {
    state.now = noon + minutes * 60_000;
    await scheduler.look();
  };
  for (let minutes = 0; minutes <= 120; minutes += 5) await at(minutes);
  expect(issued.map((one) => (one.at - noon) / 60_000)).toEqual([15, 75]);
  state.alarms = [];
  await at(125);
  await at(130);
  expect(issued.map((one) => [(one.at - noon) / 60_000, one.since])).toEqual([
    [15, noon],
    [75, noon],
    [125, noon],
  ]);
});

test("an incident goes on over starts: its next report has its time, and it has a last one though it ended meanwhile", async () => {
  const { issued, state, start } = city("incident-starts", [situation]);
  const alarm = { rule: "security.warning", isActive: true, suppressedBy: null, since: noon } as Alarm;
  state.alarms = [alarm];
  state.now = noon + 20 * 60_000;
  await start().look();
  // The alarm that it began with is over, another one lasts.
  state.alarms = [{ ...alarm, since: noon + 10 * 60_000 }];
  state.now = noon + 30 * 60_000;
  await start().look();
  expect(issued).toHaveLength(1);
  state.alarms = [];
  state.now = noon + 40 * 60_000;
  await start().look();
  await start().look();
  expect(issued.map(({ at, since }) => [(at - noon) / 60_000, since])).toEqual([
    [20, noon],
    [40, noon],
  ]);
});
