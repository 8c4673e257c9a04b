/** Everything in an area of the city, from all departments (`/api/v1/dossier`). */

import type { MultiPolygon, Polygon } from "geojson";
import type { AlarmItem } from "./alarms.ts";
import type { Text } from "./city.ts";
import type { FieldValue, Kind } from "./kinds.ts";

/** A thing as clients get it: of its fields those that travel. */
export interface DossierThing {
  readonly id: string;
  readonly kind: Kind;
  readonly position: readonly [number, number] | null;
  readonly estimated: boolean;
  readonly observedAt: number | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export interface DossierKind {
  readonly kind: Kind;
  /** `null`: single things of this kind are not for whoever asks, and a count of few would be as good as one. */
  readonly count: number | null;
  /** Whose feeds they come from. */
  readonly departments: readonly string[];
  /** When the newest of them was observed. */
  readonly newestAt: number | null;
  /** Those that matter most, in their order; not all. */
  readonly things: readonly DossierThing[];
}

export interface Dossier {
  readonly outline: Polygon | MultiPolygon;
  /** Areas that it touches; their figures are those of the groups `area.<level>:<id>`. */
  readonly areas: readonly { readonly level: string; readonly id: string; readonly name: Text }[];
  /** Not normal, and in it or about an area that it touches; the most urgent first. */
  readonly alarms: readonly AlarmItem[];
  /** Kinds of which there is something, those that matter most first. */
  readonly kinds: readonly DossierKind[];
}
