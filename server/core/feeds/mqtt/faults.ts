/** What is wrong with the options of an MQTT feed, beyond their shape. */

import { columnNames } from "../table/columns.ts";
import { tableFaults, type OptionFault } from "../table/faults.ts";
import { bracedName, placedColumn } from "./columns.ts";
import type { MqttOptions, TopicRule } from "./options.ts";
import { tableOptions } from "./reader.ts";
import { topicFilterFault, TopicPattern } from "./topic.ts";

/** All faults at once: topics that are no filters, levels without a name, and what `table` says of its rules. */
export function mqttFaults(options: MqttOptions): readonly OptionFault[] {
  const inTopic = (i: number) => (fault: OptionFault) => ({ ...fault, key: `topics.${i}.${fault.key}` });
  return [
    ...tableFaults({ time: options.time, entities: [] }),
    ...options.topics.flatMap((rule, i) => topicFaults(rule, options).map(inTopic(i))),
  ];
}

function topicFaults(rule: TopicRule, options: MqttOptions): readonly OptionFault[] {
  const table = tableOptions(rule, { ...options, time: undefined });
  // "received" was made "published", which `table` wants to find in a file's name.
  const publishedIn = { fileName: "{YYYYMMDD}" };
  return [
    ...patternFaults(rule),
    ...levelFaults(rule, "where", { where: rule.where, entities: [] }),
    ...table.entities.flatMap((entity, i) => levelFaults(rule, `entities.${i}`, { entities: [entity] })),
    ...placeFaults(rule, options),
    ...tableFaults({ ...table, publishedIn }),
  ];
}

function patternFaults({ topic }: TopicRule): readonly OptionFault[] {
  const { names, filter } = new TopicPattern(topic);
  const expected =
    topicFilterFault(filter) ??
    (/[{}]/.test(filter) ? "{name} alone in a level" : null) ??
    (new Set(names).size < names.length ? "a name for one level only" : null);
  return expected === null ? [] : [{ key: "topic", value: topic, expected }];
}

/** Columns in braces that are no level of the topic. */
function levelFaults(
  { topic }: TopicRule,
  key: string,
  read: Parameters<typeof columnNames>[0],
): readonly OptionFault[] {
  const known = ["topic", "payload", ...new TopicPattern(topic).names];
  return columnNames(read).flatMap((column) => {
    const name = bracedName(placedColumn(column));
    if (name === null || known.includes(name)) return [];
    const expected = `${known.map((word) => `{${word}}`).join(", ")} instead of {${name}}`;
    return [{ key, value: column, expected }];
  });
}

function placeFaults({ entities }: TopicRule, { places }: MqttOptions): readonly OptionFault[] {
  if (places !== undefined) return [];
  return entities.flatMap(({ position }, i) =>
    position && "placeOf" in position
      ? [
          {
            key: `entities.${i}.position.placeOf`,
            value: position.placeOf,
            expected: "places to say where they are",
          },
        ]
      : [],
  );
}
