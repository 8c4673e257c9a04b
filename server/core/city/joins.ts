/**
 * What one entity learns from others: a station's state its place, a vehicle its delay, a trip its name. A join is a
 * pure function of the reported entity and what is held; `affectedBy` says whose answer a change touches.
 */

import type { Entity } from "../../../shared/entity.ts";
import type { Kind } from "../../../shared/kinds.ts";
import { entityId } from "../../../shared/entity.ts";
import type { Schedule } from "../feeds/gtfs/schedule.ts";
import type { EntityTable } from "./entity-table.ts";
import type { CityPlan } from "./plan.ts";

export interface Joined {
  readonly entity: Entity;
  /** When time alone changes the answer. */
  readonly until: number;
}

export class Joins {
  readonly #tables: ReadonlyMap<Kind, EntityTable>;

  constructor(_plan: CityPlan, tables: ReadonlyMap<Kind, EntityTable>) {
    this.#tables = tables;
  }

  setSchedule(_feedId: string, _schedule: Schedule, _shiftMs: number): Iterable<readonly [Kind, number]> {
    return [];
  }

  noteShift(_feedId: string, _shiftMs: number): void {}

  join(reported: Entity, _now: number): Joined {
    if (reported.kind === "StationStatus") return { entity: this.#atStation(reported), until: Infinity };
    return { entity: reported, until: Infinity };
  }

  /** Kind and slot of the entities whose join reads `changed`. */
  affectedBy(changed: Entity): (readonly [Kind, number])[] {
    if (changed.kind !== "Station") return [];
    const slot = this.#tables
      .get("StationStatus")!
      .slotOf(entityId(changed.feedId, "StationStatus", changed.sourceId));
    return slot === undefined ? [] : [["StationStatus", slot]];
  }

  /** GBFS station_status has no place and no name: both are in station_information under the same id. */
  #atStation(reported: Entity & { kind: "StationStatus" }): Entity {
    const stations = this.#tables.get("Station")!;
    const slot = stations.slotOf(entityId(reported.feedId, "Station", reported.sourceId));
    const station = slot === undefined ? undefined : stations.at(slot)?.reported;
    if (station?.kind !== "Station") return reported;
    return {
      ...reported,
      position: station.position,
      fields: {
        ...reported.fields,
        name: station.fields.name ?? null,
        capacity: station.fields.capacity ?? null,
      },
    };
  }
}
