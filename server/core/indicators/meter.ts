/**
 * Indicators being measured together, because they take the same sample of the same things: every entity of its kind contributes a sample to the whole and to one group per
 * dimension; a change takes the old sample back and adds the new one.
 */

import { isDerived, type IndicatorDefinition, type Measure } from "../../../shared/city.ts";
import { startOfDay, startOfNextDay } from "../../../shared/city-time.ts";
import type { Entity } from "../../../shared/entity.ts";
import { findFieldType } from "../../../shared/kinds.ts";
import type { AreaIndex } from "../city/areas.ts";
import { compileMatch, fieldOf, type CompiledMatch, type Subject } from "./match.ts";
import { countFigure } from "./measures/count.ts";
import { distinctFigure } from "./measures/distinct.ts";
import { latestFigure } from "./measures/latest.ts";
import { ageFigure, percentileFigure } from "./measures/rank.ts";
import { shareFigure } from "./measures/share.ts";
import { meanFigure, sumFigure } from "./measures/sum.ts";
import { Tallies, type Figure, type Tally } from "./tally.ts";

/** A sample that an entity contributes now; kept so that it can be taken back exactly. */
interface Sample {
  amount: number;
  weight: number;
  estimated: boolean;
  groups: readonly (Group | null)[];
  /** The areas that `groups` were looked up with. */
  areas: Subject["areas"];
}

/** The whole (`key` null) or one group of a meter's indicators. */
export interface Group {
  readonly key: string | null;
  readonly tallies: readonly Tally[];
  /** One per definition of the meter, in their order. */
  readonly figures: readonly Figure[];
  estimated: number;
  /** How many samples it holds. */
  size: number;
  /** Since when it holds none. */
  emptyAt: number;
  /** Changed since it was last read. */
  dirty: boolean;
}

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
  /** Groups that changed since `takeDirty`. */
  #dirty: Group[] = [];
  readonly #samples: (Sample | undefined)[] = [];
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
    this.whole = this.#startGroup(null);
    for (const dimension of definition.by) {
      if (!dimension.startsWith("area.")) continue;
      for (const key of context.areas.keysOf(dimension.slice(5))) this.groups.set(key, this.#startGroup(key));
    }
    this.#areaGroups = new Set(this.groups.values());
  }

  /** Takes over what the entity in `slot` is now; `undefined` when it is gone. */
  update(slot: number, subject: Subject | undefined, now: number): void {
    const before = this.#samples[slot];
    const amount = subject && this.#counts(subject, now) ? this.#sampled.amount(subject, now) : Number.NaN;
    if (subject === undefined || Number.isNaN(amount)) {
      if (before) {
        this.#remove(before, now);
        this.#sampled.release(before.amount);
      }
      this.#samples[slot] = undefined;
      return;
    }
    const weight = this.#sampled.weight(subject, now);
    const estimated = subject.entity.quality === "estimated";
    const groups = before && this.#sameGroups(before, subject) ? before.groups : this.#groupsOf(subject);
    if (before) {
      if (
        before.amount === amount &&
        before.weight === weight &&
        before.estimated === estimated &&
        sameGroups(before.groups, groups)
      ) {
        return;
      }
      this.#remove(before, now);
    }
    // Before the old amount is released, which may be the same.
    this.#sampled.hold(amount);
    if (before) this.#sampled.release(before.amount);
    const after = before ?? { amount, weight, estimated, groups, areas: subject.areas };
    after.amount = amount;
    after.weight = weight;
    after.estimated = estimated;
    after.groups = groups;
    after.areas = subject.areas;
    this.#add(after, now);
    this.#samples[slot] = after;
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

  #startGroup(key: string | null): Group {
    const tallies = new Tallies();
    const figures = this.definitions.map((definition) => startFigure(definition, tallies));
    return { key, tallies: tallies.list, figures, estimated: 0, size: 0, emptyAt: Infinity, dirty: false };
  }

  #reads(entity: Entity): boolean {
    return this.#from === null || this.#from.has(entity.feedId);
  }

  #counts(subject: Subject, now: number): boolean {
    const { entity } = subject;
    return this.#reads(entity) && this.#inWindow(entity, now) && this.#where.holds(subject, now);
  }

  /** Areas are the costly dimension and change only when the thing moves into another. */
  #sameGroups(before: Sample, subject: Subject): boolean {
    return this.#byAreasOnly && before.areas === subject.areas;
  }

  #groupsOf(subject: Subject): (Group | null)[] {
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
      group = this.#startGroup(key);
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

  #add(sample: Sample, now: number): void {
    this.#change(this.whole, sample, true, now);
    for (const group of sample.groups) if (group) this.#change(group, sample, true, now);
  }

  #remove(sample: Sample, now: number): void {
    this.#change(this.whole, sample, false, now);
    for (const group of sample.groups) if (group) this.#change(group, sample, false, now);
  }

  #change(group: Group, { amount, weight, estimated }: Sample, added: boolean, now: number): void {
    group.size += added ? 1 : -1;
    if (group.size === 0 && group !== this.whole && !this.#areaGroups.has(group)) {
      group.emptyAt = now;
      this.#empty.add(group);
    } else if (added && group.size === 1) this.#empty.delete(group);
    for (const tally of group.tallies) {
      if (added) tally.add(amount, weight);
      else tally.remove(amount, weight);
    }
    if (estimated) group.estimated += added ? 1 : -1;
    if (!group.dirty) {
      group.dirty = true;
      this.#dirty.push(group);
    }
  }
}

function sameGroups(a: Sample["groups"], b: Sample["groups"]): boolean {
  return a === b || (a.length === b.length && a.every((group, i) => group === b[i]));
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

/** What an indicator takes of each thing. */
interface CompiledSample {
  /** NaN: the entity has no such amount and does not count. */
  amount(subject: Subject, now: number): number;
  weight(subject: Subject, now: number): number;
  changesAt(subject: Subject, now: number): number;
  /** A sample of this amount is kept from now on; `release` takes that back. */
  hold(amount: number): void;
  release(amount: number): void;
  readonly byTime: boolean;
  readonly byAge: boolean;
}

const plain: CompiledSample = {
  amount: () => 0,
  weight: () => 0,
  changesAt: () => Number.POSITIVE_INFINITY,
  hold: () => undefined,
  release: () => undefined,
  byTime: false,
  byAge: false,
};

/** Indicators with the same key take the same samples of the same things into the same groups: one meter does. */
export function sampleKey({ reads, from, where, window, by, measure }: IndicatorDefinition): string {
  return JSON.stringify([reads, from, where, window, by, sampleOf(measure)]);
}

function sampleOf(measure: Measure): unknown {
  if ("count" in measure || "rate" in measure) return "thing";
  const field = measuredField(measure);
  return field === null ? measure : { field };
}

/** The field whose number is the whole sample, if that is what the measure takes. */
function measuredField(measure: Measure): string | null {
  if ("sum" in measure) return measure.sum;
  if ("mean" in measure) return measure.mean;
  if ("min" in measure) return measure.min;
  if ("max" in measure) return measure.max;
  if ("percentile" in measure) return measure.percentile.field;
  return null;
}

/** The fields of its kind that an indicator looks at. */
export function fieldsRead({
  where,
  window,
  by,
  measure,
}: Pick<IndicatorDefinition, "where" | "window" | "by" | "measure">): readonly string[] {
  const fields = [...Object.keys(where), ...by];
  if (window) fields.push(window.field);
  if ("share" in measure) fields.push(...Object.keys(measure.share));
  if ("distinct" in measure) fields.push(measure.distinct);
  if ("age" in measure) fields.push(measure.age);
  if ("latest" in measure) fields.push(measure.latest);
  const measured = measuredField(measure);
  return measured === null ? fields : [...fields, measured];
}

function compileSample(definition: IndicatorDefinition): CompiledSample {
  const { measure } = definition;
  const field = measuredField(measure);
  if (field !== null) return { ...plain, amount: fieldNumber(field) };
  if ("distinct" in measure) return { ...plain, ...textNumbers(measure.distinct) };
  if ("age" in measure) return { ...plain, amount: instantOf(definition, measure.age) };
  if ("latest" in measure) {
    const weight = ({ entity }: Subject): number => entity.observedAt ?? 0;
    return { ...plain, amount: fieldNumber(measure.latest), weight, byAge: true };
  }
  if ("share" in measure) {
    const matches = compileMatch(measure.share);
    const weight = (subject: Subject, now: number): number => Number(matches.holds(subject, now));
    return { ...plain, ...matches, weight };
  }
  return plain;
}

/** The figure of one indicator over one group. */
function startFigure(definition: IndicatorDefinition, tallies: Tallies): Figure {
  const { measure } = definition;
  if ("count" in measure) return countFigure(tallies);
  if ("rate" in measure) {
    return countFigure(tallies, windowSeconds(definition) / (measure.rate === "minute" ? 60 : 3600));
  }
  if ("distinct" in measure) return distinctFigure(tallies);
  if ("sum" in measure) return sumFigure(tallies);
  if ("mean" in measure) return meanFigure(tallies);
  if ("min" in measure) return percentileFigure(tallies, 0);
  if ("max" in measure) return percentileFigure(tallies, 100);
  if ("percentile" in measure) return percentileFigure(tallies, measure.percentile.p);
  if ("age" in measure) return ageFigure(tallies);
  if ("latest" in measure) return latestFigure(tallies);
  if ("share" in measure) return shareFigure(tallies);
  throw new Error(`indicator ${definition.id} derives from others and is not measured`);
}

/** Whether a measure reads entities, rather than other indicators or Citydeck itself. */
export function readsEntities(measure: Measure): boolean {
  return !isDerived(measure) && !("platform" in measure) && !("scheduled" in measure);
}

function windowSeconds({ id, window }: IndicatorDefinition): number {
  if (window && "lastSeconds" in window) return window.lastSeconds;
  throw new Error(`indicator ${id}: a rate needs a window of lastSeconds`);
}

function fieldNumber(field: string) {
  return ({ entity }: Subject): number => {
    const value = fieldOf(entity, field);
    return typeof value === "number" ? value : typeof value === "boolean" ? Number(value) : Number.NaN;
  };
}

function instantOf(definition: IndicatorDefinition, field: string) {
  if (definition.reads && findFieldType(definition.reads, field) === "at") return fieldNumber(field);
  return ({ entity }: Subject): number => entity.observedAt ?? Number.NaN;
}

/** Texts as numbers, per meter, so that samples stay numbers. A text that no sample has any more gives its number back. */
function textNumbers(field: string): Pick<CompiledSample, "amount" | "hold" | "release"> {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  const held: number[] = [];
  const free: number[] = [];
  return {
    amount({ entity }) {
      const value = fieldOf(entity, field);
      if (value === null) return Number.NaN;
      const text = String(value);
      const known = numbers.get(text);
      if (known !== undefined) return known;
      const number = free.pop() ?? texts.length;
      numbers.set(text, number);
      texts[number] = text;
      held[number] = 0;
      return number;
    },
    hold(number) {
      held[number]!++;
    },
    release(number) {
      if (--held[number]! > 0) return;
      numbers.delete(texts[number]!);
      texts[number] = "";
      free.push(number);
    },
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
