/** Everything between a source and a decoded update: starts a feed's transport and keeps its troubles to itself. */

import type { FeedEntry, PollTransport, ReceiveTransport } from "../core/feeds/feed-entry.ts";
import { bodiesFolder, feedFolder, openBodyKeeper, type BodyKeeper } from "./body-keeper.ts";
import type { SubscribeTransport } from "./broker-connection.ts";
import { openCursorFile } from "./cursor-file.ts";
import { createFold, type Fold } from "./fold.ts";
import { followFiles, followTiming, type Appended } from "./follow-files.ts";
import { startListen, type ListenTransport } from "./listen.ts";
import { startPoll } from "./poll.ts";
import { startProbing } from "./probe.ts";
import { startQuerying } from "./query.ts";
import { refuse, type Push, type PushAnswer } from "./push.ts";
import { untilStopped } from "./push-room.ts";
import { startReceive } from "./receive.ts";
import { startRehearsal } from "./rehearsal.ts";
import { ReportLog } from "./report-log.ts";
import { startReplay, type Replay } from "./replay.ts";
import { startSubscribe } from "./subscribe.ts";
import { fileTiming, watchFiles, type WatchedFile } from "./watch-files.ts";
import type { FeedWiring } from "./wiring.ts";

/** The largest body that a transport writes itself. */
const mostOwnBytes = 1 << 20;

export interface RunningFeed {
  readonly id: string;
  /** Resolves when what was kept has been folded in and a file feed has read its files. Never rejects. */
  readonly ready: Promise<void>;
  /**
   * Only for recordings and simulations. Stands still until it is advanced, for the city's past, or told to follow the
   * clock.
   */
  readonly replay?: Pick<Replay, "advanceTo" | "follow">;
  /** Only for pushed feeds: the handler behind `POST /api/v1/feeds/{id}/data`. Rejects when the body cannot be read. */
  receive?(push: Push): Promise<PushAnswer>;
  /** Ends the transport and finishes what is half done. */
  stop(): Promise<void>;
}

/** Starts the feed of `wiring.entry`. Never throws: whatever goes wrong is reported as the feed's error. */
export function startFeed(wiring: FeedWiring): RunningFeed {
  const { entry } = wiring;
  if (entry.muted !== null) return muted(wiring, entry.muted);
  if (entry.keepBodiesDays === 0) return startTransport(wiring);
  const reports = new ReportLog({
    folder: bodiesFolder(wiring),
    feedId: entry.id,
    zone: wiring.zone,
    log: wiring.log,
  });
  const feed = startTransport({
    ...wiring,
    report(feedId, word) {
      reports.add({ at: wiring.now(), ...word });
      wiring.report(feedId, word);
    },
  });
  return {
    ...feed,
    async stop() {
      await feed.stop();
      await reports.flushed();
    },
  };
}

/** Shown as nothing, with the reason: wrong figures are worse than none. */
function muted({ entry, now, report }: FeedWiring, why: string): RunningFeed {
  const message = `muted: ${why}`;
  report(entry.id, { part: entry.id, good: null, error: { class: "settings", message, at: now() } });
  return {
    id: entry.id,
    ready: Promise.resolve(),
    ...(entry.transport.type === "receive" && {
      receive: () => Promise.resolve(refuse(503, "not-set-up", message)),
    }),
    stop: () => Promise.resolve(),
  };
}

function startTransport(wiring: FeedWiring): RunningFeed {
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
      return startReceived(wiring, entry.transport, fold);
    case "probe":
      return startProbed(wiring, entry.transport, fold);
    case "query":
      return startQueried(wiring, entry.transport, fold);
    case "subscribe":
      return startSubscribed(wiring, entry.transport, fold);
    case "listen":
      return startListened(wiring, entry.transport, fold);
  }
}

function startPolled(wiring: FeedWiring, transport: PollTransport, fold: Fold): RunningFeed {
  let stopped = false;
  let polling: { stop(): Promise<void> } | null = null;
  const opening = (async () => {
    const cursor = await openCursorFile(feedFolder(wiring), wiring.entry.id, wiring.log);
    const keeper = await openBodyKeeper(wiring, transport.maxBytes);
    await restore(keeper, fold, () => stopped);
    const poll = (): void => {
      if (!stopped) polling ??= startPoll(wiring, transport, fold, cursor, keeper);
    };
    if (!transport.isSimulated) poll();
    return { keeper, cursor, poll };
  })();
  const rehearsal = transport.isSimulated ? startRehearsal(wiring, transport, fold, opening) : null;
  return {
    id: wiring.entry.id,
    ready: opening.then(() => undefined),
    ...(rehearsal ? { replay: rehearsal } : {}),
    async stop() {
      stopped = true;
      await rehearsal?.stop();
      const { keeper } = await opening;
      await polling?.stop();
      await keeper.close();
    },
  };
}

/**
 * A source that pushes, and with `reconcile` is asked now and then for what its pushes may have missed: one fold, one
 * journal. A round forgives what was wrong with a push before it.
 */
function startReceived(wiring: FeedWiring, transport: ReceiveTransport, fold: Fold): RunningFeed {
  const stopping = new AbortController();
  const { signal } = stopping;
  const underway = new Set<Promise<PushAnswer>>();
  const opening = (async () => {
    const keeper = await openBodyKeeper(wiring, transport.maxBytes);
    await restore(keeper, fold, () => signal.aborted);
    const { reconcile } = transport;
    const cursor = reconcile && (await openCursorFile(feedFolder(wiring), wiring.entry.id, wiring.log));
    const polling = cursor && !signal.aborted ? startPoll(wiring, reconcile, fold, cursor, keeper) : null;
    return { keeper, polling, receive: startReceive(wiring, transport, fold, keeper) };
  })();
  return {
    id: wiring.entry.id,
    ready: opening.then(() => undefined),
    async receive(push) {
      const { receive } = await opening;
      if (signal.aborted) return whileStopping;
      const answer = receive({ ...push, body: untilStopped(push.body, signal) });
      underway.add(answer);
      try {
        return await answer;
      } catch (error) {
        if (error === signal.reason) return whileStopping;
        throw error;
      } finally {
        underway.delete(answer);
      }
    },
    async stop() {
      stopping.abort();
      const { keeper, polling } = await opening;
      await polling?.stop();
      await Promise.allSettled(underway);
      await keeper.close();
    },
  };
}

const whileStopping: PushAnswer = {
  status: 503,
  problem: { type: "busy", detail: "the server is stopping" },
};

async function restore(keeper: BodyKeeper, fold: Fold, stopped: () => boolean): Promise<void> {
  for await (const { at, part } of keeper.restore()) {
    if (stopped()) return;
    fold.take(part, { receivedAt: at, restored: true });
  }
  fold.forget();
}

/** What a feed hears from, once it is open. */
interface Source {
  stop(): Promise<void>;
}

/** A feed that folds in what was kept and then opens its source, unless it was stopped meanwhile. */
function startKept(
  wiring: FeedWiring,
  maxBytes: number,
  fold: Fold,
  open: (keeper: BodyKeeper) => Source | Promise<Source>,
): RunningFeed {
  let stopped = false;
  const opening = (async () => {
    const keeper = await openBodyKeeper(wiring, maxBytes);
    await restore(keeper, fold, () => stopped);
    return { keeper, source: stopped ? null : await open(keeper) };
  })();
  return {
    id: wiring.entry.id,
    ready: opening.then(() => undefined),
    async stop() {
      stopped = true;
      const { keeper, source } = await opening;
      await source?.stop();
      await keeper.close();
    },
  };
}

function startListened(wiring: FeedWiring, transport: ListenTransport, fold: Fold): RunningFeed {
  return startKept(wiring, transport.maxBytes, fold, (keeper) =>
    startListen(wiring, transport, fold, keeper),
  );
}

function startQueried(
  wiring: FeedWiring,
  transport: FeedEntry["transport"] & { type: "query" },
  fold: Fold,
): RunningFeed {
  const { present, replay } = openPresent(transport.isSimulated);
  // As JSON the cells of a result take a little more than the database sends.
  const feed = startKept(wiring, 2 * transport.maxBytes, fold, async (keeper) => {
    const cursor = await openCursorFile(feedFolder(wiring), wiring.entry.id, wiring.log);
    return onceThere(present, () => startQuerying(wiring, transport, fold, cursor, keeper));
  });
  return { ...feed, ...replay };
}

/**
 * Some sources cannot be asked about the past: a simulated one of them is silent until the city has played its past and
 * arrived at its present, which others are in from the start.
 */
function openPresent(isSimulated: boolean): {
  readonly present: Promise<void>;
  readonly arrive: () => void;
  readonly replay: Pick<RunningFeed, "replay">;
} {
  const { promise: present, resolve: arrive } = Promise.withResolvers<void>();
  if (!isSimulated) arrive();
  const replay = { advanceTo: () => Promise.resolve(), follow: arrive };
  return { present, arrive, replay: isSimulated ? { replay } : {} };
}

/** A source that is opened in the present, unless it was stopped before. */
function onceThere(present: Promise<void>, open: () => Source): Source {
  let stopped = false;
  let source: Source | null = null;
  void present.then(() => {
    if (!stopped) source = open();
  });
  return {
    async stop() {
      stopped = true;
      await source?.stop();
    },
  };
}

function startProbed(
  wiring: FeedWiring,
  transport: FeedEntry["transport"] & { type: "probe" },
  fold: Fold,
): RunningFeed {
  const { present, arrive, replay } = openPresent(transport.isSimulated);
  const feed = startKept(wiring, mostOwnBytes, fold, (keeper) => {
    const probing = startProbing(wiring, transport, fold, keeper, present);
    return {
      stop() {
        const ended = probing.stop();
        // A round that waits for the present waits no longer, and finds itself stopped.
        arrive();
        return ended;
      },
    };
  });
  return { ...feed, ...replay };
}

function startSubscribed(wiring: FeedWiring, transport: SubscribeTransport, fold: Fold): RunningFeed {
  const { present, replay } = openPresent(transport.isSimulated);
  const feed = startKept(wiring, transport.maxBytes, fold, (keeper) =>
    onceThere(present, () => startSubscribe(wiring, transport, fold, keeper)),
  );
  return { ...feed, ...replay };
}

function startFile(
  wiring: FeedWiring,
  transport: FeedEntry["transport"] & { type: "file" },
  fold: Fold,
): RunningFeed {
  const { now, timing, wallNow = Date.now } = wiring;
  const { files, maxBytes, appended } = transport;
  return startKept(wiring, maxBytes, fold, async (keeper) => {
    const take = ({ name, path: url }: WatchedFile, { bytes, first, modifiedAt }: Appended): void => {
      // A file that was there before us is as old as it is; one that changes before our eyes came now.
      const receivedAt = first ? now() - Math.max(0, wallNow() - modifiedAt) : now();
      const taken = fold.take({ name, url, bytes }, { receivedAt });
      if (taken.ok) void keeper.keep(taken.value.part, taken.value.update, receivedAt, false);
    };
    const watching = appended
      ? followFiles(files, maxBytes, timing?.follow ?? followTiming, {
          added: take,
          fault: ({ name }, fault) => fold.fault(name, fault),
        })
      : watchFiles(files, maxBytes, timing?.file ?? fileTiming, (news) => {
          if ("fault" in news) fold.fault(news.file.name, news.fault);
          else take(news.file, news);
        });
    await watching.ready;
    return watching;
  });
}
