/** Questions under way to the history's process: so many at a time, each with a time-out and a way to cancel it. */

import { HistoryAway, HistoryBusy, MustReopen, NoExtract, QueryTimedOut, QueryTooLarge } from "./history.ts";
import { answerOf, type Answer, type Question, type Slice } from "./slices.ts";
import type { Failure, FromHistory, ToHistory } from "./wire.ts";

export interface QuestionLimits {
  /** Questions that are answered at the same time. */
  readonly atOnce: number;
  /** Questions that wait for their turn. */
  readonly waiting: number;
  /** From being asked to being answered. */
  readonly timeoutMs: number;
}

interface UnderWay {
  readonly slices: Slice[];
  readonly end: (failure: Failure | Error | null) => void;
}

export class Questions {
  readonly #limits: QuestionLimits;
  readonly #tell: (message: ToHistory) => void;
  readonly #underWay = new Map<number, UnderWay>();
  readonly #turns: (() => void)[] = [];
  #running = 0;
  #id = 0;

  constructor(limits: QuestionLimits, tell: (message: ToHistory) => void) {
    this.#limits = limits;
    this.#tell = tell;
  }

  /**
   * Asks when it is its turn. Rejects with the signal's reason when that aborts, with `QueryTimedOut`, `HistoryBusy` when
   * too many wait, `HistoryAway`, or what the history said.
   */
  async ask<Q extends Question>(
    question: Q,
    args: readonly unknown[],
    signal: AbortSignal,
  ): Promise<Answer<Q>> {
    const { atOnce, waiting, timeoutMs } = this.#limits;
    signal.throwIfAborted();
    if (this.#running >= atOnce && this.#turns.length >= waiting)
      throw new HistoryBusy(`${waiting} questions wait already`);
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort(new QueryTimedOut(`not answered within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    try {
      return await this.#askInTurn(question, args, AbortSignal.any([signal, late.signal]));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks at once and waits as long as it takes: for what the server itself wants of its history. */
  put<Q extends Question>(question: Q, args: readonly unknown[], signal?: AbortSignal): Promise<Answer<Q>> {
    signal?.throwIfAborted();
    const id = ++this.#id;
    const slices: Slice[] = [];
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#tell({ say: "cancel", id });
        this.#underWay.delete(id);
        reject(signal!.reason as Error);
      };
      signal?.addEventListener("abort", cancel, { once: true });
      const end = (failure: Failure | Error | null): void => {
        signal?.removeEventListener("abort", cancel);
        this.#underWay.delete(id);
        if (failure) reject(failure instanceof Error ? failure : errorOf(failure));
        else resolve(answerOf(question, slices));
      };
      this.#underWay.set(id, { slices, end });
      this.#tell({ say: "ask", id, question, args });
    });
  }

  /** The history's process said something about a question; of one that was cancelled, nobody listens any more. */
  hear(message: Extract<FromHistory, { say: "slice" | "answered" }>): void {
    const asked = this.#underWay.get(message.id);
    if (!asked) return;
    if (message.slice) asked.slices.push(message.slice);
    if (message.say === "answered") asked.end(message.failure);
    else this.#tell({ say: "more", id: message.id });
  }

  /** Nobody will answer any more. */
  fail(failure: Error): void {
    for (const { end } of this.#underWay.values()) end(failure);
  }

  async #askInTurn<Q extends Question>(
    question: Q,
    args: readonly unknown[],
    signal: AbortSignal,
  ): Promise<Answer<Q>> {
    if (this.#running >= this.#limits.atOnce) await this.#turn(signal);
    else this.#running++;
    try {
      return await this.put(question, args, signal);
    } finally {
      const next = this.#turns.shift();
      // Who waited takes over the place.
      if (next) next();
      else this.#running--;
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = (): void => {
        this.#turns.splice(this.#turns.indexOf(begin), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#turns.push(begin);
    });
  }
}

const classes = {
  HistoryAway,
  HistoryBusy,
  MustReopen,
  NoExtract,
  QueryTimedOut,
  QueryTooLarge,
  RangeError,
  TypeError,
};

/** The error that crossed, of the class that it was where that matters to somebody. */
export function errorOf({ name, message }: Failure): Error {
  return new (classes[name as keyof typeof classes] ?? Error)(message);
}
