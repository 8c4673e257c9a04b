import { expect, test } from "vitest";
import type { Entity } from "../../shared/entity.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { Moment } from "../../shared/moment.ts";
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
  const events = await eventsIn(stretch, source([gone, now[0]!], now), never);
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

test("what is there now is told while the history is away", async () => {
  const events = await eventsIn(stretch, source([], [works("long", noon - 9 * hour, null)], true), never);
  expect(events.map(({ subject }) => subject)).toEqual(["long", "bikes"]);
});
