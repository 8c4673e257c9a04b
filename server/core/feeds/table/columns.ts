import type { EntityRule, FieldRule, InstantRule, TableOptions } from "./options.ts";

/** The columns that the options name, each once: what a body must have. */
export function columnNames(options: TableOptions): readonly string[] {
  const { where, knownWith } = options;
  return [
    ...new Set([
      ...Object.keys(where ?? {}),
      ...Object.entries(knownWith ?? {}).flat(),
      ...options.entities.flatMap(ruleColumns),
    ]),
  ];
}

function ruleColumns(rule: EntityRule): readonly string[] {
  const { fields, id, observedAt, position, where } = rule;
  return [
    ...id,
    ...Object.keys(where ?? {}),
    ...Object.values(fields).flatMap(fieldColumns),
    ...(observedAt === undefined || observedAt === "published" ? [] : observedAt.flatMap(instantColumns)),
    ...placeColumns(position),
  ];
}

function fieldColumns(field: FieldRule): readonly string[] {
  if (typeof field === "string") return [field];
  if ("value" in field) return [];
  return "count" in field ? [field.count] : instantColumns(field);
}

/** The columns that an instant is written in. */
export function instantColumns(rule: InstantRule): readonly string[] {
  if (typeof rule === "string") return [rule];
  return rule.column === undefined ? rule.columns : [rule.column];
}

function placeColumns(place: EntityRule["position"]): readonly string[] {
  if (!place) return [];
  if ("lon" in place) return [place.lon, place.lat];
  return ["text" in place ? place.text : place.geojson];
}
