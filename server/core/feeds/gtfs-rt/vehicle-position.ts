import { entityId, type EntityOf } from "../../../../shared/entity.ts";
import { judgePlace, placeExpectation } from "../place.ts";
import type { EntityNotes } from "./entity-notes.ts";
import {
  judgeTimestamp,
  nameOf,
  noteTrip,
  orNull,
  textOrNull,
  tripFields,
  tripKey,
  type Instant,
  type Source,
} from "./judge.ts";
import { enumText, type VehiclePositionMessage } from "./message.ts";

/** 216 km/h: faster than anything that runs inside a city. */
const fastestMetresPerSecond = 60;

/**
 * One vehicle as it reports itself. Its id is `vehicle.id`, else its trip; `null` (with a notice) when it has neither.
 */
export function readVehiclePosition(
  message: VehiclePositionMessage,
  source: Source,
  notes: EntityNotes,
): { entity: EntityOf<"VehiclePosition">; instant: Instant } | null {
  const { trip, vehicle } = message;
  const who = (): string => nameOf("position", trip, vehicle);
  if (!vehicle || vehicle.id === "") notes.add("W002", "warning", () => `${who()}: vehicle.id missing`);
  const sourceId = vehicle?.id || tripKey(trip);
  if (sourceId === "") {
    notes.add("gtfs-rt-without-id", "error", () => `${who()}: nothing to tell it from the others by`);
    return null;
  }
  if (trip) noteTrip(trip, notes, who);
  const instant = judgeTimestamp(message.timestamp, source, notes, who);
  const { feed, receivedAt } = source;
  const entity: EntityOf<"VehiclePosition"> = {
    id: entityId(feed.id, "VehiclePosition", sourceId),
    kind: "VehiclePosition",
    feedId: feed.id,
    sourceId,
    observedAt: instant.at,
    receivedAt,
    position: readPosition(message, source, notes, who),
    quality: "good",
    fields: {
      ...tripFields(trip),
      vehicleId: textOrNull(vehicle?.id ?? ""),
      label: textOrNull(vehicle?.label ?? ""),
      bearing: readBearing(message, notes, who),
      speed: readSpeed(message, notes, who),
      stopId: textOrNull(message.stopId),
      currentStopSequence: orNull(message.currentStopSequence),
      currentStatus: enumText("vehicleStopStatus", message.currentStatus),
      occupancyStatus: enumText("occupancyStatus", message.occupancyStatus),
      occupancyPercentage: message.occupancyPercentage >= 0 ? message.occupancyPercentage : null,
      congestionLevel: enumText("congestionLevel", message.congestionLevel),
    },
  };
  return { entity, instant };
}

function readPosition(
  message: VehiclePositionMessage,
  source: Source,
  notes: EntityNotes,
  who: () => string,
): EntityOf<"VehiclePosition">["position"] {
  if (!message.hasPosition) return null;
  const place = judgePlace(message.longitude, message.latitude, source.feed.bounds);
  if (typeof place !== "string") return place;
  notes.add(
    place === "far" ? "E028" : "E026",
    "error",
    () =>
      `${who()}: latitude ${message.latitude}, longitude ${message.longitude}, expected ${placeExpectation(place)}`,
  );
  return null;
}

function readBearing(message: VehiclePositionMessage, notes: EntityNotes, who: () => string): number | null {
  const { bearing } = message;
  if (Number.isNaN(bearing)) return null;
  if (bearing >= 0 && bearing <= 360) return bearing;
  notes.add("E027", "error", () => `${who()}: bearing ${bearing}, expected 0 to 360 degrees`);
  return null;
}

function readSpeed(message: VehiclePositionMessage, notes: EntityNotes, who: () => string): number | null {
  const { speed } = message;
  if (Number.isNaN(speed)) return null;
  if (speed >= 0 && speed <= fastestMetresPerSecond) return speed;
  notes.add("W004", "warning", () => `${who()}: speed ${speed} m/s, expected 0 to ${fastestMetresPerSecond}`);
  return null;
}
