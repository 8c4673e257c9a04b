/** DATEX II situation publications, 2.x and 3.x (docs.datex2.eu, EN 16157-3), and the location tables that place them. */

import { entityId } from "../../../../shared/entity.ts";
import { Notices } from "../../../../shared/notice.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import { quote, unreadable } from "../body.ts";
import type { Connector, ConnectorFeed, Failure, Part, Update } from "../connector.ts";
import { findElements, parseXml, type XmlElement } from "../xml.ts";
import { isTable, readTable } from "./location-table.ts";
import type { Datex2Options } from "./options.ts";
import { openContents } from "./publication.ts";
import { instantAt, type Reading } from "./reading.ts";
import { readSituations } from "./situation.ts";

export const datex2: Connector<Datex2Options> = {
  spec: "datex2",
  gives: (options) => options?.gives ?? ["Situation"],
  next: (feed) => (feed.url === null ? [] : [{ name: "body", url: feed.url }]),
  decode: (part, feed, receivedAt) =>
    isTable(part.bytes) ? decodeTable(part) : decodePublication(part, feed, receivedAt),
};

function decodeTable(part: Part): Result<Update, Failure> {
  const notices = new Notices();
  const read = readTable(part, notices);
  if (!read.ok) return read;
  const { table, counts } = read.value;
  return ok({
    mode: "full",
    scope: part.name,
    version: null,
    publishedAt: null,
    entities: [],
    observations: [],
    notices: notices.list(),
    speaksOf: [],
    lookups: { locations: table },
    rows: { ...counts },
  });
}

function decodePublication(
  part: Part,
  feed: ConnectorFeed<Datex2Options>,
  receivedAt: number,
): Result<Update, Failure> {
  const document = parseXml(part.name, part.bytes);
  if (!document.ok) return document;
  const { root, hasDoctype, unknownEntities } = document.value;
  const { zone, bounds, options } = feed;
  const notices = new Notices();
  const reading: Reading = {
    notices,
    receivedAt,
    zone,
    bounds,
    languages: options?.languages ?? ["en", "zh"],
  };
  if (hasDoctype || unknownEntities > 0)
    notices.add(
      "datex2-document-type",
      "warning",
      `a document type or ${unknownEntities} of its entities, expected none; they were not read`,
    );
  const contents = openContents(reading, root);
  if (!contents)
    return unreadable(part.name, "DATEX II: d2LogicalModel (2.x) or payload (3.x)", describe(root));
  const { publications, version, isByElement, closed } = contents;
  const { entities, gone } = readSituations(reading, publications, feed.id, isByElement);
  const mode = contents.isSilent ? "partial" : (options?.mode ?? contents.mode ?? "full");
  const isClosed = (id: string | null | undefined): boolean => closed.includes(id ?? "");
  const removed = [...gone, ...closed].map((id) => entityId(feed.id, "Situation", id));
  return ok({
    mode,
    scope: part.name,
    version,
    publishedAt: publishedAt(reading, publications),
    entities: entities.filter(({ sourceId, fields }) => !isClosed(sourceId) && !isClosed(fields.situationId)),
    ...(mode === "partial" ? { removed } : {}),
    observations: [],
    notices: notices.list(),
    speaksOf: ["Situation"],
  });
}

/** The newest `publicationTime` of several. */
function publishedAt(reading: Reading, publications: readonly XmlElement[]): number | null {
  const times = publications.flatMap(
    (publication) =>
      instantAt({ ...reading, label: "the publication" }, publication, "publicationTime") ?? [],
  );
  return times.length > 0 ? Math.max(...times.slice(0, 1_000)) : null;
}

/** A SOAP fault says why there is nothing. */
function describe(root: XmlElement): string {
  const reason = findElements(root, ({ name }) => name === "faultstring" || name === "Reason")[0];
  const text = reason && [reason.text, ...reason.children.map((child) => child.text)].join(" ").trim();
  return text ? `a SOAP fault: ${quote(text)}` : `<${root.name}>`;
}
