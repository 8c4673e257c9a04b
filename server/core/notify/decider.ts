/**
 * Decides who is told of which alarms, and can say why of each. It has no clock and sends nothing: it is given the alarms
 * that are not normal and the city's time, and gives back messages to be made. What it must remember over a restart is
 * `Told`; everything else follows from the alarms.
 *
 * The stages are those of Prometheus' Alertmanager (settle, group, inhibit, silence), with the escalation of an alarm
 * that nobody acknowledges (IEC 62682, §10).
 */

import { urgency, type Alarm, type AlarmRule } from "../../../shared/alarms.ts";
import type { DecisionWord, NotificationDecision, NoticeStage } from "../../../shared/notification.ts";
import { validityAt, type Validity } from "../alarms/valid-times.ts";
import { onCallAt, type OnCall } from "./on-call.ts";
import type { Contact, Role, Route } from "./route.ts";

/** Whom a route has told of an alarm, while that is not over. */
export interface Told {
  readonly route: string;
  /** As it was when it was last told. */
  readonly alarm: Alarm;
  /** The steps that are done: 0 for the first role, then those of the escalation. */
  readonly levels: readonly number[];
  /** When the first role was told, city time; `null`: it was not, there was nobody on call. */
  readonly firstAt: number | null;
  /** How often it was hidden since it came, after which everybody is told anew. */
  readonly hidden: number;
  readonly contacts: readonly ToldContact[];
}

export interface ToldContact {
  readonly role: string;
  readonly contact: string;
}

/** One message to all of `contacts`. */
export interface PlannedMessage {
  readonly route: string;
  readonly role: Role;
  readonly contacts: readonly Contact[];
  readonly stage: NoticeStage;
  readonly level: number;
  /** The most urgent first, then the oldest. */
  readonly alarms: readonly Alarm[];
  /** What is told of, each by a word of its own: the same is never told twice. */
  readonly of: readonly string[];
}

export interface Decided {
  readonly messages: readonly PlannedMessage[];
  /** What is to be remembered from now on, and what no longer. */
  readonly told: readonly Told[];
  readonly ended: readonly Told[];
  /** Decisions that are others than before. */
  readonly decisions: readonly NotificationDecision[];
  /** When something may be due without any alarm having changed; `Infinity` for never. */
  readonly nextAt: number;
}

export interface DeciderOptions {
  readonly zone: string;
  readonly rules: readonly AlarmRule[];
  readonly roles: readonly Role[];
  readonly routes: readonly Route[];
  /** What was remembered. */
  readonly told: readonly Told[];
}

/** One step of a route: whom to tell, and how long after the alarm. */
interface Level {
  readonly route: Route;
  readonly level: number;
  readonly stage: "new" | "escalated";
  readonly role: Role;
  readonly afterSeconds: number;
}

interface Verdict {
  readonly word: DecisionWord;
  readonly until: number | null;
  readonly because: string | null;
}

/** A message that waits for what else belongs into it. */
interface Gathering {
  readonly key: string;
  readonly route: Route;
  readonly message: Omit<PlannedMessage, "alarms" | "of" | "route">;
  readonly due: { readonly alarm: Alarm; readonly decision: Undecided }[];
}

type Undecided = Omit<NotificationDecision, "decision">;

/** What one call of `decide` knows and finds. */
interface Round {
  readonly now: number;
  readonly alarms: ReadonlyMap<string, Alarm>;
  readonly speaking: Speaking;
  readonly gatherings: Map<string, Gathering>;
  readonly decisions: NotificationDecision[];
  nextAt: number;
}

export class Decider {
  readonly #onCall: ByHour<Role, OnCall>;
  readonly #quiet: ByHour<Route, Validity>;
  readonly #rules: ReadonlyMap<string, AlarmRule>;
  readonly #roles: ReadonlyMap<string, Role>;
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #levelsOf: ReadonlyMap<string, readonly Level[]>;
  readonly #told: Map<string, Told>;
  /** When the first alarm of a message was due, by the message's key. */
  #openedAt: ReadonlyMap<string, number> = new Map();
  /** What was decided last, by alarm and then by what it was decided for. */
  readonly #lastWords = new Map<string, Map<string, string>>();

  constructor({ zone, rules, roles, routes, told }: DeciderOptions) {
    this.#onCall = new ByHour((role, now) => onCallAt(role, now, zone));
    this.#quiet = new ByHour((route, now) => validityAt(route.quiet, now, zone));
    this.#rules = new Map(rules.map((rule) => [rule.id, rule]));
    this.#roles = new Map(roles.map((role) => [role.id, role]));
    this.#routes = new Map(routes.map((route) => [route.id, route]));
    this.#levelsOf = new Map(
      rules.map((rule) => [
        rule.id,
        routes.filter((route) => isAbout(route, rule)).flatMap((route) => this.#levels(route)),
      ]),
    );
    this.#told = new Map(told.map((one) => [toldKey(one.route, one.alarm), one]));
  }

  /** `alarms`: every alarm that is not normal, as it is at `now`. */
  decide(alarms: readonly Alarm[], now: number): Decided {
    const round: Round = {
      now,
      alarms: new Map(alarms.map((alarm) => [alarm.id, alarm])),
      speaking: speakingOf(alarms),
      gatherings: new Map(),
      decisions: [],
      nextAt: Number.POSITIVE_INFINITY,
    };
    for (const alarm of alarms)
      for (const level of this.#levelsOf.get(alarm.rule) ?? []) this.#consider(round, level, alarm);
    const { told: noted, ended } = this.#considerEnds(round);
    const { messages, told, toldOver } = this.#close(round);
    for (const id of this.#lastWords.keys()) if (!round.alarms.has(id)) this.#lastWords.delete(id);
    return {
      messages,
      told: [...noted.filter(({ route, alarm }) => this.#told.has(toldKey(route, alarm))), ...told],
      ended: [...ended, ...toldOver],
      decisions: round.decisions,
      nextAt: round.nextAt,
    };
  }

  /** What each route decides about an alarm at `now`, one line per step; routes that are not about it have none. */
  explain(alarm: Alarm, alarms: readonly Alarm[], now: number): readonly NotificationDecision[] {
    const speaking = speakingOf(alarms);
    return (this.#levelsOf.get(alarm.rule) ?? []).map((level) => {
      const { word, until, because } = this.#judge(level, alarm, speaking, now);
      return { ...undecided(level, alarm, now), decision: word, until, because };
    });
  }

  #levels(route: Route): readonly Level[] {
    const steps = [{ afterSeconds: route.settleSeconds, to: route.to }, ...route.escalation];
    return steps.map(({ afterSeconds, to }, level) => {
      const role = this.#roles.get(to);
      if (!role) throw new Error(`route ${route.id} names no role of the city: ${to}`);
      return { route, level, role, afterSeconds, stage: level === 0 ? "new" : "escalated" };
    });
  }

  #consider(round: Round, level: Level, alarm: Alarm): void {
    const { word, until, because } = this.#judge(level, alarm, round.speaking, round.now);
    const decision = { ...undecided(level, alarm, round.now), until, because };
    if (word !== "gathering") return this.#note(round, { ...decision, decision: word });
    const { contacts } = this.#onCall.at(level.role, round.now);
    this.#gather(round, level, contacts, alarm, decision);
  }

  /** `gathering`: it is to be told now. */
  #judge(
    { route, level, role, afterSeconds }: Level,
    alarm: Alarm,
    speaking: Speaking,
    now: number,
  ): Verdict {
    const told = this.#told.get(toldKey(route.id, alarm));
    if (told?.levels.includes(level)) return verdict("told", null, namesOf(told, role.id).join(", "));
    if (!alarm.isActive) return verdict("over");
    if (isHidden(alarm)) return verdict("hidden", null, alarm.state);
    if (alarm.acknowledged !== null) return verdict("known", null, alarm.acknowledged.by.position);
    const dueAt =
      level === 0 ? alarm.since + afterSeconds * 1000 : this.#nextLevelAt(route, alarm, afterSeconds, now);
    // The first role comes first, and has the time that its route gives it.
    if (dueAt === null) return verdict("waiting");
    if (now < dueAt) return verdict(level === 0 ? "settling" : "waiting", dueAt);
    const inhibitor = route.inhibitedBy.find((rule) => speaks(speaking, rule, alarm.group));
    if (inhibitor !== undefined) return verdict("inhibited", null, inhibitor);
    const quietUntil = this.#quietAt(route, alarm, now);
    if (quietUntil !== null) return verdict("quiet", quietUntil);
    const { contacts, until } = this.#onCall.at(role, now);
    return contacts.length === 0 ? verdict("nobody-on-call", until) : verdict("gathering");
  }

  /** When a step of the escalation is due; `null` while the first role is still to be told. */
  #nextLevelAt(route: Route, alarm: Alarm, afterSeconds: number, now: number): number | null {
    const sinceAt = alarm.since + afterSeconds * 1000;
    const told = this.#told.get(toldKey(route.id, alarm));
    if (told?.levels.includes(0) && told.firstAt !== null)
      return Math.max(sinceAt, told.firstAt + (afterSeconds - route.settleSeconds) * 1000);
    const first = this.#roles.get(route.to);
    const isThere = first !== undefined && this.#onCall.at(first, now).contacts.length > 0;
    return isThere && now >= alarm.since + route.settleSeconds * 1000 ? null : sinceAt;
  }

  /** Whom somebody was told of and what is over: gone, not active, or there for another time. Gives what is not told. */
  #considerEnds(round: Round): { readonly told: readonly Told[]; readonly ended: readonly Told[] } {
    const changed: Told[] = [];
    const ended: Told[] = [];
    for (const [key, told] of this.#told) {
      const known = round.alarms.get(told.alarm.id);
      const isSame = known?.since === told.alarm.since;
      if (isSame && known.isActive) {
        if (isHidden(known) && told.levels.length > 0) changed.push(this.#keep(toldAnew(told)));
        continue;
      }
      const last = told.alarm.isActive ? this.#keep(overNow(told, isSame ? known : null, round.now)) : told;
      if (last !== told) changed.push(last);
      const route = this.#routes.get(told.route);
      const isTold = route?.tellsEnd === true && this.#considerEnd(round, route, last);
      if (isTold) continue;
      this.#told.delete(key);
      ended.push(last);
    }
    return { told: changed, ended };
  }

  #keep(told: Told): Told {
    this.#told.set(toldKey(told.route, told.alarm), told);
    return told;
  }

  /** `false`: there is nobody left to tell. */
  #considerEnd(round: Round, route: Route, told: Told): boolean {
    const last = told.alarm;
    const quietUntil = this.#quietAt(route, last, round.now);
    let isTold = false;
    for (const roleId of new Set(told.contacts.map(({ role }) => role))) {
      const role = this.#roles.get(roleId);
      const names = namesOf(told, roleId);
      const contacts = role?.contacts.filter(({ id }) => names.includes(id)) ?? [];
      if (!role || contacts.length === 0) continue;
      isTold = true;
      const step = { route, level: 0, stage: "over" as const, role };
      const decision = { ...undecided(step, last, round.now), until: quietUntil, because: null };
      if (quietUntil === null) this.#gather(round, step, contacts, last, decision);
      else this.#note(round, { ...decision, decision: "quiet" });
    }
    return isTold;
  }

  /** When the quiet hours end that hold an alarm back at `now`; `null` when none do. */
  #quietAt(route: Route, { priority }: Alarm, now: number): number | null {
    if (route.quiet.length === 0 || route.quietExcept.includes(priority)) return null;
    const { isValid, until } = this.#quiet.at(route, now);
    return isValid ? until : null;
  }

  #gather(
    round: Round,
    { route, level, stage, role }: Step,
    contacts: readonly Contact[],
    alarm: Alarm,
    decision: Undecided,
  ): void {
    const owner = this.#rules.get(alarm.rule)?.owner ?? "";
    const by = { rule: alarm.rule, owner, everything: "" }[route.gatherBy];
    const key = JSON.stringify([route.id, stage, level, role.id, contacts.map(({ id }) => id), by]);
    const gathering = round.gatherings.get(key) ?? {
      key,
      route,
      message: { role, contacts, stage, level },
      due: [],
    };
    gathering.due.push({ alarm, decision });
    round.gatherings.set(key, gathering);
  }

  /** Makes the messages whose time to gather is over. */
  #close(round: Round): { messages: PlannedMessage[]; told: readonly Told[]; toldOver: readonly Told[] } {
    const openedAt = new Map<string, number>();
    const messages: PlannedMessage[] = [];
    const told = new Map<string, Told>();
    const toldOver: Told[] = [];
    for (const { key, route, message, due } of round.gatherings.values()) {
      const opened = this.#openedAt.get(key) ?? round.now;
      const until = opened + route.gatherSeconds * 1000;
      const isClosed = round.now >= until;
      if (!isClosed) openedAt.set(key, opened);
      for (const { decision } of due)
        this.#note(
          round,
          isClosed
            ? { ...decision, decision: "told", because: message.contacts.map(({ id }) => id).join(", ") }
            : { ...decision, decision: "gathering", until },
        );
      if (!isClosed) continue;
      const alarms = due.map(({ alarm }) => alarm).toSorted(byUrgency);
      const of = alarms.map((alarm) => this.#occurrenceOf(route, alarm));
      messages.push({ ...message, route: route.id, alarms, of });
      // Whoever comes next has a time from now on.
      round.nextAt = round.now;
      for (const alarm of alarms) {
        const id = toldKey(route.id, alarm);
        const before = this.#told.get(id);
        if (message.stage === "over") {
          if (!before) continue;
          const contacts = before.contacts.filter(({ role }) => role !== message.role.id);
          this.#remember(told, toldOver, { ...before, contacts });
        } else this.#remember(told, toldOver, withLevel(before, route.id, message, alarm, round.now));
      }
    }
    this.#openedAt = openedAt;
    return { messages, told: [...told.values()], toldOver };
  }

  #occurrenceOf({ id }: Route, alarm: Alarm): string {
    const hidden = this.#told.get(toldKey(id, alarm))?.hidden ?? 0;
    return `${alarm.id} ${alarm.since} ${hidden}`;
  }

  /** With nobody left to be told of its end, it is over. */
  #remember(told: Map<string, Told>, toldOver: Told[], one: Told): void {
    const id = toldKey(one.route, one.alarm);
    if (one.contacts.length > 0) {
      this.#told.set(id, one);
      told.set(id, one);
    } else {
      this.#told.delete(id);
      told.delete(id);
      toldOver.push(one);
    }
  }

  #note(round: Round, decision: NotificationDecision): void {
    round.nextAt = Math.min(round.nextAt, decision.until ?? Number.POSITIVE_INFINITY);
    const { alarm, occurrence, route, stage, level, role } = decision;
    const words = this.#lastWords.get(alarm) ?? new Map<string, string>();
    this.#lastWords.set(alarm, words);
    const key = JSON.stringify([route, stage, level, role]);
    const word = JSON.stringify([occurrence, decision.decision, decision.because]);
    if (words.get(key) === word) return;
    words.set(key, word);
    round.decisions.push(decision);
  }
}

type Step = Pick<Level, "route" | "level" | "role"> & { readonly stage: NoticeStage };

/** Rules with an alarm that is active and not hidden, and of which groups. */
type Speaking = ReadonlyMap<string, ReadonlySet<string | null>>;

function speakingOf(alarms: readonly Alarm[]): Speaking {
  const groups = new Map<string, Set<string | null>>();
  for (const alarm of alarms) {
    if (!alarm.isActive || isHidden(alarm)) continue;
    const ofRule = groups.get(alarm.rule) ?? new Set();
    groups.set(alarm.rule, ofRule.add(alarm.group));
  }
  return groups;
}

/** An alarm of the whole city speaks for all groups, one of a group for that group. */
function speaks(speaking: Speaking, rule: string, group: string | null): boolean {
  const groups = speaking.get(rule);
  return groups !== undefined && (groups.has(null) || groups.has(group));
}

function isAbout({ about }: Route, rule: AlarmRule): boolean {
  return (
    (about.priorities?.includes(rule.priority) ?? true) &&
    (about.domains?.includes(rule.domain) ?? true) &&
    (about.owners?.includes(rule.owner) ?? true) &&
    (about.rules?.includes(rule.id) ?? true)
  );
}

function isHidden({ state }: Alarm): boolean {
  return state === "shelved" || state === "suppressed" || state === "out-of-service";
}

/** What the calendar says of something, kept for as long as it says the same. */
class ByHour<T extends object, V extends { readonly until: number }> {
  readonly #ask: (about: T, now: number) => V;
  readonly #known = new WeakMap<T, { readonly from: number; readonly said: V }>();

  constructor(ask: (about: T, now: number) => V) {
    this.#ask = ask;
  }

  at(about: T, now: number): V {
    const known = this.#known.get(about);
    // A clock that was set back asks anew.
    if (known && known.from <= now && now < known.said.until) return known.said;
    const said = this.#ask(about, now);
    this.#known.set(about, { from: now, said });
    return said;
  }
}

function verdict(word: DecisionWord, until: number | null = null, because: string | null = null): Verdict {
  return { word, until: until === Number.POSITIVE_INFINITY ? null : until, because };
}

function undecided(
  { route, level, stage, role }: Step,
  { id, occurrence }: Alarm,
  at: number,
): Omit<Undecided, "until" | "because"> {
  return { at, route: route.id, alarm: id, occurrence, stage, level, role: role.id };
}

function namesOf(told: Told, role: string): readonly string[] {
  return told.contacts.filter((one) => one.role === role).map(({ contact }) => contact);
}

function withLevel(
  before: Told | undefined,
  route: string,
  { role, contacts, level }: Gathering["message"],
  alarm: Alarm,
  now: number,
): Told {
  const known = before?.contacts ?? [];
  const isNew = ({ id }: Contact): boolean =>
    !known.some((one) => one.role === role.id && one.contact === id);
  return {
    route,
    alarm,
    levels: [...(before?.levels ?? []), level],
    firstAt: level === 0 ? now : (before?.firstAt ?? null),
    hidden: before?.hidden ?? 0,
    contacts: [...known, ...contacts.filter(isNew).map(({ id }) => ({ role: role.id, contact: id }))],
  };
}

/** After it was hidden it comes back as new; who was told hears of its end all the same. */
function toldAnew(told: Told): Told {
  return { ...told, levels: [], firstAt: null, hidden: told.hidden + 1 };
}

function overNow(told: Told, known: Alarm | null, now: number): Told {
  const returnedAt = known?.returnedAt ?? now;
  return { ...told, alarm: { ...(known ?? told.alarm), isActive: false, returnedAt } };
}

/** One occurrence of an alarm, as a route knows it. */
export function toldKey(route: string, { id, since }: Pick<Alarm, "id" | "since">): string {
  // Occurrences are counted anew after a start.
  return JSON.stringify([route, id, since]);
}

function byUrgency(a: Alarm, b: Alarm): number {
  return urgency(b.priority) - urgency(a.priority) || a.since - b.since || (a.id < b.id ? -1 : 1);
}
