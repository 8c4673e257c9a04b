/** Departments × kinds of data: what is shared, what is dead, and where two built the same. */

import type { FeedStatus } from "./feed.ts";
import type { AgreementState, FeedQuality } from "./feed-quality.ts";
import { kinds, type Kind } from "./kinds.ts";

/** `dead`: every feed of it is down; `waiting`: none has spoken yet. */
export type IslandState = "shared" | "dead" | "waiting";

/** What one department has of one kind. */
export interface Island {
  readonly department: string;
  readonly kind: Kind;
  /** Ids. */
  readonly feeds: readonly string[];
  readonly state: IslandState;
  /** Other departments that have a feed of the kind too. */
  readonly alsoOf: readonly string[];
  /** The worst of its feeds' agreements that must be seen to; what is expired is forbidden to use. */
  readonly agreement: Exclude<AgreementState, "in-force"> | null;
}

/** Every department's kinds, in the order of `kinds`; `qualities` are by feed. */
export function islandsOf(
  feeds: readonly FeedStatus[],
  qualities: ReadonlyMap<string, FeedQuality>,
): readonly Island[] {
  return kinds.flatMap((kind) => {
    const giving = feeds.filter(({ id }) => qualities.get(id)?.kinds.includes(kind));
    const byDepartment = Map.groupBy(giving, ({ department }) => department);
    return Array.from(byDepartment, ([department, own]): Island => {
      const agreements = new Set(own.map(({ id }) => qualities.get(id)?.agreement?.state));
      return {
        department,
        kind,
        feeds: own.map(({ id }) => id),
        state: stateOf(own),
        alsoOf: [...byDepartment.keys()].filter((other) => other !== department),
        agreement: agreements.has("expired") ? "expired" : agreements.has("expiring") ? "expiring" : null,
      };
    });
  });
}

function stateOf(feeds: readonly FeedStatus[]): IslandState {
  if (feeds.some(({ status }) => status === "fresh" || status === "stale")) return "shared";
  return feeds.some(({ status }) => status === "down") ? "dead" : "waiting";
}
