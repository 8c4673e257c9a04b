/**
 * The oldest observation among the entities of one feed and kind: how many there are of each instant, and a heap of the
 * instants. Things of one body mostly share their instant, so an update costs two counts.
 */

import { ExpiryHeap } from "../expiry-heap.ts";

export class OldestObservation {
  #instants = new ExpiryHeap();
  /** An instant stays, with 0, as long as it is in the heap. */
  readonly #counts = new Map<number, number>();
  #used = 0;

  /** How many instants it remembers, those of nothing any more included. */
  get waiting(): number {
    return this.#counts.size;
  }

  add(observedAt: number): void {
    const count = this.#counts.get(observedAt);
    this.#counts.set(observedAt, (count ?? 0) + 1);
    if (!count) this.#used++;
    if (count === undefined) this.#instants.push(observedAt, 0);
  }

  /** Takes back one that was added. */
  remove(observedAt: number): void {
    const left = this.#counts.get(observedAt)! - 1;
    this.#counts.set(observedAt, left);
    if (left > 0) return;
    this.#used--;
    if (this.#counts.size > 64 + 4 * this.#used) this.#rebuild();
  }

  /** Epoch milliseconds, or `null` when nothing with a time is held. */
  read(): number | null {
    for (;;) {
      const oldest = this.#instants.nextAt;
      if (oldest === Number.POSITIVE_INFINITY) return null;
      if (this.#counts.get(oldest)! > 0) return oldest;
      this.#instants.pop();
      this.#counts.delete(oldest);
    }
  }

  #rebuild(): void {
    this.#instants = new ExpiryHeap();
    for (const [observedAt, count] of this.#counts) {
      if (count === 0) this.#counts.delete(observedAt);
      else this.#instants.push(observedAt, 0);
    }
  }
}
