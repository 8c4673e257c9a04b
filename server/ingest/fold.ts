/** What happens to a part of a feed once its bytes are here, whatever brought them: decode, deliver, say how it went. */

import type { FeedError } from "../../shared/feed.ts";
import type { Result } from "../../shared/result.ts";
import type { ConnectorFeed, Part, Update } from "../core/feeds/connector.ts";
import type { FeedEntry } from "../core/feeds/feed-entry.ts";
import type { FeedWiring } from "./intake.ts";
import { believeRetained } from "./retained.ts";
import { NewestParts } from "./newest-parts.ts";
import { shiftUpdate } from "./shift-update.ts";
import { crash, createPartDecoder, type PartFault } from "./part-decoder.ts";

export interface Arrival {
  /** City time. */
  readonly receivedAt: number;
  /** City time minus the recording's time; 0 for live feeds. */
  readonly shiftMs?: number;
  /** What the recording knows better than the body: whether it holds all or only news. */
  readonly mode?: Update["mode"];
  /** Read back after a restart: delivered, but no word about the feed's health. */
  readonly restored?: boolean;
}

export interface Fold {
  /** Decodes and delivers a part, and reports how that went. */
  take(part: Part, arrival: Arrival): Result<Update, PartFault>;
  /** Something went wrong with a part before it could be decoded. */
  fault(partName: string, fault: PartFault): void;
  /** What went wrong with a part no longer stands, without a good word about it; health is told when something did. */
  forgive(partName: string): void;
  /** Forgets every part that is not one of these: a source that no longer names a part has no trouble with it. */
  retain(partNames: ReadonlySet<string>): void;
  /** The source says that the part is as it was. */
  unchanged(partName: string, at: number): void;
  /** Decodes the next bodies without what earlier ones left behind to save work. */
  forget(): void;
}

/** The part of the wiring that a connector may see. */
export function connectorFeed({ entry, zone, bounds }: FeedWiring): ConnectorFeed {
  return { id: entry.id, spec: entry.spec, zone, bounds, url: askedUrl(entry), options: entry.options };
}

function askedUrl({ transport }: FeedEntry): string | null {
  if (transport.type === "poll") return transport.url;
  return transport.type === "receive" ? (transport.reconcile?.url ?? null) : null;
}

export function createFold(wiring: FeedWiring): Fold {
  const { entry, connector, now, log, deliver, report } = wiring;
  const decoder = createPartDecoder(connector, connectorFeed(wiring));
  const standing = new NewestParts<FeedError>();

  const unchanged = (partName: string, at: number): void => {
    standing.delete(partName);
    report(entry.id, { part: partName, good: at, error: standing.oldest ?? null });
  };

  const fault = (partName: string, { stack, ...fault }: PartFault): void => {
    const error = { ...fault, at: now() };
    if (standing.get(partName)?.message !== error.message)
      log.warn(
        { feed: entry.id, part: partName, class: error.class, error: error.message, stack },
        "feed fault",
      );
    standing.set(partName, error);
    report(entry.id, { part: partName, good: null, error });
  };

  return {
    take(part, { receivedAt, shiftMs = 0, mode, restored = false }) {
      const decoded = decoder.decode(part, receivedAt - shiftMs);
      if (!decoded.ok) {
        if (restored)
          log.warn({ feed: entry.id, part: part.name, ...decoded.failure }, "kept body not restored");
        else fault(part.name, decoded.failure);
        return decoded;
      }
      const update: Update = mode === undefined ? decoded.value : { ...decoded.value, mode, passing: true };
      const { retained = false } = part;
      const heard = retained
        ? believeRetained(update, part.name, receivedAt)
        : { update: shiftUpdate(update, shiftMs), receivedAt };
      try {
        deliver(heard.update, {
          feedId: entry.id,
          receivedAt: heard.receivedAt,
          shiftMs,
          restored: restored || retained,
        });
      } catch (error) {
        fault(part.name, crash(`taking in ${part.name}`, error));
        return decoded;
      }
      if (!restored && !retained && !update.tellsNothing) unchanged(part.name, receivedAt);
      return decoded;
    },
    fault,
    forgive(partName) {
      if (!standing.delete(partName)) return;
      report(entry.id, { part: partName, good: null, error: standing.oldest ?? null });
    },
    retain(partNames) {
      standing.retain(partNames);
      decoder.retain(partNames);
    },
    unchanged,
    forget: () => decoder.forget(),
  };
}
