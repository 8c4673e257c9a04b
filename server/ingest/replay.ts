/** Plays a recording at the city's clock: seekable step by step at first, then following the clock. */

import type { FeedEntry } from "../core/feeds/feed-entry.ts";
import { connectorFeed, type Fold } from "./fold.ts";
import type { FeedWiring } from "./wiring.ts";
import { crash } from "./part-decoder.ts";
import { openRecording, type Recording, type RecordedStep } from "./recording.ts";
import { replayWindowAt, type ReplayWindow } from "./replay-window.ts";

export interface Replay {
  /**
   * Plays on until the city instant `cityAt`. The first call delivers what was known then (or, after the window, at
   * its end); later ones what became known since. Going back is ignored.
   */
  advanceTo(cityAt: number): Promise<void>;
  /** From now on keeps up with the city clock by itself. */
  follow(): void;
  stop(): Promise<void>;
}

const followEveryMs = 250;
const shortestWindowMs = 1_000;

/** A replay stands still until it is advanced or told to follow. */
export function startReplay(
  wiring: FeedWiring,
  transport: FeedEntry["transport"] & { type: "replay" },
  fold: Fold,
): Replay {
  const { entry, connector, now, zone } = wiring;
  // A shorter window would loop without end.
  const hasLength = transport.toAt - transport.fromAt >= shortestWindowMs;
  if (!hasLength)
    fold.fault(entry.id, { class: "settings", message: "the recorded window must last a second or more" });
  const opening = openRecording(transport, connector, connectorFeed(wiring)).then(({ recording, faults }) => {
    for (const { part, ...fault } of faults) fold.fault(part, fault);
    return recording;
  });
  let window: ReplayWindow | null = null;
  let positionAt: number | null = null;
  let saidGoodAt = Number.NEGATIVE_INFINITY;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();

  const deliver = async (steps: Iterable<RecordedStep>, shiftMs: number): Promise<void> => {
    for (const step of steps) {
      if (stopped) return;
      const read = await step.read();
      if (!read.ok) {
        fold.fault(step.part, read.failure);
        continue;
      }
      const receivedAt = step.at + shiftMs;
      const part = { name: step.part, url: step.url, bytes: read.value };
      fold.take(part, { receivedAt, shiftMs, ...(step.mode === null ? {} : { mode: step.mode }) });
      saidGoodAt = receivedAt;
    }
  };

  /** Steps into the window that holds `at` and delivers what was known there. */
  const enter = async (recording: Recording, at: number): Promise<ReplayWindow> => {
    const entered = replayWindowAt(at, transport, zone);
    if (window === null || entered.covers) {
      fold.forget();
      const knownAt = Math.min(at, entered.toAt - 1) - entered.shiftMs;
      await deliver(recording.stateAt(knownAt, knownAt - entry.keepSeconds * 1_000), entered.shiftMs);
    }
    return entered;
  };

  /** Rows that do not come are no news, but a source that was asked and answered. */
  const sayGood = ({ rowParts }: Recording, at: number): void => {
    if (at - saidGoodAt < entry.cadenceSeconds * 1_000) return;
    for (const part of rowParts) fold.unchanged(part, at);
    saidGoodAt = at;
  };

  const advance = async (cityAt: number): Promise<void> => {
    const recording = await opening;
    if (window === null || positionAt === null) {
      window = await enter(recording, cityAt);
      positionAt = cityAt;
    }
    while (positionAt < cityAt && !stopped) {
      const untilAt = Math.min(cityAt, window.untilAt - 1);
      if (window.covers && untilAt > positionAt) {
        const { shiftMs } = window;
        await deliver(recording.stepsBetween(positionAt - shiftMs, untilAt - shiftMs), shiftMs);
        sayGood(recording, untilAt);
      }
      positionAt = Math.max(positionAt, untilAt);
      if (positionAt < cityAt) window = await enter(recording, ++positionAt);
    }
  };

  const advanceTo = (cityAt: number): Promise<void> => {
    work = work
      .then(async () => {
        if (stopped || !hasLength) return;
        await advance(cityAt);
        fold.forgive(entry.id);
      })
      .catch((error: unknown) => fold.fault(entry.id, crash("playing the recording", error)));
    return work;
  };

  return {
    advanceTo,
    follow() {
      let behind = false;
      timer ??= setInterval(() => {
        if (behind) return;
        behind = true;
        void advanceTo(now()).finally(() => {
          behind = false;
        });
      }, followEveryMs);
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await work;
    },
  };
}
