/** What a city remembers over epochs and starts: opened in the data folder before anything runs, closed after everything. */

import { join } from "node:path";
import type { Logger } from "pino";
import type { KeyedHash } from "./core/feeds/connector.ts";
import { startHistory, type HistoryHost } from "./history/host.ts";
import { Recorder } from "./history/recorder.ts";
import { openKeyedHash } from "./keyed-hash.ts";
import { AlarmKeeper } from "./live/alarm-keeper.ts";
import type { RunningCityClock } from "./live/city-clock.ts";
import { Kept } from "./live/kept.ts";
import { Moments } from "./live/moments.ts";
import { Notes } from "./live/notes.ts";
import { Recent } from "./live/recent.ts";
import { CityPast } from "./past.ts";
import { recordDesk, type RecordDesk } from "./records/record-desk.ts";
import { startRecording, type Recording } from "./recording.ts";
import { openSentToWalls, type SentToWalls } from "./wall-desk.ts";

/** The start does not wait for longer for what the last run knew of alarms. */
const alarmsWithinMs = 5_000;
const dayMs = 86_400_000;

export interface Memory {
  readonly keyedHash: KeyedHash;
  readonly recent: Recent;
  readonly promises: Kept;
  readonly moments: Moments;
  readonly notes: Notes;
  readonly sent: SentToWalls;
  readonly records: RecordDesk;
  readonly alarms: AlarmKeeper;
  readonly history: HistoryHost;
  readonly recorder: Recorder;
  readonly recording: Recording;
  readonly past: CityPast;
  /** Resolves when everything is on disk, or known not to be; the records stay open for those who still write. */
  flushed(): Promise<void>;
}

export interface MemoryOptions {
  readonly dataDir: string;
  readonly zone: string;
  readonly speed: number;
  readonly hasRules: boolean;
  /** How long the alarm log is kept, as the folder says now. */
  readonly alarmLogDays: () => number;
  readonly clock: RunningCityClock;
  readonly log: Logger;
}

export async function openMemory(options: MemoryOptions): Promise<Memory> {
  const { dataDir, zone, speed, hasRules, alarmLogDays, clock, log } = options;
  const keyedHash = await openKeyedHash(dataDir);
  const records = recordDesk(join(dataDir, "records.sqlite"));
  const kept = await openKept(dataDir, clock.now(), log);
  const alarms = new AlarmKeeper({
    open: async () => (await records.open()).alarms,
    now: clock.now,
    keptMs: () => alarmLogDays() * dayMs,
    log,
  });
  if (hasRules) await alarms.restore(alarmsWithinMs);
  const history = await startHistory({ dir: join(dataDir, "history"), zone, log });
  const recorder = new Recorder(speed);
  const past = new CityPast({
    recent: kept.recent,
    history,
    handOverMinutes: () => recording.handOverMinutes(),
    moments: () => kept.moments.all,
  });
  const recording: Recording = startRecording(recorder, history, past, clock.now);
  const sent = await openSentToWalls(dataDir, clock.now(), log);
  return {
    keyedHash,
    ...kept,
    sent,
    records,
    alarms,
    history,
    recorder,
    recording,
    past,
    async flushed() {
      const { recent, promises, moments, notes } = kept;
      const files = [recent, promises, moments, notes, sent].map((one) => one.flushed());
      await Promise.all([...files, recording.stop(), alarms.close()]);
    },
  };
}

async function openKept(
  dataDir: string,
  now: number,
  log: Logger,
): Promise<Pick<Memory, "recent" | "promises" | "moments" | "notes">> {
  const recent = new Recent(join(dataDir, "recent"), log);
  await recent.restore(now);
  const promises = new Kept(join(dataDir, "kept"), log);
  await promises.restore();
  const moments = new Moments(join(dataDir, "moments.jsonl"), log);
  await moments.restore(now);
  const notes = new Notes(join(dataDir, "notes.json"), log);
  await notes.restore(now);
  return { recent, promises, moments, notes };
}
