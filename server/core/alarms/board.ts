/**
 * All alarms of a city: judges the rules whose values changed, and says what is new. What changes by time alone (delays,
 * shelves, hours at which a rule is valid) waits in a heap, so that a tick costs what changed in it.
 */

import type {
  ActionRefusal,
  Alarm,
  AlarmAction,
  AlarmEvent,
  AlarmRule,
  Flood,
  Mark,
} from "../../../shared/alarms.ts";
import { seriesId } from "../../../shared/city.ts";
import type { FeedStatus } from "../../../shared/feed.ts";
import type { Kind } from "../../../shared/kinds.ts";
import type { Reading } from "../../../shared/protocol.ts";
import { fail, ok, type Result } from "../../../shared/result.ts";
import type { EntityChanges } from "../city/changes.ts";
import type { Held } from "../city/entity-table.ts";
import type { CityPlan } from "../city/plan.ts";
import { ExpiryHeap } from "../expiry-heap.ts";
import { FloodWatch } from "./flood.ts";
import {
  act,
  changesAt,
  judge,
  maintain,
  passTime,
  neverActive,
  suppress,
  type AlarmMemory,
  type Step,
} from "./machine.ts";
import { RuleHours } from "./rule-hours.ts";
import { isGroupOf, RuleIndex, unknownRule, type ThingRule } from "./rule-index.ts";
import { aboutOf, feedOfThing } from "./thing-words.ts";
import { judgeCount, judgeReading, type Judged, type Usual } from "./verdict.ts";
import { groupOfThing, thingIn, WatchList } from "./watch-list.ts";
import { Watched, type KeptAlarm } from "./watched.ts";

/** What the board asks of the city. */
interface BoardContext {
  readonly readings: ReadonlyMap<string, Reading>;
  findHeld(kind: Kind, id: string): Held | undefined;
  listHeld(kind: Kind): Iterable<Held>;
  feedStatuses(now: number): readonly FeedStatus[];
  /** Whether the feed's word about things of `kind` is fresh. */
  isFresh(feedId: string, kind: Kind, now: number): boolean;
}

/** What of a tick alarms are about. */
export interface WatchedChanges {
  readonly readings: readonly Reading[];
  readonly feeds: readonly FeedStatus[];
  readonly entities: ReadonlyMap<Kind, EntityChanges>;
  /** Ids of series that are no more. */
  readonly forgotten: readonly string[];
}

export interface AlarmChanges {
  /** Alarms about which something new is to be told. */
  readonly alarms: readonly Alarm[];
  /** What is to be remembered of them; `null`: nothing any more. */
  readonly kept: readonly (readonly [id: string, alarm: KeptAlarm | null])[];
  readonly events: readonly AlarmEvent[];
  /** `undefined` while it is what it was. */
  readonly flood?: Flood | null;
}

export const noAlarmChanges: AlarmChanges = { alarms: [], kept: [], events: [] };

/** On-delays of this length and longer are remembered while they run. */
const keptDelaySeconds = 60;

export class AlarmBoard {
  /** City time at which the rules were last judged; `null` before. */
  judgedAt: number | null = null;
  readonly #rules: RuleIndex;
  readonly #hours: RuleHours;
  readonly #context: BoardContext;
  readonly #watched: WatchList;
  readonly #usual = new Map<string, Usual>();
  /** Groups in which a rule has an active alarm, by the rule's id. */
  readonly #activeGroups = new Map<string, Set<string | null>>();
  /** Those that are not normal. */
  readonly #shown = new Set<Watched>();
  /** Those whose series or thing has not been heard of since the last run, or since its feed fell silent. */
  readonly #orphans = new Set<Watched>();
  readonly #due = new ExpiryHeap();
  /** Combinations of which a part has changed, with the part's group. */
  readonly #toCount: (readonly [rule: AlarmRule, group: string | null])[] = [];
  readonly #flood = new FloodWatch();
  #told = new Set<Watched>();
  /** Of which nothing is to be told, and something to be remembered. */
  #noted = new Set<Watched>();
  #events: AlarmEvent[] = [];
  #withdrawn: string[] = [];

  constructor(plan: Pick<CityPlan, "zone" | "rules" | "indicators" | "feeds">, context: BoardContext) {
    this.#context = context;
    this.#rules = new RuleIndex(plan);
    this.#hours = new RuleHours(plan.zone);
    this.#watched = new WatchList(this.#rules);
  }

  /** Every alarm that is not normal. */
  list(now: number): Alarm[] {
    return Array.from(this.#shown, (watched) => watched.view(now));
  }

  /** The alarm of this id, normal or not; `null` where nothing is watched by that name. */
  find(id: string, now: number): Alarm | null {
    return this.#watched.find(id)?.view(now) ?? null;
  }

  get flood(): Flood | null {
    return this.#flood.flood;
  }

  /** Takes over what an earlier run or epoch remembered. Alarms of rules that are no more are withdrawn. */
  restore(kept: readonly KeptAlarm[], now: number): AlarmChanges {
    for (const { rule: id, group, memory, about, position } of kept) {
      const rule = this.#rules.find(id);
      if (!rule || !this.#rules.hasAlarmOf(rule, group)) {
        const gone = new Watched(rule ?? unknownRule(id), group, -1);
        gone.memory = { ...neverActive, ...memory };
        if (gone.state !== "normal") this.#events.push(gone.event("withdrawn", now, null, null));
        this.#withdrawn.push(gone.id);
        continue;
      }
      const watched = this.#watched.of(rule, group);
      // What has happened since is newer than what was read late.
      if (this.#shown.has(watched)) continue;
      watched.memory = { ...neverActive, ...memory };
      watched.about = about;
      watched.position = position;
      if (memory.isActive) this.#groupsOf(rule.id).add(group);
      if (watched.state !== "normal") this.#shown.add(watched);
      this.#orphans.add(watched);
      this.#queue(watched, now);
    }
    return this.#take(now);
  }

  /**
   * Judges what changed, and what has come due, at `now`. The first time, and after a clock that was set back, everything.
   * `usual` replaces what is usual for some series.
   */
  judge(changes: WatchedChanges, usual: ReadonlyMap<string, Usual> | undefined, now: number): AlarmChanges {
    const isAnew = this.judgedAt === null || now < this.judgedAt;
    this.judgedAt = now;
    this.#showByHours(isAnew, now);
    for (const reading of isAnew ? this.#context.readings.values() : changes.readings)
      this.#judgeSeries(reading, now);
    if (this.#rules.ofSilence.length > 0)
      for (const feed of isAnew ? this.#context.feedStatuses(now) : changes.feeds) this.#judgeFeed(feed, now);
    this.#judgeThings(changes.entities, isAnew, now);
    if (usual) this.#setUsual(usual, now);
    for (const id of changes.forgotten) this.#forgetSeries(id, now);
    this.#settleOrphans(now);
    if (isAnew) this.#judgeAllAgain(now);
    // Before a delay of theirs ends that what has just happened stops.
    this.#countTogether(now);
    this.#passTime(now);
    this.#countTogether(now);
    return this.#take(now);
  }

  /** Combinations, when all else of the instant is known: what one part gives up and another takes over is no news. */
  #countTogether(now: number): void {
    for (let next = this.#toCount.shift(); next; next = this.#toCount.shift())
      this.#judgeCombination(next[0], next[1], now);
  }

  /** Whatever nothing has to change for: combinations, and delays that wait for instants of another clock. */
  #judgeAllAgain(now: number): void {
    for (const rule of this.#rules.all) {
      if (!("of" in rule.when)) continue;
      const groups = new Set([null, ...rule.when.of.flatMap((id) => Array.from(this.#groupsOf(id)))]);
      for (const watched of this.#orphans) if (watched.rule === rule) groups.add(watched.group);
      for (const group of groups) this.#judgeCombination(rule, group, now);
    }
    for (const watched of this.#watched.all()) this.#look(watched, now);
  }

  /** What an operator does with one alarm. */
  act(id: string, action: AlarmAction, mark: Mark): Result<AlarmChanges, ActionRefusal> {
    const watched = this.#watched.find(id);
    if (!watched) return fail("no-such-alarm");
    const done = act(watched.memory, watched.rule, action, mark);
    if (!done.ok) return done;
    this.#apply(watched, done.value, mark.at, { mark, text: textOf(action) });
    if (action.action === "return-to-service") this.#hide(watched, mark.at);
    return ok(this.#take(mark.at));
  }

  #judgeSeries(reading: Reading, now: number): void {
    for (const watched of this.#watched.ofSeries(reading.id)) {
      watched.valueState = reading.state;
      if (watched.trend) watched.trend.note(reading.state === "fresh" ? (reading.value ?? NaN) : NaN, now);
      this.#judgeReading(watched, reading, now);
    }
  }

  #judgeReading(watched: Watched, reading: Reading, now: number): void {
    const change = watched.trend?.change(now) ?? null;
    this.#verdict(
      watched,
      judgeReading(watched.rule.when, reading, change, this.#usualOf(reading.id, now)),
      now,
    );
  }

  #usualOf(series: string, now: number): Usual | null {
    const usual = this.#usual.get(series);
    return usual && usual.fromAt <= now && now < usual.toAt ? usual : null;
  }

  #setUsual(usual: ReadonlyMap<string, Usual>, now: number): void {
    for (const [series, band] of usual) {
      this.#usual.set(series, band);
      const reading = this.#context.readings.get(series);
      if (reading)
        for (const watched of this.#watched.ofSeries(series)) this.#judgeReading(watched, reading, now);
    }
  }

  #judgeFeed({ id, status }: FeedStatus, now: number): void {
    for (const rule of this.#rules.ofSilence) {
      const { when } = rule;
      if (!("silent" in when) || (when.feeds !== "all" && !when.feeds.includes(id))) continue;
      const isAbnormal = when.silent === "down" ? status === "down" : status !== "fresh";
      const watched = this.#watched.of(rule, `feed:${id}`);
      this.#orphans.delete(watched);
      this.#verdict(watched, { verdict: isAbnormal ? "abnormal" : "clear", number: null }, now);
    }
  }

  #judgeThings(entities: ReadonlyMap<Kind, EntityChanges>, isAnew: boolean, now: number): void {
    for (const [kind, rules] of this.#rules.ofThings) {
      const changes = entities.get(kind);
      if (isAnew) for (const held of this.#context.listHeld(kind)) this.#judgeThing(rules, held, now);
      else if (changes)
        for (const { entity } of changes.changed) {
          const held = this.#context.findHeld(kind, entity.id);
          if (held) this.#judgeThing(rules, held, now);
        }
      for (const { id } of changes?.removed ?? [])
        // What one part of a feed gave up and another took over is still there.
        if (!this.#context.findHeld(kind, id)) this.#thingIsGone(id, now);
    }
  }

  #judgeThing(rules: readonly ThingRule[], held: Held, now: number): void {
    for (const { rule, match } of rules) {
      const holds = match.holds(held, now);
      const group = groupOfThing(held.entity.id);
      const isKnown = this.#watched.find(seriesId(rule.id, group)) !== undefined;
      if (!holds && !isKnown && !match.byTime) continue;
      const watched = this.#watched.of(rule, group);
      this.#orphans.delete(watched);
      watched.about = aboutOf(held.entity);
      watched.position = held.entity.position ?? null;
      watched.matchChangesAt = match.changesAt(held, now);
      this.#verdict(watched, { verdict: holds ? "abnormal" : "clear", number: null }, now);
      watched.isOver = !holds && !match.byTime;
      this.#dropIfDone(watched);
    }
  }

  #thingIsGone(id: string, now: number): void {
    for (const watched of this.#watched.ofThing(id)) {
      watched.matchChangesAt = Number.POSITIVE_INFINITY;
      // Forgotten because its feed is silent: nobody knows that it is over.
      if (!this.#isSurelyGone(watched, now)) {
        watched.verdict = "unknown";
        this.#orphans.add(watched);
        continue;
      }
      this.#orphans.delete(watched);
      this.#verdict(watched, { verdict: "clear", number: null }, now);
      watched.isOver = true;
      this.#dropIfDone(watched);
    }
  }

  /** Nothing has the series' value any more: nothing is abnormal there. */
  #forgetSeries(id: string, now: number): void {
    this.#usual.delete(id);
    for (const watched of this.#watched.forgetSeries(id)) {
      this.#verdict(watched, { verdict: "clear", number: null }, now);
      watched.isOver = true;
      this.#dropIfDone(watched);
    }
  }

  /**
   * What an earlier run or a silent feed left: its series or thing has been heard of again, or is known to be there no
   * more, because what would tell of it is fresh.
   */
  #settleOrphans(now: number): void {
    for (const watched of this.#orphans) {
      const { rule, group } = watched;
      const series = rule.indicator === null ? null : seriesId(rule.indicator, group);
      const isHeard = series !== null && this.#context.readings.has(series);
      if (!isHeard && !this.#isSurelyGone(watched, now)) continue;
      this.#orphans.delete(watched);
      if (isHeard) this.#watched.ofSeries(series);
      else {
        this.#verdict(watched, { verdict: "clear", number: null }, now);
        watched.isOver = true;
      }
    }
  }

  #isSurelyGone({ rule, group }: Watched, now: number): boolean {
    const { when } = rule;
    if ("each" in when) {
      const id = thingIn(group)!;
      return !this.#context.findHeld(when.each, id) && this.#context.isFresh(feedOfThing(id), when.each, now);
    }
    return rule.indicator !== null && this.#context.readings.get(rule.indicator)?.state === "fresh";
  }

  #verdict(watched: Watched, { verdict, number }: Judged, now: number): void {
    watched.verdict = verdict;
    watched.value = number ?? watched.value;
    if (watched.trend) this.#queue(watched, now);
    // Nearly all are normal, and stay so.
    if (verdict !== "abnormal" && !this.#shown.has(watched) && watched.memory.pendingSince === null) return;
    this.#look(watched, now);
  }

  #look(watched: Watched, now: number): void {
    this.#apply(watched, passTime(watched.memory, now), now);
    this.#apply(watched, judge(watched.memory, watched.rule, watched.verdict, now), now);
    this.#queue(watched, now);
  }

  /** Takes over what a step made of an alarm, and what follows from it for others. */
  #apply(
    watched: Watched,
    { memory, events }: Step,
    now: number,
    said: { readonly mark: Mark | null; readonly text: string | null } = { mark: null, text: null },
  ): void {
    if (memory === watched.memory) return;
    const { rule, group } = watched;
    const { shelved, pendingSince } = watched.memory;
    watched.memory = memory;
    // A long delay that is under way goes on after a restart.
    if (memory.pendingSince !== pendingSince && rule.onDelaySeconds >= keptDelaySeconds)
      this.#noted.add(watched);
    if (watched.state === "normal") this.#shown.delete(watched);
    else this.#shown.add(watched);
    if (events.length > 0 || memory.shelved?.until !== shelved?.until) this.#told.add(watched);
    for (const kind of events) {
      if (kind === "raised") watched.noteRaised(now);
      this.#events.push(watched.event(kind, now, said.mark, said.text));
    }
    if (events.includes("raised")) {
      this.#groupsOf(rule.id).add(group);
      this.#hide(watched, now);
      this.#followActivity(watched, now);
    } else if (events.includes("returned")) {
      this.#groupsOf(rule.id).delete(group);
      this.#followActivity(watched, now);
    } else if (this.#isHider(watched) && events.length > 0) this.#hideChildren(rule.id, now);
    if (said.mark) this.#queue(watched, now);
  }

  #isHider({ rule, memory }: Watched): boolean {
    return memory.isActive && this.#rules.hiddenBy(rule.id).length > 0;
  }

  #followActivity({ rule, group }: Watched, now: number): void {
    for (const combination of this.#rules.countedBy(rule.id)) this.#toCount.push([combination, group]);
    if (this.#rules.hiddenBy(rule.id).length > 0) this.#hideChildren(rule.id, now);
  }

  #judgeCombination(rule: AlarmRule, group: string | null, now: number): void {
    const { when, by } = rule;
    if (!("of" in when)) return;
    const isGrouped = by.length > 0;
    if (isGrouped && !(group !== null && isGroupOf(rule, group))) return;
    const isActive = (id: string): boolean => {
      const groups = this.#activeGroups.get(id);
      return groups !== undefined && (isGrouped ? groups.has(group) : groups.size > 0);
    };
    const count = new Set(when.of.filter(isActive)).size;
    const watched = this.#watched.of(rule, isGrouped ? group : null);
    this.#orphans.delete(watched);
    watched.valueState = "fresh";
    this.#verdict(watched, judgeCount(count, when.atLeast), now);
  }

  #hideChildren(parent: string, now: number): void {
    const children = new Set(this.#rules.hiddenBy(parent));
    for (const watched of this.#shown) if (children.has(watched.rule)) this.#hide(watched, now);
  }

  /** Hides an alarm that something explains, that is not valid now or that is being worked on; or shows it again. */
  #hide(watched: Watched, now: number): void {
    const { rule } = watched;
    const { isValid, maintenance } = this.#hours.of(rule, now);
    const parent = rule.suppressedBy.length > 0 ? this.#parentOf(watched) : null;
    const by = parent ?? (isValid ? null : "valid-times");
    this.#apply(watched, suppress(watched.memory, by), now, { mark: null, text: by });
    this.#apply(watched, maintain(watched.memory, maintenance, now), now, { mark: null, text: maintenance });
  }

  /** The active alarm that explains this one: for the whole city, of the same group, or the silence of a feed it needs. */
  #parentOf({ rule, group }: Watched): string | null {
    const thing = thingIn(group);
    const feeds = [...this.#rules.feedsOf(rule.id), ...(thing === null ? [] : [feedOfThing(thing)])];
    const groups = [null, group, ...feeds.map((feed) => `feed:${feed}`)];
    for (const id of rule.suppressedBy)
      for (const one of groups) {
        if (this.#activeGroups.get(id)?.has(one) !== true) continue;
        const parent = this.#watched.find(seriesId(id, one));
        if (parent && explains(parent.memory)) return parent.id;
      }
    return null;
  }

  /** Shows and hides the alarms of rules at whose boundary the clock has arrived. */
  #showByHours(isAnew: boolean, now: number): void {
    const timed = new Set(this.#hours.pass(this.#rules.all, isAnew, now));
    if (timed.size === 0) return;
    for (const watched of this.#shown) if (timed.has(watched.rule)) this.#hide(watched, now);
  }

  #passTime(now: number): void {
    while (this.#due.nextAt <= now) {
      const { at, what } = this.#due.pop();
      const watched = this.#watched.numbered(what);
      if (watched?.queuedAt !== at) continue;
      watched.queuedAt = Number.POSITIVE_INFINITY;
      if (watched.matchChangesAt <= now) this.#judgeThingAgain(watched, now);
      else if (watched.trend) this.#judgeTrend(watched, now);
      else this.#look(watched, now);
    }
  }

  #judgeThingAgain(watched: Watched, now: number): void {
    const { when } = watched.rule;
    if (!("each" in when)) return;
    const held = this.#context.findHeld(when.each, thingIn(watched.group)!);
    const rules = this.#rules.ofThings.get(when.each)!.filter(({ rule }) => rule === watched.rule);
    watched.matchChangesAt = Number.POSITIVE_INFINITY;
    if (held) this.#judgeThing(rules, held, now);
    this.#queue(watched, now);
  }

  /** The value has stayed, the one it is compared with has not. */
  #judgeTrend(watched: Watched, now: number): void {
    const reading = this.#context.readings.get(seriesId(watched.rule.indicator!, watched.group));
    if (reading) this.#judgeReading(watched, reading, now);
    this.#look(watched, now);
  }

  /** It waits in the heap for the earliest instant at which time alone changes something. */
  #queue(watched: Watched, now: number): void {
    const trend = watched.trend?.changesAt(now) ?? Number.POSITIVE_INFINITY;
    const delay = changesAt(watched.memory, watched.rule, watched.verdict);
    const at = Math.min(trend, delay, watched.matchChangesAt);
    if (at === watched.queuedAt || at === Number.POSITIVE_INFINITY) return;
    watched.queuedAt = at;
    this.#due.push(at, watched.number);
  }

  /** Things and groups come and go: one that is no more leaves nothing behind when nothing is left to do about it. */
  #dropIfDone(watched: Watched): void {
    const { memory, isOver } = watched;
    if (!isOver || this.#shown.has(watched) || memory.pendingSince !== null || this.#told.has(watched))
      return;
    this.#watched.drop(watched);
  }

  #groupsOf(rule: string): Set<string | null> {
    let groups = this.#activeGroups.get(rule);
    if (!groups) this.#activeGroups.set(rule, (groups = new Set()));
    return groups;
  }

  /** What is new since it was last asked. */
  #take(now: number): AlarmChanges {
    const isNew = ({ kind, alarm }: AlarmEvent): boolean =>
      kind === "raised" && this.#watched.find(alarm)?.state === "unacknowledged";
    const fresh = this.#events.filter(isNew).map(({ alarm }) => alarm);
    const before = this.#flood.flood;
    const flood = this.#flood.take(fresh, now);
    const told = Array.from(this.#told);
    const changes: AlarmChanges = {
      alarms: told.map((watched) => watched.view(now)),
      kept: [
        ...Array.from(new Set([...this.#noted, ...this.#told]), (watched) => {
          const isOver = watched.state === "normal" && watched.memory.pendingSince === null;
          return [watched.id, isOver ? null : watched.kept()] as const;
        }),
        ...this.#withdrawn.map((id) => [id, null] as const),
      ],
      events: this.#events,
      ...(flood === before ? {} : { flood }),
    };
    if (this.#told.size > 0) this.#told = new Set();
    if (this.#noted.size > 0) this.#noted = new Set();
    this.#events = [];
    this.#withdrawn = [];
    for (const watched of told) this.#dropIfDone(watched);
    return changes;
  }
}

/** What nobody sees explains nothing, unless something that is seen explains it in turn. */
function explains({ outOfService, shelved, suppressedBy }: AlarmMemory): boolean {
  return outOfService === null && shelved === null && suppressedBy !== "valid-times";
}

function textOf(action: AlarmAction): string | null {
  if ("reason" in action) return action.reason;
  if ("text" in action) return action.text;
  if ("step" in action) return action.step;
  return "to" in action ? action.to : null;
}
