/** Before a replay or a simulation goes live, its last hours are played: trends and today's counters are as they were. */

import type { Epoch } from "./epoch.ts";
import type { Recent } from "./live/recent.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** The longest trends on a wall have buckets of this length: one sample fills each. */
const coarseMs = 5 * minuteMs;

/** How far back a simulation is asked, and how closely: each step costs about a tenth of a second. */
const rehearsedMs = 8 * hourMs;
const rehearsedStepMs = 20 * minuteMs;

/**
 * Plays what `recent` does not hold yet of the hours before `now`, then lets the replays follow the clock. A step waits
 * for `room` for what it makes.
 */
export async function playPast(
  epoch: Epoch,
  recent: Recent,
  now: number,
  room: () => Promise<void>,
): Promise<void> {
  const replays = epoch.feeds.flatMap((feed) => feed.replay ?? []);
  await Promise.all(epoch.feeds.map((feed) => feed.ready));
  if (replays.length > 0) {
    const knownTo = (recent.newestMinute + 1) * minuteMs;
    const steps = epoch.folder.isSimulated
      ? rehearsedSteps(Math.max(now - rehearsedMs, knownTo), now)
      : pastSteps(Math.max(now - dayMs, knownTo), now);
    for (const [step, at] of [...steps, now].entries()) {
      await room();
      await Promise.all(replays.map((replay) => replay.advanceTo(at)));
      if (epoch.folder.isSimulated && step > 0) recent.hold(at);
      if (at < now) epoch.live.tick(at, true);
    }
  }
  epoch.live.tick(now);
  for (const replay of replays) replay.follow();
}

/** From `fromAt` to before `now`: every five minutes at first, every minute in the last hour. */
export function* pastSteps(fromAt: number, now: number): Generator<number> {
  for (let at = fromAt; at < now; at += at + coarseMs <= now - hourMs ? coarseMs : minuteMs) yield at;
}

/** A step stands for the minutes up to the next one. */
function* rehearsedSteps(fromAt: number, now: number): Generator<number> {
  for (let at = fromAt; at < now - rehearsedStepMs / 2; at += rehearsedStepMs) yield at;
}
