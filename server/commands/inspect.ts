/** `citydeck inspect SPEC FILE…`: decodes files, or all files of a folder, and says what is in each. */

import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { isSpec, specs, type Spec } from "../../shared/feed.ts";
import { Notices, type Notice } from "../../shared/notice.ts";
import { readCityFolder } from "../city-folder/city-folder.ts";
import { faultLine } from "../city-folder/fault.ts";
import { recordingsDir } from "../city-folder/recordings.ts";
import { judgeSituation, placed } from "../core/city/situation-join.ts";
import type { Connector, ConnectorFeed, KeyedHash, Part, Update } from "../core/feeds/connector.ts";
import type { LocationTable } from "../core/feeds/datex2/location-table.ts";
import { connectorFor, findConnector } from "../core/feeds/index.ts";
import { passingKeyedHash } from "../keyed-hash.ts";
import { recordedFiles } from "../ingest/recording.ts";

/** What is in one file; instants as ISO 8601 UTC. */
export interface Inspection {
  readonly file: string;
  readonly spec: Spec;
  readonly version: string | null;
  readonly mode: Update["mode"];
  readonly entities: Readonly<Record<string, number>>;
  readonly withPosition: number;
  readonly observedFrom: string | null;
  readonly observedTo: string | null;
  readonly headerAt: string | null;
  readonly notices: readonly Notice[];
}

export async function inspect(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { feed: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const [spec = "", ...files] = positionals;
  if (spec === "") throw new Error("expected a standard and its files: inspect SPEC FILE…");
  if (!isSpec(spec) || !findConnector(spec)) throw new Error(`"${spec}" is not one of ${builtSpecs()}`);
  if (files.length === 0) throw new Error("expected a file or several: inspect SPEC FILE…");
  const feed = values.feed === undefined ? bareFeed(spec) : feedOf(values.feed, spec);
  let failed = false;
  for await (const { file, result } of inspectAll(files, spec, feed)) {
    if (typeof result === "string") {
      failed = true;
      // A connector names the part it failed at; here that is the file, which stands there already.
      const reason = result.startsWith(`${partName(file)}: `)
        ? result.slice(partName(file).length + 2)
        : result;
      process.stderr.write(`${file}: ${reason}\n`);
    } else {
      process.stdout.write(`${values.json ? JSON.stringify(result) : asText(result)}\n`);
    }
  }
  return failed ? 1 : 0;
}

function builtSpecs(): string {
  return specs.filter((spec) => findConnector(spec)).join(", ");
}

/** The inspection of every file, or why there is none; a folder stands for the files in it. */
async function* inspectAll(
  paths: readonly string[],
  spec: Spec,
  feed: ConnectorFeed,
): AsyncIterable<{ readonly file: string; readonly result: Inspection | string }> {
  const lookups: KnownLookups = {};
  for (const path of paths) {
    const files = await tried(() => recordedFiles(path));
    if (typeof files === "string") yield { file: path, result: files };
    else if (files.length === 0) yield { file: path, result: "there is no file in this folder" };
    else
      for (const file of files) {
        const bytes = await tried(() => readFile(file));
        const result =
          typeof bytes === "string" ? bytes : inspectFile(file, bytes, spec, feed, Date.now(), lookups);
        yield { file, result };
      }
  }
}

/** What `read` gives, or why the disk does not give it. */
async function tried<T extends object>(read: () => Promise<T>): Promise<T | string> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    return error.code === "ENOENT" ? "there is no such file" : `cannot be read: ${error.message}`;
  }
}

/** What files inspected before explain: the location table of those after it. */
export interface KnownLookups {
  locations?: LocationTable;
}

/** The inspection of one file, or why nothing of it can be used. `now` stands in where the file tells no time. */
export function inspectFile(
  file: string,
  bytes: Uint8Array,
  spec: Spec,
  feed: ConnectorFeed,
  now: number,
  known: KnownLookups = {},
): Inspection | string {
  const decoded = decodeInItsTime(connectorFor(spec), toPart(file, bytes), feed, now, passingKeyedHash());
  if (!decoded.ok) return decoded.failure.message;
  if (decoded.value.lookups?.locations) known.locations = decoded.value.lookups.locations;
  const update = withLocations(decoded.value, known.locations ?? null);
  const { from, to } = observedSpan(update);
  return {
    file,
    spec,
    version: update.version,
    mode: update.mode,
    entities: update.rows ?? countKinds(update),
    withPosition: update.entities.filter((entity) => entity.position !== null).length,
    observedFrom: iso(from),
    observedTo: iso(to),
    headerAt: update.publishedAt === null ? null : iso(update.publishedAt),
    notices: update.notices,
  };
}

/** Situations by codes alone where the table has them, and a notice for every code that it does not know. */
function withLocations(update: Update, table: LocationTable | null): Update {
  if (table === null) return update;
  const notices = new Notices();
  const entities = update.entities.map((entity) => {
    if (entity.kind !== "Situation") return entity;
    for (const { code, severity, example } of judgeSituation(entity, table) ?? [])
      notices.add(code, severity, example);
    return placed(entity, table);
  });
  return { ...update, entities, notices: [...update.notices, ...notices.list()] };
}

/** The file's name without its ending. A topic has strokes, which a file's name cannot: there they are %2F. */
function partName(file: string): string {
  return basename(file)
    .replace(/\.[^.%]+$/, "")
    .replaceAll(/%2f/gi, "/");
}

function toPart(file: string, bytes: Uint8Array): Part {
  return { name: partName(file), url: pathToFileURL(file).href, bytes };
}

/**
 * Decodes a file as if it had come in when it was published, else when the newest thing in it was observed, so that
 * a recording of 2019 is not called late, outdated or expired today. The first reading, as of `now`, finds that
 * time; a time after `now` stays what it is, a fault of the source.
 */
function decodeInItsTime(
  connector: Connector,
  part: Part,
  feed: ConnectorFeed,
  now: number,
  hash: KeyedHash,
): ReturnType<Connector["decode"]> {
  const decode = (at: number): ReturnType<Connector["decode"]> =>
    connector.decode(connector.strip?.(part, feed, at, hash) ?? part, feed, at);
  const today = decode(now);
  if (!today.ok) return today;
  const at = today.value.publishedAt ?? observedSpan(today.value).to;
  return Number.isFinite(at) && at < now ? decode(at) : today;
}

/** The oldest and the newest time of the update's things; infinite when there is none. */
function observedSpan({ entities, observations }: Update): { from: number; to: number } {
  let [from, to] = [Infinity, -Infinity];
  for (const list of [entities, observations])
    for (const { observedAt } of list) {
      if (observedAt === null) continue;
      from = Math.min(from, observedAt);
      to = Math.max(to, observedAt);
    }
  return { from, to };
}

/** A feed without a city: the whole world, UTC. What needs options needs `--feed`. */
function bareFeed(spec: Spec): ConnectorFeed {
  if (spec === "table" || spec === "sql" || spec === "mqtt")
    throw new Error(`${spec} needs its columns: give the feed that maps them with --feed DIR#FEED`);
  return { id: "inspect", spec, zone: "UTC", bounds: [-180, -90, 180, 90], url: null, options: {} };
}

function feedOf(reference: string, spec: Spec): ConnectorFeed {
  const hash = reference.lastIndexOf("#");
  const [dir, id] = [reference.slice(0, hash), reference.slice(hash + 1)];
  if (hash < 1 || id === "")
    throw new Error(`--feed "${reference}": expected a city folder and a feed, DIR#FEED`);
  const read = readCityFolder(resolve(dir), { recordings: recordingsDir(), env: process.env });
  if (!read.ok) throw new Error(`${dir} cannot be used:\n${read.failure.map(faultLine).join("\n")}`);
  const { settings, feeds } = read.value;
  const feed = feeds.find((entry) => entry.id === id);
  if (!feed)
    throw new Error(`${dir} has no feed "${id}", it has ${feeds.map((entry) => entry.id).join(", ")}`);
  if (feed.spec !== spec) throw new Error(`${dir}#${id} is a ${feed.spec} feed, not ${spec}`);
  return { id, spec, zone: settings.zone, bounds: settings.bounds, url: null, options: feed.options };
}

function countKinds({ entities }: Update): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of entities) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function iso(at: number): string | null {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : null;
}

function asText(inspection: Inspection): string {
  const { file, spec, version, mode, entities, withPosition, observedFrom, observedTo, headerAt, notices } =
    inspection;
  const counts = Object.entries(entities).map(([kind, count]) => `${count} ${kind}`);
  return [
    `${file}`,
    `  ${spec}${version === null ? "" : ` ${version}`}, ${mode}: ${counts.join(", ") || "nothing"}; ${withPosition} with a place`,
    `  observed ${observedFrom ?? "never"} to ${observedTo ?? "never"}, header ${headerAt ?? "none"}`,
    ...notices.map(({ code, severity, count, example }) => `  ${severity} ${code} ×${count}: ${example}`),
  ].join("\n");
}
