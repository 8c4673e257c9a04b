import type { Geometry } from "geojson";
import type { Fields, Kind } from "./kinds.ts";
import type { AlertCLocation, Validity } from "./situation.ts";
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

/** One measured value of one thing at one time. */
export interface Observation {
  readonly entityId: string;
  readonly property: string;
  readonly value: number;
  readonly observedAt: number;
  readonly receivedAt: number;
}

/**
 * `<feedId>/<kind>/<sourceId>`, each part percent-encoded, so that an id is one clean path. Half a surrogate pair, which
 * JSON can write and percent-encoding cannot, becomes U+FFFD.
 */
export function entityId(feedId: string, kind: Kind, sourceId: string): string {
  return entityIds(feedId, kind)(sourceId);
}

/** `entityId` made ready for many things of one feed and kind. */
export function entityIds(feedId: string, kind: Kind): (sourceId: string) => string {
  const prefix = `${encoded(feedId)}/${kind}/`;
  return (sourceId) => prefix + encoded(sourceId);
}

/** Of these characters most ids are, and there is nothing to encode in them. */
const plain = /^[\w.~-]*$/;

function encoded(text: string): string {
  return plain.test(text) ? text : encodeURIComponent(text.toWellFormed());
}

/** The kind that an entity id names. */
export function kindOfEntityId(id: string): Kind {
  const from = id.indexOf("/") + 1;
  return id.slice(from, id.indexOf("/", from)) as Kind;
}

/** The feed that an entity id names. */
export function feedOfEntityId(id: string): string {
  return decodeURIComponent(id.slice(0, Math.max(id.indexOf("/"), 0)));
}
