/** One alarm of one rule, as the board keeps it: what it watches now, and what is remembered of it. */

import type {
  Alarm,
  AlarmEvent,
  AlarmEventKind,
  AlarmRule,
  AlarmState,
  Mark,
} from "../../../shared/alarms.ts";
import { seriesId, type Text } from "../../../shared/city.ts";
import type { ValueState } from "../../../shared/value.ts";
import { neverActive, stateOf, type AlarmMemory, type Verdict } from "./machine.ts";
import type { Trend } from "./trend.ts";

/** Three times within a minute is chatter (ISA-18.2, §16.5.3), and is called so for ten minutes. */
const chatterTimes = 3;
const chatterSpanMs = 60_000;
const chatterHoldMs = 600_000;

/** What an alarm is after a restart. */
export interface KeptAlarm {
  readonly rule: string;
  readonly group: string | null;
  /** One that was written down before something else was remembered has nothing of that. */
  readonly memory: AlarmMemory;
  readonly about: Text | null;
  readonly position: Alarm["position"];
}

export class Watched {
  readonly rule: AlarmRule;
  readonly group: string | null;
  readonly id: string;
  memory: AlarmMemory = neverActive;
  verdict: Verdict = "unknown";
  value: number | null = null;
  valueState: ValueState = "none";
  about: Text | null = null;
  position: Alarm["position"] = null;
  /** Of a rule about change. */
  trend: Trend | null = null;
  /** When the answer of a thing's match changes by time alone. */
  matchChangesAt = Number.POSITIVE_INFINITY;
  /** Its series or thing is no more. */
  isOver = false;
  /** When the heap of delays next looks at it. */
  queuedAt = Number.POSITIVE_INFINITY;
  /** Its number on the heap. */
  readonly number: number;
  #raisedAt: readonly number[] = [];

  constructor(rule: AlarmRule, group: string | null, number: number) {
    this.rule = rule;
    this.group = group;
    this.id = seriesId(rule.id, group);
    this.number = number;
  }

  get state(): AlarmState {
    return stateOf(this.memory, this.rule);
  }

  noteRaised(now: number): void {
    this.#raisedAt = [...this.#raisedAt, now].slice(-chatterTimes);
  }

  isChattering(now: number): boolean {
    const [first, last] = [this.#raisedAt[0], this.#raisedAt.at(-1)];
    if (this.#raisedAt.length < chatterTimes) return false;
    return last! - first! <= chatterSpanMs && now - last! < chatterHoldMs;
  }

  /** The alarm as it is told at `now`. */
  view(now: number): Alarm {
    const { memory, rule } = this;
    const { activeAt, shelved, outOfService } = memory;
    return {
      id: this.id,
      rule: rule.id,
      indicator: rule.indicator,
      group: this.group,
      priority: rule.priority,
      state: this.state,
      isActive: memory.isActive,
      occurrence: memory.occurrence,
      since: activeAt ?? shelved?.at ?? outOfService?.at ?? now,
      returnedAt: memory.returnedAt,
      acknowledged: memory.acknowledged,
      confirmed: memory.confirmed,
      shelved,
      suppressedBy: memory.suppressedBy,
      outOfService,
      assignedTo: memory.assignedTo,
      comment: memory.comment,
      doneSteps: memory.doneSteps,
      value: this.value,
      valueState: this.valueState,
      about: this.about,
      position: this.position,
      isChattering: this.isChattering(now),
    };
  }

  /** A line of the log, of what has just happened. */
  event(kind: AlarmEventKind, at: number, mark: Mark | null, text: string | null): AlarmEvent {
    const { rule, group, memory, value } = this;
    return {
      at,
      alarm: this.id,
      rule: rule.id,
      group,
      occurrence: memory.occurrence,
      kind,
      priority: rule.priority,
      state: this.state,
      value,
      by: mark?.by ?? null,
      text,
      until: kind === "shelve" ? (memory.shelved?.until ?? null) : null,
    };
  }

  kept(): KeptAlarm {
    const { rule, group, memory, about, position } = this;
    return { rule: rule.id, group, memory, about, position };
  }
}
