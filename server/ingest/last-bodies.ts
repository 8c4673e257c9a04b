/** The last body of every part of every feed, for whoever asks what a feed really said; bounded all together. */

import type { Part } from "../core/feeds/connector.ts";

export interface LastBody {
  readonly part: Part;
  /** When it came, by the clock that the connector was told: of a recording, its own. */
  readonly decodedAt: number;
  /** City time. */
  readonly receivedAt: number;
}

/** In bytes. */
export interface BodyLimits {
  /** A larger body is not kept. */
  readonly each: number;
  /** Of all that is remembered of them. */
  readonly total: number;
}

const limits: BodyLimits = { each: 4 << 20, total: 32 << 20 };
/** What a body costs beside its bytes and its name: of small ones there may be very many. */
const overheadBytes = 500;

function costOf({ name, bytes }: Part): number {
  return bytes.byteLength + 2 * name.length + overheadBytes;
}

export class LastBodies {
  readonly #limits: BodyLimits;
  /** By feed and part, the one that came last at the end. */
  readonly #bodies = new Map<string, { readonly feedId: string; readonly body: LastBody }>();
  #cost = 0;

  constructor(bodyLimits: BodyLimits = limits) {
    this.#limits = bodyLimits;
  }

  put(feedId: string, { part, ...times }: LastBody): void {
    const key = `${feedId} ${part.name}`;
    this.#forget(key);
    if (part.bytes.byteLength > this.#limits.each) return;
    // A view would keep all of what it was cut from.
    const isView = part.bytes.byteLength < part.bytes.buffer.byteLength;
    const bytes = isView ? part.bytes.slice() : part.bytes;
    this.#bodies.set(key, { feedId, body: { part: { ...part, bytes }, ...times } });
    this.#cost += costOf(part);
    for (const oldest of this.#bodies.keys()) {
      if (this.#cost <= this.#limits.total) break;
      this.#forget(oldest);
    }
  }

  /** What is kept of a feed, the last one first. */
  of(feedId: string): readonly LastBody[] {
    return [...this.#bodies.values()]
      .flatMap((kept) => (kept.feedId === feedId ? [kept.body] : []))
      .toReversed();
  }

  #forget(key: string): void {
    const known = this.#bodies.get(key);
    if (known !== undefined) this.#cost -= costOf(known.body.part);
    this.#bodies.delete(key);
  }
}
