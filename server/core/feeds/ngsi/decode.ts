/** NGSI, the interface of context brokers (FIWARE Orion, Scorpio, Stellio): NGSIv2 and NGSI-LD, asked or told. */

import { Notices } from "../../../../shared/notice.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import { quote } from "../body.ts";
import type { Connector, ConnectorFeed, Failure, Part, Update } from "../connector.ts";
import { newestOfEach } from "../newest-of-each.ts";
import { entitiesPart, isLaterPage, nextRound, pageAfter } from "./ask.ts";
import { readEntity, type NgsiVersion } from "./entity.ts";
import { readEnvelope } from "./envelope.ts";
import type { NgsiOptions } from "./options.ts";
import { SensorReader } from "./sensors.ts";

export const ngsi: Connector<NgsiOptions> = {
  spec: "ngsi",
  gives: () => ["Sensor"],
  next: nextRound,
  decode: decodeEntities,
};

function decodeEntities(
  part: Part,
  feed: ConnectorFeed<NgsiOptions>,
  receivedAt: number,
): Result<Update, Failure> {
  const envelope = readEnvelope(part);
  if (!envelope.ok) return envelope;
  const { isNotification, publishedAt, entities: raw } = envelope.value;
  const notices = new Notices();
  const reader = new SensorReader({ feed, receivedAt, notices, isNotification });
  let count = 0;
  let version: NgsiVersion | null = null;
  for (const [i, one] of raw.entries()) {
    const entity = readEntity(one, i, notices);
    if (entity === null) continue;
    count++;
    version ??= entity.version;
    reader.read(entity);
  }
  reader.noteMissing();
  const { sensors, observations, removed } = reader.found;
  if (!isNotification && sensors.length !== count)
    notices.add(
      "ngsi-entities",
      "info",
      `${count} NGSI ${count === 1 ? "entity gives" : "entities give"} ${sensors.length} Sensor, one for each value`,
      count,
    );
  const noteTwice = ({ sourceId }: { readonly sourceId: string }): void =>
    notices.add(
      "ngsi-duplicate-id",
      "warning",
      () => `${quote(sourceId)}: twice in one body; the newest counts`,
    );
  return ok({
    mode: isNotification ? "partial" : "full",
    scope: isNotification ? entitiesPart : part.name,
    ...(isLaterPage(part) ? { passing: true } : {}),
    version,
    publishedAt,
    entities: reader.isTwice ? newestOfEach(sensors, noteTwice) : sensors,
    observations,
    ...(isNotification ? { removed } : {}),
    notices: notices.list(),
    follow: isNotification ? [] : pageAfter(part, feed, raw.length),
  });
}
