/** Batches on their way to disk: bounded, in their order, each kept until it is there. The oldest go when there is no room. */

import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { serialize } from "node:v8";
import { zstdCompress } from "node:zlib";
import { HistoryAway, type HistoryBatch, type Span } from "./history.ts";
import type { RowCounts } from "./lost.ts";
import { slicesOfBatch, type Slice } from "./slices.ts";

const minuteMs = 60_000;

const compress = promisify(zstdCompress);

/**
 * A batch as it crosses: slices by `v8.serialize`, then zstd, for rows are much alike: they wait in a twentieth of their
 * bytes.
 */
export interface Parcel {
  readonly number: number;
  readonly slices: readonly Uint8Array[];
  readonly bytes: number;
  readonly rows: RowCounts;
  readonly span: Span;
  /** Steady milliseconds. */
  readonly since: number;
  /** Told when it is on disk, or given up. */
  readonly settle: (failure: Error | null) => void;
}

/** A batch that is not packed yet. */
interface Unpacked extends Pick<Parcel, "rows" | "span" | "since" | "settle"> {
  readonly batch: HistoryBatch;
  readonly rowCount: number;
}

export interface OutboxOptions {
  /** Of batches that are packed. */
  readonly mostBytes: number;
  /** Of batches that wait to be packed: on a machine with too much to do, that may be slower than they come. */
  readonly mostUnpackedRows: number;
  /** Between attempts at one batch. */
  readonly retryAfterMs: number;
  /** So long after something was taken last, `room` waits for more. */
  readonly patienceMs: number;
  /** Resolves when the parcel is on disk; a RangeError or a TypeError says that it never will be. */
  readonly send: (parcel: Parcel) => Promise<void>;
  readonly lose: (batch: Pick<Parcel, "rows" | "span">, why: string) => void;
  readonly steadyNow?: () => number;
}

export class Outbox {
  readonly #options: Required<OutboxOptions>;
  readonly #parcels: Parcel[] = [];
  #sending: Parcel | null = null;
  readonly #unpacked: Unpacked[] = [];
  #unpackedRows = 0;
  #beingPacked: Unpacked | null = null;
  /** Under way while there are batches to pack. */
  #packing: Promise<void> | null = null;
  #bytes = 0;
  #number = 0;
  /** Who puts it on disk. */
  #taker: "awaited" | "there" | "gone" = "awaited";
  /** When that one last took something. */
  #tookAt: number;
  #wakers: (() => void)[] = [];

  constructor(options: OutboxOptions) {
    this.#options = { steadyNow: performance.now.bind(performance), ...options };
    this.#tookAt = this.#options.steadyNow();
  }

  /** How long the oldest batch has waited, milliseconds; 0 when none does. */
  get behindMs(): number {
    const oldest = this.#parcels[0] ?? this.#beingPacked ?? this.#unpacked[0];
    return oldest ? this.#options.steadyNow() - oldest.since : 0;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when the batch is on disk; rejects with `HistoryAway` when it was given up. */
  put(batch: HistoryBatch): Promise<void> {
    const { settle, settled } = settling();
    const rows = rowsOf(batch);
    const rowCount = Object.values(rows).reduce((sum, count) => sum + count, 0);
    const since = this.#options.steadyNow();
    this.#unpacked.push({ batch, rows, rowCount, span: spanOf(batch), since, settle });
    this.#unpackedRows += rowCount;
    while (this.#isUnpackedTooMuch())
      this.#lose(this.#nextUnpacked(), "there is no room left to wait to be packed");
    this.#packing ??= this.#packAll();
    return settled;
  }

  async #packAll(): Promise<void> {
    while (this.#unpacked.length > 0) {
      const next = this.#nextUnpacked();
      this.#beingPacked = next;
      const parcel = await parcelOf(next, ++this.#number);
      // At a stop, it may have been given up meanwhile.
      if (this.#beingPacked !== next) continue;
      this.#beingPacked = null;
      this.#parcels.push(parcel);
      this.#bytes += parcel.bytes;
      this.#makeRoom();
      void this.#sendAll();
    }
    this.#packing = null;
  }

  /** One batch that is by itself more than may wait does so besides the others: else it would take the place of all of them. */
  #isUnpackedTooMuch(): boolean {
    const { mostUnpackedRows } = this.#options;
    const largest = this.#unpacked.reduce((most, { rowCount }) => Math.max(most, rowCount), 0);
    return this.#unpackedRows - (largest > mostUnpackedRows ? largest : 0) > mostUnpackedRows;
  }

  /** Takes the oldest; there must be one. */
  #nextUnpacked(): Unpacked {
    const next = this.#unpacked.shift()!;
    this.#unpackedRows -= next.rowCount;
    return next;
  }

  /** Somebody is there to send to. */
  open(): void {
    this.#taker = "there";
    this.#tookAt = this.#options.steadyNow();
    void this.#sendAll();
  }

  /** Nobody is there any more. */
  shut(): void {
    this.#taker = "gone";
    this.#wake();
  }

  /**
   * Resolves when half of the room is free: for who can wait before there is more to put. A taker that is gone, or that
   * has taken nothing for `patienceMs`, is not waited for.
   */
  async room(): Promise<void> {
    const { mostBytes, patienceMs, steadyNow } = this.#options;
    await this.#packing;
    while (this.#taker !== "gone" && 2 * this.#bytes > mostBytes) {
      const patientForMs = this.#tookAt + patienceMs - steadyNow();
      if (patientForMs <= 0) return;
      await Promise.race([this.#woken(), sleep(patientForMs, undefined, { ref: false })]);
    }
  }

  /** Resolves when nothing waits. */
  async emptied(): Promise<void> {
    await this.#packing;
    while (this.#parcels.length > 0) await this.#woken();
  }

  /** Gives up all that waits. */
  giveUp(): void {
    const why = "the server stopped before the disk had it";
    for (const parcel of this.#parcels.splice(0)) {
      this.#lose(parcel, why);
      this.#freed(parcel);
    }
    if (this.#beingPacked) this.#lose(this.#beingPacked, why);
    this.#beingPacked = null;
    while (this.#unpacked.length > 0) this.#lose(this.#nextUnpacked(), why);
  }

  async #sendAll(): Promise<void> {
    while (this.#taker === "there" && this.#sending === null && this.#parcels.length > 0) {
      const parcel = this.#parcels[0]!;
      this.#sending = parcel;
      const failure = await this.#options.send(parcel).then(
        () => null,
        (error: Error) => error,
      );
      const isHopeless = failure instanceof RangeError || failure instanceof TypeError;
      if (failure && !isHopeless) await sleep(this.#options.retryAfterMs, undefined, { ref: false });
      this.#sending = null;
      // At a stop, everything may have been given up meanwhile.
      if (this.#parcels[0] !== parcel || (failure && !isHopeless)) continue;
      this.#parcels.shift();
      this.#tookAt = this.#options.steadyNow();
      if (failure) this.#lose(parcel, failure.message);
      else parcel.settle(null);
      this.#freed(parcel);
    }
  }

  #makeRoom(): void {
    while (this.#bytes > this.#options.mostBytes) {
      const [oldest] = this.#parcels.splice(this.#parcels[0] === this.#sending ? 1 : 0, 1);
      if (!oldest) return;
      this.#lose(oldest, "there is no room left to wait for the disk");
      this.#freed(oldest);
    }
  }

  #lose(batch: Pick<Parcel, "rows" | "span" | "settle">, why: string): void {
    this.#options.lose(batch, why);
    batch.settle(new HistoryAway(why));
  }

  #freed({ bytes }: Parcel): void {
    this.#bytes -= bytes;
    this.#wake();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => this.#wakers.push(resolve));
  }

  #wake(): void {
    for (const wake of this.#wakers.splice(0)) wake();
  }
}

/** Made where no batch is in sight: what is made beside one keeps it, unpacked, for as long as the parcel waits. */
function settling(): { settled: Promise<void>; settle: Parcel["settle"] } {
  const { promise: settled, resolve, reject } = Promise.withResolvers<void>();
  return { settled, settle: (failure) => (failure ? reject(failure) : resolve()) };
}

/** Packs slice by slice, with other work between them: everything of a large kind at once would hold up a frame. */
async function parcelOf({ batch, rows, span, since, settle }: Unpacked, number: number): Promise<Parcel> {
  const slices: Uint8Array[] = [];
  for (const slice of slicesOfBatch(batch)) slices.push(await packed(slice));
  const bytes = slices.reduce((sum, slice) => sum + slice.byteLength, 0);
  return { number, slices, bytes, rows, span, since, settle };
}

async function packed(slice: Slice): Promise<Uint8Array> {
  // A copy, for the answer lies in a larger piece of memory.
  return new Uint8Array(await compress(serialize(slice)));
}

function rowsOf({ minutes, readings, observations, entities, feeds, moments }: HistoryBatch): RowCounts {
  return {
    minutes: minutes.count.reduce((sum, count) => sum + count, 0),
    readings: readings.reduce((sum, { changed }) => sum + changed.length, 0),
    observations: observations.at.length,
    entities: entities.reduce((sum, { changed, removed }) => sum + changed.length + removed.length, 0),
    feeds: feeds.length,
    moments: moments.length,
  };
}

/** The time of which the batch tells: its minutes, and when the rest was learnt. */
function spanOf(batch: HistoryBatch): Span {
  let fromAt = Number.POSITIVE_INFINITY;
  let toAt = Number.NEGATIVE_INFINITY;
  const include = (at: number): void => {
    fromAt = Math.min(fromAt, at);
    toAt = Math.max(toAt, at + 1);
  };
  batch.minutes.at.forEach((at, row) => {
    include(at);
    include(at + (batch.minutes.count[row]! - 1) * minuteMs);
  });
  batch.observations.knownAt.forEach(include);
  for (const rows of [batch.readings, batch.entities, batch.feeds, batch.moments])
    for (const { knownAt } of rows) include(knownAt);
  return { fromAt, toAt };
}
