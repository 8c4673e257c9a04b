/**
 * Alarms, in the words of ISA-18.2 / IEC 62682 (states, shelving, suppression by design, flood, chatter) and of OPC UA
 * Part 9 (acknowledged is not confirmed; what is retained). An alarm is ours alone: "alert" belongs to CAP and GTFS-Realtime.
 */

import type { Domain, Match, Text } from "./city.ts";
import type { Kind } from "./kinds.ts";
import type { ValueState } from "./value.ts";

/** From least to most urgent. */
export const priorities = ["low", "medium", "high", "critical"] as const;
export type Priority = (typeof priorities)[number];

/**
 * The states of ISA-18.2, figure 4, by one word each:
 *
 * - `normal`: nothing is wrong and nothing is left to do.
 * - `unacknowledged`: active, and nobody has said that they know.
 * - `acknowledged`: active and known.
 * - `returned`: no longer active, and nobody had acknowledged it.
 * - `latched`: no longer active, but its rule wants somebody to confirm what was done.
 * - `shelved`: hidden by an operator for a time, with a reason.
 * - `suppressed`: hidden by its rule's design: a parent explains it, or it is not valid at this hour.
 * - `out-of-service`: hidden for maintenance, until it is returned to service.
 */
export const alarmStates = [
  "normal",
  "unacknowledged",
  "acknowledged",
  "returned",
  "latched",
  "shelved",
  "suppressed",
  "out-of-service",
] as const;
export type AlarmState = (typeof alarmStates)[number];

/** What a rule waits for. Exactly one form; the bounds of an indicator are in its unit. */
export type AlarmCondition =
  /** The value lies above, and has cleared when it lies below `clearBelow`. */
  | { readonly above: number; readonly clearBelow: number }
  | { readonly below: number; readonly clearAbove: number }
  /** The value now less that of `withinSeconds` ago is at least so much. `clearBelow` is a change too. */
  | { readonly risesBy: number; readonly withinSeconds: number; readonly clearBelow: number }
  | { readonly fallsBy: number; readonly withinSeconds: number; readonly clearBelow: number }
  /** The value lies more than `by` outside what is usual at this hour of the week, until `clearWithin` or less. */
  | { readonly outsideUsual: "above" | "below" | "either"; readonly by: number; readonly clearWithin: number }
  /** The indicator's value is stale or not known. */
  | { readonly unknown: true }
  /** A feed is not fresh (`stale`), or has been silent for so long that its values were dropped (`down`). */
  | { readonly silent: "stale" | "down"; readonly feeds: readonly string[] | "all" }
  /** Each thing that matches has an alarm of its own: a warning, a service alert. */
  | { readonly each: Kind; readonly where: Match }
  /** So many of these rules have an active alarm; with `by`, of the same group. */
  | { readonly atLeast: number; readonly of: readonly string[] };

/** When a rule is valid, in the city's zone; a stretch whose `to` is not after its `from` ends on the next day. */
export interface ValidTime {
  /** 1 Monday … 7 Sunday: the day on which the stretch begins. */
  readonly weekdays: readonly number[];
  /** `HH:MM`, local. */
  readonly from: string;
  readonly to: string;
}

/** Planned work on what a rule watches: its alarms are out of service meanwhile. */
export interface MaintenanceWindow {
  /** Epoch milliseconds. */
  readonly fromAt: number;
  readonly toAt: number;
  readonly reason: Text;
}

/** What has to be done; without it something is no alarm (ISA-18.2, §3.1.7). */
export interface RequiredResponse {
  readonly text: Text;
  readonly checklist: readonly Text[];
  /** Where the standard operating procedure is, by language. */
  readonly sop: Text | null;
  /** From the alarm until what helps has to be done, else the consequence comes. */
  readonly withinSeconds: number;
}

/** `rules/<id>.json`, with its defaults filled in. */
export interface AlarmRule {
  readonly id: string;
  /** One that is not is checked and kept, and makes no alarms. */
  readonly enabled: boolean;
  readonly domain: Domain;
  readonly title: Text;
  /** What happens if nobody does anything: why this is an alarm. */
  readonly consequence: Text;
  /** Whose value is watched; `null` for feeds, things and combinations. */
  readonly indicator: string | null;
  readonly when: AlarmCondition;
  /** Groupings of the indicator: an alarm of its own for each group. None: one for the whole city. */
  readonly by: readonly string[];
  /** Of these groupings, only these group keys; `null`: all. */
  readonly groups: readonly string[] | null;
  /** It must be abnormal for so long before it is an alarm, and be clear for so long before that ends. */
  readonly onDelaySeconds: number;
  readonly offDelaySeconds: number;
  readonly priority: Priority;
  /** Stays after it is over until somebody confirms what was done. */
  readonly latch: boolean;
  readonly response: RequiredResponse;
  /** Departments. */
  readonly owner: string;
  readonly backup: string | null;
  /** Empty: always. */
  readonly validTimes: readonly ValidTime[];
  readonly maintenance: readonly MaintenanceWindow[];
  /** Rules whose active alarms explain those of this one. */
  readonly suppressedBy: readonly string[];
  /** Nobody may shelve it for longer. */
  readonly shelveAtMostSeconds: number;
  /** Hash of the fields that change what is an alarm. */
  readonly revision: string;
}

/** Who acts. Until accounts exist people name what they are on duty as; an account's id will stand beside it. */
export interface Actor {
  /** "Transport desk". */
  readonly position: string;
  /** "Night, 26 November"; `null` where there are no shifts. */
  readonly shift: string | null;
  readonly account: string | null;
}

export interface Mark {
  /** City time, epoch milliseconds. */
  readonly at: number;
  readonly by: Actor;
}

export interface Shelving extends Mark {
  /** When it comes back by itself. */
  readonly until: number;
  readonly reason: string;
}

export interface OutOfService {
  readonly at: number;
  /** `null`: a maintenance window of the rule, which ends by itself. */
  readonly by: Actor | null;
  readonly reason: string;
}

export interface Remark extends Mark {
  readonly text: string;
}

/** A step of the rule's checklist that is done. */
export interface DoneStep extends Mark {
  /** Its English words: rules change, and so does the order of their steps. */
  readonly step: string;
}

/** An alarm of a rule, as the topic `alarms` tells it; what its rule says of it is in the topic `city`. */
export interface Alarm {
  /** `seriesId(rule, group)`: `<rule>` or `<rule>{<group>}`. */
  readonly id: string;
  readonly rule: string;
  readonly indicator: string | null;
  /** A group key of the indicator, `feed:<id>` of a silent feed, `thing:<entity id>` of a thing. */
  readonly group: string | null;
  readonly priority: Priority;
  readonly state: AlarmState;
  /** Whether what the rule waits for is there, shown or hidden. */
  readonly isActive: boolean;
  /** Counts how often it became active: a new number is a new alarm, the same one a change of what is known. */
  readonly occurrence: number;
  /** When it last became active; of one that never was (shelved, out of service), when it was hidden. */
  readonly since: number;
  /** When it was over; `null` while it is active. */
  readonly returnedAt: number | null;
  /** Somebody knows. */
  readonly acknowledged: Mark | null;
  /** Somebody has done what it takes. */
  readonly confirmed: Mark | null;
  readonly shelved: Shelving | null;
  /** The parent alarm that explains it, or `valid-times`. */
  readonly suppressedBy: string | null;
  readonly outOfService: OutOfService | null;
  /** The position that works on it. */
  readonly assignedTo: string | null;
  readonly comment: Remark | null;
  /** In the order in which they were done. */
  readonly doneSteps: readonly DoneStep[];
  /** What is watched, now: the value, or the change or distance that the rule is about. */
  readonly value: number | null;
  readonly valueState: ValueState;
  /** How the thing calls itself that it is about, in its publisher's words. */
  readonly about: Text | null;
  /** Longitude and latitude, for a thing that has a place. */
  readonly position: readonly [number, number] | null;
  /** It came three times within a minute. */
  readonly isChattering: boolean;
}

/** More new alarms than a person can take in (ISA-18.2: over 10 in 10 minutes), until there are few again. */
export interface Flood {
  readonly since: number;
  /** The alarm that came first of all. */
  readonly firstOut: string;
  /** New alarms since then. */
  readonly count: number;
}

/** How the alarms themselves fare. */
export interface AlarmSystem {
  readonly flood: Flood | null;
  /** What happened and could not be written down: it holds now, and would not after a restart. */
  readonly unstored: { readonly count: number; readonly since: number; readonly error: string } | null;
  /** Who is not reached by messages. */
  readonly unreached: readonly UnreachedContact[];
}

/** A contact whom the last message did not reach. */
export interface UnreachedContact {
  readonly role: Text;
  /** Its id where it has no title. */
  readonly contact: Text | string;
  /** City time of the first message that was not accepted, and what it says first. */
  readonly since: number;
  readonly subject: string;
  /** The first alarm that the message is about; `null` of a briefing. */
  readonly alarm: string | null;
  /** Messages that are tried again or wait behind it; 0: it was given up. */
  readonly waiting: number;
}

/** The topic `alarms`. A snapshot holds every alarm that is not normal; one that has become normal is in a delta as such. */
export interface AlarmsBody {
  readonly alarms: readonly Alarm[];
  /** `null` of a past instant, whose alarms are not told here. */
  readonly system: AlarmSystem | null;
}

/** An item of `/api/v1/alarms`. */
export interface AlarmItem extends Alarm {
  readonly title: Text;
  readonly acknowledgedBy: string | null;
  readonly owner: string;
  readonly backup: string | null;
  readonly response: RequiredResponse;
  /** When `response` has to be done. */
  readonly dueAt: number;
}

/** What an operator does with alarms. */
export type AlarmAction =
  | { readonly action: "acknowledge" | "unacknowledge" | "confirm" | "unshelve" | "return-to-service" }
  | { readonly action: "shelve"; readonly forSeconds: number; readonly reason: string }
  | { readonly action: "remove-from-service"; readonly reason: string }
  | { readonly action: "comment"; readonly text: string }
  /** `step`: the English words of a step of the checklist. */
  | { readonly action: "check" | "uncheck"; readonly step: string }
  /** `to`: a position; `null`: nobody any more. */
  | { readonly action: "assign"; readonly to: string | null };

/** The body of `POST /api/v1/alarms/actions`: one action on one or many alarms. */
export type AlarmCommand = AlarmAction & {
  readonly alarms: readonly string[];
  readonly position: string;
  readonly shift: string | null;
  /** Made by whoever asks, once per command: the same one again changes nothing and gets the same answer. */
  readonly key: string;
};

/** Why an action changes nothing. */
export const actionRefusals = [
  "no-such-alarm",
  "not-active",
  "already-acknowledged",
  "not-acknowledged",
  "already-confirmed",
  "not-shelved",
  "too-long",
  "in-service",
  "maintenance",
  "no-such-step",
  "already-checked",
  "not-checked",
] as const;
export type ActionRefusal = (typeof actionRefusals)[number];

export interface CommandAnswer {
  /** In the order in which they were asked for. */
  readonly results: readonly {
    readonly alarm: string;
    readonly refused: ActionRefusal | null;
    /** `null`: there is no such alarm. */
    readonly state: AlarmState | null;
  }[];
  /** `null` when all of it is written down; else why it is not, though it holds now. */
  readonly unstored: string | null;
}

/** What happened to an alarm: a line of its log, which is only ever added to. */
export const alarmEventKinds = [
  "raised",
  "returned",
  "shelf-ended",
  "suppressed",
  "unsuppressed",
  "maintenance-begun",
  "maintenance-over",
  "withdrawn",
  "acknowledge",
  "unacknowledge",
  "confirm",
  "shelve",
  "unshelve",
  "remove-from-service",
  "return-to-service",
  "comment",
  "assign",
  "check",
  "uncheck",
] as const;
export type AlarmEventKind = (typeof alarmEventKinds)[number];

export interface AlarmEvent {
  /** City time, epoch milliseconds. */
  readonly at: number;
  readonly alarm: string;
  readonly rule: string;
  readonly group: string | null;
  readonly occurrence: number;
  readonly kind: AlarmEventKind;
  /** What it was then: a rule may change. */
  readonly priority: Priority;
  /** The state after it. */
  readonly state: AlarmState;
  readonly value: number | null;
  /** `null`: nobody did it, it happened. */
  readonly by: Actor | null;
  /** A reason, a comment, the parent's id, whom it was assigned to, or the English words of a step. */
  readonly text: string | null;
  /** Of a shelving. */
  readonly until: number | null;
}

/** How the alarms of a stretch of time fared: what ISA-18.2 (§16) judges an alarm system by. */
export interface AlarmFigures {
  readonly fromAt: number;
  readonly toAt: number;
  /** Alarms that somebody was to see, and those that were hidden as they came. */
  readonly alarms: number;
  readonly hidden: number;
  /** Of alarms, in slots of ten minutes from `fromAt`: one is acceptable, more than ten (`over`) are a flood. */
  readonly perTenMinutes: {
    readonly mean: number;
    readonly most: number;
    readonly slots: number;
    /** Slots with more than ten. */
    readonly over: number;
    /** Of each slot. */
    readonly counts: readonly number[];
  };
  readonly floods: readonly {
    readonly fromAt: number;
    readonly toAt: number;
    readonly firstOut: string;
    readonly count: number;
  }[];
  /** Share of the time in a flood; under 1 is good. */
  readonly floodPercent: number;
  readonly priorities: Readonly<Record<Priority, number>>;
  /** What good sets of alarms are made of; `urgent` is high and critical together. */
  readonly recommendedPercent: Readonly<Record<"urgent" | "medium" | "low", number>>;
  /** The alarms that came most often. */
  readonly badActors: readonly { readonly alarm: string; readonly count: number; readonly percent: number }[];
  /** The rules that made most. */
  readonly badRules: readonly { readonly rule: string; readonly count: number; readonly percent: number }[];
  /** Alarms that came three times within a minute. */
  readonly chattering: readonly string[];
  readonly acknowledgement: {
    readonly acknowledged: number;
    readonly never: number;
    readonly medianSeconds: number | null;
    readonly p90Seconds: number | null;
  };
}

/** `/api/v1/alarms/figures`. */
export interface AlarmFiguresAnswer extends AlarmFigures {
  /** When the first alarm of all was written down, if that is within the stretch: of the time before nothing is known. */
  readonly beganAt: number | null;
  /** Now: alarms that have been active for over a day, and those that are hidden. */
  readonly stale: readonly { readonly alarm: string; readonly since: number }[];
  readonly shelved: number;
  readonly suppressed: number;
  readonly outOfService: number;
}

export interface BacktestSeries {
  readonly id: string;
  /** Of a thing, how it calls itself. */
  readonly about: Text | null;
  readonly alarms: number;
  readonly activeSeconds: number;
  /** When it would have been active, the newest 500; `null`: it still would be. */
  readonly stretches: readonly { readonly fromAt: number; readonly toAt: number | null }[];
}

/** What a rule would have done. */
export interface Backtested {
  /** Later than was asked for where what a rule about single things watches was not recorded before. */
  readonly fromAt: number;
  readonly toAt: number;
  /** Of what the rule watches, how much was recorded and fresh. */
  readonly knownPercent: number;
  readonly alarms: number;
  /** Alarms that would have come when the rule is not valid, or out of service. */
  readonly hidden: number;
  readonly perDay: number;
  readonly activeSeconds: number;
  readonly medianSeconds: number | null;
  readonly longestSeconds: number | null;
  /** Alarms of this rule that would have come while there were too many of them. */
  readonly inFlood: number;
  readonly operatorSeconds: number;
  /** Those with most alarms first. */
  readonly series: readonly BacktestSeries[];
}

/** `/api/v1/rules/backtest`. */
export interface BacktestAnswer extends Backtested {
  readonly rule: string;
  /** `null` of a rule about feeds or other rules. */
  readonly indicator: string | null;
  /** The past was looked at in buckets of this length: their means; 0 where it is known to the instant. */
  readonly everySeconds: number;
}

/** Hidden by an operator for a time, by its rule's design, or for maintenance. */
export function isHidden({ state }: Pick<Alarm, "state">): boolean {
  return state === "shelved" || state === "suppressed" || state === "out-of-service";
}

/** Whether a situation report begins with it, where its rule has one. */
export function opensIncident({ isActive, suppressedBy }: Pick<Alarm, "isActive" | "suppressedBy">): boolean {
  return isActive && suppressedBy === null;
}

/** The more urgent one has the larger number. */
export function urgency(priority: Priority): number {
  return priorities.indexOf(priority);
}
