/**
 * A large body for each XML and JSON connector: a recorded or hand-made case of its standard, or a body of the demo city,
 * whose entries stand there again and again with ids of their own.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { answersOf } from "../../fixtures/simulator/serve.ts";
import { nextStorm } from "../../fixtures/simulator/storm.ts";
import { findConnector } from "../../server/core/feeds/index.ts";
import type { Spec } from "../../shared/feed.ts";
import { listSpecimens, specimenFeed, type Specimen } from "../connectors/specimens.ts";
import type { LargeBody } from "./large-body.ts";

/** `make`: `null` where there are no recordings to make it of. */
interface BodyMaker {
  readonly name: string;
  readonly form: LargeBody["form"];
  make(wantedBytes: number): LargeBody | null;
}

const seed = 1;

interface Source {
  readonly name: string;
  readonly spec: Spec;
  /** A case of `fixtures/feeds`, or a path of the simulator with the feed of the demo city that asks for it. */
  readonly from: string | { readonly path: string; readonly feed: string };
  /** What stands before the text of an id. */
  readonly ids: RegExp;
  /** Where the entries are: a list of JSON, or elements of XML. */
  readonly entries: ((body: never) => readonly unknown[]) | RegExp;
  /** Of a case with spoilt entries: what a good one has. */
  readonly only?: RegExp;
}

const sources: readonly Source[] = [
  {
    name: "datex2",
    spec: "datex2",
    from: "finland-roadwork-phases",
    ids: /\bid="/g,
    entries: /<situation .*?<\/situation>/gs,
  },
  {
    name: "datex2-v3",
    spec: "datex2",
    from: { path: "/datex2.xml", feed: "situations" },
    ids: /\bid="/g,
    entries: /<sit:situation .*?<\/sit:situation>/gs,
  },
  {
    name: "cap",
    spec: "cap",
    from: "bushfire_valid-edxlde",
    ids: /<cap:identifier>/g,
    entries: /<edxlde:contentObject>.*?<\/edxlde:contentObject>/gs,
  },
  {
    name: "open311-xml",
    spec: "open311",
    from: "sample",
    ids: /<service_request_id>/g,
    entries: /<request>.*?<\/request>/gs,
  },
  {
    name: "open311",
    spec: "open311",
    from: { path: "/open311/v2/requests.json?page=1&page_size=500", feed: "requests" },
    ids: /"service_request_id":"?/g,
    entries: (body: readonly unknown[]) => body,
  },
  {
    name: "wzdx",
    spec: "wzdx",
    from: "workzone-scenario1-simple-linestring",
    ids: /"id":"/g,
    entries: ({ features }: { features: readonly unknown[] }) => features,
  },
  {
    name: "ngsi",
    spec: "ngsi",
    from: "air-quality-observed-v2-normalized",
    ids: /"refPointOfInterest":{"type":"[^"]*","value":"|^{"id":"/g,
    entries: (body: unknown) => [body],
  },
  {
    name: "ngsi-ld",
    spec: "ngsi",
    from: { path: "/ngsi-ld/v1/entities", feed: "air" },
    ids: /"id":"/g,
    entries: (body: readonly unknown[]) => body,
  },
  {
    name: "sensorthings",
    spec: "sensorthings",
    from: {
      path: "/sensorthings/v1.1/Datastreams?$top=1000&$expand=Thing($expand=Locations),ObservedProperty,Observations($top=1;$orderby=phenomenonTime desc)",
      feed: "rain",
    },
    ids: /^{"@iot.id":/g,
    entries: ({ value }: { value: readonly unknown[] }) => value,
  },
  {
    name: "gbfs",
    spec: "gbfs",
    from: "baywheels-station-status",
    ids: /"station_id":"/g,
    entries: ({ data }: { data: { stations: readonly unknown[] } }) => data.stations,
  },
  {
    name: "table",
    spec: "table",
    from: { path: "/traffic.json", feed: "traffic" },
    ids: /"segment":"/g,
    entries: ({ segments }: { segments: readonly unknown[] }) => segments,
  },
  {
    name: "mqtt",
    spec: "mqtt",
    from: "gateway",
    ids: /"sensor":"/g,
    entries: ({ data }: { data: { readings: readonly unknown[] } }) => data.readings,
    only: /"value":61.25/,
  },
];

export const largeBodies: readonly BodyMaker[] = sources.map((source) => {
  const form = source.spec === "mqtt" ? "mqtt" : source.entries instanceof RegExp ? "xml" : "json";
  return { name: source.name, form, make: (bytes) => largeBody(source, form, bytes) };
});

/** As many bytes in small messages, each decoded by itself. */
export const manyMessages: BodyMaker = { name: "mqtt-messages", form: "mqtt", make: messages };

function largeBody(source: Source, form: LargeBody["form"], wantedBytes: number): LargeBody | null {
  const specimen = specimenOf(source);
  if (!specimen) return null;
  const { entries, ids, only = /^/ } = source;
  const text = new TextDecoder().decode(specimen.bytes);
  const large =
    entries instanceof RegExp
      ? repeatElements(text, entries, ids, wantedBytes)
      : repeatObjects(text, entries, ids, only, wantedBytes);
  return { form, parts: [{ ...specimen, bytes: new TextEncoder().encode(large) }] };
}

function specimenOf({ spec, from }: Source): Specimen | undefined {
  const connector = findConnector(spec)!;
  if (typeof from === "string") return listSpecimens(connector).find(({ name }) => name === from);
  const at = nextStorm(seed, Date.UTC(2026, 0, 5), 14);
  const { pathname, searchParams } = new URL(from.path, "http://localhost");
  const answer = answersOf(seed)({ at, path: pathname, query: searchParams, origin: "http://localhost" });
  if (typeof answer !== "string") throw new Error(`${from.path}: no text`);
  const file = join(import.meta.dirname, `../../fixtures/demo-city/feeds/${from.feed}.json`);
  const { options } = JSON.parse(readFileSync(file, "utf8")) as { options?: unknown };
  return {
    name: from.path,
    spec,
    part: "body",
    bytes: new TextEncoder().encode(answer),
    feed: specimenFeed(spec, options ?? {}),
    receivedAt: at,
  };
}

function repeatElements(text: string, elements: RegExp, ids: RegExp, bytes: number): string {
  const found = [...text.matchAll(elements)];
  const [from, last] = [found[0]!.index, found.at(-1)!];
  const entries = repeat(
    found.map(([entry]) => entry),
    ids,
    bytes,
  );
  return text.slice(0, from) + entries.join("\n") + text.slice(last.index + last[0].length);
}

function repeatObjects(
  text: string,
  list: (body: never) => readonly unknown[],
  ids: RegExp,
  only: RegExp,
  bytes: number,
): string {
  const body = JSON.parse(text) as never;
  const found = list(body);
  const texts = repeat(
    found.map((entry) => JSON.stringify(entry)).filter((entry) => only.test(entry)),
    ids,
    bytes,
  );
  const entries = texts.map((entry) => JSON.parse(entry) as unknown);
  if (!Array.isArray(body) && found[0] === body) return JSON.stringify(entries);
  return JSON.stringify(body, (_, value: unknown) => (value === found ? entries : value));
}

/** Numbers before the ids all have the same length, so that ids stay different when they are numbers themselves. */
function repeat(entries: readonly string[], ids: RegExp, wantedBytes: number): string[] {
  const size = entries.reduce((sum, { length }) => sum + length, 0);
  return Array.from({ length: Math.ceil(wantedBytes / size) }, (_, n) =>
    entries.map((entry) => entry.replace(ids, `$&${1000 + n}`)),
  ).flat();
}

/** Of sensors that each send a reading of their own. */
function messages(wantedBytes: number): LargeBody {
  const specimen = listSpecimens(findConnector("mqtt")!).find(({ name }) => name === "one-sensor")!;
  const parts = Array.from({ length: Math.ceil(wantedBytes / specimen.bytes.length) }, (_, n) => ({
    ...specimen,
    part: `sensors/dock-3/property-${n}`,
  }));
  return { form: "mqtt", parts };
}
