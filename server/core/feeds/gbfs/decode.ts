/** GBFS 1.x, 2.x and 3.0: shared bicycles, scooters and cars (https://gbfs.org/specification/). */

import type { Kind } from "../../../../shared/kinds.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import { unreadable } from "../body.ts";
import type { Connector, ConnectorFeed, Failure, Fetch, Part, Update } from "../connector.ts";
import { readDiscovery, readVersions } from "./discovery.ts";
import { readEntities } from "./entries.ts";
import { findFileName, readFile, type GbfsFile } from "./file.ts";
import { readFiles, type GbfsOptions, type ReadFile } from "./options.ts";

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
    case "system_information":
    case "vehicle_types":
    case "system_regions":
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
  };
}
