/** One situation record as a thing in the city. */

import { entityId, type EntityOf } from "../../../../shared/entity.ts";
import { clockSkewMs, isoText } from "../instant.ts";
import { collapse, type XmlElement } from "../xml.ts";
import { readPlace, readRoad } from "./location.ts";
import {
  childrenNamed,
  findChild,
  instantAt,
  isDatex,
  multilingualIn,
  note,
  numberAt,
  textAt,
  typeOf,
  wordOf,
  type RecordReading,
} from "./reading.ts";
import { readValidity } from "./validity.ts";

type Situation = EntityOf<"Situation">;

/** What a situation says of all its records. */
export interface SituationHead {
  readonly situationId: string;
  readonly version: string | null;
  readonly severity: string | null;
  readonly informationStatus: string | null;
  readonly confidentiality: string | null;
}

/** The element in which each type of record says what exactly it is; a record has those of its own type alone. */
const detailNames: ReadonlySet<string> = new Set([
  "abnormalTrafficType",
  "accidentType",
  "animalPresenceType",
  "authorityOperationType",
  "carParkStatus",
  "constructionWorkType",
  "disturbanceActivityType",
  "drivingConditionType",
  "environmentalObstructionType",
  "equipmentOrSystemFaultType",
  "generalInstructionToRoadUsersType",
  "generalNetworkManagementType",
  "infrastructureDamageType",
  "nonWeatherRelatedRoadConditionType",
  "obstructionType",
  "poorEnvironmentType",
  "publicEventType",
  "reroutingManagementType",
  "roadMaintenanceType",
  "roadOperatorServiceDisruptionType",
  "roadOrCarriagewayOrLaneManagementType",
  "roadsideAssistanceType",
  "roadsideServiceDisruptionType",
  "speedManagementType",
  "transitServiceInformation",
  "vehicleObstructionType",
  "weatherRelatedRoadConditionType",
  "winterEquipmentManagementType",
]);

/** Longer names do not fit anywhere. */
const longestName = 120;
/** An e-mail address or a telephone number: a comment may end with whom to ask, and people's data never enters. */
const contact = /@|\d[\d ()/-]{6,}\d/;

/** Ended and cancelled by its own word, or beyond the filter that the subscriber asked for. */
export function isOver(record: XmlElement): boolean {
  const says = (group: string, flag: string): boolean => textAt(record, "management", group, flag) === "true";
  return (
    says("lifeCycleManagement", "end") ||
    says("lifeCycleManagement", "cancel") ||
    says("filterExitManagement", "filterEnd") ||
    says("filterExitManagement", "filterOutOfRange")
  );
}

/** When the supplier last said something about the record. */
export function versionTimeOf(reading: RecordReading, record: XmlElement): number | null {
  return (
    instantAt(reading, record, "situationRecordVersionTime") ??
    instantAt(reading, record, "situationRecordCreationTime")
  );
}

export function readRecord(
  reading: RecordReading,
  {
    element,
    id,
    versionAt,
  }: { readonly element: XmlElement; readonly id: string; readonly versionAt: number | null },
  head: SituationHead,
  feedId: string,
): Situation {
  const { geometry, alertC, ...place } = readPlace(reading, element);
  const written = findChild(element, "validity");
  const validity = written && readValidity(reading, written);
  return {
    id: entityId(feedId, "Situation", id),
    kind: "Situation",
    feedId,
    sourceId: id,
    observedAt: believable(reading, versionAt),
    receivedAt: reading.receivedAt,
    ...place,
    ...(geometry ? { geometry } : {}),
    ...(validity ? { validity } : {}),
    ...(alertC.length > 0 ? { alertC } : {}),
    fields: readFields(reading, element, head),
  };
}

function readFields(reading: RecordReading, record: XmlElement, head: SituationHead): Situation["fields"] {
  const recordType = typeOf(record);
  if (recordType === null)
    note(reading, "datex2-no-type", "warning", "xsi:type", null, "the type of the situationRecord");
  const road = readRoad(reading, record);
  const startsAt = instantAt(reading, record, "validity", "validityTimeSpecification", "overallStartTime");
  const endsAt = instantAt(reading, record, "validity", "validityTimeSpecification", "overallEndTime");
  if (startsAt !== null && endsAt !== null && endsAt < startsAt)
    note(
      reading,
      "datex2-time-order",
      "warning",
      "overallEndTime",
      isoText(endsAt),
      `not before ${isoText(startsAt)}`,
    );
  const impact = findChild(record, "impact");
  return {
    name: commentOf(reading, record) ?? road.roadName ?? road.roadNumber,
    situationId: head.situationId,
    version: record.attributes.get("version") ?? head.version,
    recordType,
    detailTypes: detailsOf(record),
    severity: textAt(record, "severity") ?? head.severity,
    probabilityOfOccurrence: textAt(record, "probabilityOfOccurrence"),
    causeType: textAt(record, "cause", "causeType"),
    validityStatus: textAt(record, "validity", "validityStatus"),
    informationStatus: head.informationStatus,
    confidentiality: textAt(record, "confidentialityOverride") ?? head.confidentiality,
    startsAt,
    endsAt,
    ...road,
    temporarySpeedLimitKph: numberAt(record, "temporarySpeedLimit"),
    ...(impact ? impactOf(impact) : {}),
  };
}

function detailsOf(record: XmlElement): string[] {
  const extensions = record.children.filter(({ name }) => name.endsWith("Extension"));
  return [record, ...extensions].flatMap(({ children }) =>
    children
      .filter((child) => detailNames.has(child.name) && isDatex(child))
      .flatMap((child) => wordOf(child) ?? []),
  );
}

function impactOf(impact: XmlElement): Situation["fields"] {
  return {
    trafficConstrictionType: textAt(impact, "trafficConstrictionType"),
    numberOfLanesRestricted: numberAt(impact, "numberOfLanesRestricted"),
    numberOfOperationalLanes: numberAt(impact, "numberOfOperationalLanes"),
    originalNumberOfLanes: numberAt(impact, "originalNumberOfLanes"),
    capacityRemaining: numberAt(impact, "capacityRemaining"),
    delaySeconds: numberAt(impact, "delays", "delayTimeValue"),
  };
}

/** The first line of the first public comment, which publishers write like a headline. */
function commentOf(reading: RecordReading, record: XmlElement): string | null {
  for (const comment of childrenNamed(record, "generalPublicComment")) {
    const text = findChild(comment, "comment");
    const line =
      text &&
      multilingualIn(reading, text)
        .trim()
        .split(/[\r\n]/)[0];
    const name = line ? collapse(line) : null;
    if (name !== null && !contact.test(name))
      return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
  }
  return null;
}

function believable(reading: RecordReading, at: number | null): number | null {
  if (at === null) {
    note(
      reading,
      "datex2-no-time",
      "warning",
      "situationRecordVersionTime",
      null,
      "the time of the record's word",
    );
    return null;
  }
  if (at <= reading.receivedAt + clockSkewMs) return at;
  note(
    reading,
    "datex2-future",
    "warning",
    "situationRecordVersionTime",
    isoText(at),
    `no time after ${isoText(reading.receivedAt)}`,
  );
  return null;
}
