/**
 * Indicators measured together, because they take the same sample of the same things: every thing of their kind
 * contributes a sample to the whole and to one group per dimension; a change takes the old sample back and adds the new.
 */

import type { IndicatorDefinition } from "../../../shared/city.ts";
import { startOfDay, startOfNextDay } from "../../../shared/city-time.ts";
import type { Entity } from "../../../shared/entity.ts";
import type { AreaIndex, AreaKeys } from "../city/areas.ts";
import { Group, type Groups } from "./group.ts";
import { compileMatch, fieldOf, type CompiledMatch, type Subject } from "./match.ts";
import { compileSample, type CompiledSample } from "./sample.ts";
import { Samples } from "./samples.ts";

export interface MeterContext {
  readonly zone: string;
  readonly areas: AreaIndex;
  /** Department of a feed, for the dimension `department`. */
  readonly departmentOf: (feedId: string) => string;
}

export class Meter {
  readonly definitions: readonly IndicatorDefinition[];
  /** Any of them: what the meter reads and samples is the same for all. */
  readonly definition: IndicatorDefinition;
  readonly whole: Group;
  readonly groups = new Map<string, Group>();
  /** Groups of values that nothing has any more, the longest empty first. Areas are known beforehand and stay. */
  readonly #empty = new Set<Group>();
  readonly #areaGroups: ReadonlySet<Group>;
  /** Only of a meter that knows no other dimension: places in the same areas share one list. */
  readonly #groupsOfAreas = new WeakMap<AreaKeys, Groups>();
  /** Groups that changed since `takeDirty`. */
  #dirty: Group[] = [];
  readonly #samples = new Samples();
  readonly #dimensions: readonly ((subject: Subject) => Subject["areas"][number])[];
  readonly #byAreasOnly: boolean;
  readonly #where: CompiledMatch;
  readonly #sampled: CompiledSample;
  readonly #context: MeterContext;
  readonly #from: ReadonlySet<string> | null;
  /** Whether the answer about an entity may change by time alone. */
  readonly byTime: boolean;
  /** Whether a newer `observedAt` alone may change a sample. */
  readonly byAge: boolean;
  /** Whether the figure itself grows with time (an age). */
  readonly readsTime: boolean;

  /** `definitions` have the same `sampleKey`; there is at least one. */
  constructor(definitions: readonly IndicatorDefinition[], context: MeterContext) {
    const definition = definitions[0]!;
    this.definitions = definitions;
    this.definition = definition;
    this.#context = context;
    this.#from = definition.from && new Set(definition.from);
    this.#dimensions = definition.by.map((dimension) => compileDimension(dimension, context));
    this.#byAreasOnly = definition.by.every((dimension) => dimension.startsWith("area."));
    this.#where = compileMatch(definition.where);
    this.#sampled = compileSample(definition);
    this.byTime = this.#where.byTime || this.#sampled.byTime || definition.window !== null;
    this.byAge = this.#where.byAge || this.#sampled.byAge;
    this.readsTime = "age" in definition.measure;
    this.whole = new Group(null, definitions);
    for (const dimension of definition.by) {
      if (!dimension.startsWith("area.")) continue;
      for (const key of context.areas.keysOf(dimension.slice(5))) this.#group(key);
    }
    this.#areaGroups = new Set(this.groups.values());
  }

  /** Takes over what the entity in `slot` is now; `undefined` when it is gone. */
  update(slot: number, subject: Subject | undefined, now: number): void {
    const samples = this.#samples;
    const isHeld = samples.has(slot);
    const amount = subject && this.#counts(subject, now) ? this.#sampled.amount(subject, now) : Number.NaN;
    if (subject === undefined || Number.isNaN(amount)) {
      if (isHeld) this.#drop(slot, now);
      return;
    }
    const weight = this.#sampled.weight(subject, now);
    const estimated = subject.entity.quality === "estimated" ? 1 : 0;
    samples.reach(slot);
    const before = samples.groups[slot]!;
    const groups = this.#byAreasOnly ? this.#groupsIn(subject) : this.#groupsOf(subject);
    const staysIn = isHeld && sameGroups(before, groups);
    const oldAmount = samples.amounts[slot]!;
    const oldWeight = samples.weights[slot]!;
    const oldEstimated = samples.estimated[slot]!;
    if (staysIn && oldAmount === amount && oldWeight === weight && oldEstimated === estimated) return;
    // Before the old amount is released, which may be the same.
    this.#sampled.hold(amount);
    if (isHeld) {
      this.whole.remove(oldAmount, oldWeight, oldEstimated);
      for (const group of before) group?.remove(oldAmount, oldWeight, oldEstimated);
      this.#sampled.release(oldAmount);
    }
    this.whole.add(amount, weight, estimated);
    for (const group of groups) group?.add(amount, weight, estimated);
    samples.amounts[slot] = amount;
    samples.weights[slot] = weight;
    samples.estimated[slot] = estimated;
    samples.groups[slot] = groups;
    this.#noteChange(groups, now);
    if (isHeld && !staysIn) this.#noteChange(before, now);
  }

  /** The next instant after `now` at which `update` would find something else by time alone, else `Infinity`. */
  changesAt(subject: Subject, now: number): number {
    if (!this.byTime || !this.#reads(subject.entity)) return Number.POSITIVE_INFINITY;
    return Math.min(
      this.#where.changesAt(subject, now),
      this.#sampled.changesAt(subject, now),
      this.#windowChangesAt(subject.entity, now),
    );
  }

  /** Groups that changed since the last call; all of them when `all`. */
  takeDirty(all: boolean): readonly Group[] {
    const dirty = all ? [this.whole, ...this.groups.values()] : this.#dirty;
    this.#dirty = [];
    for (const group of dirty) group.dirty = false;
    return dirty;
  }

  /** Forgets the groups that have been empty since before `emptyBefore`, as far as `may` agrees; says which. */
  forgetEmpty(emptyBefore: number, may: (key: string) => boolean): readonly string[] {
    const forgotten: string[] = [];
    for (const group of this.#empty) {
      if (group.emptyAt >= emptyBefore) break;
      const { key } = group;
      if (key === null || !may(key)) continue;
      this.#empty.delete(group);
      this.groups.delete(key);
      forgotten.push(key);
    }
    return forgotten;
  }

  /** Takes back what `slot` contributed. */
  #drop(slot: number, now: number): void {
    const samples = this.#samples;
    const groups = samples.groups[slot]!;
    const amount = samples.amounts[slot]!;
    const weight = samples.weights[slot]!;
    const estimated = samples.estimated[slot]!;
    this.whole.remove(amount, weight, estimated);
    for (const group of groups) group?.remove(amount, weight, estimated);
    this.#sampled.release(amount);
    samples.clear(slot);
    this.#noteChange(groups, now);
  }

  #noteChange(groups: Groups, now: number): void {
    this.#noteDirty(this.whole);
    for (const group of groups) {
      if (group === null) continue;
      this.#noteDirty(group);
      if (group.size > 0) this.#empty.delete(group);
      else if (!this.#areaGroups.has(group)) {
        group.emptyAt = now;
        this.#empty.delete(group);
        this.#empty.add(group);
      }
    }
  }

  #noteDirty(group: Group): void {
    if (group.dirty) return;
    group.dirty = true;
    this.#dirty.push(group);
  }

  #reads(entity: Entity): boolean {
    return this.#from === null || this.#from.has(entity.feedId);
  }

  #counts(subject: Subject, now: number): boolean {
    const { entity } = subject;
    return this.#reads(entity) && this.#inWindow(entity, now) && this.#where.holds(subject, now);
  }

  #groupsIn(subject: Subject): Groups {
    let groups = this.#groupsOfAreas.get(subject.areas);
    if (!groups) this.#groupsOfAreas.set(subject.areas, (groups = this.#groupsOf(subject)));
    return groups;
  }

  #groupsOf(subject: Subject): Groups {
    const groups: (Group | null)[] = [];
    for (const keyOf of this.#dimensions) {
      const key = keyOf(subject);
      if (key === null) groups.push(null);
      else if (typeof key === "string") groups.push(this.#group(key));
      else for (const one of key) groups.push(this.#group(one));
    }
    return groups;
  }

  #group(key: string): Group {
    let group = this.groups.get(key);
    if (!group) {
      group = new Group(key, this.definitions);
      this.groups.set(key, group);
    }
    return group;
  }

  #inWindow(entity: Entity, now: number): boolean {
    const window = this.definition.window;
    if (window === null) return true;
    const at = fieldOf(entity, window.field);
    if (typeof at !== "number" || at > now) return false;
    if ("lastSeconds" in window) return at > now - window.lastSeconds * 1000;
    return at >= startOfDayCached(now, this.#context.zone);
  }

  #windowChangesAt(entity: Entity, now: number): number {
    const window = this.definition.window;
    if (window === null) return Number.POSITIVE_INFINITY;
    const at = fieldOf(entity, window.field);
    if (typeof at !== "number") return Number.POSITIVE_INFINITY;
    if (at > now) return at;
    const endsAt =
      "lastSeconds" in window
        ? at + window.lastSeconds * 1000
        : at >= startOfDayCached(now, this.#context.zone)
          ? nextDayCached(now, this.#context.zone)
          : 0;
    return endsAt > now ? endsAt : Number.POSITIVE_INFINITY;
  }
}

function sameGroups(a: Groups, b: Groups): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The group key of a subject in one dimension, `null` when it belongs to none; several areas of one with an extent. */
function compileDimension(
  dimension: string,
  { areas, departmentOf }: MeterContext,
): (subject: Subject) => Subject["areas"][number] {
  if (dimension.startsWith("area.")) {
    const level = areas.levels.indexOf(dimension.slice("area.".length));
    return (subject) => subject.areas[level] ?? null;
  }
  if (dimension === "feed") return ({ entity }) => `feed:${entity.feedId}`;
  if (dimension === "department") return ({ entity }) => `department:${departmentOf(entity.feedId)}`;
  return ({ entity }) => {
    const value = fieldOf(entity, dimension);
    return value === null || typeof value === "object" ? null : `${dimension}:${value}`;
  };
}

/** The day around `now` is asked for very often and changes once a day. */
let day = { zone: "", fromAt: 0, toAt: 0 };

function dayAround(now: number, zone: string): typeof day {
  if (day.zone !== zone || now < day.fromAt || now >= day.toAt) {
    day = { zone, fromAt: startOfDay(now, zone), toAt: startOfNextDay(now, zone) };
  }
  return day;
}

function startOfDayCached(now: number, zone: string): number {
  return dayAround(now, zone).fromAt;
}

function nextDayCached(now: number, zone: string): number {
  return dayAround(now, zone).toAt;
}
