/** What a stream measures, in the feed's own words. */

import { isObject, quote, textOf, type JsonObject } from "../body.ts";
import type { Note } from "../note.ts";
import type { SensorThingsOptions } from "./options.ts";

export type PropertyReader = (stream: JsonObject, note: Note) => string | null;

/**
 * Reads the property that the feed declares for a stream's ObservedProperty, by `definition` or `name`; without
 * declarations its name. `null` for one that is not declared, or that comes in another unit (OGC 18-088 §8.2.4).
 */
export function propertyReader(properties: SensorThingsOptions["properties"]): PropertyReader {
  if (properties === undefined)
    return (stream) => textIn(stream["ObservedProperty"], "name") ?? textOf(stream["name"]) ?? "unknown";
  const declared = new Map(
    Object.entries(properties).flatMap(([property, { observedProperty, unit }]) =>
      [observedProperty].flat().map((name) => [name, { property, unit }] as const),
    ),
  );
  return (stream, note) => {
    const observed = stream["ObservedProperty"];
    const [name, definition] = [textIn(observed, "name"), textIn(observed, "definition")];
    const found = declared.get(definition ?? "") ?? declared.get(name ?? "");
    if (found === undefined) {
      const text = `measures ${quote(name)}, ${quote(definition)}, which is not declared; left out`;
      note("sensorthings-other-property", "info", text);
      return null;
    }
    const { property, unit } = found;
    return unit === undefined || isIn(unit, stream["unitOfMeasurement"], property, note) ? property : null;
  };
}

/** Units have a symbol, a name and a definition; a stream without any has the unit that it should have. */
function isIn(unit: string, given: unknown, property: string, note: Note): boolean {
  if (textIn(given, "symbol") === unit) return true;
  const names = ["symbol", "name", "definition"].flatMap((member) => textIn(given, member) ?? []);
  if (names.length === 0 || names.includes(unit)) return true;
  const text = `${property} in ${quote(names[0])}, expected ${quote(unit)}; left out`;
  note("sensorthings-unit", "error", text);
  return false;
}

function textIn(value: unknown, member: string): string | null {
  return isObject(value) ? textOf(value[member]) : null;
}
