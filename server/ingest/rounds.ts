/** Work that a feed does again and again, one round after the other. */

import { setTimeout as sleep } from "node:timers/promises";

export interface RoundSettings {
  readonly everyMs: number;
  /** The longest pause after rounds that failed; each doubles it. */
  readonly longestPauseMs: number;
  /** 0 ≤ x < 1, for jitter of pauses after failures. */
  readonly random: () => number;
}

/**
 * Begins a round every `everyMs`, never two at once, until stopped; a round says whether it went well, and gives up when
 * its signal says so. Rounds must not reject.
 */
export function startRounds(
  settings: RoundSettings,
  round: (signal: AbortSignal) => Promise<boolean>,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      const startedAt = performance.now();
      failures = (await round(signal)) ? 0 : failures + 1;
      await sleepUntil(startedAt + pauseMs(failures, settings), signal);
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Timers run for 24 days at most, and a longer one ends at once. */
const longestSleepMs = 3_600_000;

/** Until the process has run for `at` milliseconds; ends early when it is aborted. */
async function sleepUntil(at: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const waitMs = Math.min(longestSleepMs, at - performance.now());
    if (signal.aborted || waitMs <= 0) return;
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

/** From the beginning of one round to that of the next. */
function pauseMs(failures: number, { everyMs, longestPauseMs, random }: RoundSettings): number {
  if (failures === 0) return everyMs;
  const backoff = Math.min(everyMs * 2 ** Math.min(failures, 20), Math.max(everyMs, longestPauseMs));
  return backoff * (1 - random() / 10);
}
