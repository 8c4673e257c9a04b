/**
 * The closed list of entity kinds and their fields, spelled as the standards spell them in camelCase of the newest
 * version. Instants end in `At` (epoch milliseconds UTC), durations in `Seconds`.
 */

export type FieldType = "number" | "text" | "flag" | "at" | "texts";
type FieldValueOf<T extends FieldType> = T extends "number" | "at"
  ? number
  : T extends "text"
    ? string
    : T extends "flag"
      ? boolean
      : readonly string[];
export type FieldValue = number | string | boolean | readonly string[] | null;

/**
 * `sampled` kinds are measured again and again: the newest entity says how old the feed's knowledge is.
 * The others are kept lists (calls, requests, warnings), where silence may simply mean that nothing happened.
 */
interface KindSchema {
  readonly sampled: boolean;
  readonly fields: Readonly<Record<string, FieldType>>;
  /** Which fields travel to clients with the place, in column order. The rest stays on the server. */
  readonly columns: readonly string[];
}

const trip = {
  tripId: "text",
  routeId: "text",
  startDate: "text",
  startTime: "text",
  directionId: "number",
} as const;

export const kindSchemas = {
  /** GTFS-Realtime VehiclePosition. `delaySeconds` and `routeName` are joined from trip update and schedule. */
  VehiclePosition: {
    sampled: true,
    fields: {
      ...trip,
      vehicleId: "text",
      label: "text",
      scheduleRelationship: "text",
      bearing: "number",
      speed: "number",
      stopId: "text",
      currentStopSequence: "number",
      currentStatus: "text",
      occupancyStatus: "text",
      occupancyPercentage: "number",
      congestionLevel: "text",
      routeName: "text",
      delaySeconds: "number",
    },
    columns: ["bearing", "label", "routeName", "delaySeconds"],
  },
  /**
   * GTFS-Realtime TripUpdate. `delaySeconds` is the deviation at the next stop after propagation; `isRunning` whether
   * the trip is under way between its first departure and its last arrival; its headway that to the run ahead of it on
   * the same route and direction.
   */
  TripUpdate: {
    sampled: true,
    fields: {
      ...trip,
      vehicleId: "text",
      scheduleRelationship: "text",
      delaySeconds: "number",
      nextStopId: "text",
      nextStopSequence: "number",
      isRunning: "flag",
      routeName: "text",
      headwaySeconds: "number",
      scheduledHeadwaySeconds: "number",
      headwayPercent: "number",
    },
    columns: ["routeName", "delaySeconds", "scheduleRelationship", "headwayPercent"],
  },
  /** GTFS-Realtime Alert; `alert` alone is never ours. */
  ServiceAlert: {
    sampled: false,
    fields: {
      cause: "text",
      effect: "text",
      severityLevel: "text",
      headerText: "text",
      /** The header in Chinese, when the alert has one besides `headerText`. */
      headerTextZh: "text",
      url: "text",
      startsAt: "at",
      endsAt: "at",
      agencyIds: "texts",
      routeIds: "texts",
      tripIds: "texts",
      stopIds: "texts",
    },
    columns: ["headerText", "headerTextZh", "effect"],
  },
  Trip: { sampled: false, fields: trip, columns: [] },
  Stop: {
    sampled: false,
    fields: { name: "text", stopCode: "text", locationType: "text", parentStation: "text" },
    columns: ["name"],
  },
  Route: {
    sampled: false,
    fields: { agencyId: "text", shortName: "text", longName: "text", routeType: "number", color: "text" },
    columns: [],
  },
  /** GBFS station_information; `regionName` is joined from system_regions. */
  Station: {
    sampled: false,
    fields: {
      name: "text",
      shortName: "text",
      capacity: "number",
      regionId: "text",
      regionName: "text",
      isVirtualStation: "flag",
    },
    columns: ["name", "capacity"],
  },
  /** GBFS station_status; `name` and `capacity` are joined from the Station of the same id, and so is the place. */
  StationStatus: {
    sampled: true,
    fields: {
      name: "text",
      capacity: "number",
      numVehiclesAvailable: "number",
      numVehiclesDisabled: "number",
      numDocksAvailable: "number",
      numDocksDisabled: "number",
      isInstalled: "flag",
      isRenting: "flag",
      isReturning: "flag",
    },
    columns: ["name", "capacity", "numVehiclesAvailable", "numDocksAvailable"],
  },
  /** GBFS vehicle_status (2.x: free_bike_status). Ids rotate by design; `formFactor` is joined from vehicle_types. */
  Vehicle: {
    sampled: true,
    fields: {
      vehicleTypeId: "text",
      formFactor: "text",
      stationId: "text",
      isReserved: "flag",
      isDisabled: "flag",
      currentRangeMeters: "number",
      currentFuelPercent: "number",
    },
    columns: ["vehicleTypeId"],
  },
  /**
   * Open311 GeoReport v2 service request. Free text never enters: it names people. `isRepeat`: the same service was asked
   * for at the same place within the 30 days before.
   */
  ServiceRequest: {
    sampled: false,
    fields: {
      status: "text",
      serviceCode: "text",
      serviceName: "text",
      agencyResponsible: "text",
      source: "text",
      address: "text",
      requestedAt: "at",
      updatedAt: "at",
      expectedAt: "at",
      closedAt: "at",
      daysToCloseSeconds: "number",
      isRepeat: "flag",
    },
    columns: ["status", "serviceName", "address", "requestedAt", "expectedAt"],
  },
  /** One emergency call; its place is snapped to about 100 m at ingest. */
  DispatchCall: {
    sampled: false,
    fields: {
      status: "text",
      callType: "text",
      callTypeGroup: "text",
      priority: "text",
      disposition: "text",
      callAt: "at",
      dispatchedAt: "at",
      onSceneAt: "at",
      closedAt: "at",
      callToDispatchSeconds: "number",
      dispatchToSceneSeconds: "number",
      callToSceneSeconds: "number",
      units: "number",
    },
    columns: ["status", "callType", "priority", "callAt", "units"],
  },
  /** One unit sent to one call; busy until `availableAt`. */
  DispatchUnit: {
    sampled: false,
    fields: {
      status: "text",
      unitId: "text",
      unitType: "text",
      callId: "text",
      dispatchedAt: "at",
      onSceneAt: "at",
      availableAt: "at",
      dispatchToSceneSeconds: "number",
    },
    columns: ["status", "unitType"],
  },
  /** One CAP `<info>` block's warning in one language; areas are in the geometry. */
  CapAlert: {
    sampled: false,
    fields: {
      identifier: "text",
      sender: "text",
      status: "text",
      msgType: "text",
      scope: "text",
      categories: "texts",
      event: "text",
      urgency: "text",
      severity: "text",
      certainty: "text",
      headline: "text",
      /** Headline (else event) and area of the message's Chinese blocks, when the warning is read in another language. */
      headlineZh: "text",
      areaDescZh: "text",
      areaDesc: "text",
      language: "text",
      geocodes: "texts",
      sentAt: "at",
      effectiveAt: "at",
      onsetAt: "at",
      expiresAt: "at",
    },
    columns: ["headline", "headlineZh", "event", "severity", "areaDesc", "areaDescZh", "expiresAt", "status"],
  },
  /** WZDx road event: works, a detour or a restriction on one direction of a road. `lanesClosed` of all its `lanes`. */
  WorkZone: {
    sampled: false,
    fields: {
      name: "text",
      status: "text",
      eventType: "text",
      roadNames: "texts",
      direction: "text",
      vehicleImpact: "text",
      typesOfWork: "texts",
      restrictions: "texts",
      relatedRoadEvents: "texts",
      lanes: "number",
      lanesClosed: "number",
      reducedSpeedLimitKph: "number",
      areWorkersPresent: "flag",
      startsAt: "at",
      endsAt: "at",
    },
    columns: ["name", "status", "vehicleImpact", "startsAt", "endsAt"],
  },
  /**
   * WZDx field device: an arrow board, a camera, a sign, a beacon, a marker, a sensor or a signal of the road. `message` is
   * what those who pass can read; each type has its own further fields.
   */
  FieldDevice: {
    sampled: true,
    fields: {
      name: "text",
      deviceType: "text",
      deviceStatus: "text",
      statusMessages: "texts",
      roadNames: "texts",
      direction: "text",
      roadEventIds: "texts",
      hasAutomaticLocation: "flag",
      isMoving: "flag",
      message: "text",
      pattern: "text",
      isInTransportPosition: "flag",
      imageUrl: "text",
      imageAt: "at",
      function: "text",
      isFlashing: "flag",
      markedLocations: "texts",
      mode: "text",
      averageSpeedKph: "number",
      volumeVph: "number",
      occupancyPercent: "number",
      collectedFromAt: "at",
      collectedToAt: "at",
    },
    columns: ["name", "deviceType", "deviceStatus", "message"],
  },
  /**
   * DATEX II situation record: one of the happenings and measures of a situation. `isActive`: in force at the city's now
   * and for real, by `validityStatus`, its periods and the publication's `informationStatus`. `detailTypes` are the words
   * of the record type's own list (`accidentType`, `obstructionType` …); `capacityRemaining` is a percentage.
   */
  Situation: {
    sampled: false,
    fields: {
      name: "text",
      situationId: "text",
      version: "text",
      recordType: "text",
      detailTypes: "texts",
      severity: "text",
      probabilityOfOccurrence: "text",
      causeType: "text",
      validityStatus: "text",
      informationStatus: "text",
      confidentiality: "text",
      isActive: "flag",
      startsAt: "at",
      endsAt: "at",
      roadName: "text",
      roadNumber: "text",
      trafficConstrictionType: "text",
      numberOfLanesRestricted: "number",
      numberOfOperationalLanes: "number",
      originalNumberOfLanes: "number",
      capacityRemaining: "number",
      delaySeconds: "number",
      temporarySpeedLimitKph: "number",
    },
    columns: ["name", "recordType", "severity", "isActive", "startsAt", "endsAt"],
  },
  /** A measuring point or a published figure: one `property` (`electricity-demand-forecast`), one `value`. */
  Sensor: {
    sampled: true,
    fields: { name: "text", property: "text", value: "number", validFromAt: "at", validToAt: "at" },
    columns: ["name", "property", "value"],
  },
  /** One service at one office, or online, where nobody waits. `handledToday` counts business finished since midnight. */
  ServiceCounter: {
    sampled: true,
    fields: {
      name: "text",
      service: "text",
      channel: "text",
      handledToday: "number",
      satisfactionPercent: "number",
      waiting: "number",
      waitSeconds: "number",
      openCounters: "number",
      isOpen: "flag",
    },
    columns: ["name", "waiting", "waitSeconds"],
  },
  /** `source` is a keyed hash of an address; of the account that was tried only whether it exists is known. */
  SecurityEvent: {
    sampled: false,
    fields: {
      eventType: "text",
      outcome: "text",
      source: "text",
      target: "text",
      eventAt: "at",
      accountExists: "flag",
    },
    columns: [],
  },
  /**
   * An online service of the city's as a probe found it; `reason` says why it was not available, `certificateLeftSeconds`
   * how long its certificate was good for then.
   */
  PublicService: {
    sampled: true,
    fields: {
      name: "text",
      nameZh: "text",
      isAvailable: "flag",
      reason: "text",
      status: "number",
      responseSeconds: "number",
      certificateExpiresAt: "at",
      certificateLeftSeconds: "number",
    },
    columns: ["name", "nameZh", "isAvailable"],
  },
} as const satisfies Record<string, KindSchema>;

export type Kind = keyof typeof kindSchemas;
export const kinds = Object.keys(kindSchemas) as readonly Kind[];

/** Kinds whose single things could point at a household. Sums over them are for everybody. */
export const guardedKinds: ReadonlySet<Kind> = new Set(["DispatchCall", "DispatchUnit"]);

/** The fields of a kind; what the source did not say is absent or `null`, never 0 or "". */
export type Fields<K extends Kind> = {
  readonly [F in keyof (typeof kindSchemas)[K]["fields"]]?: FieldValueOf<
    (typeof kindSchemas)[K]["fields"][F] & FieldType
  > | null;
};

export function isKind(word: string): word is Kind {
  return Object.hasOwn(kindSchemas, word);
}

/** The declared type of a field, or `undefined` when the kind has no such field. */
export function findFieldType(kind: Kind, field: string): FieldType | undefined {
  const fields: Readonly<Record<string, FieldType>> = kindSchemas[kind].fields;
  return Object.hasOwn(fields, field) ? fields[field] : undefined;
}
