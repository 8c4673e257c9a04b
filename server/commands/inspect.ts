/** `citydeck inspect SPEC FILE…`: decodes files, or all files of a folder, and says what is in each. */

import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { isSpec, specs, type Spec } from "../../shared/feed.ts";
import type { Inspection } from "../../shared/inspection.ts";
import { Notices } from "../../shared/notice.ts";
import { readCityFeed } from "../city-folder/city-folder.ts";
import { faultLine } from "../city-folder/fault.ts";
import { recordingsDir } from "../city-folder/recordings.ts";
import { judgeSituation, placed } from "../core/city/situation-join.ts";
import type { ConnectorFeed, Part, Update } from "../core/feeds/connector.ts";
import type { LocationTable } from "../core/feeds/datex2/location-table.ts";
import { connectorFor, findConnector } from "../core/feeds/index.ts";
import { bareFeed, decodeInItsTime, inspectUpdate } from "../core/feeds/inspection.ts";
import { passingKeyedHash } from "../keyed-hash.ts";
import { recordedFiles } from "../ingest/recording.ts";

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
  const feed = values.feed === undefined ? feedWithoutCity(spec) : feedOf(values.feed, spec);
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
  return inspectUpdate(file, spec, withLocations(decoded.value, known.locations ?? null));
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

/** What needs options needs `--feed`. */
function feedWithoutCity(spec: Spec): ConnectorFeed {
  if (spec === "table" || spec === "sql" || spec === "mqtt")
    throw new Error(`${spec} needs its columns: give the feed that maps them with --feed DIR#FEED`);
  return bareFeed(spec);
}

function feedOf(reference: string, spec: Spec): ConnectorFeed {
  const hash = reference.lastIndexOf("#");
  const [dir, id] = [reference.slice(0, hash), reference.slice(hash + 1)];
  if (hash < 1 || id === "")
    throw new Error(`--feed "${reference}": expected a city folder and a feed, DIR#FEED`);
  const read = readCityFeed(resolve(dir), id, { recordings: recordingsDir(), env: process.env });
  if (!read.ok) throw new Error(`${reference} cannot be used:\n${read.failure.map(faultLine).join("\n")}`);
  const { settings, feed } = read.value;
  if (feed.spec !== spec) throw new Error(`${dir}#${id} is a ${feed.spec} feed, not ${spec}`);
  return { id, spec, zone: settings.zone, bounds: settings.bounds, url: null, options: feed.options };
}

/** The inspection in words. `meaningOf` says more about a notice where it is given. */
export function asText(
  inspection: Inspection,
  meaningOf: (code: string) => string | null = () => null,
): string {
  const { file, spec, version, mode, entities, withPosition, observedFrom, observedTo, headerAt, notices } =
    inspection;
  const counts = Object.entries(entities).map(([kind, count]) => `${count} ${kind}`);
  const observed =
    observedFrom === null ? "nothing says when it was observed" : `observed ${observedFrom} to ${observedTo}`;
  return [
    `${file}`,
    `  ${spec}${version === null ? "" : ` ${version}`}, ${mode}: ${counts.join(", ") || "nothing"}; ${withPosition} with a place`,
    `  ${observed}; the body ${headerAt === null ? "has no time of its own" : `is of ${headerAt}`}`,
    ...notices.flatMap(({ code, severity, count, example }) => {
      const meaning = meaningOf(code);
      const said = `  ${severity} ${code} ×${count}: ${example}`;
      return meaning === null ? [said] : [said, `    ${meaning}`];
    }),
  ].join("\n");
}
