/** What the id and the fields of a thing say that an alarm is about. */

import type { Text } from "../../../shared/city.ts";
import type { Entity } from "../../../shared/entity.ts";

export function feedOfThing(entityId: string): string {
  return decodeURIComponent(entityId.slice(0, entityId.indexOf("/")));
}

/** What a thing calls itself. */
export function aboutOf(entity: Entity): Text | null {
  const fields = entity.fields as Readonly<Record<string, unknown>>;
  const first = (...names: string[]): string | null => {
    const text = names.map((name) => fields[name]).find((value) => typeof value === "string" && value !== "");
    return typeof text === "string" ? text : null;
  };
  const en = first("headline", "headerText", "event", "name", "label", "eventType", "detailType");
  return en === null ? null : { en, zh: first("headlineZh", "headerTextZh") ?? en };
}
