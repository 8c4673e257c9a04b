/** What there is in an area, of all kinds and departments, and which of it matters most. */

import type { MultiPolygon, Polygon } from "geojson";
import { urgency, type AlarmItem } from "../../../shared/alarms.ts";
import type { AreaLayer } from "../../../shared/areas.ts";
import type { Dossier, DossierKind, DossierThing } from "../../../shared/dossier.ts";
import type { Entity } from "../../../shared/entity.ts";
import { kindSchemas, kinds, type FieldValue, type Kind } from "../../../shared/kinds.ts";
import { areaKey, indexAreas, type AreaIndex } from "../city/areas.ts";
import { rankOf } from "./rank.ts";

/** The kinds that somebody who comes to a place asks for first. */
const first: readonly Kind[] = [
  "CapAlert",
  "DispatchCall",
  "DispatchUnit",
  "Situation",
  "WorkZone",
  "ServiceAlert",
  "ServiceRequest",
];

/** Of a `Station` there is its `StationStatus`; a kind without columns has nothing to show. */
const shownKinds = [
  ...first,
  ...kinds.filter(
    (kind) => !first.includes(kind) && kind !== "Station" && kindSchemas[kind].columns.length > 0,
  ),
];

const thingsAtMost = 12;

export type Outline = Polygon | MultiPolygon;

export interface DossierSources {
  readonly entities: (kind: Kind) => Iterable<Entity>;
  /** Whether whoever asks may see single things of a kind. */
  readonly allows: (kind: Kind) => boolean;
  /** Every alarm that is not normal. */
  readonly alarms: readonly AlarmItem[];
  readonly feeds: readonly { readonly id: string; readonly department: string }[];
  readonly layers: readonly AreaLayer[];
  readonly areas: AreaIndex;
}

/** Says of a place or an extent whether it lies in the outline or touches it. */
export function withinOutline(outline: Outline): (thing: Pick<Entity, "position" | "geometry">) => boolean {
  const index = indexAreas([{ level: "outline", areas: [{ id: "it", geometry: outline }] }]);
  return ({ position, geometry }) => {
    const [found] = index.locate(position, geometry);
    return typeof found === "string" || (found?.length ?? 0) > 0;
  };
}

/** Pure: `chosen` is the area that the outline is, where it is one of the city's; `now` is city time. */
export function dossierOf(
  outline: Outline,
  chosen: { readonly level: string; readonly id: string } | null,
  sources: DossierSources,
  now: number,
): Dossier {
  const isWithin = withinOutline(outline);
  const departments = new Map(sources.feeds.map(({ id, department }) => [id, department]));
  const found = shownKinds.map((kind) => ({
    kind,
    things: Array.from(sources.entities(kind)).filter((one) => isThere(one, now) && isWithin(one)),
  }));
  const areas = touched(outline, chosen, sources);
  const keys = new Set(areas.map(({ level, id }) => areaKey(level, id)));
  const things = new Set(found.flatMap((each) => each.things.map(({ id }) => `thing:${id}`)));
  return {
    outline,
    areas,
    alarms: sources.alarms
      .filter(({ group, position }) => {
        if (group !== null && (keys.has(group) || things.has(group))) return true;
        return position !== null && isWithin({ position });
      })
      .toSorted((a, b) => urgency(b.priority) - urgency(a.priority) || a.since - b.since),
    kinds: found.flatMap(({ kind, things: ofKind }) => {
      if (!sources.allows(kind)) return isAnywhere(kind, sources) ? [unseen(kind)] : [];
      return ofKind.length > 0 ? [kindOf(kind, ofKind, departments, now)] : [];
    }),
  };
}

/** Whether the city has any at all, here or elsewhere: that tells nothing about this place. */
function isAnywhere(kind: Kind, { entities }: DossierSources): boolean {
  return Array.from(entities(kind)).length > 0;
}

function touched(
  outline: Outline,
  chosen: { readonly level: string; readonly id: string } | null,
  { layers, areas }: DossierSources,
): Dossier["areas"] {
  const located = new Set(areas.locate(null, outline).flatMap((found) => found ?? []));
  return layers.flatMap(({ level, areas: ofLevel }) =>
    ofLevel
      // Neighbours of a chosen area touch it and are not it.
      .filter(({ id }) =>
        chosen ? chosen.level === level && chosen.id === id : located.has(areaKey(level, id)),
      )
      .map(({ id, name }) => ({ level, id, name })),
  );
}

/** Neither closed nor over. */
function isThere({ fields }: Entity, now: number): boolean {
  const said: Readonly<Record<string, FieldValue | undefined>> = fields;
  if (said["status"] === "closed") return false;
  return ["closedAt", "availableAt", "endsAt", "expiresAt"].every((field) => {
    const at = said[field];
    return typeof at !== "number" || at > now;
  });
}

function kindOf(
  kind: Kind,
  things: readonly Entity[],
  departmentOf: ReadonlyMap<string, string>,
  now: number,
): DossierKind {
  const owners = things.flatMap(({ feedId }) => departmentOf.get(feedId) ?? []);
  const newestAt = things.reduce(
    (newest, { observedAt }) => Math.max(newest, observedAt ?? -Infinity),
    -Infinity,
  );
  const ranked = things.map((thing) => ({ thing, rank: rankOf(thing, now) }));
  return {
    kind,
    count: things.length,
    departments: [...new Set(owners)],
    newestAt: newestAt === -Infinity ? null : newestAt,
    things: ranked
      .toSorted((a, b) => b.rank - a.rank || (b.thing.observedAt ?? 0) - (a.thing.observedAt ?? 0))
      .slice(0, thingsAtMost)
      .map(({ thing }) => thingOf(thing)),
  };
}

function unseen(kind: Kind): DossierKind {
  return { kind, count: null, departments: [], newestAt: null, things: [] };
}

function thingOf({ id, kind, position, quality, observedAt, fields }: Entity): DossierThing {
  const said: Readonly<Record<string, FieldValue | undefined>> = fields;
  const columns: readonly string[] = kindSchemas[kind].columns;
  const told = columns.flatMap((column) => (said[column] == null ? [] : [[column, said[column]] as const]));
  return {
    id,
    kind,
    position: position && [position[0], position[1]],
    estimated: quality === "estimated",
    observedAt,
    fields: Object.fromEntries(told),
  };
}
