/** Whether frames arrive in order: epoch and sequence per topic, and when to ask for a snapshot. No I/O. */

import type { Frame, Hello, Pulse, Topic } from "../../shared/protocol.ts";

/** `apply` it, `drop` what is known or awaits a snapshot, or drop it and `ask` with a new hello. */
export type Verdict = "apply" | "drop" | "ask";

export class Sequence {
  #epoch: string | null = null;
  readonly #seq = new Map<Topic, number>();
  /** Topics whose snapshot was asked for and has not come. */
  readonly #asked = new Set<Topic>();
  /** Pulses in a row that were ahead of us. */
  #pulsesBehind = 0;

  accept(frame: Pick<Frame, "topic" | "mode" | "epoch" | "seq">): Verdict {
    if (frame.mode === "snapshot") {
      if (frame.epoch !== this.#epoch) this.#startEpoch(frame.epoch);
      this.#seq.set(frame.topic, frame.seq);
      this.#asked.delete(frame.topic);
      this.isArriving();
      return "apply";
    }
    const have = frame.epoch === this.#epoch ? this.#seq.get(frame.topic) : undefined;
    if (have !== undefined && frame.seq === have + 1) {
      this.#seq.set(frame.topic, frame.seq);
      return "apply";
    }
    if (have !== undefined && frame.seq <= have) return "drop";
    if (this.#asked.has(frame.topic)) return "drop";
    if (frame.epoch !== this.#epoch) for (const topic of Array.from(this.#seq.keys())) this.#lose(topic);
    this.#lose(frame.topic);
    return "ask";
  }

  /**
   * Whether the pulse shows that frames were lost. Believed at the second pulse in a row with no part of a snapshot since,
   * because the answer to a hello or a slow client's frames may still be on their way.
   */
  isBehind(pulse: Pick<Pulse, "epoch" | "seq">, wanted: readonly Topic[]): boolean {
    const missing = wanted.filter((topic) => {
      const newest = pulse.seq[topic];
      const have = pulse.epoch === this.#epoch ? this.#seq.get(topic) : undefined;
      return newest !== undefined && (have === undefined || have < newest);
    });
    this.#pulsesBehind = missing.length > 0 ? this.#pulsesBehind + 1 : 0;
    if (this.#pulsesBehind < 2) return false;
    this.#pulsesBehind = 0;
    for (const topic of missing) this.#lose(topic);
    return true;
  }

  /** A snapshot, or a piece of a large frame, has come: what else is missing may be right behind it. */
  isArriving(): void {
    this.#pulsesBehind = 0;
  }

  /** What a hello for these topics says; topics no longer wanted are forgotten. */
  have(wanted: readonly Topic[]): Hello["have"] {
    for (const topic of this.#seq.keys()) if (!wanted.includes(topic)) this.#seq.delete(topic);
    for (const topic of this.#asked) if (!wanted.includes(topic)) this.#asked.delete(topic);
    return { epoch: this.#epoch, seq: Object.fromEntries(this.#seq) };
  }

  #lose(topic: Topic): void {
    this.#seq.delete(topic);
    this.#asked.add(topic);
  }

  #startEpoch(epoch: string): void {
    this.#epoch = epoch;
    this.#seq.clear();
    this.#asked.clear();
  }
}
