/**
 * What changes by time alone: a binary heap of instants, each with a number that says what. The owner decides whether
 * an entry that comes out is still meant (the newest instant per number wins), so nothing ever has to be searched.
 */
export class ExpiryHeap {
  #at: number[] = [];
  #what: number[] = [];

  get size(): number {
    return this.#at.length;
  }

  /** The earliest instant, or `Infinity`. */
  get nextAt(): number {
    return this.#at[0] ?? Number.POSITIVE_INFINITY;
  }

  /** The earliest entry; only call with `size` > 0. */
  peek(): { at: number; what: number } {
    return { at: this.#at[0]!, what: this.#what[0]! };
  }

  push(at: number, what: number): void {
    const ats = this.#at;
    const whats = this.#what;
    let i = ats.length;
    ats.push(at);
    whats.push(what);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (ats[parent]! <= at) break;
      ats[i] = ats[parent]!;
      whats[i] = whats[parent]!;
      i = parent;
    }
    ats[i] = at;
    whats[i] = what;
  }

  /** Takes the earliest entry off; only call with `size` > 0. */
  pop(): { at: number; what: number } {
    const ats = this.#at;
    const whats = this.#what;
    const first = { at: ats[0]!, what: whats[0]! };
    const at = ats.pop()!;
    const what = whats.pop()!;
    const size = ats.length;
    if (size > 0) {
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= size) break;
        if (child + 1 < size && ats[child + 1]! < ats[child]!) child++;
        if (ats[child]! >= at) break;
        ats[i] = ats[child]!;
        whats[i] = whats[child]!;
        i = child;
      }
      ats[i] = at;
      whats[i] = what;
    }
    return first;
  }
}
