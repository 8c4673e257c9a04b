/** What an entity measures: its attributes as the feed's rules name them, and their numbers. */

import { isObject, quote } from "../body.ts";
import type { Attribute, NgsiEntity } from "./entity.ts";
import type { Note } from "../note.ts";
import { readNumber } from "../number-text.ts";
import type { NgsiPropertyRule } from "./options.ts";

/** One attribute that is read. */
export interface Measured {
  readonly property: string;
  readonly attribute: Attribute;
  readonly rule: Exclude<NgsiPropertyRule, string>;
}

/** The names that a rule looks for, the first that is there counts. */
export function namesOf(rule: NgsiPropertyRule): readonly string[] {
  return typeof rule === "string" ? [rule] : [rule.attribute].flat();
}

/** What the feed declares of it. */
export function declaredIn(
  entity: NgsiEntity,
  properties: Readonly<Record<string, NgsiPropertyRule>>,
): readonly Measured[] {
  return Object.entries(properties).flatMap(([property, rule]) => {
    const attribute = entity.findFirst(namesOf(rule));
    if (attribute === null) return [];
    return [{ property, attribute, rule: typeof rule === "string" ? { attribute: rule } : rule }];
  });
}

/** Without rules every number. */
export function numbersIn(entity: NgsiEntity, note: Note): readonly Measured[] {
  return Array.from(entity.attributes()).flatMap(([property, attribute]) => {
    const { value } = attribute;
    if (typeof value === "number") return [{ property, attribute, rule: { attribute: property } }];
    if (isObject(value) && Object.values(value).some((member) => typeof member === "number"))
      note("ngsi-structured", "info", `${property} holds several numbers, expected a rule that names one`);
    return [];
  });
}

/** `null`, mostly with a notice, where there is no number in the declared unit. */
export function numberOf({ property, attribute, rule }: Measured, note: Note): number | null {
  const { value: whole, unitCode } = attribute;
  if (rule.unitCode !== undefined && unitCode !== null && unitCode !== rule.unitCode) {
    note("ngsi-unit", "error", `${property} in ${quote(unitCode)}, expected ${quote(rule.unitCode)}`);
    return null;
  }
  const value = rule.member !== undefined && isObject(whole) ? whole[rule.member] : whole;
  if (value === null || value === undefined) return null;
  const read = readNumber(value);
  if (read === null) {
    note("ngsi-bad-number", "error", `${property} ${quote(value)}, expected a number`);
    return null;
  }
  if (read.isText)
    note("ngsi-text-number", "info", `${property} ${quote(value)} is a text, expected a number`);
  return read.number * (rule.times ?? 1);
}
