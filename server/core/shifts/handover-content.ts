/** What a shift that ends has to tell the next one, put together from the city as it is. */

import { urgency, type AlarmItem, type AlarmState } from "../../../shared/alarms.ts";
import type { CityEvent } from "../../../shared/city-event.ts";
import type { Text } from "../../../shared/city.ts";
import type { Note } from "../../../shared/note.ts";
import type { HandoverAlarm, HandoverAlarms, HandoverContent } from "../../../shared/shift.ts";

/** More than these nobody reads at a hand-over; the count says how many there are. */
const alarmsAtMost = 200;
const eventsAtMost = 100;
const dayMs = 86_400_000;

export interface HandoverSources {
  /** Every alarm that is not normal. */
  readonly alarms: readonly AlarmItem[];
  /** Warnings and works, in any order. */
  readonly events: readonly CityEvent[];
  readonly feeds: readonly { readonly id: string; readonly title: Text; readonly muted: string | null }[];
  /** Those in force. */
  readonly notes: readonly Note[];
  readonly indicators: readonly { readonly id: string; readonly title: Text }[];
}

/** Pure: at `now`, city time. */
export function handoverContent(sources: HandoverSources, now: number): HandoverContent {
  const { alarms, events, feeds, notes, indicators } = sources;
  const titles = new Map(indicators.map(({ id, title }) => [id, title]));
  const inStates = (...states: readonly AlarmState[]): HandoverAlarms =>
    mostUrgent(alarms.filter(({ state }) => states.includes(state)));
  return {
    open: inStates("unacknowledged", "acknowledged", "returned", "latched"),
    shelved: inStates("shelved"),
    outOfService: inStates("out-of-service"),
    expected: eachOnce(events.filter((event) => isExpected(event, now)))
      .toSorted((a, b) => a.at - b.at)
      .slice(0, eventsAtMost),
    muted: feeds.flatMap(({ id, title, muted }) => (muted === null ? [] : [{ feed: id, title, why: muted }])),
    notes: notes.map((note) => ({
      ...note,
      title: titles.get(note.indicator) ?? { en: note.indicator, zh: note.indicator },
    })),
  };
}

/** A warning until it has expired; works when they begin within a day: those that have begun are no news. */
function isExpected({ kind, at, endsAt }: CityEvent, now: number): boolean {
  if (endsAt !== null && endsAt <= now) return false;
  return kind === "alert" ? at < now + 7 * dayMs : kind === "works" && at > now && at <= now + dayMs;
}

/** Works on both directions of a road are one to whoever reads of them. */
function eachOnce(events: readonly CityEvent[]): readonly CityEvent[] {
  const told = new Map(
    events.map((event) => {
      const { kind, at, endsAt, text, subject } = event;
      return [`${kind} ${at} ${endsAt} ${text?.en ?? subject}`, event];
    }),
  );
  return [...told.values()];
}

/** As in the desk's queue: of one priority what is there before what is over, and the oldest first. */
function mostUrgent(alarms: readonly AlarmItem[]): HandoverAlarms {
  const inOrder = alarms.toSorted(
    (a, b) =>
      urgency(b.priority) - urgency(a.priority) ||
      Number(b.isActive) - Number(a.isActive) ||
      a.since - b.since,
  );
  return { count: alarms.length, alarms: inOrder.slice(0, alarmsAtMost).map(asHandedOver) };
}

function asHandedOver(alarm: AlarmItem): HandoverAlarm {
  const { id, indicator, group, about, priority, state, since, assignedTo, shelved, outOfService, comment } =
    alarm;
  const told = { assignedTo, shelved, outOfService, comment };
  const { title, acknowledgedBy } = alarm;
  return { id, title, indicator, group, about, priority, state, since, acknowledgedBy, ...told };
}
