/** One topic's numbered frames: deltas as they happen, the missed ones again, or a snapshot of everything. */

import type { Body, Frame, Topic } from "../../shared/protocol.ts";

/** Missed deltas are kept this far back; whoever is further behind gets a snapshot. */
const keptDeltas = 240;
/** And no further than they tell of so many things, or of so many times what a snapshot does: it would be shorter. */
const keptThings = 1_000;
const keptSnapshots = 4;

export interface TopicSource {
  /** The whole topic as it is now. */
  snapshot(): Body;
  /** How many things that tells of; a topic that does not say has few. */
  readonly size?: () => number;
}

interface Delta {
  readonly frame: Frame;
  readonly things: number;
}

export class TopicStream {
  readonly topic: Topic;
  readonly epoch: string;
  readonly #source: TopicSource;
  #seq = 0;
  #cityAt = 0;
  readonly #deltas: Delta[] = [];
  /** How many things all of them tell of. */
  #things = 0;
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
    const things = thingsIn(body);
    this.#deltas.push({ frame, things });
    this.#things += things;
    const mostThings = Math.max(keptThings, keptSnapshots * (this.#source.size?.() ?? 0));
    while (this.#deltas.length > keptDeltas || this.#things > mostThings)
      this.#things -= this.#deltas.shift()!.things;
    return frame;
  }

  /** Numbers a snapshot that replaces what everybody has. */
  pushSnapshot(body: Body, cityAt: number): Frame {
    this.#deltas.length = 0;
    this.#things = 0;
    return this.#number("snapshot", body, cityAt);
  }

  /** What brings a client that has `have` up to date: nothing, the missed deltas, or a snapshot. */
  framesSince(
    have: { readonly epoch: string | null; readonly seq: number | undefined },
    cityAt: number,
  ): readonly Frame[] {
    if (have.epoch === this.epoch && have.seq !== undefined && have.seq <= this.#seq) {
      const missed = this.#seq - have.seq;
      if (missed === 0) return [];
      if (missed <= this.#deltas.length) return this.#deltas.slice(-missed).map(({ frame }) => frame);
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

function thingsIn(body: Body): number {
  if ("columns" in body) return body.count + body.removed.length;
  if ("readings" in body) return body.readings.length;
  if ("feeds" in body) return body.feeds.length;
  if ("alarms" in body) return body.alarms.length;
  return 1;
}
