/** The history's side of the wire: opens the file, appends batch by batch, answers while it does. */

import { deserialize } from "node:v8";
import { zstdDecompressSync } from "node:zlib";
import { readdirSync } from "node:fs";
import { constants, platform, setPriority } from "node:os";
import type { History } from "./history.ts";
import { batchOf, slicesOfAnswer, type Slice } from "./slices.ts";
import { failureOf, type FromHistory, type ToHistory } from "./wire.ts";

const memoryEveryMs = 2_000;

/** A question that is being answered. */
interface Asked {
  readonly abort: AbortController;
  /** Lets the next slice go. */
  more: () => void;
}

/**
 * Serves the history that `open` opens to the parent process, until that closes it or is gone. The live city comes first:
 * this process and every thread it begins run at lower priority.
 */
export function serveHistory(open: () => Promise<History>): void {
  yieldToOthers();
  // Of a terminal's interrupt, the parent hears too: it closes us when everything is handed over.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => undefined);
  const memory = setInterval(() => {
    tell({ say: "memory", bytes: process.memoryUsage.rss() });
  }, memoryEveryMs);
  open().then(
    (history) => {
      yieldToOthers();
      new Service(history, () => {
        clearInterval(memory);
      });
    },
    async (error: unknown) => {
      clearInterval(memory);
      await told({ say: "not-open", failure: failureOf(error) });
      if (process.connected) process.disconnect();
      else process.exit();
    },
  );
}

/** On Linux a thread's priority is its own, and new threads have that of the one that begins them. */
function yieldToOthers(): void {
  const threads = platform() === "linux" ? readdirSync("/proc/self/task") : [process.pid];
  for (const thread of threads) {
    try {
      setPriority(Number(thread), constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // It has ended since.
    }
  }
}

class Service {
  readonly #history: History;
  readonly #ended: () => void;
  readonly #asked = new Map<number, Asked>();
  #slices: Slice[] = [];
  #appending = Promise.resolve();
  #isClosing = false;

  constructor(history: History, ended: () => void) {
    this.#history = history;
    this.#ended = ended;
    process.on("message", (message: ToHistory) => {
      this.#take(message);
    });
    process.on("disconnect", () => void this.#close());
    tell({ say: "open" });
    tell({ say: "memory", bytes: process.memoryUsage.rss() });
    // A parent that ended while the file was opened has said so when nobody listened.
    if (!process.connected) void this.#close();
  }

  #take(message: ToHistory): void {
    switch (message.say) {
      case "append":
        this.#slices.push(deserialize(zstdDecompressSync(message.slice)) as Slice);
        if (message.isLast) this.#append(message.batch);
        return;
      case "ask":
        void this.#answer(message);
        return;
      case "more":
        this.#asked.get(message.id)?.more();
        return;
      case "cancel":
        this.#asked.get(message.id)?.abort.abort();
        this.#asked.get(message.id)?.more();
        return;
      case "close":
        void this.#close();
    }
  }

  #append(batch: number): void {
    const slices = this.#slices;
    this.#slices = [];
    this.#appending = this.#appending
      .then(() => this.#history.append(batchOf(slices)))
      .then(
        () => {
          tell({ say: "appended", batch, failure: null });
        },
        (error: unknown) => {
          tell({ say: "appended", batch, failure: failureOf(error) });
        },
      );
  }

  async #answer({ id, question, args }: Extract<ToHistory, { say: "ask" }>): Promise<void> {
    const abort = new AbortController();
    const asked: Asked = { abort, more: () => undefined };
    this.#asked.set(id, asked);
    try {
      const ask = this.#history[question] as (...all: readonly unknown[]) => Promise<never>;
      const answer = await ask.call(this.#history, ...args, abort.signal);
      let last: Slice | null = null;
      for (const next of slicesOfAnswer(question, answer)) {
        if (abort.signal.aborted) break;
        if (last) await this.#taken(asked, id, last);
        last = next;
      }
      tell({ say: "answered", id, slice: last, failure: null });
    } catch (error) {
      tell({ say: "answered", id, slice: null, failure: failureOf(error) });
    } finally {
      this.#asked.delete(id);
    }
  }

  /** Resolves when the parent has taken the slice in, or wants no more of them. */
  #taken(asked: Asked, id: number, slice: Slice): Promise<void> {
    return new Promise((resolve) => {
      asked.more = resolve;
      tell({ say: "slice", id, slice });
    });
  }

  async #close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    for (const { abort } of this.#asked.values()) abort.abort();
    await this.#appending;
    await this.#history.close().catch(() => undefined);
    this.#ended();
    if (process.connected) process.disconnect();
    else process.exit();
  }
}

function tell(message: FromHistory): void {
  void told(message);
}

/** Resolves when the message is on its way; a parent that is gone is no reason to fail. */
function told(message: FromHistory): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send!(message, undefined, undefined, () => resolve());
    else resolve();
  });
}
