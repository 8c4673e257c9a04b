/** One GBFS file: which of the standard's files a body is, its version and its header. */

import { ok, type Result } from "../../../../shared/result.ts";
import { Notices } from "../../../../shared/notice.ts";
import { isObject, parseJsonObject, quote, unreadable, type JsonObject } from "../body.ts";
import type { ConnectorFeed, Failure, Part } from "../connector.ts";
import { clockSkewMs, isoText } from "../instant.ts";
import { readInstant, type Reading } from "./members.ts";
import { readFiles, type GbfsOptions, type ReadFile } from "./options.ts";

const otherFiles = [
  "gbfs",
  "gbfs_versions",
  "manifest",
  "system_information",
  "vehicle_types",
  "system_regions",
  "system_hours",
  "system_calendar",
  "system_pricing_plans",
  "geofencing_zones",
] as const;
export type FileName = ReadFile | (typeof otherFiles)[number];

/** The word a newest file name was known by before 3.0. */
export const olderNames: Readonly<Partial<Record<FileName, string>>> = { vehicle_status: "free_bike_status" };

const fileNames: ReadonlySet<string> = new Set<string>([...readFiles, ...otherFiles]);

/** `null` for a name that the standard does not have. */
export function findFileName(name: string): FileName | null {
  if (name === olderNames.vehicle_status) return "vehicle_status";
  return fileNames.has(name) ? (name as FileName) : null;
}

/** A body that was recognised, ready for its entries to be read. */
export interface GbfsFile {
  readonly name: FileName;
  readonly version: string | null;
  readonly publishedAt: number | null;
  readonly ttlSeconds: number;
  readonly data: JsonObject;
  readonly reading: Reading;
}

/**
 * Reads the header common to all files (GBFS, "Output Format"). Fails on bodies without `data`, and when a part
 * named after one file of the standard holds another one, so that a mix-up at the source erases nothing.
 */
export function readFile(
  part: Part,
  feed: ConnectorFeed<GbfsOptions>,
  receivedAt: number,
): Result<GbfsFile, Failure> {
  const body = parseJsonObject(part.name, part.bytes);
  if (!body.ok) return body;
  const { data, version, ttl } = body.value;
  if (!isObject(data)) return unreadable(part.name, 'an object "data"', describeMembers(body.value));

  const declared = findFileName(part.name);
  const contents = findContents(data);
  const found = contents[0] ?? null;
  // A feed's own URL may well be one file instead of the discovery document.
  const name = declared === null || declared === "gbfs" ? (found ?? declared) : declared;
  if (name === null) return unreadable(part.name, "one of the GBFS files", `"data" with ${listKeys(data)}`);
  if (found !== null && !contents.includes(name))
    return unreadable(part.name, name, `the content of ${found}`);

  const notices = new Notices();
  const knownVersion = checkVersion(version, notices);
  const reading: Reading = {
    file: name,
    notices,
    receivedAt,
    bounds: feed.bounds,
    language: feed.options?.language ?? null,
    version: knownVersion,
  };
  const publishedAt = readInstant(reading, body.value, "last_updated", "the file");
  const ttlSeconds = typeof ttl === "number" && ttl >= 0 && ttl <= 86_400 * 7 ? ttl : 0;
  if (publishedAt !== null) checkAge(publishedAt, ttlSeconds, reading);
  return ok({ name, version: knownVersion, publishedAt, ttlSeconds, data, reading });
}

function describeMembers(body: JsonObject): string {
  const message = body["message"] ?? body["error"];
  return typeof message === "string" ? `a message ${quote(message)}` : listKeys(body);
}

function listKeys(object: JsonObject): string {
  const keys = Object.keys(object);
  return keys.length === 0 ? "no members" : `the members ${keys.slice(0, 5).map(quote).join(", ")}`;
}

const lists: readonly (readonly [member: string, file: FileName])[] = [
  ["bikes", "vehicle_status"],
  ["vehicles", "vehicle_status"],
  ["alerts", "system_alerts"],
  ["feeds", "gbfs"],
  ["versions", "gbfs_versions"],
  ["datasets", "manifest"],
  ["vehicle_types", "vehicle_types"],
  ["regions", "system_regions"],
  ["plans", "system_pricing_plans"],
  ["rental_hours", "system_hours"],
  ["calendars", "system_calendar"],
];

/** The files whose content this may be, likeliest first; for parts whose name says nothing, and for mix-ups. */
function findContents(data: JsonObject): FileName[] {
  if (Array.isArray(data["stations"])) return findStationFiles(data["stations"]);
  const listed = lists.find(([member]) => Array.isArray(data[member]));
  if (listed) return [listed[1]];
  if (isObject(data["geofencing_zones"])) return ["geofencing_zones"];
  if (typeof data["system_id"] === "string") return ["system_information"];
  const first = Object.values(data)[0];
  return isObject(first) && Array.isArray(first["feeds"]) ? ["gbfs"] : [];
}

const statusMembers = ["is_renting", "num_bikes_available", "num_vehicles_available"];
const informationMembers = ["lat", "name"];

/** One odd station among them must not turn the whole file into another. */
function findStationFiles(stations: readonly unknown[]): FileName[] {
  const some = stations.slice(0, 20).filter(isObject);
  const has = (members: readonly string[]): boolean =>
    some.some((one) => members.some((member) => member in one));
  const files: FileName[] = [];
  if (has(statusMembers)) files.push("station_status");
  if (has(informationMembers)) files.push("station_information");
  return files;
}

function checkVersion(version: unknown, notices: Notices): string | null {
  if (typeof version !== "string") {
    notices.add("gbfs-no-version", "info", 'the file has no "version", expected since GBFS 1.1');
    return null;
  }
  if (!/^[123](\.|$)/.test(version))
    notices.add("gbfs-unknown-version", "warning", `version is ${quote(version)}, expected 1.x, 2.x or 3.x`);
  return version.slice(0, 20);
}

/** Availability is outdated when it is older than its ttl and than 5 minutes (MobilityData/gbfs#232). */
function checkAge(publishedAt: number, ttlSeconds: number, reading: Reading): void {
  const ageMs = reading.receivedAt - publishedAt;
  if (ageMs <= Math.max(ttlSeconds, 300) * 1000 + clockSkewMs) return;
  reading.notices.add(
    "gbfs-outdated",
    "warning",
    `last_updated is ${isoText(publishedAt)}, ${Math.round(ageMs / 1000)} s before it was received, ` +
      `expected at most ${Math.max(ttlSeconds, 300)} s`,
  );
}
