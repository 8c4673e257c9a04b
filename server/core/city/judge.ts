/** Keeps every feed's notices against its timetable or location table true to what is held: judges what changed, and only that. */

import type { Entity, EntityOf } from "../../../shared/entity.ts";
import type { Kind } from "../../../shared/kinds.ts";
import { judgeAgainstTimetable, judgePair } from "./against-timetable.ts";
import type { EntityTable } from "./entity-table.ts";
import type { FeedHealth } from "./feed-health.ts";
import type { Joins } from "./joins.ts";
import { judgeSituation } from "./situation-join.ts";

export class Judge {
  readonly #feeds: ReadonlyMap<string, FeedHealth>;
  readonly #tables: ReadonlyMap<Kind, EntityTable>;
  readonly #joins: Joins;

  constructor(feeds: ReadonlyMap<string, FeedHealth>, tables: ReadonlyMap<Kind, EntityTable>, joins: Joins) {
    this.#feeds = feeds;
    this.#tables = tables;
    this.#joins = joins;
  }

  /** Judges a changed entity after the joins took note of it; returns how many notices are new. */
  judge(reported: Entity, now: number): number {
    const { kind, feedId, id } = reported;
    if (kind === "Situation")
      return (
        this.#feeds
          .get(feedId)
          ?.noteJudged(id, judgeSituation(reported, this.#joins.findLocations(feedId))) ?? 0
      );
    if (kind !== "TripUpdate" && kind !== "VehiclePosition" && kind !== "ServiceAlert") return 0;
    const timetable = this.#joins.findTimetable(reported);
    const health = this.#feeds.get(feedId);
    if (!timetable || !health) return 0;
    const isDetoured = (): boolean => kind === "VehiclePosition" && this.#isDetoured(reported, now);
    let added = health.noteJudged(id, judgeAgainstTimetable(timetable.schedule, reported, isDetoured));
    if (kind === "VehiclePosition") added += this.#judgePair(reported);
    if (kind === "TripUpdate") added += this.#judgeVehiclesOf(reported);
    return added;
  }

  /** Takes back what was said about an entity that the joins have forgotten. */
  forget(reported: Entity): void {
    const health = this.#feeds.get(reported.feedId);
    health?.noteJudged(reported.id, null);
    if (reported.kind === "VehiclePosition") health?.noteJudged(pairKey(reported.id), null);
    if (reported.kind === "TripUpdate") this.#judgeVehiclesOf(reported);
  }

  #judgeVehiclesOf(update: EntityOf<"TripUpdate">): number {
    let added = 0;
    for (const [kind, slot] of this.#joins.affectedBy(update)) {
      const vehicle = this.#tables.get(kind)!.at(slot)?.reported;
      if (vehicle?.kind === "VehiclePosition") added += this.#judgePair(vehicle);
    }
    return added;
  }

  #judgePair(vehicle: EntityOf<"VehiclePosition">): number {
    const update = this.#joins.findUpdate(vehicle);
    const notes = update || this.#hasUpdates(vehicle.feedId) ? judgePair(vehicle, update) : null;
    return this.#feeds.get(vehicle.feedId)?.noteJudged(pairKey(vehicle.id), notes) ?? 0;
  }

  /** Whether any feed of the same timetable has spoken of predictions: only then is a missing one a mismatch. */
  #hasUpdates(feedId: string): boolean {
    const timetable = this.#joins.timetableFeedOf(feedId);
    for (const [id, health] of this.#feeds) {
      if (this.#joins.timetableFeedOf(id) === timetable && health.wordAt("TripUpdate") !== null) return true;
    }
    return false;
  }

  #isDetoured({ feedId, fields }: EntityOf<"VehiclePosition">, now: number): boolean {
    const timetable = this.#joins.timetableFeedOf(feedId);
    for (const [, { reported: alert }] of this.#tables.get("ServiceAlert")!.entries()) {
      if (alert.kind !== "ServiceAlert" || alert.fields.effect !== "DETOUR") continue;
      if (this.#joins.timetableFeedOf(alert.feedId) !== timetable) continue;
      const { startsAt, endsAt, tripIds, routeIds } = alert.fields;
      if ((startsAt ?? -Infinity) > now || (endsAt ?? Infinity) < now) continue;
      const names = (ids: readonly string[] | null | undefined, id: string | null | undefined): boolean =>
        id != null && (ids?.includes(id) ?? false);
      if (names(tripIds, fields.tripId) || names(routeIds, fields.routeId)) return true;
    }
    return false;
  }
}

function pairKey(vehicleId: string): string {
  return `${vehicleId} pair`;
}
