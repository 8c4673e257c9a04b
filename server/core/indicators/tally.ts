/** What a measure keeps for one group of one indicator. Its cost follows what changed, not what it holds. */

export interface Tally {
  /** `amount` is the measured number, `weight` the measure's second number (matched or not, observation time). */
  add(amount: number, weight: number): void;
  /** Takes back exactly what was added. */
  remove(amount: number, weight: number): void;
  /** The figure at `now`, or `null` when it is a figure of nothing (an average of no things). */
  read(now: number): number | null;
}
