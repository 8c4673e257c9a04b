/** What a figure's groups are called together, in a heading such as “Most by district”. Pure. */

import type { WordKey } from "../words/words.ts";

const wordsOf: Readonly<Record<string, WordKey>> = {
  department: "faces.wall.by.department",
  agencyResponsible: "faces.wall.by.department",
  feed: "faces.wall.by.feed",
  routeId: "faces.wall.by.line",
  routeName: "faces.wall.by.line",
  name: "faces.wall.by.name",
  regionName: "faces.wall.by.region",
  roadName: "faces.wall.by.road",
  roadNumber: "faces.wall.by.road",
  direction: "faces.wall.by.direction",
  service: "faces.wall.by.service",
  serviceCode: "faces.wall.by.service",
  serviceName: "faces.wall.by.service",
  channel: "faces.wall.by.channel",
  source: "faces.wall.by.source",
  target: "faces.wall.by.target",
  status: "faces.wall.by.status",
  currentStatus: "faces.wall.by.status",
  deviceStatus: "faces.wall.by.status",
  priority: "faces.wall.by.priority",
  severity: "faces.wall.by.severity",
  severityLevel: "faces.wall.by.severity",
  urgency: "faces.wall.by.urgency",
  certainty: "faces.wall.by.certainty",
  cause: "faces.wall.by.cause",
  causeType: "faces.wall.by.cause",
  effect: "faces.wall.by.effect",
  vehicleImpact: "faces.wall.by.effect",
  reason: "faces.wall.by.reason",
  outcome: "faces.wall.by.outcome",
  disposition: "faces.wall.by.outcome",
  property: "faces.wall.by.property",
  callType: "faces.wall.by.kind",
  callTypeGroup: "faces.wall.by.kind",
  deviceType: "faces.wall.by.kind",
  event: "faces.wall.by.kind",
  eventType: "faces.wall.by.kind",
  formFactor: "faces.wall.by.kind",
  recordType: "faces.wall.by.kind",
  unitType: "faces.wall.by.kind",
};

/** The words for `department`, `feed` or a field; `null` for a field that is seldom grouped by and has none. */
export function groupingWords(by: string): WordKey | null {
  return Object.hasOwn(wordsOf, by) ? wordsOf[by]! : null;
}

/** A field's own name as words: `trafficConstrictionType` is “traffic constriction type”. */
export function fieldInLetters(field: string): string {
  return field.replaceAll(/(?=[A-Z])/g, " ").toLowerCase();
}
