/** GBFS 1.x, 2.x and 3.0: shared bicycles, scooters and cars (https://gbfs.org/specification/). */

import type { Kind } from "../../../../shared/kinds.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import { unreadable } from "../body.ts";
import type { Connector, ConnectorFeed, Failure, Fetch, Part, Update } from "../connector.ts";
import { readDiscovery, readVersions } from "./discovery.ts";
import { readEntities } from "./entries.ts";
import { findFileName, readFile, type FileName, type GbfsFile } from "./file.ts";
import { readFiles, type GbfsOptions, type ReadFile } from "./options.ts";
import { noteSystem, readLookups } from "./slow-files.ts";

const kindOf: Readonly<Record<ReadFile, Kind>> = {
  station_information: "Station",
  station_status: "StationStatus",
  vehicle_status: "Vehicle",
  system_alerts: "ServiceAlert",
};

export const gbfs: Connector<GbfsOptions> = {
  spec: "gbfs",
  gives: (options) => wantedFiles(options).map((file) => kindOf[file]),
  next: (feed) => (feed.url === null ? [] : [{ name: "gbfs", url: feed.url }]),
  decode,
};

function wantedFiles(options: GbfsOptions | null | undefined): readonly ReadFile[] {
  return options?.files ?? readFiles;
}

function decode(part: Part, feed: ConnectorFeed<GbfsOptions>, receivedAt: number): Result<Update, Failure> {
  const file = readFile(part, feed, receivedAt);
  if (!file.ok) return file;
  const { name } = file.value;
  switch (name) {
    case "gbfs":
      return follow(file.value, part, readDiscovery(file.value, part, wantedFiles(feed.options)));
    case "gbfs_versions":
    case "manifest":
      return follow(file.value, part, readVersions(file.value, part));
    case "station_information":
    case "station_status":
    case "vehicle_status":
    case "system_alerts":
      return list({ ...file.value, name }, part, feed.id);
    case "vehicle_types":
    case "system_regions": {
      const lookups = readLookups(file.value);
      return ok({ ...update(file.value, part), ...(lookups && { lookups }) });
    }
    case "system_information":
      noteSystem(file.value, feed.zone);
      return ok(update(file.value, part));
    case "system_hours":
    case "system_calendar":
    case "system_pricing_plans":
    case "geofencing_zones":
      return ok(update(file.value, part));
  }
}

function follow(file: GbfsFile, part: Part, links: readonly Fetch[] | null): Result<Update, Failure> {
  if (links === null)
    return unreadable(part.name, "a list of GBFS files", `${file.name} without one for a single system`);
  return ok({ ...update(file, part), follow: links });
}

function list(
  file: GbfsFile & { readonly name: ReadFile },
  part: Part,
  feedId: string,
): Result<Update, Failure> {
  const entities = readEntities(file, feedId);
  if (entities === null) return unreadable(part.name, `the list of ${file.name}`, "data without it");
  if (entities.length === 0 && file.name !== "system_alerts")
    file.reading.notices.add(
      "gbfs-empty",
      "warning",
      `${file.name} lists nothing, expected at least one entry`,
    );
  return ok({ ...update(file, part), entities });
}

/**
 * How long a file is left alone, in seconds, whatever ttl it claims. What is available now may not be trusted for more
 * than 5 minutes (MobilityData/gbfs#232), and files move; what hardly ever changes is asked for once an hour at most.
 */
const patience: Readonly<Record<FileName, { readonly least: number; readonly most: number }>> = {
  gbfs: { least: 0, most: 3_600 },
  gbfs_versions: { least: 0, most: 3_600 },
  manifest: { least: 0, most: 3_600 },
  station_status: { least: 0, most: 300 },
  vehicle_status: { least: 0, most: 300 },
  system_alerts: { least: 0, most: 300 },
  station_information: { least: 0, most: 86_400 },
  system_information: { least: 3_600, most: 86_400 },
  vehicle_types: { least: 3_600, most: 86_400 },
  system_regions: { least: 3_600, most: 86_400 },
  system_hours: { least: 3_600, most: 86_400 },
  system_calendar: { least: 3_600, most: 86_400 },
  system_pricing_plans: { least: 3_600, most: 86_400 },
  geofencing_zones: { least: 3_600, most: 86_400 },
};

/** What is left of a file's ttl, which counts from its own `last_updated`. */
function goodForSeconds({ name, ttlSeconds, publishedAt, reading }: GbfsFile): number {
  const { least, most } = patience[name];
  const ageSeconds = Math.max(0, (reading.receivedAt - (publishedAt ?? reading.receivedAt)) / 1000);
  return Math.min(Math.max(ttlSeconds - ageSeconds, least), most);
}

function speaksOf(name: FileName): readonly Kind[] {
  const file = readFiles.find((one) => one === name);
  return file === undefined ? [] : [kindOf[file]];
}

/** An update without entities: all files are full, what is absent from one is gone. */
function update(file: GbfsFile, part: Part): Update {
  return {
    mode: "full",
    // A file's entities stay together whatever name it was handed over by.
    scope: findFileName(part.name) === null ? part.name : file.name,
    version: file.version,
    publishedAt: file.publishedAt,
    entities: [],
    observations: [],
    notices: file.reading.notices.list(),
    speaksOf: speaksOf(file.name),
    goodForSeconds: goodForSeconds(file),
  };
}
