/** The wall watches itself: it reports heap, frame rate and clock, and reloads after a freeze, in a quiet second. */

import { reportEveryMs, type WallReport } from "../../shared/wall-report.ts";

/** How long frames are counted for a report. */
const sampleMs = 2_000;
const beatMs = 1_000;
/** A page whose own timer came this late was frozen: what it shows may be torn. */
export const frozenAfterMs = 60_000;
/** Nobody has touched the page for this long. */
const quietAfterMs = 10_000;

interface MemoryPerformance extends Performance {
  /** Chromium only. */
  readonly memory?: { readonly usedJSHeapSize: number };
}

/** Calls `send` now and then with what the page knows of itself. Returns the stop. */
export function startSelfReport(send: (report: WallReport) => void): () => void {
  const timer = setInterval(() => {
    void framesPerSecond().then((rate) =>
      send({
        heapBytes: (performance as MemoryPerformance).memory?.usedJSHeapSize ?? null,
        framesPerSecond: rate,
        at: Date.now(),
      }),
    );
  }, reportEveryMs);
  return () => clearInterval(timer);
}

/** Counts frames for two seconds; `null` when the page is hidden, where none are drawn. */
function framesPerSecond(): Promise<number | null> {
  if (document.hidden) return Promise.resolve(null);
  return new Promise((resolve) => {
    const startedMs = performance.now();
    let frames = 0;
    const count = (): void => {
      const passedMs = performance.now() - startedMs;
      if (passedMs >= sampleMs) return resolve(document.hidden ? null : (frames * 1_000) / passedMs);
      frames++;
      requestAnimationFrame(count);
      return undefined;
    };
    requestAnimationFrame(count);
    // A page that is hidden meanwhile gets no more frames, and must not wait for them.
    setTimeout(() => document.hidden && resolve(null), 2 * sampleMs);
  });
}

/** Decides when a page that was frozen is to be loaded anew. Wall milliseconds of the monotonic clock. Pure but for memory. */
export class FreezeWatch {
  #beatAtMs: number;
  #touchedAtMs = Number.NEGATIVE_INFINITY;
  #wasFrozen = false;

  constructor(nowMs: number) {
    this.#beatAtMs = nowMs;
  }

  touch(nowMs: number): void {
    this.#touchedAtMs = nowMs;
  }

  /** `true`: reload now. `isHidden`: browsers slow down the timers of a hidden page, which is no freeze. */
  beat(nowMs: number, isHidden: boolean): boolean {
    const gapMs = nowMs - this.#beatAtMs;
    this.#beatAtMs = nowMs;
    if (!isHidden && gapMs >= frozenAfterMs) this.#wasFrozen = true;
    return this.#wasFrozen && !isHidden && nowMs - this.#touchedAtMs >= quietAfterMs;
  }
}

/** Watches for freezes until stopped. */
export function startFreezeWatch(reload: () => void): () => void {
  const watch = new FreezeWatch(performance.now());
  // A page that was hidden is late when it comes back; its first beat afterwards must not count.
  let wasHidden = document.hidden;
  const touch = (): void => watch.touch(performance.now());
  const timer = setInterval(() => {
    const isHidden = document.hidden || wasHidden;
    wasHidden = document.hidden;
    if (watch.beat(performance.now(), isHidden)) reload();
  }, beatMs);
  const gestures = ["pointerdown", "pointermove", "keydown"] as const;
  for (const gesture of gestures) addEventListener(gesture, touch);
  return () => {
    clearInterval(timer);
    for (const gesture of gestures) removeEventListener(gesture, touch);
  };
}
