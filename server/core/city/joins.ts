/**
 * What one entity learns from others: a station's state its place, a vehicle its delay, a trip its name. A join is a
 * pure function of the reported entity and what is held; `affectedBy` says whose answer a change touches.
 */

import { entityId, type Entity, type EntityOf } from "../../../shared/entity.ts";
import type { Kind } from "../../../shared/kinds.ts";
import type { Lookups } from "../feeds/connector.ts";
import type { LocationTable } from "../feeds/datex2/location-table.ts";
import { locationTableOf } from "../feeds/datex2/options.ts";
import type { Schedule } from "../feeds/gtfs/schedule.ts";
import { isInForce, isInForceOn } from "../feeds/gtfs/service-day.ts";
import type { EntityTable } from "./entity-table.ts";
import type { CityPlan } from "./plan.ts";
import type { ShiftedSchedule } from "./run.ts";
import { joinSituation } from "./situation-join.ts";
import { joinTripUpdate, joinVehiclePosition, scheduledTrips } from "./transit-join.ts";
import { TripIndex } from "./trip-index.ts";

export interface Joined {
  readonly entity: Entity;
  /** When time alone changes the answer. */
  readonly until: number;
}

type TransitEntity = EntityOf<"TripUpdate" | "VehiclePosition">;

/** A kind and a slot in its table. */
type Affected = readonly [Kind, number];

export class Joins {
  readonly #tables: ReadonlyMap<Kind, EntityTable>;
  /** Which `gtfs` feed a feed's trips refer to; the feed itself when it names none. */
  readonly #timetableOf: ReadonlyMap<string, string>;
  /** Which `datex2` feed has the location table of a feed's codes. */
  readonly #locationTableOf: ReadonlyMap<string, string>;
  readonly #zone: string;
  /** The newest timetable of a feed and the one before it: realtime may still refer to either. */
  readonly #timetables = new Map<string, readonly Schedule[]>();
  readonly #shifts = new Map<string, number>();
  /** By feed. */
  readonly #lookups = new Map<string, Lookups>();
  /** By feed; feeds of one timetable share it. */
  readonly #runs: ReadonlyMap<string, Runs>;

  constructor(plan: CityPlan, tables: ReadonlyMap<Kind, EntityTable>) {
    this.#tables = tables;
    this.#timetableOf = new Map(plan.feeds.map((feed) => [feed.id, feed.schedule ?? feed.id]));
    const runs = new Map<string, Runs>();
    for (const timetable of this.#timetableOf.values())
      runs.set(timetable, { updates: new TripIndex(), vehicles: new TripIndex() });
    this.#runs = new Map(Array.from(this.#timetableOf, ([feed, timetable]) => [feed, runs.get(timetable)!]));
    this.#locationTableOf = new Map(plan.feeds.map((feed) => [feed.id, locationTableOf(feed)]));
    this.#zone = plan.zone;
  }

  /** Takes over a timetable; says whose joins read it. */
  setSchedule(feedId: string, schedule: Schedule): readonly Affected[] {
    const before = this.#timetables.get(feedId)?.[0];
    if (before?.version === schedule.version) return [];
    this.#timetables.set(feedId, before ? [schedule, before] : [schedule]);
    const affected: Affected[] = [];
    for (const kind of ["TripUpdate", "VehiclePosition", "ServiceAlert"] as const) {
      for (const [slot, { reported }] of this.#tables.get(kind)!.entries()) {
        if (this.#timetableOf.get(reported.feedId) === feedId) affected.push([kind, slot]);
      }
    }
    return affected;
  }

  /**
   * Trips under way by the timetable of a feed, `null` before it came: the newest that is in force, because the next one
   * is mostly published days before it is.
   */
  scheduledTrips(feedId: string, now: number): number | null {
    const timetables = this.#timetables.get(feedId) ?? [];
    const shiftMs = this.#shifts.get(feedId) ?? 0;
    const schedule = timetables.find((one) => isInForce(one, now - shiftMs)) ?? timetables[0];
    return schedule ? scheduledTrips({ schedule, shiftMs }, now).count : null;
  }

  /** Takes over what ids of a feed stand for; says whose joins read it. */
  setLookups(feedId: string, lookups: Lookups): readonly Affected[] {
    const before = this.#lookups.get(feedId) ?? {};
    this.#lookups.set(feedId, { ...before, ...lookups });
    const affected: Affected[] = [];
    const isNew = (a?: ReadonlyMap<string, string>, b?: ReadonlyMap<string, string>): boolean =>
      b !== undefined && (a?.size !== b.size || [...b].some(([id, name]) => a?.get(id) !== name));
    if (isNew(before.formFactors, lookups.formFactors)) affected.push(...this.#allOf("Vehicle", feedId));
    if (isNew(before.regionNames, lookups.regionNames)) affected.push(...this.#allOf("Station", feedId));
    if (lookups.locations && lookups.locations.version !== before.locations?.version)
      for (const [id, tableFeed] of this.#locationTableOf)
        if (tableFeed === feedId) affected.push(...this.#allOf("Situation", id));
    return affected;
  }

  #allOf(kind: Kind, feedId: string): Affected[] {
    const slots: Affected[] = [];
    for (const [slot, { reported }] of this.#tables.get(kind)!.entries())
      if (reported.feedId === feedId) slots.push([kind, slot]);
    return slots;
  }

  /** What a replay added to the instants of a feed. */
  noteShift(feedId: string, shiftMs: number): void {
    this.#shifts.set(feedId, shiftMs);
  }

  /** Remembers where a run is held, so that its vehicle and its predictions find each other. */
  note(reported: Entity, slot: number): void {
    const tripId = tripOf(reported);
    if (tripId) this.#indexOf(reported).add(tripId, slot);
  }

  forget(reported: Entity, slot: number): void {
    const tripId = tripOf(reported);
    if (tripId) this.#indexOf(reported).remove(tripId, slot);
  }

  /** `forget` and `note` at once: mostly it is the same run. */
  replace(before: Entity, reported: Entity, slot: number): void {
    const tripId = tripOf(before);
    if (tripId && tripId === tripOf(reported)) return this.#indexOf(reported).renew(tripId, slot);
    this.forget(before, slot);
    this.note(reported, slot);
  }

  join(reported: Entity, now: number): Joined {
    if (reported.kind === "StationStatus") return { entity: this.#atStation(reported), until: Infinity };
    if (reported.kind === "Vehicle" || reported.kind === "Station")
      return { entity: this.#explained(reported), until: Infinity };
    if (reported.kind === "Situation")
      return joinSituation(reported, this.findLocations(reported.feedId), {
        zone: this.#zone,
        now,
        shiftMs: this.#shifts.get(reported.feedId) ?? 0,
      });
    if (reported.kind === "TripUpdate") return joinTripUpdate(this.findTimetable(reported), reported, now);
    if (reported.kind === "VehiclePosition") {
      return joinVehiclePosition(this.findTimetable(reported), reported, this.findUpdate(reported));
    }
    return { entity: reported, until: Infinity };
  }

  /** The entities whose join reads `changed`. */
  affectedBy(changed: Entity): readonly Affected[] {
    if (changed.kind === "Station") {
      const id = entityId(changed.feedId, "StationStatus", changed.sourceId);
      const slot = this.#tables.get("StationStatus")!.slotOf(id);
      return slot === undefined ? [] : [["StationStatus", slot]];
    }
    if (changed.kind !== "TripUpdate" || !changed.fields.tripId) return [];
    const slots = this.#runs.get(changed.feedId)!.vehicles.of(changed.fields.tripId);
    return slots.map((slot) => ["VehiclePosition", slot]);
  }

  /** GBFS names a vehicle's type and a station's region by ids that other files explain. */
  #explained(reported: EntityOf<"Vehicle"> | EntityOf<"Station">): Entity {
    const lookups = this.#lookups.get(reported.feedId);
    if (!lookups) return reported;
    if (reported.kind === "Vehicle") {
      const formFactor = lookups.formFactors?.get(reported.fields.vehicleTypeId ?? "") ?? null;
      return { ...reported, fields: { ...reported.fields, formFactor } };
    }
    const regionName = lookups.regionNames?.get(reported.fields.regionId ?? "") ?? null;
    return { ...reported, fields: { ...reported.fields, regionName } };
  }

  /** GBFS station_status has no place and no name: both are in station_information under the same id. */
  #atStation(reported: EntityOf<"StationStatus">): Entity {
    const stations = this.#tables.get("Station")!;
    const slot = stations.slotOf(entityId(reported.feedId, "Station", reported.sourceId));
    const station = slot === undefined ? undefined : stations.at(slot)?.reported;
    if (station?.kind !== "Station") return reported;
    const { name = null, capacity = null } = station.fields;
    return { ...reported, position: station.position, fields: { ...reported.fields, name, capacity } };
  }

  /**
   * The timetable that knows the trip, of two that do the one in force on its day, which is that of its word where it names
   * none: the next one is mostly published before it is in force. The newest one when nothing tells.
   */
  findTimetable(entity: TransitEntity | EntityOf<"ServiceAlert">): ShiftedSchedule | null {
    const { feedId } = entity;
    const [newest, before] = this.#timetables.get(this.timetableFeedOf(feedId)) ?? [];
    if (newest === undefined) return null;
    const shiftMs = this.#shifts.get(feedId) ?? 0;
    const schedule = before === undefined || isForNewer(entity, newest, before, shiftMs) ? newest : before;
    return { schedule, shiftMs };
  }

  /** The location table of a feed's codes, `null` before it came. */
  findLocations(feedId: string): LocationTable | null {
    return this.#lookups.get(this.#locationTableOf.get(feedId) ?? feedId)?.locations ?? null;
  }

  /** The feed whose timetable a feed's trips refer to. */
  timetableFeedOf(feedId: string): string {
    return this.#timetableOf.get(feedId) ?? feedId;
  }

  /** The predictions for a vehicle's run, joined: those with its start, else the newest, since it may leave that out. */
  findUpdate({ feedId, fields }: EntityOf<"VehiclePosition">): EntityOf<"TripUpdate"> | null {
    if (!fields.tripId) return null;
    let newest: EntityOf<"TripUpdate"> | null = null;
    for (const slot of this.#runs.get(feedId)!.updates.of(fields.tripId)) {
      const update = this.#tables.get("TripUpdate")!.at(slot)?.entity;
      if (update?.kind !== "TripUpdate") continue;
      if (startOf(update.fields) === startOf(fields)) return update;
      newest = update;
    }
    return newest;
  }

  #indexOf({ feedId, kind }: Entity): TripIndex {
    const { updates, vehicles } = this.#runs.get(feedId)!;
    return kind === "TripUpdate" ? updates : vehicles;
  }
}

function isForNewer(
  { kind, fields, receivedAt }: TransitEntity | EntityOf<"ServiceAlert">,
  newest: Schedule,
  before: Schedule,
  shiftMs: number,
): boolean {
  const { tripId, startDate } = kind === "ServiceAlert" ? {} : fields;
  const isKnown = newest.trips.index.has(tripId ?? "");
  if (isKnown !== before.trips.index.has(tripId ?? "")) return isKnown;
  const isOfDay = (one: Schedule): boolean =>
    startDate ? isInForceOn(one, startDate) : isInForce(one, receivedAt - shiftMs);
  return isOfDay(newest) || !isOfDay(before);
}

/** Where the runs of one timetable are held. */
interface Runs {
  readonly updates: TripIndex;
  readonly vehicles: TripIndex;
}

function startOf({ startDate, startTime }: TransitEntity["fields"]): string {
  return `${startDate ?? ""} ${startTime ?? ""}`;
}

/** The trip that predictions or a vehicle tell of. */
function tripOf(reported: Entity): string | null | undefined {
  return reported.kind === "TripUpdate" || reported.kind === "VehiclePosition"
    ? reported.fields.tripId
    : null;
}
