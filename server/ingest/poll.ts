/** The thin shell around the poll machine: sends its requests, hands bodies to the fold, tells it how that went. */

import type { Fetch } from "../core/feeds/connector.ts";
import type { PollTransport } from "../core/feeds/feed-entry.ts";
import type { BodyKeeper } from "./body-keeper.ts";
import type { CursorFile } from "./cursor-file.ts";
import { connectorFeed, type Fold } from "./fold.ts";
import { httpGet, openAgent, parseHttpUrl, withoutSecrets, type Answer, type GetFault } from "./http-get.ts";
import type { FeedWiring } from "./wiring.ts";
import { crash } from "./part-decoder.ts";
import {
  partNames,
  pollStep,
  startPolling,
  type PollEffect,
  type PollEvent,
  type PollSettings,
} from "./poll-machine.ts";
import type { Result } from "../../shared/result.ts";

type Ask = PollEffect & { readonly type: "ask" };

const longestBackoffMs = 300_000;
const longestSleepMs = 3_600_000;

function pollSettings({ everySeconds, maxBytes, speed }: PollTransport): PollSettings {
  const everyMs = everySeconds * 1_000;
  return {
    everyMs,
    maxBackoffMs: Math.max(everyMs, longestBackoffMs / speed),
    // Pages name each other one by one.
    maxDepth: 50,
    maxParts: 100,
    maxRoundBytes: 4 * maxBytes,
  };
}

/** Polls until stopped. A request in flight is given up at the stop. */
export function startPoll(
  wiring: FeedWiring,
  transport: PollTransport,
  fold: Fold,
  cursor: CursorFile,
  keeper: BodyKeeper,
): { stop(): Promise<void> } {
  const { entry, connector, now, wallNow = Date.now, random = Math.random } = wiring;
  const settings = pollSettings(transport);
  const timeoutMs = transport.timeoutSeconds * 1_000;
  const { outgoing } = transport;
  const agent = openAgent(timeoutMs, { outgoing, lookup: wiring.lookup });
  const stopping = new AbortController();
  const steadyNow = performance.now.bind(performance);
  let state = startPolling(steadyNow());
  let timer: NodeJS.Timeout | undefined;
  let inFlight: Promise<void> = Promise.resolve();

  const send = (event: PollEvent): void => {
    if (stopping.signal.aborted) return;
    const step = pollStep(state, event, steadyNow(), random(), settings);
    ({ state } = step);
    step.effects.forEach(perform);
  };

  const perform = (effect: PollEffect): void => {
    switch (effect.type) {
      case "next":
        return send({ type: "round", fetches: beginRound() });
      case "ask":
        inFlight = ask(effect).then(send);
        return;
      case "sleep": {
        clearTimeout(timer);
        const sleepMs = Math.min(Math.max(0, effect.untilAt - steadyNow()), longestSleepMs);
        timer = setTimeout(() => send({ type: "wake" }), Math.ceil(sleepMs));
        return;
      }
      case "cut":
        return fold.fault(effect.fetch.name, {
          class: "too-large",
          message: `${effect.fetch.name}: ${withoutSecrets(effect.fetch.url)} was not asked for: ${effect.why}`,
        });
    }
  };

  const beginRound = (): readonly Fetch[] => {
    try {
      const fetches = connector.next(connectorFeed(wiring), cursor.current, now());
      fold.forgive(entry.id);
      fold.retain(partNames(state));
      return fetches;
    } catch (error) {
      fold.fault(entry.id, crash("beginning a round", error));
      return [];
    }
  };

  const ask = async (asked: Ask): Promise<PollEvent> => {
    const { name } = asked.fetch;
    try {
      const answer = await get(asked);
      if (stopping.signal.aborted) return { type: "failed", retryAfterMs: null };
      if (!answer.ok) {
        const { retryAfterMs, ...fault } = answer.failure;
        fold.fault(name, fault);
        return { type: "failed", retryAfterMs };
      }
      return takeAnswer(asked, answer.value);
    } catch (error) {
      fold.fault(name, crash(`asking for ${name}`, error));
      return { type: "failed", retryAfterMs: null };
    }
  };

  const get = ({ fetch, etag, lastModified }: Ask): Promise<Result<Answer, GetFault>> => {
    const sameOrigin = parseHttpUrl(fetch.url)?.origin === parseHttpUrl(transport.url)?.origin;
    const headers = { ...fetch.headers, ...(sameOrigin ? configuredHeaders(transport) : {}) };
    const { signal } = stopping;
    const { maxBytes } = transport;
    const { userAgent } = outgoing;
    const asking = { headers, etag, lastModified, timeoutMs, maxBytes, signal, agent, userAgent, wallNow };
    return httpGet(fetch.url, asking);
  };

  const takeAnswer = ({ fetch, etag, lastModified }: Ask, answer: Answer): PollEvent => {
    if (answer.type === "not-modified") {
      if (etag !== null || lastModified !== null) fold.unchanged(fetch.name, now());
      else
        fold.fault(fetch.name, {
          class: "http",
          message: `${withoutSecrets(fetch.url)}: answered "not modified" although nothing is held`,
        });
      return { type: "not-modified" };
    }
    const { name, carry } = fetch;
    const part = { name, url: answer.url, bytes: answer.bytes, ...(carry === undefined ? {} : { carry }) };
    const receivedAt = now();
    const taken = fold.take(part, { receivedAt });
    if (!taken.ok) return { type: "failed", retryAfterMs: null };
    const { update } = taken.value;
    void keeper.keep(taken.value.part, update, receivedAt, false);
    if (update.cursor !== undefined) cursor.merge(update.cursor);
    return {
      type: "good",
      bytes: answer.bytes.byteLength,
      etag: answer.etag,
      lastModified: answer.lastModified,
      follow: update.follow ?? [],
      goodForMs: ((update.goodForSeconds ?? 0) * 1_000) / transport.speed,
    };
  };

  send({ type: "wake" });
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await inFlight;
      await cursor.saved();
      await agent.destroy();
    },
  };
}

function configuredHeaders({ headers }: PollTransport): Record<string, string> {
  return Object.fromEntries(
    // In lower case, as connectors write theirs: the configured one takes its place.
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === "function" ? value() : value,
    ]),
  );
}
