/** CAP 1.1 and 1.2, the Common Alerting Protocol (docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2.html). */

import { entityId, type EntityOf } from "../../../../shared/entity.ts";
import { Notices } from "../../../../shared/notice.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import { quote, unreadable } from "../body.ts";
import type { Connector, ConnectorFeed, Failure, Part, Update } from "../connector.ts";
import { parseXml, type XmlDocument } from "../xml.ts";
import { isoText } from "../instant.ts";
import { findCapVersion, openContainer, type Contents } from "./container.ts";
import { maxWarnings, readMessage, readWarnings, warningSourceId, type Message } from "./message.ts";
import type { CapOptions } from "./options.ts";
import { note, words, type Reading } from "./reading.ts";

const firstPart = "body";

export const cap: Connector<CapOptions> = {
  spec: "cap",
  gives: () => ["CapAlert"],
  next: (feed) => (feed.url === null ? [] : [{ name: firstPart, url: feed.url }]),
  decode,
};

function decode(part: Part, feed: ConnectorFeed<CapOptions>, receivedAt: number): Result<Update, Failure> {
  const document = parseXml(part.name, part.bytes);
  if (!document.ok) return document;
  const { root } = document.value;
  const reading: Reading = { notices: new Notices(), receivedAt, zone: feed.zone, bounds: feed.bounds };
  noteEntities(reading, document.value);
  const contents = openContainer(reading, root, part);
  if (!contents)
    return unreadable(
      part.name,
      "a CAP alert, an Atom or RSS feed, or an EDXL-DE envelope",
      `<${root.name}>`,
    );

  const messages = readMessages(reading, contents);
  // A message that an index still links to is as good a word as the index, however long ago it was sent.
  const isWholeFeed = contents.isBare && part.name === firstPart;
  const isDatedByChange = feed.options?.date === "changed";
  const standing = withoutReplaced(messages);
  const languages = feed.options?.languages ?? ["en", "zh"];
  const entities = standing.flatMap((message) => readWarnings(reading, message, feed.id, languages));
  noteAllExpired(reading, entities);
  const mode = feed.options?.mode ?? (contents.isBare ? "partial" : "full");
  return ok({
    mode,
    scope: part.name,
    version: contents.alerts.map(findCapVersion).find((version) => version !== null) ?? null,
    publishedAt: isWholeFeed ? (messages[0]?.sentAt ?? null) : isDatedByChange ? null : contents.publishedAt,
    entities,
    // An index that only links to messages leaves it to them: that it was read does not mean that they were.
    speaksOf: contents.links.length > 0 ? [] : ["CapAlert"],
    ...(mode === "partial" ? { removed: listReplaced(messages, feed.id) } : {}),
    observations: [],
    notices: reading.notices.list(),
    ...(contents.links.length > 0 ? { follow: contents.links } : {}),
  });
}

function noteEntities(reading: Reading, { hasDoctype, unknownEntities }: XmlDocument): void {
  if (hasDoctype)
    reading.notices.add(
      "cap-document-type",
      "warning",
      "the body has a document type, expected none; it was not read",
    );
  if (unknownEntities > 0)
    reading.notices.add(
      "cap-entity-left-out",
      "warning",
      "an entity reference of a document type was left out, expected plain text",
      unknownEntities,
    );
}

/** Every message that can be told from others, once. */
function readMessages(reading: Reading, contents: Contents): Message[] {
  const byKey = new Map<string, Message>();
  for (const element of contents.alerts) {
    if (findCapVersion(element) === null)
      reading.notices.add(
        "cap-unknown-version",
        "warning",
        () => `an alert's namespace is ${quote(element.uri)}, expected CAP 1.1 or 1.2`,
      );
    const message = readMessage(reading, element);
    if (!message) continue;
    if (byKey.has(message.key))
      reading.notices.add(
        "cap-duplicate",
        "warning",
        () => `${message.label} is there more than once, expected once`,
      );
    else byKey.set(message.key, applyEnvelope(reading, message, contents.status));
  }
  return Array.from(byKey.values());
}

/** What is sent as an exercise is one, whatever the alerts inside say. */
function applyEnvelope(reading: Reading, message: Message, envelopeStatus: string | null): Message {
  if (envelopeStatus === null || envelopeStatus === "Actual" || message.status !== "Actual") return message;
  note(
    reading,
    "cap-envelope-status",
    "warning",
    message.label,
    "distributionStatus",
    envelopeStatus,
    "Actual like the alert",
  );
  const known = words.status.find((word) => word === envelopeStatus);
  return { ...message, status: known ?? null };
}

/** The messages that stand: neither replaced nor cancelled by another of the body, in whatever order they come. */
function withoutReplaced(messages: readonly Message[]): Message[] {
  const replaced = new Set(messages.flatMap((message) => message.replaces));
  return messages.filter((message) => !replaced.has(message.key) && isWarning(message));
}

/** Cancels only end other messages; acknowledgements and errors are talk between systems. */
function isWarning({ msgType }: Message): boolean {
  return msgType !== "Cancel" && msgType !== "Ack" && msgType !== "Error";
}

/** Ids of all warnings that the replaced messages may have had. */
function listReplaced(messages: readonly Message[], feedId: string): string[] {
  const keys = new Set(messages.flatMap((message) => message.replaces));
  return Array.from(keys).flatMap((key) =>
    Array.from({ length: maxWarnings }, (_, at) => entityId(feedId, "CapAlert", warningSourceId(key, at))),
  );
}

function noteAllExpired(reading: Reading, entities: readonly EntityOf<"CapAlert">[]): void {
  const expired = entities.filter(({ fields }) => fields.expiresAt && fields.expiresAt <= reading.receivedAt);
  if (entities.length === 0 || expired.length < entities.length) return;
  const newest = Math.max(...expired.map(({ fields }) => fields.expiresAt ?? 0).slice(0, 10_000));
  reading.notices.add(
    "cap-all-expired",
    "warning",
    `all ${entities.length} warnings are over, the last since ${isoText(newest)}, expected one in force`,
  );
}
