/** When which rows of a recorded file changed. */

/** Rows by number and the instants at which they changed, oldest first. */
export class Changes {
  /** The first and the last change; `null` when there is none. */
  readonly span: { readonly fromAt: number; readonly toAt: number } | null;
  readonly #at: Float64Array;
  readonly #row: Uint32Array;

  constructor(changes: Iterable<{ readonly at: number; readonly row: number }>) {
    const sorted = [...changes].sort((a, b) => a.at - b.at || a.row - b.row);
    this.#at = Float64Array.from(sorted, ({ at }) => at);
    this.#row = Uint32Array.from(sorted, ({ row }) => row);
    this.span = sorted.length === 0 ? null : { fromAt: sorted[0]!.at, toAt: sorted.at(-1)!.at };
  }

  /** The rows that changed in `afterAt < at <= untilAt`, one set for each instant. The cost follows these rows. */
  *between(afterAt: number, untilAt: number): Generator<{ readonly at: number; readonly rows: Set<number> }> {
    let next = this.#firstAfter(afterAt);
    while (next < this.#at.length && this.#at[next]! <= untilAt) {
      const at = this.#at[next]!;
      const rows = new Set<number>();
      for (; this.#at[next] === at; next++) rows.add(this.#row[next]!);
      yield { at, rows };
    }
  }

  /** Binary search. */
  #firstAfter(at: number): number {
    let [low, high] = [0, this.#at.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#at[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
