/**
 * The messages of a broker on their way to the fold: bounded in size and in the number of topics, and what is refused is
 * counted. A message is a part whose name is its topic.
 */

import type { FeedEntry } from "../core/feeds/feed-entry.ts";
import type { BodyKeeper } from "./body-keeper.ts";
import type { Fold } from "./fold.ts";
import type { FeedWiring } from "./wiring.ts";

export interface Messages {
  /** A connection begins: what is kept for newcomers comes first. */
  begin(): void;
  /**
   * `isRetained`: the broker had kept it for newcomers. Resolves when the message is kept (`isOwed`: synced to disk), or
   * when it will never be: what is refused is counted, and what the disk refuses is logged. Never rejects.
   */
  take(topic: string, payload: Uint8Array, isRetained: boolean, isOwed: boolean): Promise<unknown>;
}

/** So many topics are remembered, each a scope of its own; a topic that was silent for `keepSeconds` makes room. */
const mostTopics = 20_000;
const longestTopic = 1_024;

const nothingToKeep = Promise.resolve();

interface Heard {
  readonly at: number;
  /** The connection on which a message came that was no retained one. */
  readonly liveIn: number | null;
}

export function createMessages(
  { entry, now, drop }: FeedWiring,
  { maxBytes }: Pick<FeedEntry["transport"], "maxBytes">,
  fold: Fold,
  keeper: BodyKeeper,
): Messages {
  /** In the order in which they were last heard. */
  const topics = new Map<string, Heard>();
  let connection = 0;

  const hasRoom = (topic: string, at: number): boolean => {
    if (topics.has(topic) || topics.size < mostTopics) return true;
    const [longestSilent, heard] = topics.entries().next().value!;
    return at - heard.at > entry.keepSeconds * 1_000 && topics.delete(longestSilent);
  };

  const whyRefused = (topic: string, bytes: number, at: number): { part: string; why: string } | null => {
    if (bytes > maxBytes)
      return { part: topic, why: `${topic}: ${bytes} bytes, at most ${maxBytes} are accepted` };
    if (topic.length > longestTopic)
      return {
        part: entry.id,
        why: `a topic of ${topic.length} characters, at most ${longestTopic} are accepted`,
      };
    if (hasRoom(topic, at)) return null;
    return {
      part: entry.id,
      why: `more than ${mostTopics} topics in ${entry.keepSeconds} s; others are left out`,
    };
  };

  return {
    begin() {
      connection++;
    },
    take(topic, payload, isRetained, isOwed) {
      // Nothing is what takes a retained message away (MQTT 5.0 §3.3.1.3).
      if (payload.byteLength === 0) return nothingToKeep;
      const receivedAt = now();
      const refused = whyRefused(topic, payload.byteLength, receivedAt);
      if (refused !== null) {
        drop?.(entry.id, 1);
        fold.fault(refused.part, { class: "too-large", message: refused.why });
        return nothingToKeep;
      }
      const liveIn = topics.get(topic)?.liveIn ?? null;
      topics.delete(topic);
      topics.set(topic, { at: receivedAt, liveIn: isRetained ? liveIn : connection });
      // What was kept is older than what was heard meanwhile.
      if (isRetained && liveIn === connection) return nothingToKeep;
      const part = { name: topic, url: null, bytes: payload };
      const taken = fold.take(isRetained ? { ...part, retained: true } : part, { receivedAt });
      // The broker itself keeps what is retained.
      if (isRetained || !taken.ok || taken.value.update.tellsNothing) return nothingToKeep;
      return keeper.keep(taken.value.part, taken.value.update, receivedAt, isOwed);
    },
  };
}
