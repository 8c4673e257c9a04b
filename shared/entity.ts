import type { Geometry } from "geojson";
import type { Fields, Kind } from "./kinds.ts";
import type { StopTimeUpdates } from "./stop-time-updates.ts";

/** WGS 84 longitude and latitude in degrees, in GeoJSON's order (RFC 7946 §3.1.1). */
export type Position = readonly [lon: number, lat: number];

/** A thing in the city with an id and mostly a place. */
export interface EntityOf<K extends Kind> {
  /** `<feedId>/<kind>/<sourceId>`, percent-encoded; see `entityId`. */
  readonly id: string;
  readonly kind: K;
  readonly feedId: string;
  readonly sourceId: string;
  /** The source's own time for this very thing; `null` (with a notice) when it gives none. */
  readonly observedAt: number | null;
  readonly receivedAt: number;
  readonly position: Position | null;
  /** `estimated`: the place or a figure was inferred, not reported. */
  readonly quality: "good" | "estimated";
  /** Areas and lines (CAP polygons, work zones); points live in `position`. */
  readonly geometry?: Geometry;
  readonly fields: Fields<K>;
  /** GTFS-Realtime predictions of a TripUpdate. */
  readonly stopTimeUpdates?: StopTimeUpdates;
  /** When a Situation is in force between its start and its end, where that is not all the time. */
  readonly validity?: Validity;
  /** Where a Situation is, in the codes of a location table. */
  readonly alertC?: readonly AlertCLocation[];
}

export type Entity = { [K in Kind]: EntityOf<K> }[Kind];

/** In force in any of the periods if there are some, but in no exception (DATEX II, OverallPeriod). */
export interface Validity {
  readonly periods: readonly Period[];
  readonly exceptions: readonly Period[];
}

/** A stretch of time, or what recurs in it. Empty lists mean every day, every month, the whole day. */
export interface Period {
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  /** 1 is Monday, 7 Sunday. */
  readonly weekdays: readonly number[];
  /** 1 is January. */
  readonly months: readonly number[];
  readonly times: readonly TimeOfDay[];
}

/** Seconds since midnight; an end that is not after its start is on the next day. */
export interface TimeOfDay {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** East of UTC; `null`: the city's own time. */
  readonly offsetMinutes: number | null;
}

/** A location by the codes of a TMC location table (EN ISO 14819-3), as DATEX II refers to it. */
export interface AlertCLocation {
  readonly tableNumber: number | null;
  /** `point` and `linear` by points of the table, `line` by a whole line, `area` by an area. */
  readonly type: "point" | "linear" | "line" | "area";
  readonly primary: AlertCPoint;
  readonly secondary: AlertCPoint | null;
}

export interface AlertCPoint {
  readonly code: number;
  /** How far from the point towards the other one the location really ends. */
  readonly offsetMetres: number;
}

/** One measured value of one thing at one time. */
export interface Observation {
  readonly entityId: string;
  readonly property: string;
  readonly value: number;
  readonly observedAt: number;
  readonly receivedAt: number;
}

/** `<feedId>/<kind>/<sourceId>`, each part percent-encoded, so that an id is one clean path. */
export function entityId(feedId: string, kind: Kind, sourceId: string): string {
  return `${encodeURIComponent(feedId)}/${kind}/${encodeURIComponent(sourceId)}`;
}

/** The feed that an entity id names. */
export function feedOfEntityId(id: string): string {
  return decodeURIComponent(id.slice(0, Math.max(id.indexOf("/"), 0)));
}
