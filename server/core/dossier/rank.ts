/** What of one kind matters more to whoever looks at a place: a larger number comes first. */

import type { Entity } from "../../../shared/entity.ts";
import type { FieldValue, Kind } from "../../../shared/kinds.ts";

type Said = Readonly<Record<string, FieldValue | undefined>>;

const capSeverities = ["Unknown", "Minor", "Moderate", "Severe", "Extreme"];
const situationSeverities = ["lowest", "low", "medium", "high", "highest"];
const vehicleImpacts = ["all-lanes-open", "alternating-one-way", "some-lanes-closed", "all-lanes-closed"];
const deviceStatuses = ["ok", "unknown", "warning", "error"];

/** Kinds without a rule of their own are in the order of their age, the newest first. */
const rules: Partial<Record<Kind, (said: Said, now: number) => number>> = {
  CapAlert: ({ severity }) => capSeverities.indexOf(String(severity)),
  // By priority, which counts down; of the same, who has waited longer.
  DispatchCall: ({ priority, callAt }, now) => -1e6 * (Number(priority) || 9) + secondsSince(callAt, now),
  Situation: ({ isActive, severity }) =>
    (isActive === true ? 10 : 0) + situationSeverities.indexOf(String(severity)),
  // In force before what is planned.
  WorkZone: ({ startsAt, vehicleImpact }, now) =>
    (secondsSince(startsAt, now) >= 0 ? 10 : 0) + vehicleImpacts.indexOf(String(vehicleImpact)),
  // Overdue by most first, then what is due soonest; without a promise, the oldest.
  ServiceRequest: ({ expectedAt, requestedAt }, now) =>
    typeof expectedAt === "number" ? secondsSince(expectedAt, now) : secondsSince(requestedAt, now) - 1e9,
  VehiclePosition: ({ delaySeconds }) => Math.abs(numberOf(delaySeconds)),
  StationStatus: ({ numVehiclesAvailable, numDocksAvailable }) =>
    -Math.min(numberOf(numVehiclesAvailable, 1e6), numberOf(numDocksAvailable, 1e6)),
  FieldDevice: ({ deviceStatus }) => deviceStatuses.indexOf(String(deviceStatus)),
  ServiceCounter: ({ waiting }) => numberOf(waiting),
  PublicService: ({ isAvailable }) => (isAvailable === false ? 1 : 0),
};

/** Pure; `now` is city time in epoch milliseconds. */
export function rankOf({ kind, fields, observedAt }: Entity, now: number): number {
  return rules[kind]?.(fields, now) ?? observedAt ?? -Infinity;
}

function numberOf(value: FieldValue | undefined, otherwise = 0): number {
  return typeof value === "number" ? value : otherwise;
}

function secondsSince(at: FieldValue | undefined, now: number): number {
  return typeof at === "number" ? (now - at) / 1000 : 0;
}
