/** Where a GBFS system's files are: the discovery document `gbfs.json` and the list of versions. */

import { isObject, quote } from "../body.ts";
import type { Fetch, Part } from "../connector.ts";
import { findFileName, olderNames, type FileName, type GbfsFile } from "./file.ts";
import { pickLanguage, type Reading } from "./members.ts";
import { readFiles, type ReadFile } from "./options.ts";

const newestMajor = 3;

/**
 * The files to ask for. Before 3.0 they stand under a language. `null` when the document lists none at all;
 * a file that is listed under both its names is asked for once, by the newest.
 */
export function readDiscovery(file: GbfsFile, part: Part, wanted: readonly ReadFile[]): Fetch[] | null {
  const listed = listFeeds(file);
  if (listed === null) return null;
  const found = new Map<FileName, Fetch>();
  const asked: readonly FileName[] = [...wanted, ...explaining(wanted)];
  for (const { name, url } of listed) {
    const known = typeof name === "string" ? findFileName(name) : null;
    const target = asked.find((one) => one === known);
    if (target === undefined) continue;
    const absolute = resolve(url, part.url);
    if (absolute === null) noteLink(file.reading, name, url);
    else if (!found.has(target) || name !== olderNames[target])
      found.set(target, { name: target, url: absolute });
  }
  const missing = readFiles.filter((one) => wanted.includes(one) && !found.has(one));
  if (wanted.every((one) => !found.has(one)))
    file.reading.notices.add(
      "gbfs-nothing-to-read",
      "error",
      `gbfs lists no file that is read, expected one of ${missing.join(", ")}`,
    );
  return Array.from(found.values());
}

/** The files that say what ids of the wanted ones stand for, and whose they are. */
function explaining(wanted: readonly ReadFile[]): FileName[] {
  return [
    ...(wanted.includes("vehicle_status") ? (["vehicle_types"] as const) : []),
    ...(wanted.includes("station_information") ? (["system_regions"] as const) : []),
    "system_information",
  ];
}

function noteLink(reading: Reading, name: unknown, url: unknown): void {
  reading.notices.add(
    "gbfs-bad-link",
    "error",
    () => `gbfs ${quote(name)}: url is ${quote(url)}, expected an http(s) address`,
  );
}

function listFeeds(file: GbfsFile): { name: unknown; url: unknown }[] | null {
  const { data, reading } = file;
  const byLanguage = Object.entries(data).filter(
    ([, value]) => isObject(value) && Array.isArray(value["feeds"]),
  );
  const language = pickLanguage(
    byLanguage.map(([name]) => name),
    reading.language,
  );
  const chosen = byLanguage.find(([name]) => name === language)?.[1];
  const feeds = Array.isArray(data["feeds"]) ? data["feeds"] : isObject(chosen) ? chosen["feeds"] : null;
  return Array.isArray(feeds) ? feeds.filter(isObject).map(({ name, url }) => ({ name, url })) : null;
}

function resolve(url: unknown, base: string | null): string | null {
  if (typeof url !== "string" || !URL.canParse(url, base ?? undefined)) return null;
  const absolute = new URL(url, base ?? undefined);
  return absolute.protocol === "http:" || absolute.protocol === "https:" ? absolute.href : null;
}

/**
 * The discovery document of the newest version that is read, from `gbfs_versions` or a `manifest` of one system, and the
 * older ones in its place while it is dead: versions vanish before the lists that name them learn of it.
 */
export function readVersions(file: GbfsFile, part: Part): Fetch[] | null {
  const { datasets, versions } = file.data;
  const system: unknown = Array.isArray(datasets) && datasets.length === 1 ? datasets[0] : { versions };
  const list = isObject(system) ? system["versions"] : null;
  if (!Array.isArray(list)) return null;
  const readable = list
    .filter(isObject)
    .map(({ version, url }) => ({ version: Number.parseFloat(String(version)), url: resolve(url, part.url) }))
    .filter((one) => one.version >= 1 && one.version < newestMajor + 1)
    .toSorted((a, b) => a.version - b.version);
  const chain = readable.reduce<Fetch | null>((otherwise, { version, url }) => {
    if (url === null) return otherwise;
    return { name: `gbfs ${version.toFixed(1)}`, url, ...(otherwise && { otherwise }) };
  }, null);
  return chain && [chain];
}
