/**
 * The oldest observation among the entities of one feed and kind. Outdated entries are dropped when they come to the
 * top, so that an update costs one push.
 */

import { ExpiryHeap } from "../expiry-heap.ts";
import type { EntityTable } from "./entity-table.ts";

export class OldestObservation {
  #heap = new ExpiryHeap();
  readonly #table: EntityTable;
  readonly #feedId: string;

  constructor(table: EntityTable, feedId: string) {
    this.#table = table;
    this.#feedId = feedId;
  }

  noteUpdate(slot: number, observedAt: number): void {
    this.#heap.push(observedAt, slot);
    if (this.#heap.size > 64 + 4 * this.#table.size) this.#rebuild();
  }

  /** Epoch milliseconds, or `null` when nothing with a time is held. */
  read(): number | null {
    while (this.#heap.size > 0) {
      const { at, what } = this.#heap.peek();
      if (this.#isCurrent(what, at)) return at;
      this.#heap.pop();
    }
    return null;
  }

  #isCurrent(slot: number, observedAt: number): boolean {
    const held = this.#table.at(slot);
    return held?.reported.observedAt === observedAt && held.reported.feedId === this.#feedId;
  }

  #rebuild(): void {
    this.#heap = new ExpiryHeap();
    for (const [slot, { reported }] of this.#table.entries()) {
      if (reported.feedId === this.#feedId && reported.observedAt !== null)
        this.#heap.push(reported.observedAt, slot);
    }
  }
}
