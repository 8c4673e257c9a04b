/** Messages that a broker had kept for whoever subscribes (MQTT 5.0 §3.3.1.3): the last known value, of unknown age. */

import type { Notice } from "../../shared/notice.ts";
import type { Update } from "../core/feeds/connector.ts";
import { clockSkewMs } from "../core/feeds/instant.ts";

export interface Retained {
  readonly update: Update;
  /** When it can have been heard at the earliest: the newest time that it tells itself. */
  readonly receivedAt: number;
}

/**
 * What may be believed of a retained message that came at `cameAt`: things that tell their own time, as if they had been
 * heard then. The rest is left out with a notice, because nobody knows how old it is. What it lacks is not gone.
 */
export function believeRetained(update: Update, topic: string, cameAt: number): Retained {
  const dated = update.entities.flatMap((entity) => {
    const { observedAt } = entity;
    if (observedAt === null || observedAt > cameAt + clockSkewMs) return [];
    return [{ ...entity, receivedAt: Math.min(observedAt, cameAt) }];
  });
  const notices = [...update.notices];
  const undated = update.entities.length - dated.length;
  if (undated > 0) notices.push(undatedNotice(topic, undated));
  const { passing: _, ...rest } = update;
  const kept: Update = { ...rest, mode: "partial", entities: dated, notices };
  if (dated.length === 0) return { update: { ...kept, tellsNothing: true }, receivedAt: cameAt };
  return { update: kept, receivedAt: Math.max(...dated.map(({ receivedAt }) => receivedAt)) };
}

function undatedNotice(topic: string, count: number): Notice {
  const example = `${topic}: a retained message without a time of its own that has passed; left out, its age is unknown`;
  return { code: "subscribe-retained-undated", severity: "info", count, example };
}
