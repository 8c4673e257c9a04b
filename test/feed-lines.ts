/** A tiny feed standard for tests of everything around the connectors. */

import { entityId } from "../shared/entity.ts";
import { fail, ok } from "../shared/result.ts";
import type { Connector, Cursor, Fetch, Update } from "../server/core/feeds/connector.ts";
import type { FeedEntry, Transport } from "../server/core/feeds/feed-entry.ts";

/**
 * Lines of words: `sensor ID VALUE [observedAt]`, `follow NAME URL [afterSeconds] [carry]`, `carried ID`, `cursor KEY
 * VALUE`, `partial`, `published AT`, `throw`; anything else is unreadable.
 */
export const lines: Connector = {
  spec: "table",
  gives: () => ["Sensor"],
  next: (feed) => [{ name: "body", url: feed.url ?? "" }],
  decode(part, feed, receivedAt) {
    const entities: Update["entities"][number][] = [];
    const follow: Fetch[] = [];
    const cursor: Record<string, Cursor[string]> = {};
    let mode: Update["mode"] = "full";
    let publishedAt: number | null = null;
    for (const line of new TextDecoder().decode(part.bytes).trim().split("\n")) {
      const [word, a = "", b = "", c, d] = line.split(" ");
      const isSensor = word === "sensor" || word === "carried";
      if (word === "throw") throw new Error("a broken assumption");
      else if (word === "partial") mode = "partial";
      else if (word === "published") publishedAt = Number(a);
      else if (word === "cursor") cursor[a] = b;
      else if (word === "follow")
        follow.push({
          name: a,
          url: b,
          ...(c === undefined ? {} : { afterSeconds: Number(c) }),
          ...(d === undefined ? {} : { carry: d }),
        });
      else if (isSensor)
        entities.push({
          id: entityId(feed.id, "Sensor", a),
          kind: "Sensor",
          feedId: feed.id,
          sourceId: a,
          observedAt: c === undefined ? receivedAt : Number(c),
          receivedAt,
          position: null,
          quality: "good",
          fields: { value: Number(word === "carried" ? part.carry : b) },
        });
      else return fail({ class: "unreadable", message: `${part.name}: no line starts with ${String(word)}` });
    }
    return ok({
      mode,
      scope: part.name,
      version: null,
      publishedAt,
      entities,
      observations: [],
      notices: [],
      follow,
      cursor,
    });
  },
};

export function plainEntry(transport: Transport): FeedEntry {
  return {
    id: "sensors",
    title: { en: "Sensors", zh: "传感器" },
    spec: "table",
    transport,
    department: "works",
    supplier: null,
    licence: "CC0-1.0",
    attribution: null,
    cadenceSeconds: 60,
    staleAfterSeconds: 180,
    dropAfterSeconds: 1_800,
    keepSeconds: 3_600,
    agreement: null,
    schedule: null,
    keepBodiesDays: 0,
    muted: null,
    options: {},
  };
}
