/** More new alarms than one person can take in (ISA-18.2, §16.5.2; EEMUA 191): over 10 in 10 minutes, until under 5. */

import type { Flood } from "../../../shared/alarms.ts";

export const floodSpanMs = 600_000;
export const floodBegins = 10;
export const floodEnds = 5;

export class FloodWatch {
  /** New alarms of the last ten minutes, in the order they came. */
  #recent: { readonly at: number; readonly alarm: string }[] = [];
  #flood: Flood | null = null;

  get flood(): Flood | null {
    return this.#flood;
  }

  /** Takes in the alarms that are new at `now`, to whoever looks. Says whether there is a flood, and since when. */
  take(alarms: readonly string[], now: number): Flood | null {
    for (const alarm of alarms) this.#recent.push({ at: now, alarm });
    const isOld = ({ at }: { at: number }): boolean => at <= now - floodSpanMs || at > now;
    while (this.#recent.length > 0 && isOld(this.#recent[0]!)) this.#recent.shift();
    if (this.#flood) {
      if (this.#recent.length < floodEnds) this.#flood = null;
      else if (alarms.length > 0) this.#flood = { ...this.#flood, count: this.#flood.count + alarms.length };
    } else if (this.#recent.length > floodBegins) {
      const [first] = this.#recent;
      this.#flood = { since: now, firstOut: first!.alarm, count: this.#recent.length };
    }
    return this.#flood;
  }
}
