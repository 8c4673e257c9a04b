/** More new alarms than one person can take in (ISA-18.2, §16.5.2; EEMUA 191): over 10 in 10 minutes, until under 5. */

import type { Flood } from "../../../shared/alarms.ts";

export const floodSpanMs = 600_000;
export const floodBegins = 10;
export const floodEnds = 5;

export class FloodWatch {
  /** New alarms of the last ten minutes, in the order they came. */
  readonly #recent: { readonly at: number; readonly alarm: string }[] = [];
  /** How many of `#recent` are older. */
  #old = 0;
  #flood: Flood | null = null;

  get flood(): Flood | null {
    return this.#flood;
  }

  /** Takes in the alarms that are new at `now`, to whoever looks. Says whether there is a flood, and since when. */
  take(alarms: readonly string[], now: number): Flood | null {
    for (const alarm of alarms) this.#recent.push({ at: now, alarm });
    const isOld = ({ at }: { at: number }): boolean => at <= now - floodSpanMs || at > now;
    while (this.#old < this.#recent.length && isOld(this.#recent[this.#old]!)) this.#old++;
    // Not each by itself: a flood of thousands would be moved for each of them.
    if (2 * this.#old >= this.#recent.length) {
      this.#recent.splice(0, this.#old);
      this.#old = 0;
    }
    const count = this.#recent.length - this.#old;
    if (this.#flood) {
      if (count < floodEnds) this.#flood = null;
      else if (alarms.length > 0) this.#flood = { ...this.#flood, count: this.#flood.count + alarms.length };
    } else if (count > floodBegins) {
      this.#flood = { since: now, firstOut: this.#recent[this.#old]!.alarm, count };
    }
    return this.#flood;
  }
}
