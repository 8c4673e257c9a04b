/** `where` and `share` of an indicator, compiled once into closures over an entity. */

import type { Condition, Match, Scalar } from "../../../shared/city.ts";
import type { Entity } from "../../../shared/entity.ts";
import type { FieldValue } from "../../../shared/kinds.ts";
import type { AreaKeys } from "../city/areas.ts";

/** What a condition may look at. */
export interface Subject {
  readonly entity: Entity;
  /** The group keys of the areas the entity lies in, one per level. */
  readonly areas: AreaKeys;
}

export interface CompiledMatch {
  holds(subject: Subject, now: number): boolean;
  /** The next instant after `now` at which the answer may change by time alone, else `Infinity`. */
  changesAt(subject: Subject, now: number): number;
  readonly byTime: boolean;
  /** Whether a newer `observedAt` alone may change the answer. */
  readonly byAge: boolean;
}

interface CompiledCondition {
  readonly holds: (subject: Subject, now: number) => boolean;
  readonly changesAt?: (subject: Subject, now: number) => number;
  readonly byAge?: boolean;
}

export function compileMatch(match: Match): CompiledMatch {
  const conditions = Object.entries(match).map(([key, condition]) => compileCondition(key, condition));
  const timed = conditions.flatMap((condition) => condition.changesAt ?? []);
  return {
    holds(subject, now) {
      for (const condition of conditions) if (!condition.holds(subject, now)) return false;
      return true;
    },
    changesAt(subject, now) {
      let next = Number.POSITIVE_INFINITY;
      for (const changesAt of timed) next = Math.min(next, changesAt(subject, now));
      return next;
    },
    byTime: timed.length > 0,
    byAge: conditions.some((condition) => condition.byAge === true),
  };
}

/** The value of a field as the source gave it; absent is `null`. */
export function fieldOf(entity: Entity, field: string): FieldValue {
  return (entity.fields as Readonly<Record<string, FieldValue | undefined>>)[field] ?? null;
}

function compileCondition(key: string, condition: Condition): CompiledCondition {
  if (key === "$area") return areaCondition(condition);
  if (key === "$ageSeconds") return ageCondition(condition);
  const value = (subject: Subject): FieldValue => fieldOf(subject.entity, key);
  if (typeof condition !== "object") return { holds: (subject) => equals(value(subject), condition) };
  if ("in" in condition) {
    const wanted = new Set(condition.in);
    return { holds: (subject) => isOneOf(value(subject), wanted) };
  }
  if ("notIn" in condition) {
    const unwanted = new Set(condition.notIn);
    return { holds: (subject) => !isOneOf(value(subject), unwanted) };
  }
  if ("exists" in condition) {
    return { holds: (subject) => (value(subject) !== null) === condition.exists };
  }
  if ("past" in condition) {
    return {
      holds(subject, now) {
        const at = value(subject);
        return (typeof at === "number" && at <= now) === condition.past;
      },
      changesAt(subject, now) {
        const at = value(subject);
        return typeof at === "number" && at > now ? at : Number.POSITIVE_INFINITY;
      },
    };
  }
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = condition;
  return {
    holds(subject) {
      const number = value(subject);
      return typeof number === "number" && number >= from && number <= to;
    },
  };
}

/** An area, or several. A thing with an extent lies in all that it touches. */
function areaCondition(condition: Condition): CompiledCondition {
  const isOut = typeof condition === "object" && "notIn" in condition;
  const listed = isOut ? condition.notIn : isIn(condition) ? condition.in : [condition as Scalar];
  const wanted = new Set(listed);
  const isWanted = (keys: AreaKeys[number]): boolean =>
    Array.isArray(keys) ? keys.some((area) => wanted.has(area as string)) : wanted.has(keys as Scalar);
  return { holds: ({ areas }) => areas.some(isWanted) !== isOut };
}

function isIn(condition: Condition): condition is { readonly in: readonly Scalar[] } {
  return typeof condition === "object" && "in" in condition;
}

function ageCondition(condition: Condition): CompiledCondition {
  const range = typeof condition === "object" && !("in" in condition) ? condition : {};
  const from = ("from" in range ? range.from : undefined) ?? Number.NEGATIVE_INFINITY;
  const to = ("to" in range ? range.to : undefined) ?? Number.POSITIVE_INFINITY;
  return {
    byAge: true,
    holds({ entity }, now) {
      if (entity.observedAt === null) return false;
      const ageSeconds = (now - entity.observedAt) / 1000;
      return ageSeconds >= from && ageSeconds <= to;
    },
    changesAt({ entity }, now) {
      if (entity.observedAt === null) return Number.POSITIVE_INFINITY;
      const startsAt = entity.observedAt + from * 1000;
      if (startsAt > now) return startsAt;
      const endsAt = entity.observedAt + to * 1000;
      return endsAt >= now ? endsAt + 1 : Number.POSITIVE_INFINITY;
    },
  };
}

function equals(value: FieldValue, wanted: Scalar): boolean {
  return Array.isArray(value) ? value.includes(wanted as string) : value === wanted;
}

function isOneOf(value: FieldValue, words: ReadonlySet<Scalar>): boolean {
  if (value === null) return false;
  return Array.isArray(value) ? value.some((text) => words.has(text as string)) : words.has(value as Scalar);
}
