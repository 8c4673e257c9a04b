/**
 * Messages on their way. Each contact has a queue of its own, so that one who fails, hangs or answers nonsense delays
 * nobody else. A message is sent until it is accepted, with the same key each time: at least once, and a receiver that
 * looks at the key has it once. Wall time throughout.
 */

import type { StoredDelivery } from "../core/notify/store.ts";

/** What became of an attempt; `isFinal`: there is no use in trying again. */
export type Sent =
  { readonly ok: true } | { readonly ok: false; readonly error: string; readonly isFinal: boolean };

export interface OutboxOptions {
  /** Sends one message once; never rejects. */
  send(delivery: StoredDelivery): Promise<Sent>;
  /** Hears of each attempt. */
  onSettled(delivery: StoredDelivery): void;
  readonly wallNow: () => number;
  /** From a failure to the next attempt; doubled each time up to `longestRetryMs`. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** After so long from its first attempt a message is given up. */
  readonly giveUpAfterMs: number;
}

/** What a city waits with by default: a receiver that is started anew is asked again at once, one that is gone for a day. */
export const usualPatience = {
  firstRetryMs: 5_000,
  longestRetryMs: 15 * 60_000,
  giveUpAfterMs: 24 * 3_600_000,
};

/** A message and since when it is tried; `null`: not yet. */
interface Queued {
  delivery: StoredDelivery;
  firstTriedAt: number | null;
}

class Queue {
  readonly waiting: Queued[] = [];
  failures = 0;
  isSending = false;
  pause: NodeJS.Timeout | null = null;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #queues = new Map<string, Queue>();
  #isStopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Messages that were not accepted yet. */
  get waiting(): number {
    let count = 0;
    for (const queue of this.#queues.values()) count += queue.waiting.length;
    return count;
  }

  add(delivery: StoredDelivery): void {
    const id = `${delivery.role}/${delivery.contact}`;
    const queue = this.#queues.get(id) ?? new Queue();
    this.#queues.set(id, queue);
    queue.waiting.push({ delivery, firstTriedAt: delivery.triedAt });
    if (queue.pause === null) void this.#work(queue);
  }

  /** What was not accepted stays for the next start. */
  stop(): void {
    this.#isStopped = true;
    for (const queue of this.#queues.values()) if (queue.pause) clearTimeout(queue.pause);
  }

  /** One message at a time: in the order in which they were made, and behind the others once one has failed. */
  async #work(queue: Queue): Promise<void> {
    if (queue.isSending) return;
    queue.isSending = true;
    for (let next = queue.waiting.shift(); next && !this.#isStopped; next = queue.waiting.shift()) {
      const isGone = await this.#try(next);
      if (isGone) queue.failures = 0;
      else {
        queue.waiting.push(next);
        queue.failures++;
        this.#pause(queue);
        break;
      }
    }
    queue.isSending = false;
  }

  /** Whether that was its last attempt. */
  async #try(queued: Queued): Promise<boolean> {
    const { delivery } = queued;
    const sent = await this.#options.send(delivery);
    const triedAt = this.#options.wallNow();
    queued.firstTriedAt ??= triedAt;
    const isLate = triedAt - queued.firstTriedAt >= this.#options.giveUpAfterMs;
    const state = sent.ok ? "sent" : sent.isFinal || isLate ? "given-up" : "waiting";
    const attempts = delivery.attempts + 1;
    queued.delivery = { ...delivery, state, attempts, triedAt, error: sent.ok ? null : sent.error };
    this.#options.onSettled(queued.delivery);
    return state !== "waiting";
  }

  #pause(queue: Queue): void {
    if (this.#isStopped) return;
    const { firstRetryMs, longestRetryMs } = this.#options;
    const wait = Math.min(longestRetryMs, firstRetryMs * 2 ** (queue.failures - 1));
    queue.pause = setTimeout(() => {
      queue.pause = null;
      void this.#work(queue);
    }, wait);
  }
}
