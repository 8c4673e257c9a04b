/**
 * What one client still has to get before it hears every frame as it is made: at its hello, after a new epoch, when its
 * link was too slow for the last frames, and when a frame is large. Nothing is handed to its connection before the network
 * has taken what was handed to it last, and what is handed to it is chosen only then. So a slow client gets fewer, newer
 * frames, its queue never grows, and a pulse waits for one piece at most.
 */

import type { Frame, Hello, Topic } from "../../shared/protocol.ts";
import type { EncodedEvent } from "./fan-out.ts";
import { eventsOf } from "./frame-events.ts";

type Have = { readonly epoch: string | null; readonly seq: number | undefined };

/** One client's connection. */
export interface Link {
  /** Writes one event and calls `taken`, later, when the network has taken it and everything before it. */
  write(event: EncodedEvent, taken: () => void): void;
  /** From now on every frame of these topics reaches the client. */
  follow(topics: readonly Topic[]): void;
  unfollow(): void;
}

export type FramesSince = (topic: Topic, have: Have) => readonly Frame[];

export class CatchUp {
  readonly #link: Link;
  readonly #framesSince: FramesSince;
  #topics: readonly Topic[] = [];
  /** What the client has of each topic once everything handed over has arrived. */
  #has = new Map<Topic, Have>();
  /** The frame that is being handed over, and what is left of it. */
  #frame: Frame | null = null;
  #left: readonly EncodedEvent[] = [];
  /** Which topic's turn it is: one that changes all the time must not keep the others waiting. */
  #turn = 0;
  #isWriting = false;
  #isDone = true;

  constructor(link: Link, framesSince: FramesSince) {
    this.#link = link;
    this.#framesSince = framesSince;
  }

  /** Whether the client follows every frame as it is made. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** From now on the client wants `topics` and says what it has of them. */
  start(topics: readonly Topic[], have: Hello["have"]): void {
    // A snapshot that is on its way need not be sent twice because the client does not have it yet.
    const isComing = this.#isWriting || this.#left.length > 0;
    const coming = isComing && this.#frame?.mode === "snapshot" ? this.#frame : null;
    this.#topics = topics;
    this.#has = new Map(topics.map((topic) => [topic, { epoch: have.epoch, seq: have.seq[topic] }]));
    if (coming && this.#has.has(coming.topic)) this.#has.set(coming.topic, coming);
    if (this.#isDone) this.#link.unfollow();
    this.#isDone = false;
    this.#step();
  }

  /** The client wants what it wanted before and has only this of it. */
  fallBehind(have: Hello["have"]): void {
    this.start(this.#topics, have);
  }

  /** Every topic from its snapshot on. */
  startAgain(): void {
    this.fallBehind({ epoch: null, seq: {} });
  }

  /** Hands over the next event unless the network still has to take the last. */
  #step(): void {
    if (this.#isDone || this.#isWriting) return;
    if (this.#left.length === 0) this.#takeNextFrame();
    const [event, ...left] = this.#left;
    if (!event) {
      this.#isDone = true;
      this.#link.follow(this.#topics);
      return;
    }
    this.#left = left;
    this.#isWriting = true;
    this.#link.write(event, () => {
      this.#isWriting = false;
      this.#step();
    });
  }

  #takeNextFrame(): void {
    const { length } = this.#topics;
    this.#frame = null;
    for (let i = 0; i < length && !this.#frame; i++) {
      const topic = this.#topics[this.#turn % length]!;
      this.#turn = (this.#turn + 1) % length;
      const [frame] = this.#framesSince(topic, this.#has.get(topic) ?? { epoch: null, seq: undefined });
      if (!frame) continue;
      this.#frame = frame;
      this.#has.set(topic, frame);
      this.#left = eventsOf(frame);
    }
  }
}
