/** A scripted city with very many alarms at its desk. */

import { priorities, type Alarm } from "../../shared/alarms.ts";
import { alarm, rule } from "../alarm-samples.ts";
import { harbourCity, startAt } from "./harbour-city.ts";
import type { Script } from "./scripted-city.ts";

const rules = Array.from({ length: 20 }, (_, i) => rule(`transport.rule-${i}`));

/** The alarm with a number: of each four one is critical, and the oldest have the smallest numbers. */
export function numberedAlarm(i: number, count: number): Alarm {
  const of = rules[i % rules.length]!;
  return alarm({
    id: `${of.id}{thing:${i}}`,
    rule: of.id,
    group: `thing:${i}`,
    priority: priorities[i % 4]!,
    since: startAt - (count - i) * 1_000,
    about: { en: `Bridge ${i}`, zh: `桥 ${i}` },
  });
}

export function longQueue(count: number): Script {
  const script = harbourCity("calm");
  const alarms = Array.from({ length: count }, (_, i) => numberedAlarm(i, count));
  return {
    ...script,
    city: { ...script.city, rules },
    alarms: { alarms, system: { flood: null, unstored: null, unreached: [] } },
    judged: "now",
  };
}
