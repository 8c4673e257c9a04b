/** Logs of servers on the city's edge: syslog, OpenSSH, web servers; what they say about attacks, and about nobody. */

import { entityId, type EntityOf } from "../../../../shared/entity.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import type { Connector, ConnectorFeed, Failure, Part, Update } from "../connector.ts";
import type { LogOptions } from "./options.ts";
import { playLog } from "./play.ts";
import { stripLog } from "./strip.ts";
import { readStripped, type StrippedEvent } from "./stripped.ts";

export const log: Connector<LogOptions> = {
  spec: "log",
  gives: () => ["SecurityEvent"],
  next: (feed) => (feed.url === null ? [] : [{ name: "body", url: feed.url }]),
  strip: stripLog,
  decode: decodeStripped,
  play: playLog,
};

function decodeStripped(
  part: Part,
  feed: ConnectorFeed<LogOptions>,
  receivedAt: number,
): Result<Update, Failure> {
  const body = readStripped(part.name, part.bytes);
  if (!body.ok) return body;
  return ok({
    mode: "partial",
    scope: part.name,
    version: null,
    publishedAt: null,
    entities: body.value.events.map((event) => toEntity(event, feed.id, receivedAt)),
    observations: [],
    notices: body.value.notices,
    speaksOf: ["SecurityEvent"],
  });
}

function toEntity(event: StrippedEvent, feedId: string, receivedAt: number): EntityOf<"SecurityEvent"> {
  const { id, eventType, outcome, source, target, at, accountExists } = event;
  return {
    id: entityId(feedId, "SecurityEvent", id),
    kind: "SecurityEvent",
    feedId,
    sourceId: id,
    observedAt: at,
    receivedAt,
    position: null,
    quality: "good",
    fields: { eventType, outcome, source, target, eventAt: at, accountExists },
  };
}
