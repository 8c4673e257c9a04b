/** The operator's queue: which alarms are in it, in which order, and how many are not. Pure. */

import {
  isHidden,
  priorities,
  urgency,
  type Alarm,
  type AlarmRule,
  type Priority,
} from "../../../shared/alarms.ts";
import { domains, type Domain } from "../../../shared/city.ts";

export interface QueueRow {
  readonly alarm: Alarm;
  readonly rule: AlarmRule;
  /** By when the response has to be done, city time. */
  readonly dueAt: number;
  /** It is over and was taken out of the city's alarms while somebody looked at it here. */
  readonly isGone: boolean;
}

/** What of the alarms is listed; as it stands in the address. */
export interface QueueFilter {
  readonly priorities: readonly Priority[];
  readonly domain: Domain | null;
  /** A department. */
  readonly owner: string | null;
  /** Words that the alarm's names must have. */
  readonly text: string;
  /** Those that are hidden by design or by hand, instead of those that are work. */
  readonly showsHidden: boolean;
}

export function readFilter(search: string): QueueFilter {
  const query = new URLSearchParams(search);
  const asked = query.get("priority")?.split(",") ?? [];
  return {
    priorities: priorities.filter((priority) => asked.includes(priority)),
    domain: domains.find((domain) => domain === query.get("domain")) ?? null,
    owner: query.get("owner"),
    text: query.get("text") ?? "",
    showsHidden: query.get("show") === "hidden",
  };
}

export function rowOf(alarm: Alarm, rule: AlarmRule): QueueRow {
  return { alarm, rule, dueAt: alarm.since + rule.response.withinSeconds * 1000, isGone: false };
}

export interface Queue {
  readonly rows: readonly QueueRow[];
  /** Alarms that are work but not what the filter asks for. */
  readonly filtered: number;
  readonly shelved: number;
  readonly suppressed: number;
  readonly outOfService: number;
}

/** Every alarm whose rule is known, the most urgent first. */
export function sortedRows(
  alarms: readonly Alarm[],
  rules: ReadonlyMap<string, AlarmRule>,
): readonly QueueRow[] {
  const rows = alarms.flatMap((alarm) => {
    const rule = rules.get(alarm.rule);
    return rule ? [rowOf(alarm, rule)] : [];
  });
  return rows.toSorted(byUrgency);
}

/** `rows` in their order; `namesOf`: the words under which somebody may look for an alarm, in small letters. */
export function queueOf(
  rows: readonly QueueRow[],
  filter: QueueFilter,
  namesOf: (row: QueueRow) => string,
): Queue {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const asked: QueueRow[] = [];
  const inState = { shelved: 0, suppressed: 0, "out-of-service": 0 };
  let listed = 0;
  for (const row of rows) {
    const { state } = row.alarm;
    if (state === "shelved" || state === "suppressed" || state === "out-of-service") inState[state]++;
    if (isHidden(row.alarm) !== filter.showsHidden) continue;
    listed++;
    if (isAsked(row, filter) && (words.length === 0 || hasWords(namesOf(row), words))) asked.push(row);
  }
  return {
    rows: asked,
    filtered: listed - asked.length,
    shelved: inState.shelved,
    suppressed: inState.suppressed,
    outOfService: inState["out-of-service"],
  };
}

function hasWords(names: string, words: readonly string[]): boolean {
  return words.every((word) => names.includes(word));
}

function isAsked({ alarm, rule }: QueueRow, filter: QueueFilter): boolean {
  return (
    (filter.priorities.length === 0 || filter.priorities.includes(alarm.priority)) &&
    (filter.domain === null || filter.domain === rule.domain) &&
    (filter.owner === null || filter.owner === rule.owner)
  );
}

/** The most urgent first; of one priority what is there before what is over, and the oldest first. */
function byUrgency(a: QueueRow, b: QueueRow): number {
  return (
    urgency(b.alarm.priority) - urgency(a.alarm.priority) ||
    Number(b.alarm.isActive) - Number(a.alarm.isActive) ||
    a.alarm.since - b.alarm.since ||
    (a.alarm.id < b.alarm.id ? -1 : 1)
  );
}

/** A line of the list: an alarm, and how many of its rule stand behind it while they are gathered. */
export interface QueueLine {
  readonly row: QueueRow;
  readonly behind: readonly QueueRow[];
}

/** From so many on, alarms of one rule are one line in a flood. */
const gatheredFrom = 3;

/**
 * In a flood the alarms of one rule stand behind the one that came first, unless their rule is among `opened`: one cause
 * is one line, and what stands behind it is counted there. Lines keep the order of their most urgent alarm.
 */
export function gather(rows: readonly QueueRow[], opened: ReadonlySet<string>): readonly QueueLine[] {
  const byRule = Map.groupBy(rows, ({ rule }) => rule.id);
  const told = new Set<string>();
  return rows.flatMap((row): QueueLine[] => {
    const { id } = row.rule;
    const same = byRule.get(id)!;
    if (same.length < gatheredFrom || opened.has(id)) return [{ row, behind: [] }];
    if (told.has(id)) return [];
    told.add(id);
    const first = same.reduce((a, b) => (b.alarm.since < a.alarm.since ? b : a));
    return [{ row: first, behind: same.filter((one) => one !== first) }];
  });
}

/** The rows of a list that somebody is using: each stays where it is, however it changes; new ones wait. */
export function holdStill(
  held: readonly QueueRow[],
  alarms: ReadonlyMap<string, Alarm>,
): readonly QueueRow[] {
  return held.map((row) => {
    const now = alarms.get(row.alarm.id);
    return now ? rowOf(now, row.rule) : { ...row, isGone: true };
  });
}

/** How many of `rows` are not in the list that is held still. */
export function waitingRows(held: readonly QueueRow[], rows: readonly QueueRow[]): number {
  const ids = new Set(held.map(({ alarm }) => alarm.id));
  return rows.filter(({ alarm }) => !ids.has(alarm.id)).length;
}

/**
 * The index of the line that a step (1 down, -1 up) leads to; -1 where there is none. `at`: that of the chosen alarm, -1
 * when it has no line. `stoodAt`: where it stood before it left the queue, which its follower has now; `null`: nowhere.
 */
export function stepTo(step: 1 | -1, at: number, stoodAt: number | null, count: number): number {
  const gone = stoodAt === null ? 0 : step === 1 ? stoodAt : stoodAt - 1;
  return Math.min(Math.max(at >= 0 ? at + step : gone, 0), count - 1);
}
