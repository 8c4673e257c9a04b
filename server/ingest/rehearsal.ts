/** A simulated source can be asked about any instant: before it is polled, the hours before the start are asked for. */

import type { Fetch } from "../core/feeds/connector.ts";
import type { PollTransport } from "../core/feeds/feed-entry.ts";
import type { BodyKeeper } from "./body-keeper.ts";
import type { CursorFile } from "./cursor-file.ts";
import { connectorFeed, type Fold } from "./fold.ts";
import { httpGet, openAgent } from "./http-get.ts";
import type { FeedWiring } from "./wiring.ts";
import { crash } from "./part-decoder.ts";
import type { Replay } from "./replay.ts";

const mostParts = 50;

/** What the feed has been opened with, shared with the polling that follows. */
interface Opened {
  readonly cursor: CursorFile;
  readonly keeper: BodyKeeper;
  readonly poll: () => void;
}

/** Asks about one instant after the other, until it is told to `poll` from there on. */
export function startRehearsal(
  wiring: FeedWiring,
  transport: PollTransport,
  fold: Fold,
  opening: Promise<Opened>,
): Replay {
  const { entry, connector, wallNow = Date.now } = wiring;
  const timeoutMs = transport.timeoutSeconds * 1_000;
  const agent = openAgent(timeoutMs, { outgoing: transport.outgoing, lookup: wiring.lookup });
  const stopping = new AbortController();
  const etags = new Map<string, string>();

  const take = async (
    { name, url, carry, headers = {} }: Fetch,
    at: number,
    { cursor, keeper }: Opened,
  ): Promise<readonly Fetch[]> => {
    const asked = new URL(url);
    asked.searchParams.set("at", String(at));
    const answer = await httpGet(asked.href, {
      headers,
      etag: etags.get(name) ?? null,
      lastModified: null,
      timeoutMs,
      maxBytes: transport.maxBytes,
      signal: stopping.signal,
      agent,
      userAgent: transport.outgoing.userAgent,
      wallNow,
    });
    if (!answer.ok) {
      fold.fault(name, answer.failure);
      return [];
    }
    if (answer.value.type === "not-modified") {
      fold.unchanged(name, at);
      return [];
    }
    const { bytes, etag } = answer.value;
    const part = { name, url, bytes, ...(carry === undefined ? {} : { carry }) };
    const taken = fold.take(part, { receivedAt: at });
    if (!taken.ok) return [];
    // The cursor moves on: news from before it come back after a restart from here alone. What tells all is asked anew.
    const { update } = taken.value;
    if (update.mode === "partial") await keeper.keep(taken.value.part, update, at, false);
    if (etag !== null) etags.set(name, etag);
    if (update.cursor) cursor.merge(update.cursor);
    return update.follow ?? [];
  };

  return {
    async advanceTo(cityAt) {
      try {
        const opened = await opening;
        const queue = [...connector.next(connectorFeed(wiring), opened.cursor.current, cityAt)];
        const seen = new Set<string>();
        for (let next = queue.shift(); next && seen.size < mostParts; next = queue.shift()) {
          if (stopping.signal.aborted || seen.has(next.name)) continue;
          seen.add(next.name);
          queue.push(...(await take(next, cityAt, opened)));
        }
      } catch (error) {
        fold.fault(entry.id, crash("rehearsing", error));
      }
    },
    follow() {
      void opening.then(({ poll }) => poll());
    },
    async stop() {
      stopping.abort();
      await agent.destroy();
    },
  };
}
