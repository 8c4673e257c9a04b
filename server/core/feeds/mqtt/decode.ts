/** Messages of an MQTT broker whose topics and payloads the feed declares. */

import { Notices } from "../../../../shared/notice.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import type { Connector, ConnectorFeed, Failure, Part, Update } from "../connector.ts";
import { isObject, quote } from "../body.ts";
import { RowNotices } from "../table/row-notices.ts";
import { readThings } from "../table/things.ts";
import type { MessageRow, ReadColumn } from "./columns.ts";
import type { MqttOptions } from "./options.ts";
import { readPayload, type Payload } from "./payload.ts";
import { topicReaders, type TopicReader } from "./reader.ts";

export const mqtt: Connector<MqttOptions> = {
  spec: "mqtt",
  gives: ({ topics }) => [...new Set(topics.flatMap(({ entities }) => entities.map(({ kind }) => kind)))],
  next: () => [],
  decode: decodeMessage,
};

/** A message is a part whose name is its topic. One that nothing can be made of is a notice: the next may be better. */
function decodeMessage(
  part: Part,
  feed: ConnectorFeed<MqttOptions>,
  receivedAt: number,
): Result<Update, Failure> {
  const notices = new Notices();
  const topic = part.name;
  for (const reader of topicReaders(feed)) {
    const levels = reader.pattern.match(topic);
    if (levels === null) continue;
    const rows = readRows(part, levels, reader, notices);
    return ok(rows ? updateOf(rows, reader, part, receivedAt, notices) : nothing(topic, notices));
  }
  const patterns = feed.options.topics.map((rule) => quote(rule.topic)).join(", ");
  notices.add("mqtt-unknown-topic", "warning", `${topic}: expected a topic that fits ${patterns}`);
  return ok(nothing(topic, notices));
}

function nothing(topic: string, notices: Notices): Update {
  return {
    mode: "partial",
    scope: topic,
    version: null,
    publishedAt: null,
    entities: [],
    observations: [],
    notices: notices.list(),
    tellsNothing: true,
  };
}

/** `null`, with a notice, for a payload of which nothing can be used. */
function readRows(
  part: Part,
  levels: readonly string[],
  reader: TopicReader,
  notices: Notices,
): MessageRow[] | null {
  const payload = readPayload(part.bytes, reader.rule, reader.takesBare);
  if (payload.ok) return rowsOf(payload.value, levels, reader, part.name, notices);
  const { slug, expected, found } = payload.failure;
  notices.add(`mqtt-${slug}`, "error", `${part.name}: expected ${expected}, found ${found}`);
  return null;
}

function updateOf(
  rows: MessageRow[],
  reader: TopicReader,
  part: Part,
  receivedAt: number,
  notices: Notices,
): Update {
  const { things, mode } = reader;
  const report = new RowNotices(notices, "mqtt", part.name);
  // How old a retained message was when it came, nobody knows.
  const publishedAt = part.retained ? null : receivedAt;
  const reading = { rows, report, publishedAt, receivedAt };
  const entities = readThings(things, reading);
  const told = notices.list();
  const update: Update = {
    mode,
    scope: part.name,
    version: null,
    publishedAt: null,
    entities,
    observations: [],
    // Whoever takes in retained messages says so of those without a time.
    notices: part.retained ? told.filter(({ code }) => code !== "mqtt-no-observed-at") : told,
  };
  // A topic that falls silent for good takes its things with it.
  return mode === "full" ? { ...update, passing: true } : update;
}

function rowsOf(
  { value, entries }: Payload,
  levels: readonly string[],
  { members, shared, takesBare }: TopicReader,
  topic: string,
  notices: Notices,
): MessageRow[] {
  const message = {
    topic,
    levels,
    shared: shared.length === 0 ? nothingShared : shared.map((read) => read(value)),
  };
  const told = takesBare ? entries : objectsIn(entries, topic, notices);
  const rows = told.map((entry) => ({ message, entry }));
  for (const { name, read } of members)
    if (rows.length > 0 && isAbsent(read, rows))
      notices.add(
        "mqtt-missing-member",
        "warning",
        `${topic}: expected a member ${quote(name)} in the payload`,
      );
  return rows;
}

const nothingShared: readonly unknown[] = [];

function isAbsent(read: ReadColumn, rows: readonly MessageRow[]): boolean {
  for (const row of rows) if (read(row) !== undefined) return false;
  return true;
}

function objectsIn(entries: readonly unknown[], topic: string, notices: Notices): readonly unknown[] {
  if (entries.every(isObject)) return entries;
  return entries.filter((entry, i) => {
    if (isObject(entry)) return true;
    const found = quote(entry);
    notices.add("mqtt-bad-row", "error", `${topic} row ${i + 1}: expected an object, found ${found}`);
    return false;
  });
}
