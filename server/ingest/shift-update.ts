/** Moves a decoded update in time, so that a recording speaks of the city's present. */

import type { Entity } from "../../shared/entity.ts";
import { findFieldType, kinds, kindSchemas, type Kind } from "../../shared/kinds.ts";
import type { Period } from "../../shared/situation.ts";
import type { Update } from "../core/feeds/connector.ts";

const instantFields: ReadonlyMap<Kind, readonly string[]> = new Map(
  kinds.map((kind) => [
    kind,
    Object.keys(kindSchemas[kind].fields).filter((field) => findFieldType(kind, field) === "at"),
  ]),
);

/** Adds `shiftMs` to every instant of `update`. The schedule stays as it is: its readers shift their questions. */
export function shiftUpdate(update: Update, shiftMs: number): Update {
  if (shiftMs === 0) return update;
  return {
    ...update,
    publishedAt: shifted(update.publishedAt, shiftMs),
    entities: update.entities.map((entity) => shiftEntity(entity, shiftMs)),
    observations: update.observations.map((observation) => ({
      ...observation,
      observedAt: observation.observedAt + shiftMs,
      receivedAt: observation.receivedAt + shiftMs,
    })),
  };
}

function shiftEntity(entity: Entity, shiftMs: number): Entity {
  const fields: Record<string, unknown> = { ...entity.fields };
  for (const field of instantFields.get(entity.kind) ?? []) {
    const at = fields[field];
    if (typeof at === "number") fields[field] = at + shiftMs;
  }
  const { stopTimeUpdates: stops, validity } = entity;
  const shiftPeriod = (period: Period): Period => ({
    ...period,
    startsAt: shifted(period.startsAt, shiftMs),
    endsAt: shifted(period.endsAt, shiftMs),
  });
  const moved = {
    ...entity,
    observedAt: shifted(entity.observedAt, shiftMs),
    receivedAt: entity.receivedAt + shiftMs,
    fields,
    ...(stops && { stopTimeUpdates: stops.shifted(shiftMs) }),
    ...(validity === undefined
      ? {}
      : {
          validity: {
            periods: validity.periods.map(shiftPeriod),
            exceptions: validity.exceptions.map(shiftPeriod),
          },
        }),
  };
  // The spread keeps kind and fields together; the compiler cannot see that across the union of kinds.
  return moved as Entity;
}

function shifted(at: number | null, shiftMs: number): number | null {
  return at === null ? null : at + shiftMs;
}
