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
      const waitMs = Math.max(0, startedAt + pauseMs(failures, settings) - performance.now());
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
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

/** From the beginning of one round to that of the next. */
function pauseMs(failures: number, { everyMs, longestPauseMs, random }: RoundSettings): number {
  if (failures === 0) return everyMs;
  const backoff = Math.min(everyMs * 2 ** Math.min(failures, 20), Math.max(everyMs, longestPauseMs));
  return backoff * (1 - random() / 10);
}
