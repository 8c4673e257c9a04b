/**
 * The server's side of the history: a process of its own has the file, and is begun again when it ends. Nothing here waits
 * for it: what is recorded goes into a bounded outbox, and what finds no room there is counted and its time remembered.
 */

import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Kind } from "../../shared/kinds.ts";
import {
  HistoryAway,
  HistoryBusy,
  MustReopen,
  type CityAt,
  type CityChange,
  type ExtractPart,
  type ExtractTaken,
  type FeedDay,
  type FeedTurn,
  type History,
  type HistoryBatch,
  type HistoryFigures,
  type KnownAs,
  type ObservationsQuery,
  type ThingsOver,
  type Observed,
  type PointColumns,
  type PointsQuery,
  type Span,
} from "./history.ts";
import type { Moment } from "../../shared/moment.ts";
import { Lost, type LostStretch, type Recovered, type RowCounts } from "./lost.ts";
import { Outbox, type Parcel } from "./outbox.ts";
import { errorOf, Questions, type QuestionLimits } from "./questions.ts";
import type { Answer, Question } from "./slices.ts";
import type { Failure, FromHistory, ToHistory } from "./wire.ts";

export interface HistoryHostOptions {
  /** The folder of the file, and of what is remembered beside it. */
  readonly dir: string;
  readonly log: Pick<Logger, "info" | "warn">;
  /** IANA zone of the city's days. */
  readonly zone: string;
  /** The process's main file, which calls `serveHistory`; called with `dir` and `zone`. */
  readonly program?: string;
  readonly limits?: Partial<HistoryLimits>;
}

export interface HistoryLimits extends QuestionLimits {
  /** Bytes of batches that wait for the disk, compressed. */
  readonly waitingBytes: number;
  /** Rows of batches that wait to be compressed. */
  readonly unpackedRows: number;
  /** Between attempts to put a batch on disk. */
  readonly retryAfterMs: number;
  /** Who waits for room for more waits so long for a disk that takes nothing. */
  readonly patienceMs: number;
  /** Before the process is begun again; twice as long each time it ends before it was of any use. */
  readonly restartAfterMs: number;
  readonly restartAfterMsAtMost: number;
  /** What waits at a stop has so long to reach the disk. */
  readonly stopWithinMs: number;
}

const defaults: HistoryLimits = {
  waitingBytes: 16 * 2 ** 20,
  unpackedRows: 50_000,
  retryAfterMs: 1_000,
  patienceMs: 10_000,
  restartAfterMs: 500,
  restartAfterMsAtMost: 60_000,
  stopWithinMs: 5_000,
  atOnce: 3,
  waiting: 30,
  timeoutMs: 10_000,
};

/** V8's part of the process's 400 MB; the engine's is its own limit. */
const childFlags = ["--max-old-space-size=96", "--max-semi-space-size=4"];

/** So many batches in a row that could not be kept, and the process is begun again: an engine may need that. */
const mostFailures = 3;

export interface HistoryHealth {
  /** Whether the file is open. */
  readonly isOpen: boolean;
  /** Rows that were given up since the start. */
  readonly lost: RowCounts;
  /** How long the oldest row has waited for the disk, milliseconds. */
  readonly behindMs: number;
  /** Resident bytes of the process; `null` while there is none. */
  readonly memoryBytes: number | null;
}

/** Begins the history's process and gives the way to it at once. */
export async function startHistory(options: HistoryHostOptions): Promise<HistoryHost> {
  const lost = new Lost(join(options.dir, "lost.json"));
  await lost.restore();
  return new HistoryHost(options, lost);
}

export class HistoryHost implements History {
  readonly #args: readonly string[];
  readonly #log: HistoryHostOptions["log"];
  readonly #program: string;
  readonly #limits: HistoryLimits;
  readonly #lost: Lost;
  readonly #outbox: Outbox;
  readonly #questions: Questions;
  #child: ChildProcess | null = null;
  #isOpen = false;
  /** Of the process that was begun last: whether its file came to be open. */
  #opening = Promise.withResolvers<void>();
  /** Questions that wait for that. */
  #early = 0;
  #memoryBytes: number | null = null;
  /** What the process says of the batch that it has. */
  #appended: { readonly batch: number; readonly hear: (failure: Error | null) => void } | null = null;
  /** The batch that was too much for the engine at once, and how many of its slices are on disk. */
  #apart: { readonly batch: number; done: number } | null = null;
  #failures = 0;
  #restartAfterMs: number;
  #restart: NodeJS.Timeout | null = null;
  /** Faults that go on: each is logged once. */
  readonly #saidFaults = new Set<string>();
  /** Until it fails, which is logged once. */
  #isMaintained = true;
  #isStopping = false;

  constructor({ dir, zone, log, program, limits }: HistoryHostOptions, lost: Lost) {
    this.#args = [dir, zone];
    this.#log = log;
    this.#program = program ?? join(import.meta.dirname, "process.ts");
    this.#limits = { ...defaults, ...limits };
    this.#restartAfterMs = this.#limits.restartAfterMs;
    this.#lost = lost;
    this.#outbox = new Outbox({
      mostBytes: this.#limits.waitingBytes,
      mostUnpackedRows: this.#limits.unpackedRows,
      retryAfterMs: this.#limits.retryAfterMs,
      patienceMs: this.#limits.patienceMs,
      send: (parcel) => this.#send(parcel),
      lose: ({ span, rows }, why) => {
        this.#sayFault("rows-lost", why);
        this.#lost.note(span, rows);
      },
    });
    this.#questions = new Questions(this.#limits, (message) => void this.#tell(message));
    this.#begin();
  }

  get health(): HistoryHealth {
    return {
      isOpen: this.#isOpen,
      lost: this.#lost.sinceStart,
      behindMs: this.#outbox.behindMs,
      memoryBytes: this.#memoryBytes,
    };
  }

  /** The times of which rows were lost, of all starts: for whoever can bring them back from bodies that were kept. */
  get lostStretches(): readonly LostStretch[] {
    return this.#lost.stretches;
  }

  /** Of a stretch of `lostStretches`. Resolves when that is on disk. */
  noteRecovered(stretch: LostStretch, recovered: Recovered): Promise<void> {
    this.#lost.recovered(stretch, recovered);
    return this.#lost.flushed();
  }

  /** The process that has the file, while there is one. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Rejects when the batch was given up, which is counted here. */
  append(batch: HistoryBatch): Promise<void> {
    return this.#outbox.put(batch);
  }

  /** Resolves when there is room for much more: a past that is played is held up where the disk is slow, and nobody else. */
  room(): Promise<void> {
    return this.#outbox.room();
  }

  points(query: PointsQuery, signal: AbortSignal): Promise<readonly PointColumns[]> {
    return this.#ask("points", [query], signal);
  }

  seriesOf(indicator: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#ask("seriesOf", [indicator], signal);
  }

  cityAt(at: number, known: KnownAs, kinds: readonly Kind[], signal: AbortSignal): Promise<CityAt> {
    return this.#ask("cityAt", [at, known, kinds], signal);
  }

  changes(
    span: Span,
    known: KnownAs,
    kinds: readonly Kind[],
    everyMs: number,
    signal: AbortSignal,
  ): Promise<readonly CityChange[]> {
    return this.#ask("changes", [span, known, kinds, everyMs], signal);
  }

  observations(query: ObservationsQuery, signal: AbortSignal): Promise<readonly Observed[]> {
    return this.#ask("observations", [query], signal);
  }

  thingsOver(kind: Kind, span: Span, signal: AbortSignal): Promise<ThingsOver> {
    return this.#ask("thingsOver", [kind, span], signal);
  }

  moments(span: Span, signal: AbortSignal): Promise<readonly Moment[]> {
    return this.#ask("moments", [span], signal);
  }

  feedDays(span: Span, signal: AbortSignal): Promise<readonly FeedDay[]> {
    return this.#ask("feedDays", [span], signal);
  }

  feedTurns(span: Span, signal: AbortSignal): Promise<readonly FeedTurn[]> {
    return this.#ask("feedTurns", [span], signal);
  }

  recorded(withinMs: number, signal: AbortSignal): Promise<readonly Span[]> {
    return this.#ask("recorded", [withinMs], signal);
  }

  takeExtract(part: ExtractPart): Promise<ExtractTaken> {
    return this.#put("takeExtract", [part]);
  }

  async maintain(now: number): Promise<void> {
    try {
      await this.#put("maintain", [now]);
      this.#isMaintained = true;
    } catch (error) {
      if (this.#isMaintained && !(error instanceof HistoryAway)) {
        this.#log.warn({ event: "history-not-maintained", error: String(error) });
        this.#isMaintained = false;
      }
      throw error;
    }
  }

  figures(): Promise<HistoryFigures> {
    return this.#put("figures", []);
  }

  async backup(dir: string): Promise<void> {
    if (!this.#isOpen) await this.#whenOpen(new AbortController().signal);
    return this.#put("backup", [dir]);
  }

  /** Puts on disk what waits, within the time there is, and ends the process. */
  async close(): Promise<void> {
    const { stopWithinMs } = this.#limits;
    const inTime = AbortSignal.timeout(stopWithinMs);
    const late = sleep(stopWithinMs, undefined, { ref: false });
    await Promise.race([this.#outbox.emptied(), late]);
    this.#isStopping = true;
    if (this.#restart) clearTimeout(this.#restart);
    this.#outbox.shut();
    this.#outbox.giveUp();
    this.#questions.fail(new HistoryAway("the server stops"));
    const child = this.#child;
    if (child) {
      void this.#tell({ say: "close" });
      const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      await Promise.race([ended, late]);
      if (inTime.aborted) child.kill("SIGKILL");
      await ended;
    }
    await this.#lost.flushed();
  }

  async #ask<Q extends Question>(
    question: Q,
    args: readonly unknown[],
    signal: AbortSignal,
  ): Promise<Answer<Q>> {
    if (!this.#isOpen) await this.#whenOpen(signal);
    return this.#questions.ask(question, args, signal);
  }

  /** A process that was just begun will answer soon; where there is none, or it ends without, nobody will. */
  async #whenOpen(signal: AbortSignal): Promise<void> {
    const { waiting, timeoutMs } = this.#limits;
    if (this.#child === null || this.#isStopping) throw new HistoryAway("the history is not open");
    if (this.#early >= waiting) throw new HistoryBusy(`${waiting} questions wait already`);
    this.#early++;
    const done = new AbortController();
    const end = AbortSignal.any([signal, done.signal]);
    const late = sleep(timeoutMs, undefined, { signal: end, ref: false }).then(() => {
      throw new HistoryAway(`the history was not open within ${timeoutMs / 1000} s`);
    });
    try {
      await Promise.race([this.#opening.promise, late]);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      this.#early--;
      late.catch(() => undefined);
      done.abort();
    }
  }

  #put<Q extends Question>(question: Q, args: readonly unknown[]): Promise<Answer<Q>> {
    if (!this.#isOpen) return Promise.reject(new HistoryAway("the history is not open"));
    return this.#questions.put(question, args);
  }

  #begin(): void {
    this.#restart = null;
    const child = fork(this.#program, this.#args, {
      serialization: "advanced",
      execArgv: childFlags,
      // Of glibc, which would keep room of its own for every thread.
      env: { ...process.env, MALLOC_ARENA_MAX: "2" },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#child = child;
    this.#opening = Promise.withResolvers<void>();
    this.#opening.promise.catch(() => undefined);
    child.on("message", (message) => {
      this.#hear(message as FromHistory);
    });
    child.on("error", (error) => {
      this.#sayFault("ended", error.message);
    });
    child.once("exit", (code, signal) => {
      this.#ended(child, `it ended with ${signal ?? code}`);
    });
  }

  #hear(message: FromHistory): void {
    switch (message.say) {
      case "open":
        this.#isOpen = true;
        this.#opening.resolve();
        this.#failures = 0;
        this.#outbox.open();
        return;
      case "not-open":
        this.#sayFault("not-open", message.failure.message);
        return;
      case "memory":
        this.#memoryBytes = message.bytes;
        return;
      case "appended":
        if (this.#appended?.batch === message.batch) this.#heardAppended(message.failure);
        return;
      case "slice":
      case "answered":
        this.#questions.hear(message);
        if (message.say === "answered" && message.failure && errorOf(message.failure) instanceof MustReopen)
          this.#child?.kill("SIGKILL");
    }
  }

  #heardAppended(failure: Failure | null): void {
    const error = failure && errorOf(failure);
    this.#appended?.hear(error);
    if (failure === null) {
      if (this.#saidFaults.size > 0) this.#log.info({ event: "history-kept-again" });
      this.#saidFaults.clear();
      this.#failures = 0;
      this.#restartAfterMs = this.#limits.restartAfterMs;
      return;
    }
    this.#sayFault("not-kept", failure.message);
    if (error instanceof MustReopen) {
      const batch = this.#appended!.batch;
      if (this.#apart?.batch !== batch) this.#apart = { batch, done: 0 };
      this.#child?.kill("SIGKILL");
      return;
    }
    // That one is given up, which makes way for the next.
    if (error instanceof RangeError || error instanceof TypeError) return;
    if (++this.#failures >= mostFailures) this.#child?.kill("SIGKILL");
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    this.#child = null;
    this.#isOpen = false;
    this.#memoryBytes = null;
    this.#outbox.shut();
    this.#opening.reject(new HistoryAway(`the history cannot be opened: ${how}`));
    this.#appended?.hear(new HistoryAway(how));
    this.#questions.fail(new HistoryAway(`the history's process is gone: ${how}`));
    if (this.#isStopping) return;
    this.#sayFault("ended", how);
    this.#restart = setTimeout(() => {
      this.#begin();
    }, this.#restartAfterMs);
    this.#restartAfterMs = Math.min(2 * this.#restartAfterMs, this.#limits.restartAfterMsAtMost);
  }

  /** Resolves when all of it is on disk. */
  async #send({ number, slices }: Parcel): Promise<void> {
    const apart = this.#apart?.batch === number ? this.#apart : null;
    if (!apart) await this.#sendTogether(number, slices);
    else
      for (; apart.done < slices.length; apart.done++)
        await this.#sendTogether(number, [slices[apart.done]!]);
    if (!this.#isStopping) void this.#lost.flushed();
  }

  /** Slice by slice, as fast as the process takes them; resolves when they are on disk. */
  async #sendTogether(number: number, slices: readonly Uint8Array[]): Promise<void> {
    const appended = new Promise<Error | null>((hear) => {
      this.#appended = { batch: number, hear };
    });
    for (const [i, slice] of slices.entries())
      await this.#tell({ say: "append", batch: number, slice, isLast: i === slices.length - 1 });
    const failure = await appended;
    this.#appended = null;
    if (failure) throw failure;
  }

  /** Resolves when the message is on its way; who is gone is noticed by its end. */
  #tell(message: ToHistory): Promise<void> {
    const child = this.#child;
    return new Promise((resolve) => {
      if (child?.connected) child.send(message, () => resolve());
      else resolve();
    });
  }

  #sayFault(fault: string, error: string): void {
    if (!this.#saidFaults.has(fault)) this.#log.warn({ event: `history-${fault}`, error });
    this.#saidFaults.add(fault);
  }
}
