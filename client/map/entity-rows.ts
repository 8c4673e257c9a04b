/** The things of one kind as the list says them: what, where, since when, in which state; newest first. */

import type { Language } from "../../shared/city.ts";
import type { EntityRow } from "../../shared/entity-frame.ts";
import type { FeedStatusWord } from "../../shared/feed.ts";
import type { FieldValue } from "../../shared/kinds.ts";
import { formatNumber } from "../words/format-number.ts";
import { wordsIn, type WordKey } from "../words/words.ts";
import { isOnMap, lateAfterMs, staleAfterMs } from "./symbols.ts";

function textOf(value: FieldValue | undefined): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

function numberOf(value: FieldValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}

/** When the thing began or was last seen: what its age counts from. */
export function beganAt(row: EntityRow): number | null {
  const { callAt, requestedAt } = row.fields;
  return numberOf(callAt) ?? numberOf(requestedAt) ?? row.observedAt;
}

/** Open things, newest first; those without a time last, then by id so that the order stands still. */
export function newestFirst(rows: Iterable<EntityRow>, now: number | null): readonly EntityRow[] {
  return Array.from(rows)
    .filter((row) => row.position === null || isOnMap(row, now))
    .toSorted(
      (a, b) => (beganAt(b) ?? -Infinity) - (beganAt(a) ?? -Infinity) || a.id.localeCompare(b.id) || 0,
    );
}

/** What the thing is called: its name or type in the face's language, as far as its source wrote them in it, else the kind in words. */
export function titleOf({ kind, fields }: EntityRow, language: Language): string {
  const t = wordsIn(language);
  const route = textOf(fields["routeName"]);
  const named = [
    ...(language === "zh" ? [fields["headlineZh"], fields["headerTextZh"]] : []),
    fields["name"],
    fields["callType"],
    fields["serviceName"],
    fields["headline"],
    fields["headerText"],
    fields["event"],
    fields["unitType"],
    fields["eventType"],
  ]
    .map(textOf)
    .find((text) => text !== null);
  if (route !== null) {
    const label = textOf(fields["label"]);
    return label === null ? route : t("map.list.routeAndLabel", { route, label });
  }
  const type =
    situationTypes[textOf(fields["recordType"]) ?? ""] ?? deviceTypes[textOf(fields["deviceType"]) ?? ""];
  return named ?? textOf(fields["label"]) ?? t(type ?? `map.kinds.${kind}`);
}

/** Its address or area in the source's words, else coordinates, else that it has no place. */
export function placeOf({ fields, position }: EntityRow, language: Language): string {
  const areaZh = language === "zh" ? textOf(fields["areaDescZh"]) : null;
  const said = textOf(fields["address"]) ?? areaZh ?? textOf(fields["areaDesc"]);
  if (said !== null) return said;
  if (position === null) return wordsIn(language)("map.list.noPlace");
  return `${position[1].toFixed(4)}, ${position[0].toFixed(4)}`;
}

/** Its state in words: the source's status, what it has, how it runs, and what to doubt about it. */
export function stateOf(
  row: EntityRow,
  now: number | null,
  feed: FeedStatusWord,
  language: Language,
): string {
  const t = wordsIn(language);
  const { fields } = row;
  const figure = (value: number): string => formatNumber(value, 0, language);
  const parts: string[] = [];
  const bikes = numberOf(fields["numVehiclesAvailable"]);
  const docks = numberOf(fields["numDocksAvailable"]);
  if (bikes !== null) parts.push(t("map.list.bikes", { figure: figure(bikes) }));
  if (docks !== null) parts.push(t("map.list.docks", { figure: figure(docks) }));
  const priority = textOf(fields["priority"]);
  if (priority !== null) parts.push(t("map.list.priority", { priority }));
  const units = numberOf(fields["units"]);
  if (units !== null) parts.push(t("map.list.units", { figure: figure(units) }));
  const delay = numberOf(fields["delaySeconds"]);
  if (delay !== null) parts.push(delayInWords(delay, language));
  const type = situationTypes[textOf(fields["recordType"]) ?? ""];
  if (type !== undefined && textOf(fields["name"]) !== null) parts.push(t(type));
  const severity = situationSeverities[textOf(fields["severity"]) ?? ""];
  if (row.kind === "Situation" && severity !== undefined) parts.push(t(severity));
  const impact = impactWords[textOf(fields["vehicleImpact"]) ?? ""];
  if (impact !== undefined) parts.push(t(impact));
  parts.push(...deviceInWords(fields, t));
  const expectedAt = numberOf(fields["expectedAt"]);
  if (expectedAt !== null && now !== null && expectedAt < now) parts.push(t("map.list.overdue"));
  const value = numberOf(fields["value"]);
  if (value !== null) parts.push(formatNumber(value, 1, language));
  if (row.estimated) parts.push(t("map.list.estimated"));
  if (feed === "down") parts.push(t("map.list.feedDown"));
  else if (feed === "stale") parts.push(t("map.list.feedStale"));
  else if (row.kind === "VehiclePosition" && now !== null && row.observedAt !== null) {
    const ageMs = now - row.observedAt;
    if (ageMs > staleAfterMs) parts.push(t("map.list.silent"));
    else if (ageMs > lateAfterMs) parts.push(t("map.list.late"));
  }
  return parts.join(t("map.list.and"));
}

/** What a device is, where its name does not say it; what is wrong with it; what can be read on it. */
function deviceInWords(fields: EntityRow["fields"], t: ReturnType<typeof wordsIn>): string[] {
  const type = deviceTypes[textOf(fields["deviceType"]) ?? ""];
  const status = deviceStatuses[textOf(fields["deviceStatus"]) ?? ""];
  const message = textOf(fields["message"]);
  return [
    ...(type !== undefined && textOf(fields["name"]) !== null ? [t(type)] : []),
    ...(status === undefined ? [] : [t(status)]),
    ...(message === null ? [] : [t("map.device.message", { message })]),
  ];
}

/** WZDx `device_type`. */
const deviceTypes: Readonly<Record<string, WordKey>> = {
  "arrow-board": "map.device.type.arrowBoard",
  camera: "map.device.type.camera",
  "dynamic-message-sign": "map.device.type.dynamicMessageSign",
  "flashing-beacon": "map.device.type.flashingBeacon",
  "hybrid-sign": "map.device.type.hybridSign",
  "location-marker": "map.device.type.locationMarker",
  "traffic-sensor": "map.device.type.trafficSensor",
  "traffic-signal": "map.device.type.trafficSignal",
};

/** WZDx `device_status`; that it works is not said. */
const deviceStatuses: Readonly<Record<string, WordKey>> = {
  warning: "map.device.status.warning",
  error: "map.device.status.error",
  unknown: "map.device.status.unknown",
};

/** WZDx `vehicle_impact`, as far as the list has words for it. */
const impactWords: Readonly<Record<string, WordKey>> = {
  "all-lanes-closed": "map.list.allLanesClosed",
  "some-lanes-closed": "map.list.someLanesClosed",
  "all-lanes-open": "map.list.allLanesOpen",
  "alternating-one-way": "map.list.alternatingOneWay",
};

/** DATEX II types of situation records, as far as the list has words for them. */
const situationTypes: Readonly<Record<string, WordKey>> = {
  Accident: "map.situation.type.Accident",
  AbnormalTraffic: "map.situation.type.AbnormalTraffic",
  VehicleObstruction: "map.situation.type.VehicleObstruction",
  GeneralObstruction: "map.situation.type.GeneralObstruction",
  EnvironmentalObstruction: "map.situation.type.EnvironmentalObstruction",
  InfrastructureDamageObstruction: "map.situation.type.InfrastructureDamageObstruction",
  AnimalPresenceObstruction: "map.situation.type.AnimalPresenceObstruction",
  PoorEnvironmentConditions: "map.situation.type.PoorEnvironmentConditions",
  WeatherRelatedRoadConditions: "map.situation.type.WeatherRelatedRoadConditions",
  NonWeatherRelatedRoadConditions: "map.situation.type.NonWeatherRelatedRoadConditions",
  MaintenanceWorks: "map.situation.type.MaintenanceWorks",
  ConstructionWorks: "map.situation.type.ConstructionWorks",
  RoadOrCarriagewayOrLaneManagement: "map.situation.type.RoadOrCarriagewayOrLaneManagement",
  SpeedManagement: "map.situation.type.SpeedManagement",
  ReroutingManagement: "map.situation.type.ReroutingManagement",
  GeneralNetworkManagement: "map.situation.type.GeneralNetworkManagement",
  PublicEvent: "map.situation.type.PublicEvent",
  DisturbanceActivity: "map.situation.type.DisturbanceActivity",
  AuthorityOperation: "map.situation.type.AuthorityOperation",
  EquipmentOrSystemFault: "map.situation.type.EquipmentOrSystemFault",
  TransitInformation: "map.situation.type.TransitInformation",
};

/** DATEX II `severity`; what is none or unknown is not said. */
const situationSeverities: Readonly<Record<string, WordKey>> = {
  highest: "map.situation.severity.highest",
  high: "map.situation.severity.high",
  medium: "map.situation.severity.medium",
  low: "map.situation.severity.low",
  lowest: "map.situation.severity.lowest",
};

/** Within a minute of the timetable is on time; earlier and later in whole minutes. */
function delayInWords(seconds: number, language: Language): string {
  const t = wordsIn(language);
  const minutes = Math.trunc(seconds / 60);
  if (minutes === 0) return t("map.list.onTime");
  const figure = formatNumber(Math.abs(minutes), 0, language);
  return t(minutes > 0 ? "map.list.minutesLate" : "map.list.minutesEarly", { figure });
}
