/** NGSI, the interface of context brokers (FIWARE Orion, Scorpio, Stellio): NGSIv2 and NGSI-LD, asked or told. */

import { Notices } from "../../../../shared/notice.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import { quote } from "../body.ts";
import type { Connector, ConnectorFeed, Failure, Part, Update } from "../connector.ts";
import { newestOfEach } from "../newest-of-each.ts";
import { entitiesPart, isLaterPage, nextRound, pageAfter } from "./ask.ts";
import { readEntity } from "./entity.ts";
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
  const entities = raw.flatMap((one, i) => readEntity(one, i, notices) ?? []);
  const reader = new SensorReader({ feed, receivedAt, notices, isNotification });
  for (const entity of entities) reader.read(entity);
  reader.noteMissing();
  const { sensors, observations, removed } = reader.found;
  if (!isNotification && sensors.length !== entities.length)
    notices.add(
      "ngsi-entities",
      "info",
      `${entities.length} NGSI ${entities.length === 1 ? "entity gives" : "entities give"} ${sensors.length} Sensor, one for each value`,
      entities.length,
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
    version: entities.find(({ version }) => version !== null)?.version ?? null,
    publishedAt,
    entities: reader.isTwice ? newestOfEach(sensors, noteTwice) : sensors,
    observations,
    ...(isNotification ? { removed } : {}),
    notices: notices.list(),
    follow: isNotification ? [] : pageAfter(part, feed, raw.length),
  });
}
