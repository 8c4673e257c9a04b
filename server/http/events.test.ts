import { expect, test } from "vitest";
import type { Entity } from "../../shared/entity.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { Moment } from "../../shared/moment.ts";
import { indexAreas } from "../core/city/areas.ts";
import { eventsIn, type EventSource } from "./events.ts";
import { Unanswered } from "./past.ts";

const hour = 3_600_000;
const noon = Date.UTC(2026, 2, 7, 12);
const stretch = { fromAt: noon - 4 * hour, toAt: noon };
const never = new AbortController().signal;

function thing(kind: "CapAlert" | "WorkZone", id: string, fields: Entity["fields"]): Entity {
  return { id, kind, feedId: "roads", fields } as unknown as Entity;
}
const works = (id: string, startsAt: number | null, endsAt: number | null): Entity =>
  thing("WorkZone", id, { name: id, startsAt, endsAt });

const square = {
  type: "Polygon" as const,
  coordinates: [
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ],
  ],
};

const moment: Moment = {
  at: noon - 2 * hour,
  kind: "feed-down",
  subject: "bikes",
  department: "mobility",
  value: null,
  text: null,
};

function source(then: readonly Entity[], now: readonly Entity[], away = false): EventSource {
  return {
    past: {
      moments: () => Promise.resolve([moment]),
      cityAt: (at) => {
        if (away) return Promise.reject(new Unanswered("away", "it begins"));
        return Promise.resolve({ at, readings: [], feeds: [], entities: new Map([["WorkZone", then]]) });
      },
    },
    zone: () => "UTC",
    now: () => noon + hour,
    feeds: () => [{ id: "roads", department: "streets" } as FeedStatus],
    entities: (kind) => now.filter((one) => one.kind === kind),
    areas: () => indexAreas([{ level: "district", areas: [{ id: "quays", geometry: square }] }]),
  };
}

test("moments, alerts and works in their order; what ended before, comes later or has no time is not there", async () => {
  const alert = {
    status: "Actual",
    event: "Gale",
    headlineZh: "大风",
    onsetAt: noon - hour,
    expiresAt: noon + hour,
  };
  const now = [
    works("long", noon - 9 * hour, null),
    works("over", noon - 9 * hour, noon - 4 * hour),
    works("to come", noon, null),
    works("timeless", null, null),
    thing("CapAlert", "gale", alert),
    thing("CapAlert", "drill", { ...alert, status: "Exercise" }),
  ];
  const gone = works("gone", noon - 3 * hour, noon - hour);
  const events = await eventsIn(stretch, source([gone, now[0]!], now), null, never);
  expect(events.map(({ kind, subject }) => [kind, subject])).toEqual([
    ["works", "long"],
    ["works", "gone"],
    ["feed-down", "bikes"],
    ["alert", "gale"],
  ]);
  expect(events[3]).toEqual({
    kind: "alert",
    at: noon - hour,
    endsAt: noon + hour,
    subject: "gale",
    department: "streets",
    value: null,
    text: { en: "Gale", zh: "大风" },
  });
});

test("works that close a road say which one, and in which areas; detours, works that have not begun or were cancelled and those beside a road do not", async () => {
  const closing = { name: "x", startsAt: noon - hour, endsAt: null, roadNames: ["Quay Street"] };
  const zone = (id: string, fields: Entity["fields"], position: Entity["position"] = [0.5, 0.5]): Entity => ({
    ...thing("WorkZone", id, { ...closing, ...fields } as Entity["fields"]),
    position,
  });
  const now = [
    zone("road", { vehicleImpact: "all-lanes-closed", eventType: "work-zone" }),
    zone("lanes", { vehicleImpact: "some-lanes-closed" }, null),
    zone("water", { vehicleImpact: "all-lanes-closed", eventType: "restriction" }),
    zone("planned", { vehicleImpact: "all-lanes-closed", status: "planned" }),
    zone("pending", { vehicleImpact: "all-lanes-closed", status: "pending" }),
    zone("cancelled", { vehicleImpact: "all-lanes-closed", status: "cancelled" }),
    zone("beside", { vehicleImpact: "all-lanes-open" }),
    zone("unnamed", { vehicleImpact: "all-lanes-closed", roadNames: [] }),
  ];
  const events = await eventsIn(stretch, source([], now), null, never);
  const said = events.flatMap(({ subject, works: closed }) => (closed ? [[subject, closed]] : []));
  expect(said).toEqual([
    ["road", { closes: "road", roads: ["Quay Street"], areas: ["area.district:quays"] }],
    ["lanes", { closes: "lanes", roads: ["Quay Street"], areas: [] }],
  ]);
});

test("works close a road only where they were still known after they had begun", async () => {
  const fields = { vehicleImpact: "all-lanes-closed", roadNames: ["Quay Street"] };
  const zone = (id: string, startsAt: number): Entity => {
    const made = works(id, startsAt, null);
    return { ...made, position: null, fields: { ...made.fields, ...fields } } as Entity;
  };
  const all = [zone("begun", noon - hour), zone("withdrawn", noon - hour), zone("before", noon - 5 * hour)];
  const cityAt: EventSource["past"]["cityAt"] = (at) => {
    const there = at === stretch.fromAt ? all : [all[0]!];
    return Promise.resolve({ at, readings: [], feeds: [], entities: new Map([["WorkZone", there]]) });
  };
  const asked = source([], []);
  const events = await eventsIn(stretch, { ...asked, past: { ...asked.past, cityAt } }, null, never);
  expect(events.flatMap(({ subject, works: closed }) => (closed ? [subject] : []))).toEqual([
    "before",
    "begun",
  ]);
});

test("what is there now is told while the history is away", async () => {
  const events = await eventsIn(
    stretch,
    source([], [works("long", noon - 9 * hour, null)], true),
    null,
    never,
  );
  expect(events.map(({ subject }) => subject)).toEqual(["long", "bikes"]);
});
