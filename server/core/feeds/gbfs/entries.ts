/** From entries of GBFS files to entities. Older member names are mapped to those of 3.0. */

import { entityId, type Entity, type EntityOf } from "../../../../shared/entity.ts";
import type { Fields, Kind } from "../../../../shared/kinds.ts";
import { isObject, quote, type JsonObject } from "../body.ts";
import { isoText } from "../instant.ts";
import type { GbfsFile } from "./file.ts";
import {
  note,
  readAmount,
  readFlag,
  readId,
  readInstant,
  readPlace,
  readText,
  type Reading,
} from "./members.ts";
import type { ReadFile } from "./options.ts";

/** What the readers of all four files are given. */
interface Source {
  readonly feedId: string;
  readonly reading: Reading;
  readonly publishedAt: number | null;
}

type EntryReader = (source: Source, entry: JsonObject) => Entity | null;

const readers: Readonly<Record<ReadFile, { readonly lists: readonly string[]; readonly read: EntryReader }>> =
  {
    station_information: { lists: ["stations"], read: readStation },
    station_status: { lists: ["stations"], read: readStationStatus },
    vehicle_status: { lists: ["vehicles", "bikes"], read: readVehicle },
    system_alerts: { lists: ["alerts"], read: readServiceAlert },
  };

const lateSeconds = 300;
const silentSeconds = 3600;

/** The entities of a file, one per id; `null` when the list that the file exists for is missing. */
export function readEntities(file: GbfsFile & { readonly name: ReadFile }, feedId: string): Entity[] | null {
  const { lists, read } = readers[file.name];
  const entries = lists.map((list) => file.data[list]).find((list) => Array.isArray(list));
  if (entries === undefined) return null;
  const source = { feedId, reading: file.reading, publishedAt: file.publishedAt };
  const byId = new Map<string, Entity>();
  for (const entry of entries as readonly unknown[]) {
    if (!isObject(entry)) {
      file.reading.notices.add(
        "gbfs-bad-entry",
        "error",
        () => `${file.name}: an entry is ${quote(entry)}, expected an object`,
      );
      continue;
    }
    const entity = read(source, entry);
    if (entity) keepNewest(byId, entity, file.reading);
  }
  return Array.from(byId.values());
}

function keepNewest(byId: Map<string, Entity>, entity: Entity, reading: Reading): void {
  const known = byId.get(entity.id);
  if (known) {
    reading.notices.add(
      "gbfs-duplicate-id",
      "error",
      () =>
        `${reading.file}: ${quote(entity.sourceId)} is there more than once, expected once; the newest is kept`,
    );
    if ((known.observedAt ?? -Infinity) >= (entity.observedAt ?? -Infinity)) return;
  }
  byId.set(entity.id, entity);
}

function build<K extends Kind>(
  source: Source,
  kind: K,
  sourceId: string,
  observedAt: number | null,
  position: EntityOf<K>["position"],
  fields: Fields<K>,
): EntityOf<K> {
  const { feedId, reading } = source;
  const id = entityId(feedId, kind, sourceId);
  return {
    id,
    kind,
    feedId,
    sourceId,
    observedAt,
    receivedAt: reading.receivedAt,
    position,
    quality: "good",
    fields,
  };
}

/** The first of the names that is an id, or `null` with the notice of a lost entry. */
function requireId(
  reading: Reading,
  entry: JsonObject,
  ...names: readonly [string, ...string[]]
): string | null {
  for (const name of names) {
    const id = readId(reading, entry, name);
    if (id !== null) return id;
  }
  note(reading, "gbfs-no-id", "error", "entry", names[0], entry[names[0]], "an id; the entry is left out");
  return null;
}

/** The 3.0 member when it is there, else the one of 1.x and 2.x. */
function readRenamed(
  reading: Reading,
  entry: JsonObject,
  newest: string,
  older: string,
  id: string,
): number | null {
  return readAmount(reading, entry, newest in entry ? newest : older, id);
}

function readStation(source: Source, entry: JsonObject): Entity | null {
  const { reading } = source;
  const id = requireId(reading, entry, "station_id");
  if (id === null) return null;
  const label = `station ${quote(id)}`;
  return build(source, "Station", id, null, readPlace(reading, entry, label), {
    name: readText(reading, entry, "name"),
    shortName: readText(reading, entry, "short_name"),
    capacity: readAmount(reading, entry, "capacity", label),
    regionId: readId(reading, entry, "region_id"),
    isVirtualStation: readFlag(reading, entry, "is_virtual_station", label),
  });
}

function readStationStatus(source: Source, entry: JsonObject): Entity | null {
  const { reading } = source;
  const id = requireId(reading, entry, "station_id");
  if (id === null) return null;
  const label = `station ${quote(id)}`;
  const observedAt = readReport(source, entry, label);
  return build(source, "StationStatus", id, observedAt, null, {
    numVehiclesAvailable: readRenamed(reading, entry, "num_vehicles_available", "num_bikes_available", label),
    numVehiclesDisabled: readRenamed(reading, entry, "num_vehicles_disabled", "num_bikes_disabled", label),
    numDocksAvailable: readAmount(reading, entry, "num_docks_available", label),
    numDocksDisabled: readAmount(reading, entry, "num_docks_disabled", label),
    isInstalled: readFlag(reading, entry, "is_installed", label),
    isRenting: readFlag(reading, entry, "is_renting", label),
    isReturning: readFlag(reading, entry, "is_returning", label),
  });
}

function readVehicle(source: Source, entry: JsonObject): Entity | null {
  const { reading } = source;
  const id = requireId(reading, entry, "vehicle_id", "bike_id");
  if (id === null) return null;
  const label = `vehicle ${quote(id)}`;
  const observedAt = readReport(source, entry, label);
  const stationId = readId(reading, entry, "station_id");
  const isDocked = stationId !== null && entry["lat"] === undefined && entry["lon"] === undefined;
  const position = isDocked ? null : readPlace(reading, entry, label);
  return build(source, "Vehicle", id, observedAt, position, {
    vehicleTypeId: readId(reading, entry, "vehicle_type_id"),
    stationId,
    isReserved: readFlag(reading, entry, "is_reserved", label),
    isDisabled: readFlag(reading, entry, "is_disabled", label),
    currentRangeMeters: readAmount(reading, entry, "current_range_meters", label),
    currentFuelPercent: readFuelPercent(reading, entry, label),
  });
}

/** The standard's fraction of 0 to 1 as our percent of 0 to 100. */
function readFuelPercent(reading: Reading, entry: JsonObject, label: string): number | null {
  const fraction = readAmount(reading, entry, "current_fuel_percent", label);
  if (fraction === null || fraction <= 1) return fraction === null ? null : fraction * 100;
  note(reading, "gbfs-bad-number", "error", label, "current_fuel_percent", fraction, "a fraction of 0 to 1");
  return null;
}

/** `last_reported` of the station or vehicle itself; late ones count, with a notice. */
function readReport(source: Source, entry: JsonObject, label: string): number | null {
  const { reading, publishedAt } = source;
  const at = readInstant(reading, entry, "last_reported", label);
  if (at === null) {
    if (entry["last_reported"] === undefined)
      note(
        reading,
        "gbfs-no-report-time",
        "info",
        label,
        "last_reported",
        undefined,
        "the time of its last report",
      );
    return null;
  }
  const ageSeconds = ((publishedAt ?? reading.receivedAt) - at) / 1000;
  if (ageSeconds > lateSeconds) {
    const [code, severity] =
      ageSeconds > silentSeconds
        ? (["gbfs-report-silent", "warning"] as const)
        : (["gbfs-report-late", "info"] as const);
    const limit = ageSeconds > silentSeconds ? "an hour" : "5 minutes";
    note(reading, code, severity, label, "last_reported", isoText(at), `at most ${limit} before the file`);
  }
  return at;
}

/** GBFS alert types in the words of GTFS-Realtime's effects, so that one indicator reads both. */
const effects: Readonly<Record<string, string>> = {
  system_closure: "NO_SERVICE",
  station_closure: "NO_SERVICE",
  station_move: "STOP_MOVED",
  other: "OTHER_EFFECT",
};

function readServiceAlert(source: Source, entry: JsonObject): Entity | null {
  const { reading } = source;
  const id = requireId(reading, entry, "alert_id");
  if (id === null) return null;
  const label = `alert ${quote(id)}`;
  const type = typeof entry["type"] === "string" ? entry["type"].toLowerCase() : "";
  const effect = Object.hasOwn(effects, type) ? effects[type] : null;
  if (!effect)
    note(
      reading,
      "gbfs-unknown-alert-type",
      "warning",
      label,
      "type",
      entry["type"],
      Object.keys(effects).join(", "),
    );
  const stationIds = entry["station_ids"];
  return build(source, "ServiceAlert", id, readInstant(reading, entry, "last_updated", label), null, {
    effect: effect ?? "UNKNOWN_EFFECT",
    headerText: readText(reading, entry, "summary") ?? readText(reading, entry, "description"),
    url: readText(reading, entry, "url"),
    ...readPeriod(reading, entry, label),
    stopIds: Array.isArray(stationIds) ? stationIds.filter((one) => typeof one === "string") : null,
  });
}

/** The period in force or the next one, when the alert has several; the last when all are over. */
function readPeriod(
  reading: Reading,
  entry: JsonObject,
  label: string,
): { startsAt: number | null; endsAt: number | null } {
  const periods = Array.isArray(entry["times"]) ? entry["times"].filter(isObject) : [];
  // An alert may well speak of the future.
  const anyTime = { ...reading, receivedAt: 8.64e15 };
  const times = periods
    .slice(0, 100)
    .map((period) => ({
      startsAt: readInstant(anyTime, period, "start", label),
      endsAt: readInstant(anyTime, period, "end", label),
    }));
  const current = times.find((time) => time.endsAt === null || time.endsAt > reading.receivedAt);
  return current ?? times.at(-1) ?? { startsAt: null, endsAt: null };
}
