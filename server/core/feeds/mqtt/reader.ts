/** A topic rule made ready: its pattern, its columns, and its rules in the words of `table`. */

import type { ConnectorFeed } from "../connector.ts";
import { columnNames } from "../table/columns.ts";
import { Cells } from "../table/cells.ts";
import type { EntityRule, TableOptions } from "../table/options.ts";
import { cellOf, memberReader } from "../table/sheet.ts";
import { thingRule, type ThingRule } from "../table/things.ts";
import {
  columnReader,
  isFromTopic,
  isMember,
  placeColumn,
  sharedPaths,
  type MessageRow,
  type ReadColumn,
} from "./columns.ts";
import type { MessageRule, MqttOptions, TopicRule } from "./options.ts";
import { TopicPattern } from "./topic.ts";

export interface TopicReader {
  readonly rule: TopicRule;
  readonly pattern: TopicPattern;
  readonly mode: "full" | "partial";
  readonly things: readonly ThingRule[];
  /** The members that a payload should have. */
  readonly members: readonly { readonly name: string; readonly read: ReadColumn }[];
  /** What all rows of a message share of its payload. */
  readonly shared: readonly ((payload: unknown) => unknown)[];
  /** Whether a payload may be a bare number or text. */
  readonly takesBare: boolean;
}

/** The readers of a feed's topics, in their order. */
export function topicReaders(feed: ConnectorFeed<MqttOptions>): readonly TopicReader[] {
  const known = readersOf.get(feed);
  if (known) return known;
  const readers = feed.options.topics.map((rule) => topicReader(rule, feed));
  readersOf.set(feed, readers);
  return readers;
}

/** Most messages are smaller than the rules about them: these are made once for a feed. */
const readersOf = new WeakMap<ConnectorFeed<MqttOptions>, readonly TopicReader[]>();

function topicReader(rule: TopicRule, feed: ConnectorFeed<MqttOptions>): TopicReader {
  const options = tableOptions(rule, feed.options);
  const columns = columnNames(options);
  const table = { ...feed, options };
  const namesThings = rule.entities.every(({ id }) => id.every(isFromTopic));
  const pattern = new TopicPattern(rule.topic);
  const paths = sharedPaths(columns);
  const reader = (column: string): ReadColumn => columnReader(column, pattern, paths, feed.options.places);
  const cells = new Cells(
    (column) => {
      const read = reader(column);
      return (row) => cellOf(read(row as MessageRow));
    },
    options,
    feed.zone,
  );
  return {
    rule,
    pattern,
    mode: rule.mode ?? (namesThings ? "full" : "partial"),
    things: options.entities.map((one) => thingRule(one, cells, table)),
    members: columns.filter(isMember).map((name) => ({ name, read: reader(name) })),
    shared: paths.map(memberReader),
    takesBare: columns.includes("{payload}"),
  };
}

/** A topic's rules in the words of `table`. */
export function tableOptions(rule: TopicRule, { time, absent }: MqttOptions): TableOptions {
  return { time, absent, where: rule.where, entities: rule.entities.map(entityRule) };
}

function entityRule({ observedAt, position, ...rest }: MessageRule): EntityRule {
  return {
    ...rest,
    observedAt: observedAt === "received" ? "published" : observedAt,
    position:
      position && "placeOf" in position
        ? { text: placeColumn(position.placeOf), order: "lon,lat" }
        : position,
  };
}
