/** `/metrics` in OpenMetrics 1.0 text, for whoever watches the watchers. */

import type { Alarm, AlarmSystem } from "../../shared/alarms.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { Reading } from "../../shared/protocol.ts";

export const openMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** How what the city remembers gets to the disk. */
export interface HistoryState {
  readonly isOpen: boolean;
  /** Rows that were given up since the start, by what they are of. */
  readonly lost: Readonly<Record<string, number>>;
  readonly behindMs: number;
  /** Of its process; `null` while there is none. */
  readonly memoryBytes: number | null;
}

/** How alarms stand, and how they fare. */
export interface AlarmsState {
  readonly list: readonly Pick<Alarm, "state" | "priority">[];
  readonly system: AlarmSystem;
  /** City time; `null` before the first tick. */
  readonly judgedAt: number | null;
}

/** One gauge per figure; what is not known has no sample, because 0 would be a lie. */
export function metricsText(state: {
  readonly feeds: readonly FeedStatus[];
  readonly readings: Iterable<Reading>;
  readonly clients: number;
  readonly history: HistoryState;
  readonly alarms: AlarmsState;
  /** Messages that were tried and not accepted, by role. */
  readonly failing: ReadonlyMap<string, number>;
  readonly now: number;
}): string {
  const { feeds, clients, history, alarms, failing, now } = state;
  const indicators: Sample[] = [];
  for (const { id, value } of state.readings) {
    if (value !== null && !id.endsWith("}")) indicators.push({ labels: { id }, value });
  }
  const perFeed = (read: (feed: FeedStatus) => number | null): Sample[] =>
    feeds.flatMap((feed) => {
      const value = read(feed);
      return value === null ? [] : [{ labels: { feed: feed.id }, value }];
    });
  return [
    gauge("citydeck_clients", "Connected live clients.", [unlabelled(clients)]),
    gauge(
      "citydeck_feed_fresh",
      "1 when the feed is fresh.",
      perFeed((feed) => Number(feed.status === "fresh")),
    ),
    gauge(
      "citydeck_feed_age_seconds",
      "Age of the newest thing a feed speaks for.",
      perFeed((feed) => (feed.observedAt === null ? null : Math.max(0, (now - feed.observedAt) / 1000))),
    ),
    gauge(
      "citydeck_feed_entities",
      "Things held of a feed.",
      perFeed((feed) => feed.entities),
    ),
    gauge(
      "citydeck_feed_dropped",
      "Things a full inbox dropped since the start.",
      perFeed((feed) => feed.dropped),
    ),
    gauge("citydeck_history_open", "1 when the history's file is open.", [
      unlabelled(Number(history.isOpen)),
    ]),
    gauge(
      "citydeck_history_lost_rows",
      "Rows that never reached the disk, since the start.",
      Object.entries(history.lost).map(([kind, value]) => ({ labels: { kind }, value })),
    ),
    gauge("citydeck_history_behind_seconds", "How long the oldest row has waited for the disk.", [
      unlabelled(history.behindMs / 1000),
    ]),
    gauge(
      "citydeck_history_memory_bytes",
      "Resident memory of the history's process.",
      history.memoryBytes === null ? [] : [unlabelled(history.memoryBytes)],
    ),
    gauge(
      "citydeck_alarms",
      "Alarms that are not normal.",
      Array.from(
        Map.groupBy(alarms.list, ({ state, priority }) => `${state} ${priority}`).values(),
        (same) => ({ labels: { state: same[0]!.state, priority: same[0]!.priority }, value: same.length }),
      ),
    ),
    gauge("citydeck_alarm_flood", "1 while there is a flood of alarms.", [
      unlabelled(Number(alarms.system.flood !== null)),
    ]),
    gauge("citydeck_alarms_unstored", "What happened to alarms and could not be written down yet.", [
      unlabelled(alarms.system.unstored?.count ?? 0),
    ]),
    gauge(
      "citydeck_notifications_failing",
      "Messages to a role that were tried and not accepted, and are tried again.",
      Array.from(failing, ([role, value]) => ({ labels: { role }, value })),
    ),
    gauge(
      "citydeck_alarms_judged_seconds",
      "Since the alarm rules were last judged.",
      alarms.judgedAt === null ? [] : [unlabelled(Math.max(0, (now - alarms.judgedAt) / 1000))],
    ),
    gauge("citydeck_indicator", "Current value of an indicator.", indicators),
    "# EOF\n",
  ].join("");
}

function unlabelled(value: number): Sample {
  return { labels: {}, value };
}

function gauge(name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}\n`);
  return `# TYPE ${name} gauge\n# HELP ${name} ${help}\n${lines.join("")}`;
}

function labelText(labels: Sample["labels"]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
