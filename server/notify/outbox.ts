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

const overtakenError = "it was over before it was accepted";

interface Queued {
  readonly delivery: StoredDelivery;
  /** Wall time before which it is not tried again. */
  readonly notBefore: number;
}

interface Queue {
  waiting: readonly Queued[];
  /** What is being sent. */
  sending: Queued | null;
  /** What was given up or withdrawn first after it was tried, until something is accepted. */
  givenUp: StoredDelivery | null;
  wake: NodeJS.Timeout | null;
}

/** A contact whom messages do not reach. */
export interface Unreached {
  readonly role: string;
  readonly contact: string;
  /** The first message of those that were tried and not accepted. */
  readonly delivery: StoredDelivery;
  /** Messages that were not accepted yet, tried or not. */
  readonly waiting: number;
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
    for (const queue of this.#queues.values()) count += deliveriesIn(queue).length;
    return count;
  }

  /** Messages that were tried and not accepted, and are tried again, by role. */
  get failing(): ReadonlyMap<string, number> {
    const failing = new Map<string, number>();
    for (const queue of this.#queues.values())
      for (const delivery of deliveriesIn(queue))
        if (delivery.attempts > 0) failing.set(delivery.role, (failing.get(delivery.role) ?? 0) + 1);
    return failing;
  }

  /** Contacts whom the last message did not reach, whether it is tried again or was given up. */
  get unreached(): readonly Unreached[] {
    return Array.from(this.#queues.values()).flatMap((queue) => {
      const waiting = deliveriesIn(queue);
      const tried = [...(queue.givenUp ? [queue.givenUp] : []), ...waiting.filter(isTried)];
      if (tried.length === 0) return [];
      const first = tried.reduce((a, b) => (b.madeAt < a.madeAt ? b : a));
      return [{ role: first.role, contact: first.contact, delivery: first, waiting: waiting.length }];
    });
  }

  /** A new message is tried at once, whatever became of those before it. */
  add(delivery: StoredDelivery): void {
    const id = `${delivery.role}/${delivery.contact}`;
    const queue: Queue = this.#queues.get(id) ?? { waiting: [], sending: null, givenUp: null, wake: null };
    this.#queues.set(id, queue);
    queue.waiting = [...queue.waiting, { delivery, notBefore: 0 }];
    void this.#work(queue);
  }

  /** What was not accepted stays for the next start. */
  stop(): void {
    this.#isStopped = true;
    for (const { wake } of this.#queues.values()) if (wake) clearTimeout(wake);
  }

  /** One message at a time: of alarms before briefings, and those that were made first before the others. */
  async #work(queue: Queue): Promise<void> {
    if (queue.sending) return;
    if (queue.wake) clearTimeout(queue.wake);
    queue.wake = null;
    while (!this.#isStopped) {
      this.#withdrawOvertaken(queue);
      const now = this.#options.wallNow();
      const ready = queue.waiting.filter((one) => one.notBefore <= now && !isHeldBack(one, queue.waiting));
      const next = ready.find(({ delivery }) => delivery.stage !== "briefing") ?? ready[0];
      if (!next) break;
      queue.sending = next;
      queue.waiting = queue.waiting.filter((one) => one !== next);
      const { delivery, notBefore } = await this.#try(next);
      queue.sending = null;
      if (delivery.state === "waiting") queue.waiting = [...queue.waiting, { delivery, notBefore }];
      else queue.givenUp = delivery.state === "given-up" ? (queue.givenUp ?? delivery) : null;
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
      for (const delivery of gone) {
        const withdrawn = { ...delivery, state: "given-up", error: overtakenError } as const;
        if (isTried(delivery)) queue.givenUp ??= withdrawn;
        this.#options.onSettled(withdrawn);
      }
    }
  }

  /** What became of it, and when it may be tried again if it waits. */
  async #try({ delivery }: Queued): Promise<Queued> {
    const sent = await this.#options.send(delivery);
    const triedAt = this.#options.wallNow();
    const attempts = delivery.attempts + 1;
    const { attemptsAtMost, firstRetryMs, longestRetryMs } = this.#options;
    const isLast = !sent.ok && (sent.isFinal || attempts >= attemptsAtMost);
    const state = sent.ok ? "sent" : isLast ? "given-up" : "waiting";
    const tried = { ...delivery, state, attempts, triedAt, error: sent.ok ? null : sent.error } as const;
    this.#options.onSettled(tried);
    return {
      delivery: tried,
      notBefore: triedAt + Math.min(longestRetryMs, firstRetryMs * 2 ** (attempts - 1)),
    };
  }
}

function deliveriesIn({ waiting, sending }: Queue): readonly StoredDelivery[] {
  return [...(sending ? [sending] : []), ...waiting].map(({ delivery }) => delivery);
}

function isTried({ attempts }: StoredDelivery): boolean {
  return attempts > 0;
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
