/** What the city does goes to its history again and again; what is over there is folded, once a minute. */

import { setTimeout as sleep } from "node:timers/promises";
import type { EdgeFigures } from "./core/city/changes.ts";
import type { HistoryHealth, HistoryHost } from "./history/host.ts";
import type { Recorder } from "./history/recorder.ts";
import type { CityPast } from "./past.ts";

/** Small enough to lose, large enough to be written well. */
const handOverEveryMs = 1_000;
const maintainEveryMs = 60_000;
/** Before a backup, what is recorded has so long to reach the disk. */
const settledWithinMs = 30_000;

export interface Recording {
  /** Hands over minutes that are over now rather than in a moment: somebody asks about them. */
  handOverMinutes(): void;
  /** Hands over all that is recorded; resolves when it and what was before it is on disk, or given up. */
  settled(): Promise<void>;
  /** Hands over the last of it and waits for the disk, as long as the history does. */
  stop(): Promise<void>;
}

export function startRecording(
  recorder: Recorder,
  history: HistoryHost,
  past: CityPast,
  now: () => number,
): Recording {
  let newest: Promise<void> = Promise.resolve();
  const handOver = (): void => {
    const batch = recorder.take();
    if (!batch) return;
    const written = history.append(batch);
    // The history counts what it gave up.
    newest = written.catch(() => undefined);
    past.take({ minutes: batch.minutes, written });
  };
  let isMaintaining = false;
  const maintain = async (): Promise<void> => {
    if (isMaintaining) return;
    isMaintaining = true;
    // A history that is away now is asked again in a minute.
    await history.maintain(now()).catch(() => undefined);
    isMaintaining = false;
  };
  const timers = [
    setInterval(handOver, handOverEveryMs),
    setInterval(() => void maintain(), maintainEveryMs),
  ];
  return {
    handOverMinutes() {
      if (recorder.hasMinutes) handOver();
    },
    settled() {
      handOver();
      return newest;
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      recorder.end();
      handOver();
      await history.close();
    },
  };
}

/** How the history fares, as figures of the platform. */
export function historyFigures({ lost, behindMs, memoryBytes }: HistoryHealth): EdgeFigures {
  return {
    "history-lost": Object.values(lost).reduce((sum, rows) => sum + rows, 0),
    "history-behind": Math.floor(behindMs / 1000),
    "history-memory": memoryBytes === null ? null : memoryBytes / 2 ** 20,
  };
}

/** A backup says up to when it knows: it begins when all of that is on disk. */
export async function settledInTime(recording: Recording): Promise<void> {
  const late = sleep(settledWithinMs, "late", { ref: false });
  if ((await Promise.race([recording.settled(), late])) === "late")
    throw new Error(
      `the history's disk does not keep up: what waits for it was not written within ${settledWithinMs / 1000} s`,
    );
}
