/** What a tile says about its figure, derived from the reading, the definition, its feeds and the city's now. */

import type { FeedStatus } from "../../../shared/feed.ts";
import type { Reading } from "../../../shared/protocol.ts";
import { offTarget } from "../../../shared/target.ts";
import type { Indicator } from "../../live/store.ts";

/**
 * - `live`, `late` (older than two cadences): the value counts.
 * - `unlinked`: the value would count, but this page has lost the server.
 * - `stale`, `down`: the last value, or none when it was dropped.
 * - `no-data`, `not-recorded` (of a past instant), `not-applicable`, `waiting`: never a value, with the reason.
 */
export type DataState =
  "live" | "late" | "unlinked" | "stale" | "down" | "no-data" | "not-recorded" | "not-applicable" | "waiting";

export interface TileState {
  readonly data: DataState;
  /** The shown figure; `null` exactly when there is none to show. */
  readonly value: number | null;
  readonly ageSeconds: number | null;
  /** Age as a share of the time after which it counts as stale, 0 to 1. `null` where nothing ages. */
  readonly fuse: number | null;
  /** On the wrong side of the target; only said of values that count. */
  readonly off: "above" | "below" | null;
}

export function tileState(
  reading: Reading | null,
  definition: Pick<Indicator, "better" | "target" | "staleAfterSeconds">,
  feeds: readonly Pick<FeedStatus, "observedAt" | "cadenceSeconds">[],
  now: number,
  connected: boolean,
): TileState {
  if (reading === null) return { data: "waiting", value: null, ageSeconds: null, fuse: null, off: null };
  const observedAt = knownAt(reading, feeds);
  const ageSeconds = observedAt === null ? null : Math.max(now - observedAt, 0) / 1_000;
  const data = dataState(reading, feeds, ageSeconds, connected);
  const ages = !["no-data", "not-recorded", "not-applicable"].includes(data);
  const counts = data === "live" || data === "late";
  return {
    data,
    value: reading.value,
    ageSeconds,
    fuse: ages && ageSeconds !== null ? Math.min(ageSeconds / definition.staleAfterSeconds, 1) : null,
    off: counts && reading.value !== null ? offTarget(reading.value, definition) : null,
  };
}

/**
 * The instant the figure speaks for. A reading travels only when what it says changes; the feeds behind it say that
 * they still confirm it.
 */
function knownAt(reading: Reading, feeds: readonly Pick<FeedStatus, "observedAt">[]): number | null {
  let confirmedAt: number | null = feeds.length > 0 ? Infinity : null;
  for (const feed of feeds)
    confirmedAt =
      feed.observedAt === null || confirmedAt === null ? null : Math.min(confirmedAt, feed.observedAt);
  if (reading.state !== "fresh" || confirmedAt === null) return reading.observedAt;
  return Math.max(confirmedAt, reading.observedAt ?? confirmedAt);
}

function dataState(
  reading: Reading,
  feeds: readonly Pick<FeedStatus, "cadenceSeconds">[],
  ageSeconds: number | null,
  connected: boolean,
): DataState {
  switch (reading.reason) {
    case "no-data":
    case "not-recorded":
    case "not-applicable":
    case "stale":
      return reading.reason;
    case "source-down":
      return "down";
    case null: {
      if (!connected) return "unlinked";
      const slowest = Math.max(...feeds.map((feed) => feed.cadenceSeconds));
      return feeds.length > 0 && ageSeconds !== null && ageSeconds > 2 * slowest ? "late" : "live";
    }
  }
}
