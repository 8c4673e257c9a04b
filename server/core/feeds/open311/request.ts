/** One service request of GeoReport v2 ("GET Service Requests"); every field but its id may be missing. */

import { entityIds, type EntityOf, type Position } from "../../../../shared/entity.ts";
import type { Notices } from "../../../../shared/notice.ts";
import { quote } from "../body.ts";
import type { ConnectorFeed } from "../connector.ts";
import { dateReader, type DateReader, LocalTimes } from "../date-text.ts";
import { clockSkewMs, isoText } from "../instant.ts";
import { judgePlace, placeExpectation, type PlaceFault } from "../place.ts";
import { textIn, type Entry } from "./entries.ts";

export interface RequestReading {
  readonly feed: ConnectorFeed;
  readonly receivedAt: number;
  readonly notices: Notices;
  readonly idOf: (sourceId: string) => string;
  /** Times without a zone of their own are the city's. */
  readonly dates: DateReader;
}

export function requestReading(feed: ConnectorFeed, receivedAt: number, notices: Notices): RequestReading {
  const idOf = entityIds(feed.id, "ServiceRequest");
  return { feed, receivedAt, notices, idOf, dates: dateReader("ISO", new LocalTimes(feed.zone)) };
}

/** `null`: the entry names no request, or one that is not for the public. */
export function readRequest(
  entry: Entry,
  i: number,
  reading: RequestReading,
): EntityOf<"ServiceRequest"> | null {
  const { feed, notices, receivedAt } = reading;
  const sourceId = textIn(entry, "service_request_id");
  if (sourceId === null) {
    notices.add("open311-no-id", "error", `entry ${i + 1}: expected a service_request_id; it is left out`);
    return null;
  }
  const nonPublic = textIn(entry, "non_public");
  if (nonPublic !== null && /^(1|true|yes)$/i.test(nonPublic)) {
    notices.add(
      "open311-not-public",
      "info",
      `request ${quote(sourceId)}: marked non_public; it is left out`,
    );
    return null;
  }
  noticeRepeated(entry, sourceId, notices);
  const fields = readFields(entry, sourceId, reading);
  return {
    id: reading.idOf(sourceId),
    kind: "ServiceRequest",
    feedId: feed.id,
    sourceId,
    observedAt: observedAtOf(fields, sourceId, reading),
    receivedAt,
    position: readPlace(entry, sourceId, reading),
    quality: "good",
    fields,
  };
}

type Fields = EntityOf<"ServiceRequest">["fields"];

function readFields(entry: Entry, sourceId: string, reading: RequestReading): Fields {
  const status = readStatus(entry, sourceId, reading.notices);
  const requestedAt = readTime(entry, "requested_datetime", sourceId, reading);
  const updatedAt = readTime(entry, "updated_datetime", sourceId, reading);
  // GeoReport v2: for a closed request, updated_datetime is when it was closed. Extensions say so in a field of its own.
  const closedAt = status === "closed" ? (readClosing(entry, sourceId, reading) ?? updatedAt) : null;
  return {
    status,
    serviceCode: textIn(entry, "service_code"),
    serviceName: textIn(entry, "service_name"),
    agencyResponsible: textIn(entry, "agency_responsible"),
    source: textIn(entry, "source"),
    address: textIn(entry, "address") ?? textIn(entry, "address_string"),
    requestedAt,
    updatedAt,
    expectedAt: readTime(entry, "expected_datetime", sourceId, reading),
    closedAt,
    daysToCloseSeconds: secondsBetween(requestedAt, closedAt, sourceId, reading.notices),
  };
}

function readClosing(entry: Entry, sourceId: string, reading: RequestReading): number | null {
  return (
    readTime(entry, "closed_datetime", sourceId, reading) ?? readTime(entry, "closed_date", sourceId, reading)
  );
}

function noticeRepeated({ repeated }: Entry, sourceId: string, notices: Notices): void {
  if (repeated === null) return;
  for (const name of repeated.keys())
    notices.add(
      "open311-repeated-name",
      "warning",
      () => `request ${quote(sourceId)}: ${name} more than once; the first value that is one counts`,
    );
}

/** Lower case; GeoReport v2 knows `open` and `closed`, others are kept with a notice. */
function readStatus(entry: Entry, sourceId: string, notices: Notices): string | null {
  const status = textIn(entry, "status")?.toLowerCase() ?? null;
  if (status !== "open" && status !== "closed")
    notices.add(
      "open311-status",
      "warning",
      () => `request ${quote(sourceId)}: status ${quote(status)}, expected open or closed`,
    );
  return status;
}

function readTime(entry: Entry, name: string, sourceId: string, reading: RequestReading): number | null {
  const repeated = entry.repeated?.get(name);
  if (repeated) return firstTime(repeated, reading.dates);
  const text = textIn(entry, name);
  if (text === null) return null;
  return reading.dates.read(text) ?? noticeBadTime(name, text, sourceId, reading);
}

/** Apart, because what a function may have to quote is kept for it at each call. */
function noticeBadTime(name: string, text: string, sourceId: string, { notices }: RequestReading): null {
  notices.add(
    "open311-bad-time",
    "error",
    () => `request ${quote(sourceId)}: ${name} ${quote(text)}, expected a W3C date and time`,
  );
  return null;
}

/** Of a repeated name, the first text that is a time counts; the others are flags for "is null". */
function firstTime(texts: readonly string[], dates: DateReader): number | null {
  for (const text of texts) {
    const at = dates.read(text);
    if (at !== null) return at;
  }
  return null;
}

function secondsBetween(
  from: number | null,
  to: number | null,
  sourceId: string,
  notices: Notices,
): number | null {
  if (from === null || to === null) return null;
  if (to >= from) return (to - from) / 1000;
  notices.add(
    "open311-time-order",
    "warning",
    () =>
      `request ${quote(sourceId)}: closed ${isoText(to)}, expected not before its request ${isoText(from)}`,
  );
  return null;
}

function observedAtOf(
  { requestedAt, updatedAt, closedAt }: Fields,
  sourceId: string,
  { notices, receivedAt }: RequestReading,
): number | null {
  const newest = laterOf(laterOf(requestedAt, updatedAt), closedAt);
  if (newest === null)
    notices.add(
      "open311-no-observed-at",
      "warning",
      `request ${quote(sourceId)}: expected a requested_datetime or updated_datetime`,
    );
  else if (newest > receivedAt + clockSkewMs)
    notices.add(
      "open311-future",
      "warning",
      `request ${quote(sourceId)}: ${isoText(newest)}, expected a time before ${isoText(receivedAt)}`,
    );
  return newest;
}

function laterOf(a: number | null | undefined, b: number | null | undefined): number | null {
  if (typeof a !== "number") return b ?? null;
  return typeof b === "number" && b > a ? b : a;
}

/** `long` is the standard's name; `lon` and `lng` are seen. An `address_id` alone names no place. */
function readPlace(entry: Entry, sourceId: string, { feed, notices }: RequestReading): Position | null {
  const lon = numberIn(entry, "long") ?? numberIn(entry, "lon") ?? numberIn(entry, "lng");
  const lat = numberIn(entry, "lat");
  const place = judgePlace(lon, lat, feed.bounds);
  return typeof place === "string" ? noticePlace(place, lon, lat, sourceId, notices) : place;
}

function noticePlace(
  fault: PlaceFault,
  lon: number | null,
  lat: number | null,
  sourceId: string,
  notices: Notices,
): null {
  notices.add(
    `open311-place-${fault}`,
    fault === "missing" ? "info" : "warning",
    () => `request ${quote(sourceId)}: lat ${lat}, long ${lon}, expected ${placeExpectation(fault)}`,
  );
  return null;
}

function numberIn(entry: Entry, name: string): number | null {
  const value = entry.members[name];
  if (typeof value === "number" && !entry.repeated?.has(name)) return value;
  const text = textIn(entry, name);
  return text !== null && /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}
