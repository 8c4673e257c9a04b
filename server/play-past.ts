/** Before a replay goes live, its last day is played minute by minute: trends and today's counters are as recorded. */

import type { Epoch } from "./epoch.ts";
import type { Recent } from "./live/recent.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Plays what `recent` does not hold yet of the 24 h before `now`, then lets the replays follow the clock. */
export async function playPast(epoch: Epoch, recent: Recent, now: number): Promise<void> {
  const replays = epoch.feeds.flatMap((feed) => feed.replay ?? []);
  await Promise.all(epoch.feeds.map((feed) => feed.ready));
  if (replays.length > 0) {
    const from = Math.max(now - dayMs, (recent.newestMinute + 1) * minuteMs);
    for (let at = from; at < now; at += minuteMs) {
      for (const replay of replays) await replay.advanceTo(at);
      epoch.live.tick(at);
    }
    for (const replay of replays) await replay.advanceTo(now);
  }
  epoch.live.tick(now);
  for (const replay of replays) replay.follow();
}
