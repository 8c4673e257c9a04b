/**
 * One road event (WZDx 4.2, RoadEventFeature; 3.1 has the same names on one level). One event is one direction of a road:
 * works on both sides are two.
 */

import type { Geometry } from "geojson";
import { entityId, type EntityOf, type Position } from "../../../../shared/entity.ts";
import type { Notices } from "../../../../shared/notice.ts";
import { isObject, quote, type JsonObject } from "../body.ts";
import type { ConnectorFeed } from "../connector.ts";
import { clockSkewMs, isoText, parseRfc3339 } from "../instant.ts";
import { judgePlace, placeExpectation } from "../place.ts";

interface Reading {
  readonly feed: ConnectorFeed;
  readonly receivedAt: number;
  readonly notices: Notices;
}

type Fields = EntityOf<"WorkZone">["fields"];

const eventTypes = new Set(["work-zone", "detour", "restriction", "incident"]);
const kilometresPerMile = 1.609344;

/** `details` are the core details, `properties` the event's own; both are one object in 3.1. `null` without an id. */
export function readRoadEvent(
  feature: JsonObject,
  details: JsonObject,
  properties: JsonObject,
  i: number,
  reading: Reading,
): EntityOf<"WorkZone"> | null {
  const { feed, receivedAt, notices } = reading;
  const sourceId = [feature["id"], properties["road_event_id"]].map(idOf).find((id) => id !== null);
  if (sourceId === undefined) {
    notices.add("wzdx-no-id", "error", `feature ${i + 1}: expected an id; it is left out`);
    return null;
  }
  const event = new RoadEvent(sourceId, notices);
  const extent = event.extent(feature["geometry"], feed.bounds);
  const isVerified = [
    properties["is_start_position_verified"] ?? properties["beginning_accuracy"] === "verified",
    properties["is_end_position_verified"] ?? properties["ending_accuracy"] === "verified",
  ].every((word) => word === true);
  return {
    id: entityId(feed.id, "WorkZone", sourceId),
    kind: "WorkZone",
    feedId: feed.id,
    sourceId,
    observedAt: event.observedAt(details, receivedAt),
    receivedAt,
    position: extent?.middle ?? null,
    quality: isVerified && extent?.isWhole === true ? "good" : "estimated",
    ...(extent ? { geometry: extent.geometry } : {}),
    fields: event.fields(details, properties),
  };
}

interface Extent {
  readonly geometry: Geometry;
  /** A point of it that stands for the whole. */
  readonly middle: Position;
  /** `false`: only its ends are known. */
  readonly isWhole: boolean;
}

class RoadEvent {
  readonly #id: string;
  readonly #notices: Notices;

  constructor(id: string, notices: Notices) {
    this.#id = id;
    this.#notices = notices;
  }

  fields(details: JsonObject, properties: JsonObject): Fields {
    const startsAt = this.#instant("start_date", properties["start_date"]);
    const endsAt = this.#instant("end_date", properties["end_date"]);
    if (startsAt !== null && endsAt !== null && endsAt < startsAt)
      this.#note(
        "wzdx-time-order",
        "warning",
        `ends ${isoText(endsAt)}, expected not before its start ${isoText(startsAt)}`,
      );
    const eventType = textOf(details["event_type"]);
    if (eventType === null || !eventTypes.has(eventType))
      this.#note(
        "wzdx-event-type",
        "warning",
        `event_type ${quote(eventType)}, expected ${[...eventTypes].join(", ")}`,
      );
    const roadNames = textsOf(details["road_names"]);
    const lanes = this.#lanes(properties["lanes"]);
    const workers = properties["worker_presence"];
    return {
      name: textOf(details["name"]) ?? roadNames[0] ?? null,
      status: textOf(properties["event_status"]),
      eventType,
      roadNames,
      direction: textOf(details["direction"]),
      vehicleImpact: textOf(properties["vehicle_impact"]),
      typesOfWork: listOf(properties["types_of_work"]).flatMap((work) => textOf(work["type_name"]) ?? []),
      lanes: lanes?.length ?? null,
      lanesClosed: lanes?.filter((lane) => lane["status"] === "closed").length ?? null,
      reducedSpeedLimitKph: speedLimit(properties),
      areWorkersPresent: isObject(workers) ? flagOf(workers["are_workers_present"]) : null,
      startsAt,
      endsAt,
    };
  }

  observedAt(details: JsonObject, receivedAt: number): number | null {
    const at =
      this.#instant("update_date", details["update_date"]) ??
      this.#instant("creation_date", details["creation_date"]);
    if (at === null || at <= receivedAt + clockSkewMs) return at;
    this.#note(
      "wzdx-future",
      "warning",
      `updated ${isoText(at)}, expected not after it was received, ${isoText(receivedAt)}`,
    );
    return null;
  }

  /** Lanes are told all or not at all, numbered from the left from 1 on (WZDx 4.2, Lane `order`). */
  #lanes(value: unknown): readonly JsonObject[] | null {
    const lanes = listOf(value);
    if (lanes.length === 0) return null;
    const orders = lanes.map((lane) => lane["order"]).toSorted((a, b) => Number(a) - Number(b));
    if (orders.every((order, i) => order === i + 1)) return lanes;
    this.#note(
      "wzdx-lanes",
      "warning",
      `lanes ${orders.map(quote).join(", ")}, expected all from 1 to ${lanes.length}`,
    );
    return lanes;
  }

  /** A line, or with MultiPoint only its ends. One place that cannot be believed makes the whole extent unknown. */
  extent(geometry: unknown, bounds: ConnectorFeed["bounds"]): Extent | null {
    const type = isObject(geometry) ? geometry["type"] : undefined;
    const coordinates: unknown = isObject(geometry) ? geometry["coordinates"] : undefined;
    if (
      (type !== "LineString" && type !== "MultiPoint") ||
      !Array.isArray(coordinates) ||
      coordinates.length < 2
    ) {
      this.#note(
        "wzdx-geometry",
        "error",
        `geometry ${quote(type)}, expected LineString or MultiPoint of two places or more`,
      );
      return null;
    }
    const places: Position[] = [];
    for (const coordinate of coordinates as unknown[]) {
      const [lon, lat] = Array.isArray(coordinate) ? (coordinate as unknown[]) : [];
      const place = judgePlace(lon, lat, bounds);
      if (place.fault !== null) {
        const found = `${quote(lon)}, ${quote(lat)}`;
        this.#note(
          `wzdx-place-${place.fault}`,
          "error",
          `place ${found}, expected ${placeExpectation(place.fault)}`,
        );
        return null;
      }
      places.push(place.position);
    }
    if (type === "MultiPoint")
      this.#note("wzdx-ends-only", "info", "a MultiPoint: only its ends are known, not the way between");
    else if (places.length === 2)
      this.#note("wzdx-chord", "info", "a line of two places: perhaps only its ends, joined straight across");
    const shape = places.map(([lon, lat]) => [lon, lat]);
    return {
      geometry: { type, coordinates: shape },
      middle: middleOf(places),
      isWhole: type === "LineString",
    };
  }

  #instant(name: string, value: unknown): number | null {
    if (value === undefined || value === null || value === "") return null;
    const at = typeof value === "string" ? parseRfc3339(value) : null;
    if (at === null)
      this.#note("wzdx-bad-time", "error", `${name} ${quote(value)}, expected an RFC 3339 time`);
    return at;
  }

  #note(code: string, severity: "error" | "warning" | "info", example: string): void {
    this.#notices.add(code, severity, `event ${quote(this.#id)}: ${example}`);
  }
}

/** The vertex half way along the places, in their count: near enough for one symbol. */
function middleOf(places: readonly Position[]): Position {
  const at = (places.length - 1) / 2;
  const [before, after] = [places[Math.floor(at)]!, places[Math.ceil(at)]!];
  return [(before[0] + after[0]) / 2, (before[1] + after[1]) / 2];
}

/** 3.1 gives miles per hour under another name. */
function speedLimit(properties: JsonObject): number | null {
  const { reduced_speed_limit_kph: kph, reduced_speed_limit: mph } = properties;
  if (typeof kph === "number") return kph;
  return typeof mph === "number" ? mph * kilometresPerMile : null;
}

function idOf(value: unknown): string | null {
  return typeof value === "number" ? String(value) : textOf(value);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

function flagOf(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.flatMap((one) => textOf(one) ?? []) : [];
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
