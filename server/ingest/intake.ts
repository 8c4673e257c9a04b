/** Everything between a source and a decoded update: starts a feed's transport and keeps its troubles to itself. */

import { join } from "node:path";
import type { Logger } from "pino";
import type { FeedError } from "../../shared/feed.ts";
import type { Connector, Update } from "../core/feeds/connector.ts";
import type { FeedEntry } from "../core/feeds/feed-entry.ts";
import { openCursorFile } from "./cursor-file.ts";
import { createFold, type Fold } from "./fold.ts";
import { startPoll } from "./poll.ts";
import { startReplay, type Replay } from "./replay.ts";
import { fileTiming, watchFiles, type FileTiming } from "./watch-files.ts";

export type Log = Pick<Logger, "info" | "warn" | "error">;

/** Where an update comes from and when it came. Instants are city time. */
export interface Delivery {
  readonly feedId: string;
  readonly receivedAt: number;
  /** What was added to every instant of a recording; 0 for live feeds. The schedule of the update is not shifted. */
  readonly shiftMs: number;
  /** Read back after a restart: its values stay stale until new word comes. */
  readonly restored: boolean;
}

/** What health is told. `error` is what stands after this word: another part of the feed may still be failing. */
export type FeedWord =
  | { readonly good: number; readonly error: FeedError | null }
  | { readonly good: null; readonly error: FeedError };

export interface FeedWiring {
  readonly entry: FeedEntry;
  readonly connector: Connector;
  readonly zone: string;
  readonly bounds: readonly [number, number, number, number];
  /** The server's own folder; a feed writes below `feeds/<id>` only. */
  readonly dataFolder: string;
  /** City time. */
  readonly now: () => number;
  readonly log: Log;
  readonly deliver: (update: Update, delivery: Delivery) => void;
  readonly report: (feedId: string, word: FeedWord) => void;
  /** Wall time, for time-outs and the ages of files. */
  readonly wallNow?: () => number;
  /** 0 ≤ x < 1, for jitter. */
  readonly random?: () => number;
  readonly timing?: { readonly file?: FileTiming };
}

export interface RunningFeed {
  readonly id: string;
  /** Resolves when what was kept has been folded in and a file feed has read its files. Never rejects. */
  readonly ready: Promise<void>;
  /** Only for recordings. Stands still until it is advanced, for the city's past, or told to follow the clock. */
  readonly replay?: Pick<Replay, "advanceTo" | "follow">;
  /** Ends the transport and finishes what is half done. */
  stop(): Promise<void>;
}

/** Starts the feed of `wiring.entry`. Never throws: whatever goes wrong is reported as the feed's error. */
export function startFeed(wiring: FeedWiring): RunningFeed {
  const { entry } = wiring;
  const fold = createFold(wiring);
  switch (entry.transport.type) {
    case "file":
      return startFile(wiring, entry.transport, fold);
    case "replay": {
      const replay = startReplay(wiring, entry.transport, fold);
      return { id: entry.id, ready: Promise.resolve(), replay, stop: () => replay.stop() };
    }
    case "poll":
      return startPolled(wiring, entry.transport, fold);
    case "receive":
      throw new Error(`transport ${entry.transport.type} is not built yet`);
  }
}

function startPolled(
  wiring: FeedWiring,
  transport: FeedEntry["transport"] & { type: "poll" },
  fold: Fold,
): RunningFeed {
  let stopped = false;
  const opening = openCursorFile(feedFolder(wiring), wiring.entry.id, wiring.log).then((cursor) =>
    stopped ? undefined : startPoll(wiring, transport, fold, cursor),
  );
  return {
    id: wiring.entry.id,
    ready: opening.then(() => undefined),
    async stop() {
      stopped = true;
      await (await opening)?.stop();
    },
  };
}

/** Where a feed keeps what it must remember. */
function feedFolder({ dataFolder, entry }: FeedWiring): string {
  return join(dataFolder, "feeds", encodeURIComponent(entry.id));
}

function startFile(
  { entry, now, timing, wallNow = Date.now }: FeedWiring,
  transport: FeedEntry["transport"] & { type: "file" },
  fold: Fold,
): RunningFeed {
  const watching = watchFiles(transport.files, transport.maxBytes, timing?.file ?? fileTiming, (news) => {
    const { name } = news.file;
    if ("fault" in news) return fold.fault(name, news.fault);
    // A file that was there before us is as old as it is; one that changes before our eyes came now.
    const receivedAt = news.first ? now() - Math.max(0, wallNow() - news.modifiedAt) : now();
    fold.take({ name, url: news.file.path, bytes: news.bytes }, { receivedAt });
  });
  return { id: entry.id, ready: watching.ready, stop: () => watching.stop() };
}
