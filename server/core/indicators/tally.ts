/** What a measure keeps for one group of one meter. Its cost follows what changed, not what it holds. */
export interface Tally {
  /** `amount` is the measured number, `weight` the measure's second number (matched or not, observation time). */
  add(amount: number, weight: number): void;
  /** Takes back exactly what was added. */
  remove(amount: number, weight: number): void;
}

/** What a tally says at `now`, or `null` when it is a figure of nothing (an average of no things). */
export type Figure = (now: number) => number | null;

/** The tallies of one group. Figures that need the same tally (p50, p90 and the maximum of one field) share it. */
export class Tallies {
  readonly list: Tally[] = [];
  readonly #byStart = new Map<() => Tally, Tally>();

  /** The tally that `start` makes; made once per group. */
  once<T extends Tally>(start: () => T): T {
    const kept = this.#byStart.get(start);
    if (kept) return kept as T;
    const tally = start();
    this.#byStart.set(start, tally);
    this.list.push(tally);
    return tally;
  }
}
