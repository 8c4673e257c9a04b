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

/** A rule as it is looked for. */
export interface Sought {
  readonly property: string;
  /** The first that is there counts. */
  readonly names: readonly string[];
  readonly rule: Exclude<NgsiPropertyRule, string>;
}

/** The rules of one type of entities, taken apart once for all of them. */
export function soughtBy(properties: Readonly<Record<string, NgsiPropertyRule>>): readonly Sought[] {
  return Object.entries(properties).map(([property, plain]) => {
    const rule = typeof plain === "string" ? { attribute: plain } : plain;
    return { property, names: [rule.attribute].flat(), rule };
  });
}

/** What the feed declares of it. */
export function declaredIn(entity: NgsiEntity, sought: readonly Sought[]): readonly Measured[] {
  const measured: Measured[] = [];
  for (const { property, names, rule } of sought) {
    const attribute = entity.findFirst(names);
    if (attribute !== null) measured.push({ property, attribute, rule });
  }
  return measured;
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
