/** One topic's numbered frames: deltas as they happen, the missed ones again, or a snapshot of everything. */

import type { Body, Frame, Topic } from "../../shared/protocol.ts";

/** Missed deltas are kept this far back; whoever is further behind gets a snapshot. */
const keptDeltas = 240;

export interface TopicSource {
  /** The whole topic as it is now. */
  snapshot(): Body;
}

export class TopicStream {
  readonly topic: Topic;
  readonly epoch: string;
  readonly #source: TopicSource;
  #seq = 0;
  #cityAt = 0;
  readonly #deltas: Frame[] = [];
  #snapshot: Frame | null = null;

  constructor(topic: Topic, epoch: string, source: TopicSource) {
    this.topic = topic;
    this.epoch = epoch;
    this.#source = source;
  }

  get seq(): number {
    return this.#seq;
  }

  /** Numbers a delta and keeps it for those who miss it. */
  push(body: Body, cityAt: number): Frame {
    const frame = this.#number("delta", body, cityAt);
    this.#deltas.push(frame);
    if (this.#deltas.length > keptDeltas) this.#deltas.shift();
    return frame;
  }

  /** Numbers a snapshot that replaces what everybody has. */
  pushSnapshot(body: Body, cityAt: number): Frame {
    this.#deltas.length = 0;
    return this.#number("snapshot", body, cityAt);
  }

  /** What brings a client that has `have` up to date: nothing, the missed deltas, or a snapshot. */
  framesSince(
    have: { readonly epoch: string | null; readonly seq: number | undefined },
    cityAt: number,
  ): readonly Frame[] {
    if (have.epoch === this.epoch && have.seq !== undefined && have.seq <= this.#seq) {
      const missed = this.#seq - have.seq;
      if (missed <= this.#deltas.length) return missed === 0 ? [] : this.#deltas.slice(-missed);
    }
    this.#snapshot ??= {
      topic: this.topic,
      mode: "snapshot",
      epoch: this.epoch,
      seq: this.#seq,
      cityAt: Math.max(cityAt, this.#cityAt),
      body: this.#source.snapshot(),
    };
    return [this.#snapshot];
  }

  #number(mode: Frame["mode"], body: Body, cityAt: number): Frame {
    this.#seq++;
    this.#cityAt = cityAt;
    this.#snapshot = null;
    return { topic: this.topic, mode, epoch: this.epoch, seq: this.#seq, cityAt, body };
  }
}
