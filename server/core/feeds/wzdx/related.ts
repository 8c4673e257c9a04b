/** What a road event says of other road events of its feed (WZDx 4.1 on, RelatedRoadEvent; before, Relationship). */

import { isObject, quote, type JsonObject } from "../body.ts";
import type { Feature } from "./feature.ts";
import { idOf, objectsOf } from "./members.ts";

const types = new Set([
  "first-in-sequence",
  "next-in-sequence",
  "first-occurrence",
  "next-occurrence",
  "related-work-zone",
  "related-detour",
  "planned-moving-operation",
  "active-moving-operation",
]);

/** The lists of a Relationship under the names of 4.x; a parent or a child may be anything, such as a project. */
const lists: readonly (readonly [list: string, type: string])[] = [
  ["first", "first-in-sequence"],
  ["next", "next-in-sequence"],
  ["parents", "parent"],
  ["children", "child"],
];

/** That a road event names another one, which has to be in the same feed. */
export interface Link {
  readonly from: Feature;
  /** The other one's `sourceId`. */
  readonly to: string;
}

/** `next-in-sequence 4d151e7d`: how the other one stands to this event, and its id; each once. Adds to `links`. */
export function relatedOf(event: Feature, details: JsonObject, links: Link[]): readonly string[] {
  const { related_road_events: related, relationship } = details;
  if (related === undefined && relationship === undefined) return [];
  const all = new Set<string>();
  const add = (type: string, id: string): void => {
    const link = `${type} ${id}`;
    if (!all.has(link) && types.has(type)) links.push({ from: event, to: id });
    all.add(link);
  };
  for (const { type, id } of objectsOf(related)) {
    const to = idOf(id);
    if (typeof type === "string" && types.has(type) && to !== null) add(type, to);
    else
      event.note(
        "wzdx-related-type",
        "warning",
        `related event ${quote(id)} of type ${quote(type)}, expected an id and one of ${[...types].join(", ")}`,
      );
  }
  for (const [list, type] of isObject(relationship) ? lists : []) {
    const ids = (relationship as JsonObject)[list];
    for (const id of Array.isArray(ids) ? (ids as unknown[]) : []) {
      const to = idOf(id);
      if (to !== null) add(type, to);
    }
  }
  return [...all];
}

/** `isThere`: whether a road event with that `sourceId` is in the feed. */
export function noteLost(links: readonly Link[], isThere: (sourceId: string) => boolean): void {
  for (const { from, to } of links)
    if (!isThere(to))
      from.note("wzdx-related-lost", "warning", `names the road event ${quote(to)}, expected it in the feed`);
}
