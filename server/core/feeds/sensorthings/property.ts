/** What a stream measures, in the feed's own words. */

import { isObject, quote, textOf, type JsonObject } from "../body.ts";
import type { Note } from "../note.ts";
import type { SensorThingsOptions } from "./options.ts";

/**
 * The property that the feed declares for the stream's ObservedProperty, by `definition` or `name`; without declarations its
 * name. `null` for one that is not declared, or that comes in another unit (OGC 18-088 §8.2.4, `unitOfMeasurement`).
 */
export function propertyOf(
  stream: JsonObject,
  properties: SensorThingsOptions["properties"],
  note: Note,
): string | null {
  const names = textsIn(stream["ObservedProperty"], ["name", "definition"]);
  if (properties === undefined) return names[0] ?? textOf(stream["name"]) ?? "unknown";
  const declared = Object.entries(properties).find(([, { observedProperty }]) =>
    [observedProperty].flat().some((name) => names.includes(name)),
  );
  if (declared === undefined) {
    const found = names.map(quote).join(", ") || "nothing";
    note("sensorthings-other-property", "info", `measures ${found}, which is not declared; left out`);
    return null;
  }
  const [property, { unit }] = declared;
  const units = textsIn(stream["unitOfMeasurement"], ["symbol", "name", "definition"]);
  if (unit === undefined || units.length === 0 || units.includes(unit)) return property;
  const text = `${property} in ${quote(units[0])}, expected ${quote(unit)}; left out`;
  note("sensorthings-unit", "error", text);
  return null;
}

function textsIn(value: unknown, members: readonly string[]): readonly string[] {
  return isObject(value) ? members.flatMap((member) => textOf(value[member]) ?? []) : [];
}
