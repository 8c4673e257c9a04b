/** The entities of one kind, each in a slot: a small number that stands for its id on every hot path. */

import type { Entity } from "../../../shared/entity.ts";
import type { AreaKeys } from "./areas.ts";

/** One entity as the feed gave it and as the city sees it. */
export interface Held {
  /** As the feed last gave it. */
  reported: Entity;
  /** After the joins: placed, named, delayed. This is what is measured and shown. */
  entity: Entity;
  areas: AreaKeys;
  /** Of the last full update that held it, else of the partial one that brought it. */
  scope: string;
  /** When time alone next changes something about it; `Infinity` when nothing does. */
  changesAt: number;
  /** When the heap of expiries next looks at it: `changesAt`, or an earlier instant that has been overtaken. */
  queuedAt: number;
  /** Marks presence in the full update being applied. */
  seenIn: number;
  /** Forgotten so long after its last word: the feed's `keepSeconds` in a partial or passing update, else never. */
  keepMs: number;
}

export class EntityTable<H = Held> {
  readonly #slots = new Map<string, number>();
  readonly #held: (H | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#slots.size;
  }

  slotOf(id: string): number | undefined {
    return this.#slots.get(id);
  }

  at(slot: number): H | undefined {
    return this.#held[slot];
  }

  put(id: string, held: H): number {
    const known = this.#slots.get(id);
    const slot = known ?? this.#free.pop() ?? this.#held.length;
    if (known === undefined) this.#slots.set(id, slot);
    this.#held[slot] = held;
    return slot;
  }

  remove(id: string): number | undefined {
    const slot = this.#slots.get(id);
    if (slot === undefined) return undefined;
    this.#slots.delete(id);
    this.#held[slot] = undefined;
    this.#free.push(slot);
    return slot;
  }

  *entries(): IterableIterator<readonly [number, H]> {
    for (const slot of this.#slots.values()) yield [slot, this.#held[slot]!];
  }
}
