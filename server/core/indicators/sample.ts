/** What each indicator takes of a thing, compiled once: an amount, and a weight where its measure needs a second number. */

import { isDerived, type IndicatorDefinition, type Measure } from "../../../shared/city.ts";
import { findFieldType } from "../../../shared/kinds.ts";
import { clockSkewMs } from "../feeds/instant.ts";
import { compileMatch, fieldOf, type Subject } from "./match.ts";

/** What an indicator takes of each thing. */
export interface CompiledSample {
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

export function compileSample(definition: IndicatorDefinition): CompiledSample {
  const { measure } = definition;
  const field = measuredField(measure);
  if (field !== null) return { ...plain, amount: fieldNumber(field) };
  if ("distinct" in measure) return { ...plain, ...textNumbers(measure.distinct) };
  if ("age" in measure) return { ...plain, amount: instantOf(definition, measure.age) };
  if ("latest" in measure) {
    return { ...plain, ...newestFirst, amount: fieldNumber(measure.latest) };
  }
  if ("share" in measure) {
    const matches = compileMatch(measure.share);
    const weight = (subject: Subject, now: number): number => Number(matches.holds(subject, now));
    return { ...plain, ...matches, weight };
  }
  return plain;
}

/** By source time. What lies in the future is a clock's that runs ahead, or not yet so: it is the newest when it has come. */
const newestFirst: Pick<CompiledSample, "weight" | "changesAt" | "byTime" | "byAge"> = {
  weight: ({ entity: { observedAt } }, now) =>
    observedAt !== null && observedAt <= now + clockSkewMs ? observedAt : 0,
  changesAt({ entity: { observedAt } }, now) {
    const believedAt = (observedAt ?? 0) - clockSkewMs;
    return believedAt > now ? believedAt : Number.POSITIVE_INFINITY;
  },
  byTime: true,
  byAge: true,
};

/** Whether a measure reads entities, rather than other indicators or Citydeck itself. */
export function readsEntities(measure: Measure): boolean {
  return !isDerived(measure) && !("platform" in measure) && !("scheduled" in measure);
}

function fieldNumber(field: string) {
  return ({ entity }: Subject): number => {
    const value = fieldOf(entity, field);
    // A number beyond all numbers (JSON's 1e999) could be added to a sum, but never taken back.
    if (typeof value === "number") return Number.isFinite(value) ? value : Number.NaN;
    return typeof value === "boolean" ? Number(value) : Number.NaN;
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
