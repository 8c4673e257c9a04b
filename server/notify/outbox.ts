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
  /** From a failure to the next attempt at the same message; doubled each time up to `longestRetryMs`. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** After so many attempts a message is given up. */
  readonly attemptsAtMost: number;
}

/** A receiver that is started anew is asked again within seconds, one that is gone for about a day. */
export const usualPatience = { firstRetryMs: 5_000, longestRetryMs: 15 * 60_000, attemptsAtMost: 100 };

interface Queued {
  readonly delivery: StoredDelivery;
  /** Wall time before which it is not tried again. */
  readonly notBefore: number;
}

interface Queue {
  waiting: readonly Queued[];
  isSending: boolean;
  wake: NodeJS.Timeout | null;
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
    for (const { waiting, isSending } of this.#queues.values()) count += waiting.length + Number(isSending);
    return count;
  }

  /** Messages that were tried and not accepted, and are tried again, by role. */
  get failing(): ReadonlyMap<string, number> {
    const failing = new Map<string, number>();
    for (const { waiting } of this.#queues.values())
      for (const { delivery } of waiting)
        if (delivery.attempts > 0) failing.set(delivery.role, (failing.get(delivery.role) ?? 0) + 1);
    return failing;
  }

  /** A new message is tried at once, whatever became of those before it. */
  add(delivery: StoredDelivery): void {
    const id = `${delivery.role}/${delivery.contact}`;
    const queue: Queue = this.#queues.get(id) ?? { waiting: [], isSending: false, wake: null };
    this.#queues.set(id, queue);
    queue.waiting = [...queue.waiting, { delivery, notBefore: 0 }];
    void this.#work(queue);
  }

  /** What was not accepted stays for the next start. */
  stop(): void {
    this.#isStopped = true;
    for (const { wake } of this.#queues.values()) if (wake) clearTimeout(wake);
  }

  /** One message at a time, those that were made first before the others. */
  async #work(queue: Queue): Promise<void> {
    if (queue.isSending) return;
    if (queue.wake) clearTimeout(queue.wake);
    queue.wake = null;
    while (!this.#isStopped) {
      this.#withdrawOvertaken(queue);
      const now = this.#options.wallNow();
      const next = queue.waiting.find((one) => one.notBefore <= now && !isHeldBack(one, queue.waiting));
      if (!next) break;
      queue.isSending = true;
      queue.waiting = queue.waiting.filter((one) => one !== next);
      const tried = await this.#try(next);
      if (tried) queue.waiting = [...queue.waiting, tried];
      queue.isSending = false;
    }
    const first = Math.min(...queue.waiting.map(({ notBefore }) => notBefore));
    if (this.#isStopped || queue.waiting.length === 0) return;
    const wait = Math.max(first - this.#options.wallNow(), this.#options.firstRetryMs);
    queue.wake = setTimeout(() => void this.#work(queue), Math.min(wait, this.#options.longestRetryMs));
  }

  /** Nobody has to hear of an alarm whose end is on its way behind it, nor of the end of what nobody heard of. */
  #withdrawOvertaken(queue: Queue): void {
    for (const { delivery: over } of queue.waiting.filter(({ delivery }) => delivery.stage === "over")) {
      const overtaken = queue.waiting.filter(({ delivery }) => isCoveredBy(delivery, over));
      if (overtaken.length === 0) continue;
      const unheard = new Set(overtaken.flatMap(({ delivery }) => delivery.alarms));
      const gone = new Set(overtaken.map(({ delivery }) => delivery));
      if (over.alarms.every((alarm) => unheard.has(alarm))) gone.add(over);
      queue.waiting = queue.waiting.filter(({ delivery }) => !gone.has(delivery));
      for (const delivery of gone)
        this.#options.onSettled({
          ...delivery,
          state: "given-up",
          error: "it was over before it was accepted",
        });
    }
  }

  /** What is to be tried again; `null` when that was its last attempt. */
  async #try({ delivery }: Queued): Promise<Queued | null> {
    const sent = await this.#options.send(delivery);
    const triedAt = this.#options.wallNow();
    const attempts = delivery.attempts + 1;
    const { attemptsAtMost, firstRetryMs, longestRetryMs } = this.#options;
    const isLast = !sent.ok && (sent.isFinal || attempts >= attemptsAtMost);
    const state = sent.ok ? "sent" : isLast ? "given-up" : "waiting";
    const tried = { ...delivery, state, attempts, triedAt, error: sent.ok ? null : sent.error } as const;
    this.#options.onSettled(tried);
    if (state !== "waiting") return null;
    return {
      delivery: tried,
      notBefore: triedAt + Math.min(longestRetryMs, firstRetryMs * 2 ** (attempts - 1)),
    };
  }
}

/** An end waits for the messages before it that tell of the same alarms. */
function isHeldBack({ delivery }: Queued, waiting: readonly Queued[]): boolean {
  if (delivery.stage !== "over") return false;
  const alarms = new Set(delivery.alarms);
  return waiting.some(
    ({ delivery: other }) => other.stage !== "over" && other.alarms.some((alarm) => alarms.has(alarm)),
  );
}

function isCoveredBy(delivery: StoredDelivery, over: StoredDelivery): boolean {
  return delivery.stage !== "over" && delivery.alarms.every((alarm) => over.alarms.includes(alarm));
}
