/** How much one value has changed within a stretch of time. Keeps at most about `samples` values, whatever the pace. */

const samples = 60;

export class Trend {
  readonly #withinMs: number;
  readonly #stepMs: number;
  #at: number[] = [];
  /** NaN while it was not known. */
  #values: number[] = [];

  constructor(withinSeconds: number) {
    this.#withinMs = withinSeconds * 1000;
    this.#stepMs = this.#withinMs / samples;
  }

  /** The value from `now` on, NaN when it is not known. Of several within one step the last one counts. */
  note(value: number, now: number): void {
    const at = this.#at;
    // After a clock was set back, what lies ahead has not been.
    while (at.length > 0 && at.at(-1)! > now) {
      at.pop();
      this.#values.pop();
    }
    const isSameStep = at.length > 1 && now - at.at(-2)! < this.#stepMs;
    if (isSameStep) this.#values[at.length - 1] = value;
    else {
      at.push(now);
      this.#values.push(value);
    }
    this.#forget(now);
  }

  /** The newest value less the one that held a stretch before `now`; `null` when either is not known. */
  change(now: number): number | null {
    this.#forget(now);
    const [first, last] = [this.#values[0], this.#values.at(-1)];
    if (first === undefined || this.#at[0]! > now - this.#withinMs) return null;
    const change = last! - first;
    return Number.isNaN(change) ? null : change;
  }

  /** When the change is another one although the value stays; `Infinity` when it has stayed all the while. */
  changesAt(now: number): number {
    const next = this.#at.find((at) => at + this.#withinMs > now);
    return next === undefined ? Number.POSITIVE_INFINITY : next + this.#withinMs;
  }

  /** Keeps one that is older than the stretch. */
  #forget(now: number): void {
    const from = now - this.#withinMs;
    const second = this.#at.findIndex((at) => at > from);
    const drop = second < 0 ? this.#at.length - 1 : second - 1;
    if (drop <= 0) return;
    this.#at.splice(0, drop);
    this.#values.splice(0, drop);
  }
}
