import { expect, test } from "vitest";
import type { AlarmItem, AlarmState, Priority } from "../../../shared/alarms.ts";
import type { CityEvent } from "../../../shared/city-event.ts";
import { handoverContent } from "./handover-content.ts";

const hour = 3_600_000;
const now = 100 * hour;

const alarm = (id: string, state: AlarmState, priority: Priority = "low", since = now): AlarmItem => ({
  id,
  rule: id,
  title: { en: id, zh: id },
  indicator: null,
  group: null,
  priority,
  state,
  isActive: true,
  occurrence: 1,
  since,
  returnedAt: null,
  acknowledged: null,
  acknowledgedBy: null,
  confirmed: null,
  shelved: null,
  suppressedBy: null,
  outOfService: null,
  assignedTo: null,
  comment: null,
  doneSteps: [],
  value: null,
  valueState: "none",
  about: null,
  position: null,
  isChattering: false,
  owner: "works",
  backup: null,
  response: { text: { en: "", zh: "" }, checklist: [], sop: null, withinSeconds: 60 },
  dueAt: 0,
});

const event = (kind: CityEvent["kind"], subject: string, at: number, endsAt: number | null): CityEvent => ({
  kind,
  at,
  endsAt,
  subject,
  department: null,
  value: null,
  text: null,
});

const nothing = { alarms: [], events: [], feeds: [], notes: [], indicators: [] };

test("what is open, shelved and out of service, the most urgent first, and nothing that hides itself", () => {
  const alarms = [
    alarm("a", "returned"),
    alarm("b", "acknowledged", "critical"),
    alarm("c", "unacknowledged", "critical", now - hour),
    alarm("d", "shelved"),
    alarm("e", "out-of-service"),
    alarm("f", "suppressed"),
    alarm("g", "latched", "high"),
  ];
  const { open, shelved, outOfService } = handoverContent({ ...nothing, alarms }, now);
  expect(open.alarms.map(({ id }) => id)).toEqual(["c", "b", "g", "a"]);
  expect([shelved, outOfService].map(({ alarms: [one] }) => one?.id)).toEqual(["d", "e"]);
});

test("of one priority what is there before what is over, and the oldest first", () => {
  const alarms = [
    { ...alarm("over", "returned", "low", now - 3 * hour), isActive: false },
    alarm("new", "unacknowledged", "low", now - hour),
    alarm("old", "acknowledged", "low", now - 2 * hour),
  ];
  const { open } = handoverContent({ ...nothing, alarms }, now);
  expect(open.alarms.map(({ id }) => id)).toEqual(["old", "new", "over"]);
});

test("of very many only the most urgent, and how many there are", () => {
  const alarms = Array.from({ length: 5_000 }, (_, i) =>
    alarm(`a${i}`, "unacknowledged", i === 4_999 ? "critical" : "low", now + i),
  );
  const { open } = handoverContent({ ...nothing, alarms }, now);
  expect([open.count, open.alarms.length, open.alarms[0]?.id]).toEqual([5_000, 200, "a4999"]);
});

test("warnings until they have expired and works that are to begin, in the order of their beginning", () => {
  const events = [
    event("works", "tomorrow", now + 20 * hour, null),
    event("works", "under way", now - hour, null),
    event("works", "next week", now + 150 * hour, null),
    event("alert", "in force", now - hour, now + hour),
    event("alert", "expired", now - 2 * hour, now),
    event("alert", "to come", now + hour, null),
    event("left-target", "a figure", now + hour, null),
  ];
  const { expected } = handoverContent({ ...nothing, events }, now);
  expect(expected.map(({ subject }) => subject)).toEqual(["in force", "to come", "tomorrow"]);
});

test("works that say the same of two directions are told once", () => {
  const text = { en: "Pothole repair", zh: "Pothole repair" };
  const both = ["eastbound", "westbound"].map((subject) => ({
    ...event("works", subject, now + hour, null),
    text,
  }));
  expect(handoverContent({ ...nothing, events: both }, now).expected).toHaveLength(1);
});

test("muted feeds with their reason, and notes with the title of their figure", () => {
  const title = { en: "Bikes", zh: "单车" };
  const note = { indicator: "bikes", text: "known", setAt: 1, untilAt: null };
  const content = handoverContent(
    {
      ...nothing,
      feeds: [
        { id: "a", title, muted: "in feet" },
        { id: "b", title, muted: null },
      ],
      notes: [note, { ...note, indicator: "gone" }],
      indicators: [{ id: "bikes", title }],
    },
    now,
  );
  expect(content.muted).toEqual([{ feed: "a", title, why: "in feet" }]);
  expect(content.notes.map(({ title: { en } }) => en)).toEqual(["Bikes", "gone"]);
});
