/** One field device of a work zone (WZDx 4.x, FieldDeviceFeature): what it is, how it fares, what it shows or measures. */

import { type EntityOf, type Position } from "../../../../shared/entity.ts";
import { isObject, quote, type JsonObject } from "../body.ts";
import { Feature, type Reading } from "./feature.ts";
import { flagOf, idOf, numberOf, objectsOf, textOf, textsOf } from "./members.ts";

type Fields = EntityOf<"FieldDevice">["fields"];

const deviceStatuses = new Set(["ok", "warning", "error", "unknown"]);

/** What each type of device has beside its core details. */
const ownFields: Readonly<Record<string, (device: Feature, properties: JsonObject) => Fields>> = {
  "arrow-board": (_, { pattern, is_in_transport_position: stowed, is_deployed: deployed }) => ({
    pattern: textOf(pattern),
    isInTransportPosition: flagOf(stowed) ?? (typeof deployed === "boolean" ? !deployed : null),
  }),
  camera: (device, { image_url: url, image_timestamp: at }) => ({
    imageUrl: textOf(url),
    imageAt: device.instant("image_timestamp", at),
  }),
  "dynamic-message-sign": (_, { message_multi_string: multi }) => ({ message: wordsOfMulti(multi) }),
  "flashing-beacon": (_, properties) => ({
    function: textOf(properties["function"]),
    isFlashing: flagOf(properties["is_flashing"]),
    message: textOf(properties["sign_text"]),
  }),
  "hybrid-sign": (
    _,
    { dynamic_message_function: of, dynamic_message_text: text, static_sign_text: sign },
  ) => ({
    function: textOf(of),
    message: [sign, text].flatMap((part) => textOf(part) ?? []).join(" ") || null,
  }),
  "location-marker": (_, { marked_locations: locations }) => ({
    markedLocations: objectsOf(locations).flatMap(({ type }) => textOf(type) ?? []),
  }),
  "traffic-sensor": (device, properties) => ({
    averageSpeedKph: numberOf(properties["average_speed_kph"]),
    volumeVph: numberOf(properties["volume_vph"]),
    occupancyPercent: numberOf(properties["occupancy_percent"]),
    collectedFromAt: instantOf(device, properties, "collection_interval_start_date"),
    collectedToAt: instantOf(device, properties, "collection_interval_end_date"),
  }),
  "traffic-signal": (_, { mode }) => ({ mode: textOf(mode) }),
};

/** `details` are the core details, `properties` the device's own. `null` without an id. */
export function readFieldDevice(
  feature: JsonObject,
  details: JsonObject,
  properties: JsonObject,
  i: number,
  reading: Reading,
): EntityOf<"FieldDevice"> | null {
  const { feed, receivedAt, notices } = reading;
  const sourceId = idOf(feature["id"]);
  if (sourceId === null) {
    notices.add("wzdx-no-id", "error", `feature ${i + 1}: expected an id; it is left out`);
    return null;
  }
  const device = new Feature("device", sourceId, reading);
  const timed = details["update_date"] ?? details["creation_date"] ?? "";
  if (timed === "") device.note("wzdx-device-no-time", "warning", "update_date is missing, expected a time");
  return {
    id: reading.fieldDeviceId(sourceId),
    kind: "FieldDevice",
    feedId: feed.id,
    sourceId,
    observedAt: device.observedAt(details),
    receivedAt,
    position: positionOf(device, feature["geometry"]),
    quality: "good",
    fields: {
      ...coreFields(device, details, properties),
      ...ownFields[typeOf(device, details) ?? ""]?.(device, properties),
    },
  };
}

function coreFields(device: Feature, details: JsonObject, properties: JsonObject): Fields {
  const deviceStatus = textOf(details["device_status"]);
  if (deviceStatus === null || !deviceStatuses.has(deviceStatus))
    device.note(
      "wzdx-device-status",
      "warning",
      `device_status ${quote(details["device_status"])}, expected ${[...deviceStatuses].join(", ")}`,
    );
  return {
    name: textOf(details["name"]),
    deviceType: textOf(details["device_type"]),
    deviceStatus,
    statusMessages: textsOf(details["status_messages"]),
    roadNames: textsOf(details["road_names"]),
    direction: textOf(details["road_direction"]),
    roadEventIds: textsOf(details["road_event_ids"]),
    hasAutomaticLocation: flagOf(details["has_automatic_location"]),
    // 4.0 and 4.1 know it of arrow boards only.
    isMoving: flagOf(details["is_moving"] ?? properties["is_moving"]),
  };
}

function typeOf(device: Feature, details: JsonObject): string | null {
  const type = textOf(details["device_type"]);
  if (type !== null && Object.hasOwn(ownFields, type)) return type;
  device.note(
    "wzdx-device-type",
    "warning",
    `device_type ${quote(details["device_type"])}, expected ${Object.keys(ownFields).join(", ")}`,
  );
  return null;
}

function positionOf(device: Feature, geometry: unknown): Position | null {
  if (isObject(geometry) && geometry["type"] === "Point") return device.place(geometry["coordinates"]);
  const type = isObject(geometry) ? geometry["type"] : undefined;
  device.note("wzdx-device-geometry", "error", `geometry ${quote(type)}, expected Point`);
  return null;
}

function instantOf(device: Feature, properties: JsonObject, name: string): number | null {
  return device.instant(name, properties[name]);
}

/**
 * The words of a sign in MULTI (NTCIP 1203): new lines and pages are breaks, `[[` and `]]` are brackets, and every other
 * tag says how it looks.
 */
function wordsOfMulti(multi: unknown): string | null {
  if (typeof multi !== "string") return null;
  const words = multi.replace(/\[\[|\]\]|\[(nl|np)?[^[\]]*\]/gi, (tag, pause?: string) => {
    if (tag === "[[" || tag === "]]") return tag[0]!;
    return pause === undefined ? "" : pause.toLowerCase() === "np" ? " / " : " ";
  });
  return textOf(words.replace(/ +/g, " "));
}
