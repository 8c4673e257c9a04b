/**
 * The demo city's past: once its city is live, the statistics office of the simulator writes an extract, which goes into
 * the history beside everything else, at low priority. Hours of 90 days, and minutes of the last 48 hours of them.
 */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { backfill } from "./history/backfill.ts";
import type { ExtractPart, History } from "./history/history.ts";
import type { Log } from "./ingest/wiring.ts";

const archive = join(import.meta.dirname, "..", "fixtures", "simulator", "archive", "main.ts");
const memoryFlags = ["--max-semi-space-size=2", "--max-old-space-size=72"];
const hourMs = 3_600_000;
const minuteMs = 60_000;
const minutesMs = 48 * hourMs;
const daysMs = 90 * 24 * hourMs;

export interface DemoPastOptions {
  readonly history: Pick<History, "takeExtract">;
  readonly seed: number;
  /** The city's time at its start. */
  readonly now: number;
  /** The history's folder. */
  readonly dir: string;
  readonly revisions: ExtractPart["revisions"];
  readonly log: Pick<Log, "info" | "warn">;
  /** Called again and again while it is filled in. */
  readonly tell: (progress: DemoPastProgress) => void;
}

/** How many of the days of a stretch are there. */
export interface DemoPastProgress {
  readonly of: "minutes" | "hours";
  readonly daysThere: number;
  readonly days: number;
}

export interface DemoPast {
  /** 0 … 100: how many of all its days are there. */
  readonly percent: number;
  /** Resolves when all of it is there, or when it was stopped. */
  readonly filled: Promise<void>;
  stop(): Promise<void>;
}

/** A stretch of the past in buckets of one length. */
interface Stretch {
  readonly seconds: 60 | 3600;
  readonly fromAt: number;
  readonly toAt: number;
  /** Where it goes on. */
  readonly nextAt: number;
  readonly isFilled: boolean;
}

/** Fills in what is missing of it, and remembers in the folder what is there. */
export function fillDemoPast(options: DemoPastOptions): DemoPast {
  const stopping = new AbortController();
  let percent = 0;
  const noteShare = (share: number): void => {
    percent = 100 * share;
  };
  const filled = fill(options, noteShare, stopping.signal).catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    options.log.warn({
      event: "demo-past-failed",
      error: error instanceof Error ? error.message : String(error),
    });
  });
  return {
    get percent() {
      return percent;
    },
    filled,
    async stop() {
      stopping.abort(new Error("the city stops"));
      await filled;
    },
  };
}

async function fill(
  options: DemoPastOptions,
  noteShare: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { dir, now, log, tell } = options;
  await mkdir(dir, { recursive: true });
  const path = join(dir, "demo-past.json");
  const stretches = await readFile(path, "utf8")
    .then((text) => JSON.parse(text) as Stretch[])
    .catch(() => stretchesBefore(now));
  noteShare(shareThere(stretches));
  for (const [i, stretch] of stretches.entries()) {
    if (stretch.isFilled) continue;
    const days = daysOf(stretch.toAt - stretch.fromAt);
    const remember = async (there: Partial<Stretch>): Promise<void> => {
      stretches[i] = { ...stretch, ...there };
      await writeFile(path, JSON.stringify(stretches));
      noteShare(shareThere(stretches));
    };
    for await (const toAt of fillStretch(stretch, options, signal)) {
      const of = stretch.seconds === 60 ? "minutes" : "hours";
      tell({ of, daysThere: daysOf(toAt - stretch.fromAt), days });
      // Of the newest bucket perhaps not all is there.
      await remember({ nextAt: toAt - stretch.seconds * 1000 });
    }
    await remember({ isFilled: true });
    log.info({ event: "demo-past", seconds: stretch.seconds, days });
  }
}

function shareThere(stretches: readonly Stretch[]): number {
  const sum = (lengthOf: (stretch: Stretch) => number): number =>
    stretches.reduce((total, stretch) => total + lengthOf(stretch), 0);
  const there = sum(({ isFilled, fromAt, nextAt, toAt }) => (isFilled ? toAt : nextAt) - fromAt);
  return there / sum(({ fromAt, toAt }) => toAt - fromAt);
}

function daysOf(ms: number): number {
  return Math.round(ms / (24 * hourMs));
}

/** The minutes come first: they are what the walls show. */
function stretchesBefore(now: number): Stretch[] {
  const minutesFrom = Math.floor((now - minutesMs) / hourMs) * hourMs;
  const hoursFrom = minutesFrom - daysMs + minutesMs;
  const minutesTo = Math.floor(now / minuteMs) * minuteMs;
  return [
    { seconds: 60, fromAt: minutesFrom, toAt: minutesTo, nextAt: minutesFrom, isFilled: false },
    { seconds: 3600, fromAt: hoursFrom, toAt: minutesFrom, nextAt: hoursFrom, isFilled: false },
  ];
}

/** Where the newest bucket that is on disk ends, again and again. */
async function* fillStretch(
  { seconds, nextAt, toAt }: Stretch,
  { history, seed, dir, revisions, log }: DemoPastOptions,
  signal: AbortSignal,
): AsyncGenerator<number> {
  const file = join(dir, `demo-past-${seconds}.csv`);
  await rm(file, { force: true });
  await writeFile(file, "");
  const values = { seed, from: nextAt, to: toAt, seconds, out: file };
  const child = spawn(
    process.execPath,
    [
      ...memoryFlags,
      archive,
      ...Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  lowerPriority(child);
  const ended = once(child, "exit") as Promise<[code: number | null]>;
  const isWhole = (): boolean => child.exitCode !== null || child.signalCode !== null;
  try {
    const about = { file, dir, knownAt: toAt, revisions, isWhole, signal };
    for await (const { toAt: reachedAt, reason } of backfill(history, about)) {
      if (reason !== null) log.warn({ event: "demo-past-refused", reason });
      if (reachedAt !== null) yield reachedAt;
    }
    const [code] = await ended;
    if (code !== 0) throw new Error(`the archive ended with ${code}`);
  } finally {
    child.kill();
    await ended;
    await rm(file, { force: true });
  }
}

function lowerPriority({ pid }: ChildProcess): void {
  // A process that has ended by now needs none.
  if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
}
