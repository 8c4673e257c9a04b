/** The files of GBFS that change seldom: names that other files only refer to, and what a system says of itself. */

import { isObject, quote, type JsonObject } from "../body.ts";
import type { Lookups } from "../connector.ts";
import type { GbfsFile } from "./file.ts";
import { readId, readText, type Reading } from "./members.ts";

/** `vehicle_types`: the form factor of each type; `system_regions`: the name of each region. `null` for other files. */
export function readLookups(file: GbfsFile): Lookups | null {
  const { name, data, reading } = file;
  if (name === "vehicle_types") {
    const formFactor = (entry: JsonObject): string | null =>
      typeof entry["form_factor"] === "string" ? entry["form_factor"] : null;
    return { formFactors: readNames(data["vehicle_types"], "vehicle_type_id", formFactor, reading) };
  }
  if (name !== "system_regions") return null;
  const regionName = (entry: JsonObject): string | null => readText(reading, entry, "name");
  return { regionNames: readNames(data["regions"], "region_id", regionName, reading) };
}

function readNames(
  list: unknown,
  idMember: string,
  read: (entry: JsonObject) => string | null,
  reading: Reading,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
    const id = isObject(entry) ? readId(reading, entry, idMember) : null;
    const name = isObject(entry) && id !== null ? read(entry) : null;
    if (id !== null && name !== null) names.set(id, name);
    else
      reading.notices.add(
        "gbfs-bad-entry",
        "error",
        () => `${reading.file}: an entry is ${quote(entry)}, expected ${idMember} and what it stands for`,
      );
  }
  return names;
}

/** `system_information`: who this is and what may be done with it, as notices for whoever looks after the feed. */
export function noteSystem({ data, reading }: GbfsFile, zone: string): void {
  const { notices } = reading;
  const text = (member: string): string | null => readText(reading, data, member);
  const licence = text("license_id") ?? text("license_url");
  const attribution = text("attribution_organization_name");
  const credit = attribution === null ? "" : `, attribution ${quote(attribution)}`;
  notices.add(
    "gbfs-system",
    "info",
    `system_information: name ${quote(text("name"))}, licence ${quote(licence)}${credit}`,
  );
  if (licence === null)
    notices.add(
      "gbfs-no-licence",
      "info",
      "system_information: license_id and license_url missing, so nobody may take the data for free to use",
    );
  const timezone = text("timezone");
  if (timezone !== null && timezone !== zone)
    notices.add(
      "gbfs-other-zone",
      "info",
      `system_information: timezone is ${quote(timezone)}, the city's is ${quote(zone)}`,
    );
}
