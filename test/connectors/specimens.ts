/** Every connector with good bodies of its standard: its golden cases, each as it came in when it was published. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { listFeedCases } from "../../fixtures/feed-cases.ts";
import type { Connector, ConnectorFeed, Failure, Update } from "../../server/core/feeds/connector.ts";
import { findConnector } from "../../server/core/feeds/index.ts";
import type { Result } from "../../shared/result.ts";
import { passingKeyedHash } from "../../server/keyed-hash.ts";
import { specs, type Spec } from "../../shared/feed.ts";

export interface Specimen {
  readonly name: string;
  readonly spec: Spec;
  /** The part's name: `body`, or the topic of a message. */
  readonly part: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly feed: ConnectorFeed;
  readonly receivedAt: number;
}

export const connectors: readonly Connector[] = specs.flatMap((spec) => findConnector(spec) ?? []);

/** What is stripped of names and addresses on its way in is so here. */
const hash = passingKeyedHash();
const casesFolder = join(import.meta.dirname, "../../fixtures/feeds");
const latest = Date.UTC(2026, 10, 27);

/** The good bodies of a standard; those from recordings are missing where there are no recordings. */
export function listSpecimens(connector: Connector): Specimen[] {
  const { spec } = connector;
  if (!existsSync(join(casesFolder, spec)) || readdirSync(join(casesFolder, spec)).length === 0) return [];
  return listFeedCases(spec).map(({ name, file, bytes, options }) => {
    const part = partOf(file);
    const feed = specimenFeed(spec, options);
    const first = decode(connector, { name, spec, part, bytes, feed, receivedAt: latest });
    return { name, spec, part, bytes, feed, receivedAt: first.ok ? timeOf(first.value) : latest };
  });
}

/** A body's file bears the part's name, percent-encoded, where the standard has such names. */
function partOf(file: string): string {
  return file.includes("%") ? decodeURIComponent(file.replace(/\.[a-z]+$/, "")) : "body";
}

/** A feed in no city: all the world is near. */
export function specimenFeed(spec: Spec, options: unknown): ConnectorFeed {
  const bounds = [-180, -90, 180, 90] as const;
  return {
    id: `a-${spec}`,
    spec,
    zone: "America/Los_Angeles",
    bounds,
    url: "https://feed.example/body",
    options,
  };
}

export function decode(
  connector: Connector,
  { part, bytes, feed, receivedAt }: Specimen,
  memory?: unknown,
): Result<Update, Failure> {
  const raw = { name: part, url: feed.url, bytes };
  return connector.decode(connector.strip?.(raw, feed, receivedAt, hash) ?? raw, feed, receivedAt, memory);
}

function timeOf({ publishedAt, entities }: Update): number {
  const at = publishedAt ?? entities.reduce((newest, { observedAt }) => Math.max(newest, observedAt ?? 0), 0);
  return at > 0 && at < latest ? at : latest;
}
