/** What a feed's file says about other files, about time, and about the kinds it fills. */

import { isIP } from "node:net";
import { tableFaults } from "../core/feeds/table/faults.ts";
import { bareHost, insideKind, namesHost } from "../inside-address.ts";
import { findStatement, momentAt } from "./feed-file.ts";
import type { FeedFile } from "./feed-schema.ts";
import type { FolderFiles, Loaded } from "./folder-files.ts";
import type { JsonPath } from "./json-document.ts";
import { oneOf, type Known } from "./known.ts";
import { findRecording } from "./recordings.ts";

/** What feeds need to know of their city; `allowHosts` is `null` while `city.json` is not sound. */
interface CityFacts {
  readonly dir: string;
  readonly zone: string;
  readonly allowHosts: readonly string[] | null;
  readonly hasContact: boolean;
  readonly recordings: string;
}

export function checkFeeds(files: FolderFiles, known: Known, city: CityFacts): void {
  for (const feed of known.feeds.loaded) {
    checkOwner(files, known, feed);
    checkTimes(files, feed);
    checkTransport(files, feed, city);
    checkSchedule(files, known, feed);
    checkTable(files, feed);
  }
}

function checkOwner(files: FolderFiles, known: Known, feed: Loaded<FeedFile>): void {
  const { department, supplier } = feed.value;
  if (known.departments?.has(department) === false)
    files.blame(
      feed,
      ["department"],
      "reference",
      oneOf("a department of departments.json", department, known.departments),
    );
  if (supplier !== null && known.suppliers?.has(supplier) === false)
    files.blame(
      feed,
      ["supplier"],
      "reference",
      oneOf("a supplier of suppliers.json", supplier, known.suppliers),
    );
}

function checkTimes(files: FolderFiles, feed: Loaded<FeedFile>): void {
  const { cadenceSeconds, staleAfterSeconds, dropAfterSeconds } = feed.value;
  if (staleAfterSeconds < cadenceSeconds)
    files.blame(
      feed,
      ["staleAfterSeconds"],
      "setting",
      `at least cadenceSeconds, which is ${cadenceSeconds}`,
    );
  if (dropAfterSeconds !== undefined && dropAfterSeconds < staleAfterSeconds)
    files.blame(
      feed,
      ["dropAfterSeconds"],
      "setting",
      `at least staleAfterSeconds, which is ${staleAfterSeconds}`,
    );
}

function checkTransport(files: FolderFiles, feed: Loaded<FeedFile>, city: CityFacts): void {
  const { transport } = feed.value;
  const { zone, allowHosts, recordings } = city;
  switch (transport.type) {
    case "probe":
      return checkProbe(files, feed, transport.services, city);
    case "query":
      return checkQuery(files, feed, transport, city);
    case "poll":
      return checkReach(files, feed, ["transport", "url"], transport.url, allowHosts);
    case "receive":
      return;
    case "file":
      return checkPartNames(files, feed, transport.files);
    case "replay": {
      transport.recordings.forEach(({ path }, i) =>
        findRecording(files, feed, ["transport", "recordings", i, "path"], path, recordings),
      );
      const [from, to] = [momentAt(transport.from, zone), momentAt(transport.to, zone)];
      if (Number.isNaN(from)) files.blame(feed, ["transport", "from"], "setting", "a date that exists");
      if (Number.isNaN(to)) files.blame(feed, ["transport", "to"], "setting", "a date that exists");
      if (from >= to)
        files.blame(feed, ["transport", "to"], "setting", `a time after from, ${transport.from}`);
    }
  }
}

/** Whom we ask without having been invited must be able to find us. */
function checkProbe(
  files: FolderFiles,
  feed: Loaded<FeedFile>,
  services: readonly { readonly id: string; readonly url: string | object }[],
  { allowHosts, hasContact }: CityFacts,
): void {
  if (feed.value.spec !== "probe")
    files.blame(feed, ["spec"], "setting", '"probe" for a transport of probes');
  if (!hasContact)
    files.blame(
      feed,
      ["transport", "type"],
      "reference",
      '"contact" in city.json, for the user agent of probes',
    );
  services.forEach(({ id, url }, i) => {
    checkReach(files, feed, ["transport", "services", i, "url"], url, allowHosts);
    if (services.findIndex((service) => service.id === id) < i)
      files.blame(feed, ["transport", "services", i, "id"], "setting", "an id that only one service has");
  });
}

type Query = FeedFile["transport"] & { readonly type: "query" };

function checkQuery(
  files: FolderFiles,
  feed: Loaded<FeedFile>,
  { sql, incremental }: Query,
  { dir }: CityFacts,
): void {
  if (feed.value.spec !== "sql") files.blame(feed, ["spec"], "setting", '"sql" for a transport of queries');
  const statement = typeof sql === "string" ? sql : findStatement(dir, sql.file);
  if (statement === null) {
    files.blame(feed, ["transport", "sql", "file"], "reference", "a readable file in the city folder");
    return;
  }
  const takesNewest = /\$1(?!\d)/.test(statement);
  if (incremental !== null && !takesNewest)
    files.blame(
      feed,
      ["transport", "sql"],
      "setting",
      "$1, the newest value seen, because the query is incremental",
    );
  if (incremental === null && takesNewest)
    files.blame(feed, ["transport", "sql"], "setting", 'no $1, or "incremental" to say what it is');
}

/** What a name leads to is known only when it is asked; an address that is inside can be blamed before. */
function checkReach(
  files: FolderFiles,
  feed: Loaded<FeedFile>,
  key: JsonPath,
  url: string | object,
  allowHosts: readonly string[] | null,
): void {
  if (typeof url !== "string" || allowHosts === null) return;
  const { hostname, port, protocol } = new URL(url);
  if (namesHost(allowHosts, hostname, Number(port || (protocol === "https:" ? 443 : 80)))) return;
  const host = bareHost(hostname);
  const kind = /(^|\.)localhost$/.test(host) ? "this machine" : isIP(host) === 0 ? null : insideKind(host);
  if (kind !== null)
    files.blame(
      feed,
      key,
      "setting",
      `a host outside, or "allowHosts": ["${host}"] in city.json: ${host} is ${kind}`,
    );
}

/** Watched files are one part each; recordings of one name are the same part at several times. */
function checkPartNames(
  files: FolderFiles,
  feed: Loaded<FeedFile>,
  parts: readonly { name: string }[],
): void {
  parts.forEach(({ name }, i) => {
    if (parts.findIndex((part) => part.name === name) < i)
      files.blame(feed, ["transport", "files", i, "name"], "setting", "a name that only one part has");
  });
}

function checkSchedule(files: FolderFiles, known: Known, feed: Loaded<FeedFile>): void {
  const { schedule } = feed.value;
  if (schedule === null) return;
  const timetables = known.feeds.loaded
    .filter(({ value }) => value.spec === "gtfs")
    .map(({ value }) => value.id);
  const named = known.feeds.loaded.find(({ value }) => value.id === schedule);
  // A timetable whose own file is wrong is blamed there.
  if (named ? named.value.spec !== "gtfs" : !known.feeds.ids.has(schedule))
    files.blame(feed, ["schedule"], "reference", oneOf('a feed with "spec": "gtfs"', schedule, timetables));
}

/** What a table's rules say about kinds, times and zones is the connector's knowledge. */
function checkTable(files: FolderFiles, feed: Loaded<FeedFile>): void {
  if (feed.value.spec !== "table" && feed.value.spec !== "sql") return;
  for (const { key, expected } of tableFaults(feed.value.options)) {
    const path = key.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    files.blame(feed, ["options", ...path], "setting", expected);
  }
}
