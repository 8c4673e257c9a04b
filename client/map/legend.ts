/** What the legend says of each kind on the map: how many, how old, and whether its feeds can be trusted. */

import { feedOfEntityId } from "../../shared/entity.ts";
import type { EntityRow } from "../../shared/entity-frame.ts";
import type { FeedStatus, FeedStatusWord } from "../../shared/feed.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { IndicatorDefinition } from "../../shared/city.ts";
import { isInForce } from "./warnings.ts";
import { isOnMap } from "./symbols.ts";

export interface LegendEntry {
  readonly kind: Kind;
  /** Things drawn; `null` when nothing is known. */
  readonly count: number | null;
  /** The worst of the kind's feeds; `none` when the city has no feed of the kind, `not-recorded` where nobody knows. */
  readonly state: FeedStatusWord | "none" | "not-recorded";
  /** Age of the oldest of its feeds in seconds. */
  readonly ageSeconds: number | null;
}

const trouble: readonly FeedStatusWord[] = ["fresh", "waiting", "stale", "down"];

type FeedAge = Pick<FeedStatus, "id" | "status" | "observedAt">;

/** The feeds that give a kind: those its things name, and those its indicators need when there are no things. */
export function feedsOfKind(
  kind: Kind,
  rows: Iterable<EntityRow>,
  indicators: readonly (Pick<IndicatorDefinition, "reads"> & { readonly feeds: readonly string[] })[],
): ReadonlySet<string> {
  const feeds = new Set<string>();
  for (const indicator of indicators)
    if (indicator.reads === kind) for (const feed of indicator.feeds) feeds.add(feed);
  let last = "";
  for (const { id } of rows) {
    const prefix = id.slice(0, id.indexOf("/"));
    if (prefix !== last) feeds.add(feedOfEntityId(id));
    last = prefix;
  }
  return feeds;
}

export function legendEntry(
  kind: Kind,
  rows: ReadonlyMap<number, EntityRow>,
  feeds: readonly FeedAge[],
  now: number | null,
): LegendEntry {
  let count = 0;
  for (const row of rows.values()) if (kind === "CapAlert" ? isInForce(row, now) : isOnMap(row, now)) count++;
  const worst = feeds.reduce<FeedAge | null>(
    (a, b) => (a === null || trouble.indexOf(b.status) > trouble.indexOf(a.status) ? b : a),
    null,
  );
  const known = rows.size > 0 || worst?.status === "fresh";
  const oldest = feeds.reduce<number | null>(
    (at, feed) => (feed.observedAt === null ? at : Math.min(at ?? feed.observedAt, feed.observedAt)),
    null,
  );
  return {
    kind,
    count: known ? count : null,
    state: worst?.status ?? "none",
    ageSeconds: now === null || oldest === null ? null : Math.max(now - oldest, 0) / 1000,
  };
}
