/** What changed on a wall that somebody who cannot see it should hear: states, never figures that merely move. */

import type { FeedStatusWord } from "../../../shared/feed.ts";

export interface Standings {
  readonly connected: boolean;
  readonly feeds: ReadonlyMap<string, FeedStatusWord>;
  /** Indicators that are off target; those of which nothing is known are in neither set. */
  readonly off: ReadonlySet<string>;
  readonly on: ReadonlySet<string>;
}

export type Change =
  | { readonly what: "connected" | "disconnected" }
  | { readonly what: "feedDown" | "feedStale" | "feedLive"; readonly feed: string }
  | { readonly what: "offTarget" | "onTarget"; readonly indicator: string };

export function changesBetween(before: Standings, after: Standings): Change[] {
  if (before.connected !== after.connected) return [{ what: after.connected ? "connected" : "disconnected" }];
  const changes: Change[] = [];
  for (const [feed, status] of after.feeds) {
    const was = before.feeds.get(feed);
    if (was === undefined || was === status) continue;
    if (status === "down") changes.push({ what: "feedDown", feed });
    else if (status === "stale") changes.push({ what: "feedStale", feed });
    else if (status === "fresh" && was !== "waiting") changes.push({ what: "feedLive", feed });
  }
  for (const indicator of after.off)
    if (before.on.has(indicator)) changes.push({ what: "offTarget", indicator });
  for (const indicator of after.on)
    if (before.off.has(indicator)) changes.push({ what: "onTarget", indicator });
  return changes;
}
