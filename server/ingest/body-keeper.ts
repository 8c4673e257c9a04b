/** What a feed must remember of its bodies: the journal for restarts, and the archive when the feed asks for one. */

import { setImmediate } from "node:timers/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { startOfDay } from "../../shared/city-time.ts";
import { kindSchemas } from "../../shared/kinds.ts";
import type { Part, Update } from "../core/feeds/connector.ts";
import { openBodyArchive, type BodyArchive } from "./body-archive.ts";
import type { FeedWiring } from "./wiring.ts";
import { NewestParts } from "./newest-parts.ts";
import { openJournal, type Journal } from "./journal.ts";

export interface BodyKeeper {
  /**
   * Keeps a body that was taken in. Resolves with whether it is safely on disk (`durable`: synced); never rejects:
   * when the disk fails, the live city goes on, and the loss is logged and counted.
   */
  keep(part: Part, update: Update, at: number, durable: boolean): Promise<boolean>;
  /**
   * What to fold in at the start, oldest first: the last full bodies and later partial ones, and for feeds that tell
   * of events all kept bodies since the city's midnight, for the day's counters.
   */
  restore(): AsyncIterable<{ readonly at: number; readonly part: Part }>;
  /** Bodies that could not be kept since the start. */
  readonly notKept: number;
  close(): Promise<void>;
}

/** Where a feed keeps what it must remember. */
export function feedFolder({ dataFolder, entry }: Pick<FeedWiring, "dataFolder" | "entry">): string {
  return join(dataFolder, "feeds", encodeURIComponent(entry.id));
}

/** Where it keeps bodies aside. */
export function bodiesFolder(wiring: Pick<FeedWiring, "dataFolder" | "entry">): string {
  return join(feedFolder(wiring), "bodies");
}

/** Never rejects: without a disk to write to nothing is kept, which is logged and counted. */
export async function openBodyKeeper(wiring: FeedWiring, maxBodyBytes: number): Promise<BodyKeeper> {
  const { entry, connector, zone, now, log } = wiring;
  const folder = feedFolder(wiring);
  const keepMs = entry.keepSeconds * 1_000;
  const archive =
    entry.keepBodiesDays === 0
      ? null
      : openBodyArchive({
          folder: bodiesFolder(wiring),
          feedId: entry.id,
          zone,
          days: entry.keepBodiesDays,
          maxBodyBytes,
          log,
        });
  /** By scope: what a source sends unchanged again need not be kept again, unless there was other news meanwhile. */
  const prints = new NewestParts<string>();
  let notKept = 0;
  let failing = false;
  const pending = new Set<Promise<unknown>>();

  const failed = (error: unknown): false => {
    notKept++;
    prints.clear();
    if (!failing) log.error({ feed: entry.id, error: String(error) }, "bodies cannot be kept; live goes on");
    failing = true;
    return false;
  };
  const settle = async (write: Promise<void>): Promise<boolean> => {
    const settled = write.then(() => true, failed);
    pending.add(settled);
    const kept = await settled;
    pending.delete(settled);
    if (kept) failing = false;
    return kept;
  };

  /** Files keep themselves. */
  const journals = entry.transport.type !== "file";
  let journal: Journal | null = null;
  try {
    if (journals)
      journal = await openJournal({ folder: join(folder, "journal"), feedId: entry.id, log, now, keepMs });
  } catch (error) {
    failed(error);
  }
  const tellsEvents = connector.gives(entry.options).some((kind) => !kindSchemas[kind].sampled);

  return {
    keep(part, { scope, mode, passing }, at, durable) {
      const print = `${part.name} ${mode} ${part.bytes.byteLength} ${crc32(part.bytes)}`;
      // What passes is kept anew, so that it does not grow old while it is said again and again.
      const asBefore = prints.get(scope) === print && mode === "full" && !passing;
      if (asBefore && !durable) return Promise.resolve(true);
      prints.set(scope, print);
      if (archive !== null) void settle(archive.add({ at, part: part.name, bytes: part.bytes }));
      if (journal === null) {
        if (journals) notKept++;
        return Promise.resolve(!journals);
      }
      const { name, retained: _, ...rest } = part;
      return settle(
        journal.append({ at, part: name, scope, mode, ...(passing && { passing }), ...rest }, durable),
      );
    },
    async *restore() {
      const today = tellsEvents && archive !== null ? readToday(archive, now(), zone, journal) : nothing();
      for await (const body of inOrder(today, journal === null ? nothing() : readJournal(journal))) {
        yield body;
        // Other feeds and clients come in between.
        await setImmediate();
      }
    },
    get notKept() {
      return notKept;
    },
    async close() {
      await Promise.all(pending);
      await journal?.close();
    },
  };
}

type Restored = { readonly at: number; readonly part: Part };

async function* nothing(): AsyncGenerator<Restored> {}

async function* readJournal(journal: Journal): AsyncGenerator<Restored> {
  for await (const { at, part, scope: _scope, mode: _mode, ...rest } of journal.restore())
    yield { at, part: { name: part, ...rest } };
}

/** Today's archived bodies that the journal does not have, which has the newest of those of one part and instant. */
async function* readToday(
  archive: BodyArchive,
  now: number,
  zone: string,
  journal: Journal | null,
): AsyncGenerator<Restored> {
  const known = new Map<string, number>();
  for (const { at, part } of journal?.kept ?? [])
    known.set(`${at} ${part}`, (known.get(`${at} ${part}`) ?? 0) + 1);
  const midnight = startOfDay(now, zone);
  for await (const { at, part, bytes, more } of archive.today(now))
    if (at >= midnight && more >= (known.get(`${at} ${part}`) ?? 0))
      yield { at, part: { name: part, url: null, bytes } };
}

/** Two sequences, each in order of time, as one. */
async function* inOrder(
  first: AsyncIterable<Restored>,
  second: AsyncGenerator<Restored>,
): AsyncGenerator<Restored> {
  let next = await second.next();
  for await (const body of first) {
    for (; !next.done && next.value.at < body.at; next = await second.next()) yield next.value;
    yield body;
  }
  for (; !next.done; next = await second.next()) yield next.value;
}
