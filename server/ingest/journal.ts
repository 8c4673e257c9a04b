/**
 * The bodies that a feed's state is made of, on disk: appended, never rewritten, synced together when several wait
 * (group commit). After a restart the last full body of each scope and the later partial ones are read back. A segment
 * is removed when all its bodies are superseded by a full one or older than the feed keeps partial ones.
 *
 * A record: magic, length of the description, length of the body, CRC-32 of both (Uint32 little-endian each), then the
 * description as JSON and the body. A torn last record is what a crash leaves; it was never acknowledged.
 */

import { mkdir, open, readdir, readFile, truncate, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { Update } from "../core/feeds/connector.ts";
import type { Log } from "./wiring.ts";

export interface KeptBody {
  /** When it was received, city time. */
  readonly at: number;
  readonly part: string;
  readonly url: string | null;
  readonly scope: string;
  readonly mode: Update["mode"];
  /** Of a full body: it too is superseded by age. */
  readonly passing?: true;
  readonly bytes: Uint8Array;
  readonly carry?: unknown;
}

export interface JournalOptions {
  readonly folder: string;
  readonly feedId: string;
  readonly log: Log;
  /** City time. */
  readonly now: () => number;
  /** Partial and passing bodies are superseded by age. */
  readonly keepMs: number;
  readonly segmentBytes?: number;
  /** Over these the oldest bodies are given up, which is logged. */
  readonly maxBytes?: number;
  readonly maxBodies?: number;
}

export interface Journal {
  /** Resolves when the body is written, and synced when `durable`. Rejects when the disk refuses it or is too slow. */
  append(body: KeptBody, durable: boolean): Promise<void>;
  /** What `restore` gives, without the bodies themselves. */
  readonly kept: readonly Description[];
  /** What had not been superseded when the journal was opened, oldest first; a segment of it at a time is in memory. */
  restore(): AsyncIterable<KeptBody>;
  close(): Promise<void>;
}

const magic = 0x31424443;
const headBytes = 16;
const defaultSegmentBytes = 8 << 20;
const defaultMaxBytes = 512 << 20;
/** Of bodies that wait for the disk. */
const mostWaitingBytes = 64 << 20;
/** What the journal knows of each body is in memory: a source of many small ones must not fill it. */
const defaultMaxBodies = 200_000;

export type Description = Omit<KeptBody, "bytes">;

interface Segment {
  readonly path: string;
  bytes: number;
  /** Bodies in it that are still needed. */
  needed: number;
}

interface Entry {
  readonly segment: Segment;
  readonly description: Description;
  readonly offset: number;
  readonly length: number;
}

interface Waiting {
  readonly body: KeptBody;
  readonly durable: boolean;
  readonly done: () => void;
  readonly refuse: (error: unknown) => void;
}

/** Opens the journal in `folder`, which is made when it is missing. Rejects when the folder cannot be read. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { folder } = options;
  await mkdir(folder, { recursive: true });
  const index = new JournalIndex(options);
  let newest = 0;
  for (const name of (await readdir(folder)).filter((name) => /^\d+\.segment$/.test(name)).sort()) {
    newest = Number.parseInt(name, 10);
    await readSegment(join(folder, name), index, options);
  }
  await index.removeSuperseded(null);
  const kept = index.list();
  const writer = new JournalWriter(options, index, newest);
  return {
    append: (body, durable) => writer.append(body, durable),
    kept: kept.map(({ description }) => description),
    restore: () => readBodies(kept),
    close: () => writer.close(),
  };
}

async function* readBodies(entries: readonly Entry[]): AsyncGenerator<KeptBody> {
  let path = "";
  let file: Buffer = Buffer.alloc(0);
  for (const { segment, description, offset, length } of entries) {
    if (segment.path !== path) {
      ({ path } = segment);
      file = await readFile(path);
    }
    yield { ...description, bytes: new Uint8Array(file.subarray(offset, offset + length)) };
  }
}

interface ActiveSegment {
  readonly segment: Segment;
  readonly handle: FileHandle;
}

/** Appends to the newest segment, all that waits in one write, and begins the next one when it is full. */
class JournalWriter {
  readonly #options: JournalOptions;
  readonly #index: JournalIndex;
  /** The number of the newest segment. */
  #newest: number;
  #active: ActiveSegment | null = null;
  #waiting: Waiting[] = [];
  /** Of those that wait and of those that are being written. */
  #waitingBytes = 0;
  #writing: Promise<void> | null = null;

  constructor(options: JournalOptions, index: JournalIndex, newest: number) {
    this.#options = options;
    this.#index = index;
    this.#newest = newest;
  }

  append(body: KeptBody, durable: boolean): Promise<void> {
    if (this.#waitingBytes > mostWaitingBytes)
      return Promise.reject(
        new Error(`the disk is too slow: ${this.#waitingBytes} bytes wait to be written`),
      );
    return new Promise((done, refuse) => {
      this.#waiting.push({ body, durable, done, refuse });
      this.#waitingBytes += body.bytes.byteLength;
      this.#writing ??= this.#writeAll();
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#active?.handle.close();
    this.#active = null;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#writeBatch(batch, await this.#segmentWithRoom());
        batch.forEach(({ done }) => done());
      } catch (error) {
        await this.#giveUpActive();
        batch.forEach(({ refuse }) => refuse(error));
      }
      for (const { body } of batch) this.#waitingBytes -= body.bytes.byteLength;
    }
    this.#writing = null;
  }

  async #segmentWithRoom(): Promise<ActiveSegment> {
    const { folder, segmentBytes = defaultSegmentBytes } = this.#options;
    if (this.#active !== null && this.#active.segment.bytes < segmentBytes) return this.#active;
    await this.#active?.handle.close();
    this.#active = null;
    const path = join(folder, `${String(++this.#newest).padStart(10, "0")}.segment`);
    const handle = await open(path, "wx");
    const active = { segment: this.#index.addSegment(path), handle };
    this.#active = active;
    await syncFolder(folder);
    await this.#index.removeSuperseded(active.segment);
    return active;
  }

  async #writeBatch(batch: readonly Waiting[], { segment, handle }: ActiveSegment): Promise<void> {
    const records = batch.map(({ body }) => encodeRecord(body));
    await handle.writeFile(Buffer.concat(records.flatMap(({ chunks }) => chunks)));
    if (batch.some(({ durable }) => durable)) await handle.datasync();
    batch.forEach(({ body }, i) => {
      const { bytes, ...description } = body;
      const { length } = records[i]!;
      const offset = segment.bytes + length - bytes.byteLength;
      this.#index.add({ segment, description, offset, length: bytes.byteLength });
      segment.bytes += length;
    });
    await this.#index.removeSuperseded(segment);
  }

  /** After a failed write nothing may follow the torn record in its segment. */
  async #giveUpActive(): Promise<void> {
    if (this.#active === null) return;
    const { segment, handle } = this.#active;
    this.#active = null;
    await handle.close().catch(() => undefined);
    await truncate(segment.path, segment.bytes).catch(() => undefined);
  }
}

/** Which bodies are still needed, and by that which segments. */
class JournalIndex {
  readonly #options: JournalOptions;
  #segments: Segment[] = [];
  readonly #byScope = new Map<string, Entry[]>();

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  addSegment(path: string): Segment {
    const segment = { path, bytes: 0, needed: 0 };
    this.#segments.push(segment);
    return segment;
  }

  /** A full body supersedes all earlier ones of its scope. */
  add(entry: Entry): void {
    const { scope, mode } = entry.description;
    const earlier = this.#byScope.get(scope) ?? [];
    if (mode === "full") for (const { segment } of earlier.splice(0)) segment.needed--;
    entry.segment.needed++;
    earlier.push(entry);
    this.#byScope.set(scope, earlier);
  }

  /** What is needed, oldest first. */
  list(): Entry[] {
    const position = new Map(this.#segments.map((segment, i) => [segment, i]));
    return [...this.#byScope.values()]
      .flat()
      .sort((a, b) => position.get(a.segment)! - position.get(b.segment)! || a.offset - b.offset);
  }

  /** Removes segments that nothing needs; `active` is still written to. */
  async removeSuperseded(active: Segment | null): Promise<void> {
    this.#forgetOld();
    this.#giveUpOldest(active);
    const superseded = this.#segments.filter((segment) => segment !== active && segment.needed === 0);
    if (superseded.length === 0) return;
    this.#segments = this.#segments.filter((segment) => !superseded.includes(segment));
    for (const { path } of superseded) await unlink(path).catch(() => undefined);
  }

  #forgetOld(): void {
    const oldestAt = this.#options.now() - this.#options.keepMs;
    for (const [scope, entries] of this.#byScope) {
      forgetOldFrom(entries, 0, oldestAt);
      // A full body that does not pass stays as what the partial ones build on.
      forgetOldFrom(entries, 1, oldestAt);
      if (entries.length === 0) this.#byScope.delete(scope);
    }
  }

  #giveUpOldest(active: Segment | null): void {
    const { maxBytes = defaultMaxBytes, maxBodies = defaultMaxBodies, log, feedId } = this.#options;
    let bytes = this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
    let bodies = this.#segments.reduce((sum, segment) => sum + segment.needed, 0);
    for (const segment of this.#segments) {
      if ((bytes <= maxBytes && bodies <= maxBodies) || segment === active) return;
      bodies -= segment.needed;
      if (segment.needed > 0) {
        const given = { feed: feedId, segment: segment.path, bodies: segment.needed, maxBytes, maxBodies };
        log.error(given, "journal is over its limit; the oldest bodies are given up");
        for (const [scope, entries] of this.#byScope)
          this.#byScope.set(
            scope,
            entries.filter((entry) => entry.segment !== segment),
          );
        segment.needed = 0;
      }
      bytes -= segment.bytes;
    }
  }
}

/** All together: taken out one by one, each would move all that follow. */
function forgetOldFrom(entries: Entry[], from: number, oldestAt: number): void {
  let to = from;
  while (to < entries.length && isOldNews(entries[to]!, oldestAt)) to++;
  if (to > from) for (const { segment } of entries.splice(from, to - from)) segment.needed--;
}

function isOldNews({ description: { mode, passing, at } }: Entry, oldestAt: number): boolean {
  return (mode === "partial" || passing === true) && at < oldestAt;
}

function encodeRecord(body: KeptBody): { chunks: Uint8Array[]; length: number } {
  const { bytes, ...rest } = body;
  const description = Buffer.from(JSON.stringify(rest));
  const crc = crc32(bytes, crc32(description));
  const head = Buffer.alloc(headBytes);
  [magic, description.byteLength, bytes.byteLength, crc].forEach((value, i) =>
    head.writeUInt32LE(value, i * 4),
  );
  const length = headBytes + description.byteLength + bytes.byteLength;
  return { chunks: [head, description, bytes], length };
}

async function readSegment(
  path: string,
  index: JournalIndex,
  { log, feedId }: JournalOptions,
): Promise<void> {
  const file = await readFile(path);
  const segment = index.addSegment(path);
  let start = 0;
  while (start < file.byteLength) {
    const record = readRecord(file, start);
    if (record === null) {
      const torn = { feed: feedId, segment: path, at: start, bytes: file.byteLength - start };
      log.warn(torn, "journal ends in a torn record, which was never acknowledged; left out");
      break;
    }
    index.add({ segment, ...record });
    start = record.offset + record.length;
  }
  segment.bytes = file.byteLength;
}

/** The record at `start`, or `null` when it is not whole. */
function readRecord(file: Buffer, start: number): Omit<Entry, "segment"> | null {
  if (start + headBytes > file.byteLength || file.readUInt32LE(start) !== magic) return null;
  const [descriptionBytes, length, crc] = [4, 8, 12].map((at) => file.readUInt32LE(start + at)) as [
    number,
    number,
    number,
  ];
  const offset = start + headBytes + descriptionBytes;
  if (offset + length > file.byteLength) return null;
  if (crc32(file.subarray(start + headBytes, offset + length)) !== crc) return null;
  // The checksum holds, so this is what encodeRecord wrote.
  const text = file.toString("utf8", start + headBytes, offset);
  return { description: JSON.parse(text) as Description, offset, length };
}

/** So that a new file is still there after the power goes (needed on Linux, not possible on Windows). */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
