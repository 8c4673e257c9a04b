/** Before a replay goes live, its last day is played: trends and today's counters are as recorded. */

import type { Epoch } from "./epoch.ts";
import type { Recent } from "./live/recent.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** The longest trends on a wall have buckets of this length: one sample fills each. */
const coarseMs = 5 * minuteMs;

/** Plays what `recent` does not hold yet of the 24 h before `now`, then lets the replays follow the clock. */
export async function playPast(epoch: Epoch, recent: Recent, now: number): Promise<void> {
  const replays = epoch.feeds.flatMap((feed) => feed.replay ?? []);
  await Promise.all(epoch.feeds.map((feed) => feed.ready));
  if (replays.length > 0) {
    for (const at of pastSteps(Math.max(now - dayMs, (recent.newestMinute + 1) * minuteMs), now)) {
      for (const replay of replays) await replay.advanceTo(at);
      epoch.live.tick(at);
    }
    for (const replay of replays) await replay.advanceTo(now);
  }
  epoch.live.tick(now);
  for (const replay of replays) replay.follow();
}

/** From `fromAt` to before `now`: every five minutes at first, every minute in the last hour. */
export function* pastSteps(fromAt: number, now: number): Generator<number> {
  for (let at = fromAt; at < now; at += at + coarseMs <= now - hourMs ? coarseMs : minuteMs) yield at;
}
