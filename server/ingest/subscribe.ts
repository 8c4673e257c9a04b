/**
 * A feed that listens to an MQTT broker (3.1.1 or 5.0): one connection, which is opened again with growing pauses. The
 * connection says nothing about the feed's health but why there is none: a feed is alive by its messages.
 */

import type { BodyKeeper } from "./body-keeper.ts";
import { createBrokerConnection, type SubscribeTransport } from "./broker-connection.ts";
import type { Fold } from "./fold.ts";
import type { FeedWiring } from "./wiring.ts";
import { createMessages } from "./messages.ts";
import { subackFault } from "./mqtt-fault.ts";
import type { PartFault } from "./part-decoder.ts";

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
/** A connection that stood for so long was a good one: the next pause is short again. */
const steadyMs = 60_000;

/** Listens until stopped. */
export function startSubscribe(
  wiring: FeedWiring,
  transport: SubscribeTransport,
  fold: Fold,
  keeper: BodyKeeper,
): { stop(): Promise<void> } {
  const { entry, random = Math.random } = wiring;
  const messages = createMessages(wiring, transport, fold, keeper);
  let connectedAt: number | null = null;
  let failures = 0;
  let opening: Promise<void>;
  let openingAgain: NodeJS.Timeout | undefined;
  let askingAgain: NodeJS.Timeout | undefined;

  const connection = createBrokerConnection(
    transport,
    entry.id,
    {
      connected() {
        connectedAt = performance.now();
        messages.begin();
        fold.forgive(entry.id);
        subscribe(transport.topics);
      },
      message: (topic, payload, isRetained, isOwed) => messages.take(topic, payload, isRetained, isOwed),
      closed(why) {
        clearTimeout(askingAgain);
        if (connectedAt !== null && performance.now() - connectedAt > steadyMs) failures = 0;
        connectedAt = null;
        fold.fault(entry.id, addressed(why));
        const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
        failures = Math.min(failures + 1, 30);
        clearTimeout(openingAgain);
        openingAgain = setTimeout(open, jittered(pauseMs));
      },
    },
    wiring.lookup,
  );

  const open = (): void => {
    opening = connection.open();
  };

  const subscribe = (filters: readonly string[]): void => {
    connection.subscribe(filters, (granted) => {
      const refused = granted.filter(({ code }) => code >= 0x80);
      for (const { filter, code } of granted)
        if (code < 0x80) fold.forgive(filter);
        else fold.fault(filter, addressed(subackFault(filter, code, transport.protocolVersion)));
      if (refused.length === 0) return;
      // Rights may be given while we are connected.
      askingAgain = setTimeout(
        () => subscribe(refused.map(({ filter }) => filter)),
        jittered(longestPauseMs),
      );
    });
  };

  const addressed = (fault: PartFault): PartFault => {
    const { protocol, host, pathname } = new URL(transport.url);
    return { ...fault, message: `${protocol}//${host}${pathname}: ${fault.message}` };
  };

  /** Between half and all of a pause. */
  const jittered = (pauseMs: number): number => pauseMs * (0.5 + random() / 2);

  open();
  return {
    async stop() {
      clearTimeout(openingAgain);
      clearTimeout(askingAgain);
      const closed = connection.close();
      await opening;
      await closed;
    },
  };
}
