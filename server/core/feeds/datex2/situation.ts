/**
 * Situations and their records in their newest versions. What is referred to is (id, version), and a version is a number
 * or a time, as each publisher likes; a situation in its newest version is told whole, so its older versions count no more.
 */

import type { EntityOf } from "../../../../shared/entity.ts";
import { quote } from "../body.ts";
import { parseRfc3339 } from "../instant.ts";
import type { XmlElement } from "../xml.ts";
import { refersToPlace } from "./location.ts";
import { isOver, readRecord, versionTimeOf, type SituationHead } from "./record.ts";
import { childrenNamed, instantAt, textAt, type Reading, type RecordReading } from "./reading.ts";

export interface Standing {
  readonly entities: readonly EntityOf<"Situation">[];
  /** Ids of the records that the publications speak of and that are over or replaced. */
  readonly gone: readonly string[];
}

/** One word about a record. */
interface Told {
  readonly element: XmlElement;
  readonly reading: RecordReading;
  readonly head: SituationHead;
  readonly id: string;
  readonly version: string | null;
  readonly versionAt: number | null;
}

/** The records of all publications that stand; `isByElement`: a newer version of a situation tells only what changed. */
export function readSituations(
  reading: Reading,
  publications: readonly XmlElement[],
  feedId: string,
  isByElement: boolean,
): Standing {
  const told = publications
    .flatMap((publication) => childrenNamed(publication, "situation"))
    .flatMap((situation) => readSituation(reading, situation));
  const newest = newestRecords(reading, isByElement ? told : newestSituations(reading, told));
  const standing = newest.filter((record) => !noteIfOver(reading, record));
  const entities = standing.map((record) => readRecord(record.reading, record, record.head, feedId));
  const unplaced = new Set(standing.filter(({ element }) => !refersToPlace(element)).map(({ id }) => id));
  const ids = new Set(standing.map(({ id }) => id));
  const gone = [...new Set(told.map(({ id }) => id))].filter((id) => !ids.has(id));
  return { entities: withPlaces(reading, entities, unplaced), gone };
}

function readSituation(reading: Reading, situation: XmlElement): Told[] {
  const records = childrenNamed(situation, "situationRecord");
  const situationId = situation.attributes.get("id")?.trim() ?? "";
  if (situationId === "")
    reading.notices.add("datex2-no-id", "error", "a situation has no id, expected one; its records are kept");
  const head: SituationHead = {
    situationId,
    version: situation.attributes.get("version") ?? null,
    severity: textAt(situation, "overallSeverity"),
    informationStatus: textAt(situation, "headerInformation", "informationStatus"),
    confidentiality: textAt(situation, "headerInformation", "confidentiality"),
  };
  const situationAt = instantAt(
    { ...reading, label: `situation ${quote(situationId)}` },
    situation,
    "situationVersionTime",
  );
  return records.flatMap((element): Told[] => {
    const id = element.attributes.get("id")?.trim() ?? "";
    if (id === "") {
      reading.notices.add(
        "datex2-no-id",
        "error",
        () => `a record of situation ${quote(situationId)} has no id, expected one; it is left out`,
      );
      return [];
    }
    const ofRecord = { ...reading, label: `record ${quote(id)}` };
    const versionAt = versionTimeOf(ofRecord, element) ?? situationAt;
    const version = element.attributes.get("version") ?? null;
    return [{ element, reading: ofRecord, head, id, version, versionAt }];
  });
}

/** Without the records of situations that stand there in a newer version. */
function newestSituations(reading: Reading, told: readonly Told[]): readonly Told[] {
  const newest = new Map<string, Told>();
  for (const record of told) {
    const known = newest.get(record.head.situationId);
    if (!known || compareVersions(record.head.version, known.head.version) > 0)
      newest.set(record.head.situationId, record);
  }
  return told.filter((record) => {
    const { head } = newest.get(record.head.situationId)!;
    const stands = head.situationId === "" || compareVersions(record.head.version, head.version) >= 0;
    if (!stands) noteReplaced(reading, record, `version ${quote(head.version)} of its situation`);
    return stands;
  });
}

/** One word per record: the highest version, of equal ones the later, then the one further down. */
function newestRecords(reading: Reading, told: readonly Told[]): readonly Told[] {
  const newest = new Map<string, Told>();
  for (const record of told) {
    const known = newest.get(record.id);
    const isOlder = known !== undefined && compareTold(record, known) < 0;
    if (known)
      noteReplaced(reading, isOlder ? record : known, `version ${quote((isOlder ? known : record).version)}`);
    if (!isOlder) newest.set(record.id, record);
  }
  return [...newest.values()];
}

function compareTold(a: Told, b: Told): number {
  return compareVersions(a.version, b.version) || (a.versionAt ?? 0) - (b.versionAt ?? 0);
}

/** Numbers as numbers, times as times; what is neither cannot be told apart. */
export function compareVersions(a: string | null, b: string | null): number {
  if (a === null || b === null || a === b) return 0;
  if (/^\d{1,15}$/.test(a) && /^\d{1,15}$/.test(b)) return Number(a) - Number(b);
  const [atA, atB] = [parseRfc3339(a), parseRfc3339(b)];
  return atA === null || atB === null ? 0 : atA - atB;
}

function noteReplaced({ notices }: Reading, { id, version }: Told, by: string): void {
  notices.add(
    "datex2-replaced",
    "info",
    () => `record ${quote(id)} version ${quote(version)}: replaced by ${by}; the newest counts`,
  );
}

function noteIfOver({ notices }: Reading, { id, element }: Told): boolean {
  if (!isOver(element)) return false;
  notices.add(
    "datex2-ended",
    "info",
    () => `record ${quote(id)}: ended or cancelled by its own word; it is left out`,
  );
  return true;
}

/**
 * A record whose own location reference is empty is where its situation is: publishers write the place once. An estimate,
 * because the standard asks only that the places of a situation's records have to do with each other.
 */
function withPlaces(
  { notices }: Reading,
  entities: readonly EntityOf<"Situation">[],
  unplaced: ReadonlySet<string>,
): EntityOf<"Situation">[] {
  const placed = new Map<string, EntityOf<"Situation">>();
  for (const entity of entities) {
    const { situationId } = entity.fields;
    const isPlaced = entity.position !== null || entity.alertC !== undefined;
    if (situationId && isPlaced && !placed.has(situationId)) placed.set(situationId, entity);
  }
  return entities.map((entity) => {
    const other = unplaced.has(entity.sourceId) ? placed.get(entity.fields.situationId ?? "") : undefined;
    if (!other) return entity;
    notices.add(
      "datex2-place-of-situation",
      "info",
      () =>
        `record ${quote(entity.sourceId)}: no place of its own; that of record ${quote(other.sourceId)} stands in`,
    );
    const { position, geometry, alertC } = other;
    return {
      ...entity,
      position,
      quality: "estimated",
      ...(geometry ? { geometry } : {}),
      ...(alertC ? { alertC } : {}),
    };
  });
}
