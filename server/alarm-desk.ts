/** What the API asks about alarms and does with them: the epoch that runs, and what is written down. */

import type { AlarmCommand, AlarmItem, AlarmRule, CommandAnswer } from "../shared/alarms.ts";
import { readRule } from "./city-folder/read-rule.ts";
import type { Epochs } from "./epochs.ts";
import type { AlarmDesk } from "./http/alarms.ts";
import type { AlarmKeeper } from "./live/alarm-keeper.ts";
import type { RecordDesk } from "./records/record-desk.ts";

/** So long is waited to hear from the store whether a command was done before; an operator cannot wait for one that hangs. */
const knownWithinMs = 300;

/** An answer waits so long for the store, in wall time; what it then says is that it waits. */
const writtenWithinMs = 2_000;

export function alarmDeskOf(
  epochs: Epochs,
  keeper: AlarmKeeper,
  records: RecordDesk,
  now: () => number,
): AlarmDesk {
  const underWay = new Map<string, Promise<CommandAnswer>>();
  const rules = (): readonly AlarmRule[] => epochs.current.folder.rules;
  const act = async (command: AlarmCommand): Promise<CommandAnswer> => {
    const { key, position, shift } = command;
    const known = await keeper.findAnswer(key, knownWithinMs);
    if (known) return known;
    const by = { position, shift, account: null };
    const results = epochs.current.live.act(command, by, now());
    keeper.take({ alarms: [], kept: [], events: [] }, { key, answer: { results, unstored: null } });
    return { results, unstored: await keeper.written(writtenWithinMs) };
  };
  return {
    rules,
    readRule(file) {
      const { indicators, settings } = epochs.current.folder;
      return readRule(file, indicators, settings.zone);
    },
    list() {
      const byId = new Map(rules().map((rule) => [rule.id, rule]));
      return epochs.current.live.city.alarms.list(now()).map((alarm): AlarmItem => {
        const { title, owner, backup, response } = byId.get(alarm.rule)!;
        const acknowledgedBy = alarm.acknowledged?.by.position ?? null;
        const dueAt = alarm.since + response.withinSeconds * 1000;
        return { ...alarm, title, acknowledgedBy, owner, backup, response, dueAt };
      });
    },
    state() {
      const { alarms } = epochs.current.live;
      return { list: alarms.list(now()), system: alarms.system, judgedAt: alarms.judgedAt };
    },
    act(command) {
      const same = underWay.get(command.key);
      if (same) return same;
      const answer = act(command).finally(() => underWay.delete(command.key));
      underWay.set(command.key, answer);
      return answer;
    },
    events: async (question) => (await records.open()).alarms.events(question),
    log: async (fromAt, toAt) => (await records.open()).alarms.log(fromAt, toAt),
    hasEventsBefore: async (at) => (await records.open()).alarms.hasBefore(at),
  };
}
