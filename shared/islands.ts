/** Departments × kinds of data: what is shared, what is dead, and where two built the same. */

import type { Text } from "./city.ts";
import type { FeedStatus } from "./feed.ts";
import type { AgreementState, FeedQuality } from "./feed-quality.ts";
import { kinds, type Kind } from "./kinds.ts";

/**
 * `dead`: every feed of it is down; `waiting`: none has spoken yet; `forbidden`: the department has it, and an agreement
 * forbids to pass it on.
 */
export type IslandState = "shared" | "dead" | "waiting" | "forbidden";

/** What one department has of one kind. */
export interface Island {
  readonly department: string;
  readonly kind: Kind;
  /** Ids; of what is forbidden, those whose agreements forbid it. */
  readonly feeds: readonly string[];
  readonly state: IslandState;
  /** Other departments that share the kind too, or would. */
  readonly alsoOf: readonly string[];
  /** The worst of its feeds' agreements that must be seen to; what an ended one was about is not to be used. */
  readonly agreement: Exclude<AgreementState, "in-force"> | null;
  /** The date on which the first of those agreements ends; `null` where none must be seen to. */
  readonly endsOn: string | null;
  /** Why it is forbidden, by the agreement; `null` where it is not. */
  readonly reason: Text | null;
}

/** Every department's kinds, in the order of `kinds`; `qualities` are by feed. */
export function islandsOf(
  feeds: readonly FeedStatus[],
  qualities: ReadonlyMap<string, FeedQuality>,
): readonly Island[] {
  return kinds.flatMap((kind) => {
    const giving = feeds.filter(({ id }) => qualities.get(id)?.kinds.includes(kind));
    const forbidding = feeds.filter(({ id }) => agreementOf(id)?.forbids?.kinds.includes(kind));
    const byDepartment = Map.groupBy(giving, ({ department }) => department);
    const forbidden = Map.groupBy(
      forbidding.filter(({ department }) => !byDepartment.has(department)),
      ({ department }) => department,
    );
    const sharing = Array.from(byDepartment, ([department, own]): Island => {
      const feedIds = own.map(({ id }) => id);
      return {
        department,
        kind,
        feeds: feedIds,
        state: stateOf(own),
        alsoOf: [...byDepartment.keys()].filter((other) => other !== department),
        ...endingOf(feedIds),
        reason: null,
      };
    });
    const kept = Array.from(forbidden, ([department, own]): Island => {
      const [{ id }] = own as [FeedStatus];
      return {
        department,
        kind,
        feeds: own.map((feed) => feed.id),
        state: "forbidden",
        alsoOf: [],
        agreement: null,
        endsOn: null,
        reason: agreementOf(id)!.forbids!.reason,
      };
    });
    return [...sharing, ...kept];
  });

  function agreementOf(id: string): FeedQuality["agreement"] {
    return qualities.get(id)?.agreement ?? null;
  }

  /** Of the agreements of some feeds, the one that must be seen to first. */
  function endingOf(ids: readonly string[]): Pick<Island, "agreement" | "endsOn"> {
    const ending = ids
      .flatMap((id) => agreementOf(id) ?? [])
      .filter(({ state }) => state !== "in-force")
      .toSorted((a, b) => ((a.validUntil ?? "") < (b.validUntil ?? "") ? -1 : 1));
    const [first] = ending;
    return first
      ? { agreement: first.state as Exclude<AgreementState, "in-force">, endsOn: first.validUntil }
      : { agreement: null, endsOn: null };
  }
}

function stateOf(feeds: readonly FeedStatus[]): IslandState {
  if (feeds.some(({ status }) => status === "fresh" || status === "stale")) return "shared";
  return feeds.some(({ status }) => status === "down") ? "dead" : "waiting";
}
