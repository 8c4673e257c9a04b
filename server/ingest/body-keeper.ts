/** What a feed must remember of its bodies: the journal for restarts, and the archive when the feed asks for one. */

import { setImmediate } from "node:timers/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { startOfDay } from "../../shared/city-time.ts";
import { kindSchemas } from "../../shared/kinds.ts";
import type { Part, Update } from "../core/feeds/connector.ts";
import { openBodyArchive, type BodyArchive } from "./body-archive.ts";
import type { FeedWiring } from "./intake.ts";
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
export function feedFolder({ dataFolder, entry }: FeedWiring): string {
  return join(dataFolder, "feeds", encodeURIComponent(entry.id));
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
          folder: join(folder, "bodies"),
          feedId: entry.id,
          zone,
          days: entry.keepBodiesDays,
          maxBodyBytes,
          log,
        });
  /** What a source sends unchanged again need not be kept again. */
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
      const print = `${mode} ${part.bytes.byteLength} ${crc32(part.bytes)}`;
      // What passes is kept anew, so that it does not grow old while it is said again and again.
      const asBefore = prints.get(part.name) === print && mode === "full" && !passing;
      if (asBefore && !durable) return Promise.resolve(true);
      prints.set(part.name, print);
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
      const journalled = await readJournal(journal);
      const today = tellsEvents && archive !== null ? readToday(archive, now(), zone, journalled) : [];
      for await (const body of inOrder(today, journalled)) {
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

async function readJournal(journal: Journal | null): Promise<Restored[]> {
  const bodies: Restored[] = [];
  if (journal === null) return bodies;
  for await (const { at, part, scope: _scope, mode: _mode, ...rest } of journal.restore())
    bodies.push({ at, part: { name: part, ...rest } });
  return bodies;
}

/** Today's archived bodies that the journal does not have. */
async function* readToday(
  archive: BodyArchive,
  now: number,
  zone: string,
  journalled: readonly Restored[],
): AsyncIterable<Restored> {
  const known = new Set(journalled.map(({ at, part }) => `${at} ${part.name}`));
  const midnight = startOfDay(now, zone);
  for await (const { at, part, bytes } of archive.today(now))
    if (at >= midnight && !known.has(`${at} ${part}`)) yield { at, part: { name: part, url: null, bytes } };
}

/** Two sequences, each in order of time, as one. */
async function* inOrder(
  first: AsyncIterable<Restored> | Iterable<Restored>,
  second: readonly Restored[],
): AsyncIterable<Restored> {
  let i = 0;
  for await (const body of first) {
    while (i < second.length && second[i]!.at < body.at) yield second[i++]!;
    yield body;
  }
  yield* second.slice(i);
}
