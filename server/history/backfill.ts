/** Takes an extract of figures into a history, part by part, and goes on where it was left the last time. */

import { closeSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HistoryAway, type ExtractPart, type ExtractTaken, type History } from "./history.ts";

/** While the file grows no further, and while the history is away. */
const waitMs = 250;

export interface BackfillOptions {
  readonly file: string;
  /** What was taken is remembered here. */
  readonly dir: string;
  readonly knownAt: number;
  readonly revisions: ExtractPart["revisions"];
  /** Whether the file is written to its end; another program may still be at it. */
  readonly isWhole: () => boolean;
  readonly signal: AbortSignal;
}

export interface BackfillProgress {
  /** Bytes that were taken, and that there are now. */
  readonly bytes: number;
  readonly size: number;
  readonly rows: number;
  /** Where the newest bucket ends; `null` before the first. */
  readonly toAt: number | null;
  readonly refused: number;
  /** What is wrong with the first line that was refused. */
  readonly reason: string | null;
}

/** Every part as it is on disk. Rejects as `takeExtract` does, and with the signal's reason. */
export async function* backfill(
  history: Pick<History, "takeExtract">,
  { file, dir, knownAt, revisions, isWhole, signal }: BackfillOptions,
): AsyncGenerator<BackfillProgress> {
  const ledger = new Ledger(dir);
  let bytes = ledger.takenOf(file);
  const sum = { rows: 0, toAt: null as number | null, refused: 0, reason: null as string | null };
  for (;;) {
    signal.throwIfAborted();
    const whole = isWhole();
    const taken = await takeWhenThere(
      history,
      { file, fromByte: bytes, isWhole: whole, knownAt, revisions },
      signal,
    );
    if (taken.toByte === bytes) {
      if (whole) return;
      await sleep(waitMs, undefined, { signal });
      continue;
    }
    bytes = taken.toByte;
    ledger.note(file, bytes);
    sum.rows += taken.rows;
    sum.toAt = taken.toAt ?? sum.toAt;
    sum.refused += taken.refused?.count ?? 0;
    sum.reason ??= taken.refused?.reason ?? null;
    yield { bytes, size: statSync(file).size, ...sum };
  }
}

/** A history's process may begin or begin again: nothing is lost by waiting for it. */
async function takeWhenThere(
  history: Pick<History, "takeExtract">,
  part: ExtractPart,
  signal: AbortSignal,
): Promise<ExtractTaken> {
  for (;;) {
    try {
      return await history.takeExtract(part);
    } catch (error) {
      if (!(error instanceof HistoryAway)) throw error;
      await sleep(waitMs, undefined, { signal });
    }
  }
}

/** How far each file was taken, by its path and its first row: another file in its place begins anew. */
class Ledger {
  readonly #path: string;
  readonly #taken: Record<string, number>;

  constructor(dir: string) {
    this.#path = join(dir, "backfill.json");
    try {
      this.#taken = JSON.parse(readFileSync(this.#path, "utf8")) as Record<string, number>;
    } catch {
      this.#taken = {};
    }
  }

  takenOf(file: string): number {
    const taken = this.#taken[keyOf(file)] ?? 0;
    return taken > statSync(file).size ? 0 : taken;
  }

  note(file: string, bytes: number): void {
    this.#taken[keyOf(file)] = bytes;
    writeFileSync(`${this.#path}.part`, JSON.stringify(this.#taken));
    renameSync(`${this.#path}.part`, this.#path);
  }
}

function keyOf(file: string): string {
  const head = Buffer.alloc(1024);
  const opened = openSync(file, "r");
  const length = readSync(opened, head);
  closeSync(opened);
  const [header = "", first = ""] = head.toString("utf8", 0, length).split("\n");
  return `${file}\n${header}\n${first}`;
}
