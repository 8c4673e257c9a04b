/** What happens to a part of a feed once its bytes are here, whatever brought them: decode, deliver, say how it went. */

import type { FeedError } from "../../shared/feed.ts";
import type { Notice } from "../../shared/notice.ts";
import { ok, type Result } from "../../shared/result.ts";
import type { ConnectorFeed, Part, Update } from "../core/feeds/connector.ts";
import type { FeedEntry } from "../core/feeds/feed-entry.ts";
import type { FeedWiring } from "./wiring.ts";
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
  /** Read back after a restart: stripped before, delivered, but no word about the feed's health. */
  readonly restored?: boolean;
  /** Kept aside when it came: stripped before, and a word like any other for whoever folds it again. */
  readonly stripped?: boolean;
  /** What the transport has to say about how the part came. */
  readonly notices?: readonly Notice[];
}

export interface Taken {
  readonly update: Update;
  /** What may be kept of the part. */
  readonly part: Part;
}

export interface Fold {
  /** Strips, decodes and delivers a part, and reports how that went. */
  take(part: Part, arrival: Arrival): Result<Taken, PartFault>;
  /** What the transport has to say about a part while nothing of it comes: no word about anything. */
  tell(partName: string, notices: readonly Notice[]): void;
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

/** When a part is read as if it came, when it came, and whether it was stripped before it was kept. */
interface Reading {
  readonly at: number;
  readonly receivedAt: number;
  readonly isStripped: boolean;
}

export function createFold(wiring: FeedWiring): Fold {
  const { entry, connector, now, log, deliver, report, keepLast, keyedHash } = wiring;
  const decoder = createPartDecoder(connector, connectorFeed(wiring), keyedHash);
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

  const read = (raw: Part, { at, receivedAt, isStripped }: Reading): Result<Taken, PartFault> => {
    const stripped = isStripped ? ok(raw) : decoder.strip(raw, at);
    if (!stripped.ok) return stripped;
    keepLast?.({ part: stripped.value, decodedAt: at, receivedAt });
    const decoded = decoder.decode(stripped.value, at);
    return decoded.ok ? ok({ update: decoded.value, part: stripped.value }) : decoded;
  };

  return {
    take(raw, { receivedAt, shiftMs = 0, mode, restored = false, stripped = restored, notices = [] }) {
      const taken = read(raw, { at: receivedAt - shiftMs, receivedAt, isStripped: stripped });
      if (!taken.ok) {
        if (restored)
          log.warn({ feed: entry.id, part: raw.name, ...taken.failure }, "kept body not restored");
        else fault(raw.name, taken.failure);
        return taken;
      }
      const update = arrived(taken.value.update, mode, notices);
      const { retained = false } = raw;
      const heard = retained
        ? believeRetained(update, raw.name, receivedAt)
        : { update: shiftUpdate(update, shiftMs), receivedAt };
      try {
        deliver(heard.update, {
          feedId: entry.id,
          receivedAt: heard.receivedAt,
          shiftMs,
          restored: restored || retained,
        });
      } catch (error) {
        fault(raw.name, crash(`taking in ${raw.name}`, error));
        return taken;
      }
      if (!restored && !retained && !update.tellsNothing) unchanged(raw.name, receivedAt);
      return taken;
    },
    tell(partName, notices) {
      const update: Update = {
        mode: "partial",
        scope: partName,
        version: null,
        publishedAt: null,
        entities: [],
        observations: [],
        notices,
        tellsNothing: true,
      };
      deliver(update, { feedId: entry.id, receivedAt: now(), shiftMs: 0, restored: false });
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

function arrived(update: Update, mode: Update["mode"] | undefined, notices: readonly Notice[]): Update {
  const told = notices.length === 0 ? update : { ...update, notices: [...update.notices, ...notices] };
  return mode === undefined ? told : { ...told, mode, passing: true };
}
