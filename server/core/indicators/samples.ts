/**
 * What the things of a kind contribute to one meter, by slot, so that it can be taken back exactly. Numbers lie in
 * columns: a sample is touched whenever its thing changes, and there are as many as things times meters.
 */

import type { Groups } from "./group.ts";

const firstRoom = 64;

export class Samples {
  /** NaN where the thing contributes nothing. */
  amounts = new Float64Array(0);
  weights = new Float64Array(0);
  /** 1 where the thing is only estimated. */
  estimated = new Uint8Array(0);
  readonly groups: Groups[] = [];

  has(slot: number): boolean {
    return slot < this.amounts.length && !Number.isNaN(this.amounts[slot]!);
  }

  /** Makes room for `slot`. */
  reach(slot: number): void {
    const before = this.amounts.length;
    if (slot < before) return;
    const room = Math.max(firstRoom, 2 * before, slot + 1);
    this.amounts = widened(this.amounts, new Float64Array(room).fill(Number.NaN));
    this.weights = widened(this.weights, new Float64Array(room));
    this.estimated = widened(this.estimated, new Uint8Array(room));
  }

  clear(slot: number): void {
    this.amounts[slot] = Number.NaN;
    this.groups[slot] = nowhere;
  }
}

const nowhere: Groups = [];

function widened<T extends Float64Array | Uint8Array>(before: T, after: T): T {
  after.set(before);
  return after;
}
