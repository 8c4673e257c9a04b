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
/** What a body costs beside its room and its name: of small ones there may be very many. */
const overheadBytes = 500;

interface Kept {
  readonly feedId: string;
  readonly body: LastBody;
  /** What the body lies in: our own, so that a source's pieces of memory go as soon as they are read. */
  readonly room: Uint8Array;
}

function costOf({ room, body }: Kept): number {
  return room.byteLength + 2 * body.part.name.length + overheadBytes;
}

export class LastBodies {
  readonly #limits: BodyLimits;
  /** By feed and part, the one that came last at the end. */
  readonly #bodies = new Map<string, Kept>();
  #cost = 0;

  constructor(bodyLimits: BodyLimits = limits) {
    this.#limits = bodyLimits;
  }

  /** Keeps a copy. The next body of the part lies where the last one lay, when it fits. */
  put(feedId: string, { part, ...times }: LastBody): void {
    const key = `${feedId} ${part.name}`;
    const before = this.#forget(key);
    if (part.bytes.byteLength > this.#limits.each) return;
    const room = roomFor(part.bytes.byteLength, before?.room);
    room.set(part.bytes);
    const bytes = room.subarray(0, part.bytes.byteLength);
    const kept = { feedId, body: { part: { ...part, bytes }, ...times }, room };
    this.#bodies.set(key, kept);
    this.#cost += costOf(kept);
    for (const oldest of this.#bodies.keys()) {
      if (this.#cost <= this.#limits.total) break;
      this.#forget(oldest);
    }
  }

  /** What is kept of a feed, the last one first: copies, which stay as they are when the next bodies come. */
  of(feedId: string): readonly LastBody[] {
    return [...this.#bodies.values()]
      .flatMap((kept) => (kept.feedId === feedId ? [copyOf(kept.body)] : []))
      .toReversed();
  }

  #forget(key: string): Kept | undefined {
    const known = this.#bodies.get(key);
    if (known !== undefined) this.#cost -= costOf(known);
    this.#bodies.delete(key);
    return known;
  }
}

function copyOf({ part, ...times }: LastBody): LastBody {
  return { part: { ...part, bytes: part.bytes.slice() }, ...times };
}

/** The room there was, unless it is too small or more than twice too large; a new one has an eighth to spare. */
function roomFor(length: number, before: Uint8Array | undefined): Uint8Array {
  const fits = before !== undefined && length <= before.byteLength && before.byteLength <= 2 * length;
  return fits ? before : new Uint8Array(length + (length >> 3));
}
