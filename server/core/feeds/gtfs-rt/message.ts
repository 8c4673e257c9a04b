/**
 * A GTFS-Realtime message as either form of the body gives it, before it is judged. Presence is kept: a text that the
 * source left out is "", a number NaN, an enum `absent`; protobuf's defaults never stand in for data.
 */

import type { TakenRows } from "./stop-time-rows.ts";

export const absent = -1;

export interface FeedHeader {
  readonly version: string;
  /** 0 FULL_DATASET, 1 DIFFERENTIAL. */
  readonly incrementality: number;
  /** POSIX seconds. */
  readonly timestamp: number;
}

export interface TripDescriptor {
  tripId: string;
  routeId: string;
  startTime: string;
  startDate: string;
  directionId: number;
  scheduleRelationship: number;
}

export interface VehicleDescriptor {
  id: string;
  label: string;
}

export interface VehiclePositionMessage {
  trip: TripDescriptor | null;
  vehicle: VehicleDescriptor | null;
  hasPosition: boolean;
  latitude: number;
  longitude: number;
  bearing: number;
  speed: number;
  currentStopSequence: number;
  stopId: string;
  currentStatus: number;
  timestamp: number;
  congestionLevel: number;
  occupancyStatus: number;
  occupancyPercentage: number;
}

export interface TripUpdateMessage extends TakenRows {
  trip: TripDescriptor | null;
  vehicle: VehicleDescriptor | null;
  timestamp: number;
  delay: number;
  /** TripProperties of a DUPLICATED trip: what the copy is called and when it starts. */
  newTripId: string;
  newStartDate: string;
  newStartTime: string;
}

export interface Translation {
  readonly text: string;
  readonly language: string;
}

export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

export interface EntitySelector {
  readonly agencyId: string;
  readonly routeId: string;
  readonly routeType: number;
  readonly stopId: string;
  readonly trip: TripDescriptor | null;
}

export interface AlertMessage {
  activePeriods: TimeRange[];
  informedEntities: EntitySelector[];
  cause: number;
  effect: number;
  severityLevel: number;
  url: Translation[];
  headerText: Translation[];
}

export interface FeedEntityMessage {
  id: string;
  isDeleted: boolean;
  vehicle: VehiclePositionMessage | null;
  tripUpdate: TripUpdateMessage | null;
  alert: AlertMessage | null;
}

export function emptyTrip(): TripDescriptor {
  return {
    tripId: "",
    routeId: "",
    startTime: "",
    startDate: "",
    directionId: Number.NaN,
    scheduleRelationship: absent,
  };
}

export function emptyVehiclePosition(): VehiclePositionMessage {
  return {
    trip: null,
    vehicle: null,
    hasPosition: false,
    latitude: Number.NaN,
    longitude: Number.NaN,
    bearing: Number.NaN,
    speed: Number.NaN,
    currentStopSequence: Number.NaN,
    stopId: "",
    currentStatus: absent,
    timestamp: Number.NaN,
    congestionLevel: absent,
    occupancyStatus: absent,
    occupancyPercentage: Number.NaN,
  };
}

export function emptyAlert(): AlertMessage {
  return {
    activePeriods: [],
    informedEntities: [],
    cause: absent,
    effect: absent,
    severityLevel: absent,
    url: [],
    headerText: [],
  };
}

/** Names of enum values by number (gtfs-realtime.proto). */
export const enums = {
  incrementality: { 0: "FULL_DATASET", 1: "DIFFERENTIAL" },
  tripRelationship: {
    0: "SCHEDULED",
    1: "ADDED",
    2: "UNSCHEDULED",
    3: "CANCELED",
    5: "REPLACEMENT",
    6: "DUPLICATED",
    7: "DELETED",
    8: "NEW",
  },
  stopRelationship: { 0: "SCHEDULED", 1: "SKIPPED", 2: "NO_DATA", 3: "UNSCHEDULED" },
  vehicleStopStatus: { 0: "INCOMING_AT", 1: "STOPPED_AT", 2: "IN_TRANSIT_TO" },
  congestionLevel: {
    0: "UNKNOWN_CONGESTION_LEVEL",
    1: "RUNNING_SMOOTHLY",
    2: "STOP_AND_GO",
    3: "CONGESTION",
    4: "SEVERE_CONGESTION",
  },
  occupancyStatus: {
    0: "EMPTY",
    1: "MANY_SEATS_AVAILABLE",
    2: "FEW_SEATS_AVAILABLE",
    3: "STANDING_ROOM_ONLY",
    4: "CRUSHED_STANDING_ROOM_ONLY",
    5: "FULL",
    6: "NOT_ACCEPTING_PASSENGERS",
    7: "NO_DATA_AVAILABLE",
    8: "NOT_BOARDABLE",
  },
  cause: {
    1: "UNKNOWN_CAUSE",
    2: "OTHER_CAUSE",
    3: "TECHNICAL_PROBLEM",
    4: "STRIKE",
    5: "DEMONSTRATION",
    6: "ACCIDENT",
    7: "HOLIDAY",
    8: "WEATHER",
    9: "MAINTENANCE",
    10: "CONSTRUCTION",
    11: "POLICE_ACTIVITY",
    12: "MEDICAL_EMERGENCY",
    13: "SPECIAL_EVENT",
  },
  effect: {
    1: "NO_SERVICE",
    2: "REDUCED_SERVICE",
    3: "SIGNIFICANT_DELAYS",
    4: "DETOUR",
    5: "ADDITIONAL_SERVICE",
    6: "MODIFIED_SERVICE",
    7: "OTHER_EFFECT",
    8: "UNKNOWN_EFFECT",
    9: "STOP_MOVED",
    10: "NO_EFFECT",
    11: "ACCESSIBILITY_ISSUE",
  },
  severityLevel: { 1: "UNKNOWN_SEVERITY", 2: "INFO", 3: "WARNING", 4: "SEVERE" },
} as const satisfies Record<string, Readonly<Record<number, string>>>;

export type EnumName = keyof typeof enums;

/** The name of an enum value; `null` when it is absent or newer than we are. */
export function enumText(name: EnumName, value: number): string | null {
  const names: Readonly<Record<number, string>> = enums[name];
  return names[value] ?? null;
}

/** The number of an enum value's name, `absent` for one we do not know. */
export function enumNumber(name: EnumName, text: string): number {
  for (const [value, known] of Object.entries(enums[name])) if (known === text) return Number(value);
  return absent;
}
