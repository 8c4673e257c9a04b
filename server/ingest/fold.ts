/** What happens to a part of a feed once its bytes are here, whatever brought them: decode, deliver, say how it went. */

import type { FeedError } from "../../shared/feed.ts";
import type { Result } from "../../shared/result.ts";
import type { Part, Update } from "../core/feeds/connector.ts";
import type { FeedWiring } from "./intake.ts";
import { crash, createPartDecoder, type PartFault } from "./part-decoder.ts";

export interface Fold {
  /** Decodes and delivers a part that came at `receivedAt` (city time), and reports how that went. */
  take(part: Part, how: { readonly receivedAt: number }): Result<Update, PartFault>;
  /** Something went wrong with a part before it could be decoded. */
  fault(partName: string, fault: PartFault): void;
  /** The source says that the part is as it was. */
  unchanged(partName: string, at: number): void;
}

export function createFold(wiring: FeedWiring): Fold {
  const { entry, connector, now, log, deliver, report } = wiring;
  const decoder = createPartDecoder(connector, {
    id: entry.id,
    spec: entry.spec,
    zone: wiring.zone,
    bounds: wiring.bounds,
    url: entry.transport.type === "poll" ? entry.transport.url : null,
    options: entry.options,
  });
  const standing = new Map<string, FeedError>();

  const unchanged = (partName: string, at: number): void => {
    standing.delete(partName);
    report(entry.id, { good: at, error: standing.values().next().value ?? null });
  };

  const fault = (partName: string, { stack, ...fault }: PartFault): void => {
    const error = { ...fault, at: now() };
    if (standing.get(partName)?.message !== error.message)
      log.warn(
        { feed: entry.id, part: partName, class: error.class, error: error.message, stack },
        "feed fault",
      );
    standing.set(partName, error);
    report(entry.id, { good: null, error });
  };

  return {
    take(part, { receivedAt }) {
      const decoded = decoder.decode(part, receivedAt);
      if (!decoded.ok) {
        fault(part.name, decoded.failure);
        return decoded;
      }
      try {
        deliver(decoded.value, { feedId: entry.id, receivedAt, shiftMs: 0, restored: false });
      } catch (error) {
        fault(part.name, crash(`taking in ${part.name}`, error));
        return decoded;
      }
      unchanged(part.name, receivedAt);
      return decoded;
    },
    fault,
    unchanged,
  };
}
