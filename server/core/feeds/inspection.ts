/** What is in one body of a feed, as `inspect`, `doctor` and `/feeds` say it. */

import type { Spec } from "../../../shared/feed.ts";
import type { Inspection } from "../../../shared/inspection.ts";
import type { Result } from "../../../shared/result.ts";
import type { Connector, ConnectorFeed, Failure, KeyedHash, Part, Update } from "./connector.ts";

/** A feed without a city: the whole world, UTC. */
export function bareFeed(spec: Spec, options: unknown = {}): ConnectorFeed {
  return { id: "inspect", spec, zone: "UTC", bounds: [-180, -90, 180, 90], url: null, options };
}

/** Says what an update holds. */
export function inspectUpdate(file: string, spec: Spec, update: Update): Inspection {
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

/**
 * Decodes a file as if it had come in when it was published, else when the newest thing in it was observed, so that
 * a recording of 2019 is not called late, outdated or expired today. The first reading, as of `now`, finds that
 * time; a time after `now` stays what it is, a fault of the source.
 */
export function decodeInItsTime(
  connector: Connector,
  part: Part,
  feed: ConnectorFeed,
  now: number,
  hash: KeyedHash,
): Result<Update, Failure> {
  const decode = (at: number): Result<Update, Failure> =>
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

function countKinds({ entities }: Update): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of entities) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function iso(at: number): string | null {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : null;
}
