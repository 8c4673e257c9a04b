/** The live city's step: at once after a quiet spell, else at the next boundary; a boundary always comes. */

/** Four steps a second at most. */
export const tickEveryMs = 250;

export interface Ticker {
  /** Something waits to be taken in. */
  wake(): void;
  stop(): void;
}

/**
 * Calls `tick` every 250 ms, and at once when woken after 250 ms without a tick that had something to do.
 * `tick` says whether it had.
 */
export function startTicker(tick: () => boolean): Ticker {
  let busyAt = Number.NEGATIVE_INFINITY;
  let soon: NodeJS.Immediate | null = null;
  const run = (): void => {
    soon = null;
    if (tick()) busyAt = performance.now();
  };
  const timer = setInterval(run, tickEveryMs);
  return {
    wake() {
      if (soon === null && performance.now() - busyAt >= tickEveryMs) soon = setImmediate(run);
    },
    stop() {
      clearInterval(timer);
      if (soon) clearImmediate(soon);
    },
  };
}
