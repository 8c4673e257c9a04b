/** WZDx, the Work Zone Data Exchange: road works, detours, restrictions and field devices as GeoJSON (3.1 and 4.x). */

import { Notices } from "../../../../shared/notice.ts";
import { entityIds, type EntityOf } from "../../../../shared/entity.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import { isObject, parseJsonObject, quote, unreadable, type JsonObject } from "../body.ts";
import type { Connector, ConnectorFeed, Failure, Part, Update } from "../connector.ts";
import { parseRfc3339 } from "../instant.ts";
import { newestOfEach } from "../newest-of-each.ts";
import type { Reading } from "./feature.ts";
import { readFieldDevice } from "./field-device.ts";
import type { WzdxOptions } from "./options.ts";
import { noteLost } from "./related.ts";
import { readRoadEvent } from "./road-event.ts";

export const wzdx: Connector<WzdxOptions> = {
  spec: "wzdx",
  gives: (options) => options.gives ?? ["WorkZone", "FieldDevice"],
  next: (feed) => (feed.url === null ? [] : [{ name: "body", url: feed.url }]),
  decode: decodeFeed,
};

function decodeFeed(part: Part, feed: ConnectorFeed, receivedAt: number): Result<Update, Failure> {
  const body = parseJsonObject(part.name, part.bytes);
  if (!body.ok) return body;
  const { features } = body.value;
  if (body.value["type"] !== "FeatureCollection" || !Array.isArray(features))
    return unreadable(part.name, "a GeoJSON FeatureCollection", `JSON of type ${quote(body.value["type"])}`);
  const info = infoOf(body.value);
  if (info === null)
    return unreadable(part.name, "WZDx with feed_info (4.x) or road_event_feed_info (3.x)", "neither");
  const notices = new Notices();
  const version = typeof info["version"] === "string" ? info["version"] : null;
  if (!/^(3\.1|4)(\.|$)/.test(version ?? ""))
    notices.add("wzdx-version", "warning", `version ${quote(version)}, expected 3.1 or 4.x; read as 4.x`);
  const reading: Reading = {
    feed,
    receivedAt,
    notices,
    workZoneId: entityIds(feed.id, "WorkZone"),
    fieldDeviceId: entityIds(feed.id, "FieldDevice"),
    links: [],
  };
  const things: Thing[] = [];
  for (const [i, feature] of (features as unknown[]).entries()) {
    const thing = readFeature(feature, i, reading);
    if (thing !== null) things.push(thing);
  }
  // Of a feed in several parts, what this one does not have may be in another.
  if (reading.links.length > 0 && part.name === "body") {
    const events = new Set(things.map(({ id }) => id));
    noteLost(reading.links, (sourceId) => events.has(reading.workZoneId(sourceId)));
  }
  return ok({
    mode: "full",
    scope: part.name,
    version,
    publishedAt: typeof info["update_date"] === "string" ? parseRfc3339(info["update_date"]) : null,
    entities: newestOfEach<Thing>(things, ({ sourceId }) =>
      notices.add(
        "wzdx-duplicate-id",
        "warning",
        () => `${quote(sourceId)}: twice in one body; the newest counts`,
      ),
    ),
    observations: [],
    notices: notices.list(),
  });
}

type Thing = EntityOf<"WorkZone"> | EntityOf<"FieldDevice">;

function infoOf(body: JsonObject): JsonObject | null {
  return [body["feed_info"], body["road_event_feed_info"]].find(isObject) ?? null;
}

function readFeature(feature: unknown, i: number, reading: Reading): Thing | null {
  const properties = isObject(feature) ? feature["properties"] : undefined;
  if (!isObject(feature) || !isObject(properties)) {
    reading.notices.add(
      "wzdx-no-feature",
      "error",
      `feature ${i + 1}: expected a GeoJSON Feature with properties`,
    );
    return null;
  }
  const details = properties["core_details"];
  if (isObject(details) && "device_type" in details)
    return readFieldDevice(feature, details, properties, i, reading);
  return readRoadEvent(feature, isObject(details) ? details : properties, properties, i, reading);
}
