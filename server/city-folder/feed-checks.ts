/** What a feed's file says about other files, about time, and about the kinds it fills. */

import { isIP } from "node:net";
import type { Spec } from "../../shared/feed.ts";
import { mqttFaults } from "../core/feeds/mqtt/faults.ts";
import type { MqttOptions } from "../core/feeds/mqtt/options.ts";
import { filtersOverlap, topicFilterFault, TopicPattern } from "../core/feeds/mqtt/topic.ts";
import { tableFaults, type OptionFault } from "../core/feeds/table/faults.ts";
import { bareHost, insideKind, namesHost } from "../inside-address.ts";
import { findStatement, momentAt } from "./feed-file.ts";
import { kindsGiven, type FeedFile } from "./feed-schema.ts";
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
    checkAgreement(files, feed);
    checkTransport(files, feed, city);
    checkListening(files, known, feed);
    checkSchedule(files, known, feed);
    checkOptions(files, feed);
    checkLocationTable(files, known, feed);
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

function checkAgreement(files: FolderFiles, feed: Loaded<FeedFile>): void {
  const { agreement } = feed.value;
  if (agreement?.terminated === true && agreement.validUntil === null)
    files.blame(
      feed,
      ["agreement", "validUntil"],
      "setting",
      "the date on which it ends, because notice was given (terminated)",
    );
  if (agreement?.forbids && kindsGiven(feed.value)?.length === 0)
    files.blame(
      feed,
      ["agreement", "forbids", "kinds"],
      "setting",
      "at least one kind that the feed gives and its agreement allows: a feed of nothing is none",
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
      if (feed.value.spec === "mqtt")
        files.blame(feed, ["transport", "type"], "setting", "subscribe, receive, file or replay for mqtt");
      return checkReach(files, feed, ["transport", "url"], transport.url, allowHosts);
    case "receive":
      if (transport.reconcile)
        checkReach(files, feed, ["transport", "reconcile", "url"], transport.reconcile.url, allowHosts);
      return;
    case "listen":
      return;
    case "subscribe":
      checkReach(files, feed, ["transport", "url"], transport.url, allowHosts);
      return checkSubscribe(files, feed, transport);
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

/** Behind comments and brackets. A read-only transaction lets others write all the same: `COPY … TO PROGRAM`. */
const query = /^(?:[\s(]|--[^\n]*\n|\/\*(?:(?!\*\/)[^])*\*\/)*(?:select|with|values|table)\b/i;

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
  if (!query.test(statement))
    files.blame(
      feed,
      ["transport", "sql"],
      "setting",
      "a statement that begins with SELECT, WITH, VALUES or TABLE",
    );
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

const defaultPorts: Readonly<Record<string, number>> = {
  "http:": 80,
  "https:": 443,
  "ws:": 80,
  "wss:": 443,
  "mqtt:": 1883,
  "mqtts:": 8883,
};

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
  if (namesHost(allowHosts, hostname, Number(port || defaultPorts[protocol]))) return;
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

/** Lines without a head of their own standard are logs, and a port has one listener. */
function checkListening(files: FolderFiles, known: Known, feed: Loaded<FeedFile>): void {
  const { transport, spec } = feed.value;
  if (transport.type === "file" && transport.appended && spec !== "log")
    files.blame(feed, ["transport", "appended"], "setting", 'false, unless "spec" is "log"');
  if (transport.type !== "listen") return;
  if (spec !== "log")
    files.blame(feed, ["transport", "type"], "setting", 'another transport, unless "spec" is "log"');
  const layer = (protocol: string): string => (protocol === "udp" ? "udp" : "tcp");
  const earlier = known.feeds.loaded.find(
    ({ value: { id, transport: other } }) =>
      id < feed.value.id &&
      other.type === "listen" &&
      other.port === transport.port &&
      layer(other.protocol) === layer(transport.protocol),
  );
  if (earlier)
    files.blame(
      feed,
      ["transport", "port"],
      "setting",
      `a port that no other feed listens to; ${earlier.value.id} does`,
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

/** Specs whose one body after the other tells all there is; the rest are found by links, pages or files. */
const subscribable: readonly Spec[] = ["mqtt", "table", "gtfs-rt", "cap", "wzdx", "sensorthings"];

type Subscribe = FeedFile["transport"] & { type: "subscribe" };

function checkSubscribe(files: FolderFiles, feed: Loaded<FeedFile>, transport: Subscribe): void {
  const { spec } = feed.value;
  const blame = (key: string | readonly (string | number)[], expected: string): void => {
    files.blame(feed, ["transport", ...[key].flat()], "setting", expected);
  };
  if (!subscribable.includes(spec))
    blame("type", `${spec} by another transport; subscribe is for ${subscribable.join(", ")}`);
  transport.topics.forEach((filter, i) => {
    const expected = topicFilterFault(filter);
    if (expected !== null) blame(["topics", i], expected);
  });
  for (const [key, expected] of connectionFaults(transport)) blame(key, expected);
  if (feed.value.spec === "mqtt") checkTopics(files, feed, feed.value.options, transport);
}

/** What does not go together on the way to a broker, by the key to change. */
function connectionFaults(transport: Subscribe): readonly (readonly [key: string, expected: string])[] {
  const { url, ca, cert, key, username, password, protocolVersion, sessionExpirySeconds, clientId } =
    transport;
  const isSecured = typeof url === "string" && /^(mqtts|wss):/.test(url);
  const faults: [string, string][] = [];
  for (const [name, file] of Object.entries({ ca, cert, key }))
    if (file !== undefined && !isSecured) faults.push([name, "a url with mqtts or wss, or no certificates"]);
  if (cert !== undefined && key === undefined) faults.push(["cert", "key beside it"]);
  if (key !== undefined && cert === undefined) faults.push(["key", "cert beside it"]);
  // MQTT 3.1.1 §3.1.2.9
  if (password && !username && protocolVersion === "3.1.1")
    faults.push(["password", "username beside it, as 3.1.1 wants"]);
  if (sessionExpirySeconds > 0 && clientId === undefined)
    faults.push(["sessionExpirySeconds", "clientId beside it: a session is kept for a name"]);
  return faults;
}

/** Where what is subscribed to and what the options tell of do not meet. */
function checkTopics(
  files: FolderFiles,
  feed: Loaded<FeedFile>,
  options: MqttOptions,
  { topics: filters, sessionExpirySeconds }: Subscribe,
): void {
  options.topics.forEach(({ topic, entities }, i) => {
    const { filter } = new TopicPattern(topic);
    const path = ["options", "topics", i];
    if (!filters.some((subscribed) => filtersOverlap(subscribed, filter)))
      files.blame(feed, [...path, "topic"], "setting", "a topic that one of transport.topics brings");
    entities.forEach(({ observedAt }, j) => {
      if (observedAt === "received" && sessionExpirySeconds > 0)
        files.blame(
          feed,
          [...path, "entities", j, "observedAt"],
          "setting",
          "columns with a time, or sessionExpirySeconds 0: messages that a session kept for us are older than their arrival",
        );
    });
  });
}

function checkLocationTable(files: FolderFiles, known: Known, feed: Loaded<FeedFile>): void {
  if (feed.value.spec !== "datex2") return;
  const { locationTable } = feed.value.options;
  if (locationTable === undefined) return;
  const fitting = known.feeds.loaded
    .filter(({ value }) => value.spec === "datex2")
    .map(({ value }) => value.id);
  const named = known.feeds.loaded.find(({ value }) => value.id === locationTable);
  // A feed whose own file is wrong is blamed there.
  if (named ? named.value.spec !== "datex2" : !known.feeds.ids.has(locationTable))
    files.blame(
      feed,
      ["options", "locationTable"],
      "reference",
      oneOf('a feed with "spec": "datex2"', locationTable, fitting),
    );
}

/** What rules say about kinds, times and zones is the connector's knowledge. */
function checkOptions(files: FolderFiles, feed: Loaded<FeedFile>): void {
  for (const { key, expected } of optionFaults(feed.value)) {
    const path = key.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    files.blame(feed, ["options", ...path], "setting", expected);
  }
}

function optionFaults(feed: FeedFile): readonly OptionFault[] {
  if (feed.spec === "table" || feed.spec === "sql") return tableFaults(feed.options);
  return feed.spec === "mqtt" ? mqttFaults(feed.options) : [];
}
