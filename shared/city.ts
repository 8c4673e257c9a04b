/** What a city folder says, after it was read and checked: plain data with the defaults filled in. */

import type { Kind } from "./kinds.ts";
import type { Unit } from "./units.ts";

export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];
/** A text of the city's data, in every language of the product. */
export type Text = Readonly<Record<Language, string>>;

export const domains = ["transport", "security", "community", "platform"] as const;
export type Domain = (typeof domains)[number];

export interface Department {
  readonly id: string;
  readonly title: Text;
}

export interface Supplier {
  readonly id: string;
  readonly title: Text;
}

/** A level of areas (`neighborhood`), whose polygons are one GeoJSON file. */
export interface AreaLevel {
  readonly level: string;
  readonly title: Text;
}

export interface Settings {
  readonly id: string;
  readonly title: Text;
  /** IANA zone of the city's days, hours and weekdays. */
  readonly zone: string;
  /** West, south, east, north in degrees. */
  readonly bounds: readonly [number, number, number, number];
  readonly areaLevels: readonly AreaLevel[];
  /** Attribution of the basemap; `null` when the city has none. */
  readonly basemap: { readonly attribution: string } | null;
}

export type Scalar = string | number | boolean;

/** One condition on one field. Instants compare with the city's now, so their answer may change by time alone. */
export type Condition =
  | Scalar
  | { readonly in: readonly Scalar[] }
  | { readonly notIn: readonly Scalar[] }
  | { readonly exists: boolean }
  /** Inclusive bounds. */
  | { readonly from?: number; readonly to?: number }
  /** For instants: whether the city's now has passed it. A missing instant has not passed. */
  | { readonly past: boolean };

/**
 * All conditions must hold. Keys are fields of the kind, `$ageSeconds` (now − observedAt, a range) or
 * `$area` (a group key such as `area.neighborhood:mission`).
 */
export type Match = Readonly<Record<string, Condition>>;

/** Things count only while `field` lies in the window. */
export type Window =
  | { readonly field: string; readonly lastSeconds: number }
  | { readonly field: string; readonly since: "midnight" };

export const platformFigures = [
  "feeds-fresh",
  "oldest-feed",
  "notices-per-hour",
  "dropped",
  "tick-time",
  "clients",
  "entities",
  "memory",
  "history-lost",
  "history-behind",
  "history-memory",
  "wall-memory",
  "wall-frame-rate",
  "wall-clock-skew",
  "past-filled",
] as const;
export type PlatformFigure = (typeof platformFigures)[number];

export interface ScoreInput {
  readonly indicator: string;
  readonly worst?: number;
  readonly weight?: number;
}

export type Measure =
  | { readonly count: true }
  | { readonly distinct: string }
  | { readonly sum: string }
  | { readonly mean: string }
  | { readonly min: string }
  | { readonly max: string }
  | { readonly percentile: { readonly field: string; readonly p: number } }
  /** Percent of the things that match, among those that pass `where`. */
  | { readonly share: Match }
  /** Seconds since the earliest instant of `field`. */
  | { readonly age: string }
  /** Things in the window per minute or hour; needs a window of `lastSeconds`. */
  | { readonly rate: "minute" | "hour" }
  /** `field` of the thing with the newest `observedAt` that does not lie in the future. */
  | { readonly latest: string }
  /** `100 × of ÷ to` when the unit is percent, else `of ÷ to`. */
  | { readonly ratio: { readonly of: string; readonly to: string } }
  | { readonly difference: { readonly of: string; readonly minus: string } }
  /**
   * How near several figures are to their targets, 0 … 100 (`shared/score.ts`). `worst` is where a figure scores 0; a
   * figure that is a score itself has none. `weight` is 1 unless said.
   */
  | { readonly score: readonly ScoreInput[] }
  /** Trips that the timetable of this `gtfs` feed says are under way. */
  | { readonly scheduled: string }
  /** A figure about Citydeck itself. */
  | { readonly platform: PlatformFigure };

/** The indicators that a ratio, a difference or a score is made of. */
export function inputsOf({ measure }: { readonly measure: Measure }): readonly string[] {
  if ("ratio" in measure) return [measure.ratio.of, measure.ratio.to];
  if ("difference" in measure) return [measure.difference.of, measure.difference.minus];
  if ("score" in measure) return measure.score.map(({ indicator }) => indicator);
  return [];
}

/** Whether a measure's figure is made of other indicators. */
export function isDerived(measure: Measure): boolean {
  return "ratio" in measure || "difference" in measure || "score" in measure;
}

export interface IndicatorDefinition {
  readonly id: string;
  readonly domain: Domain;
  readonly department: string;
  readonly title: Text;
  /** What exactly is counted, in a sentence a leader can read. */
  readonly definition: Text;
  readonly unit: Unit;
  readonly better: "higher" | "lower" | "neither";
  readonly target: number | null;
  /** `null` only for derived, scheduled and platform indicators. */
  readonly reads: Kind | null;
  /** Only these feeds; `null`: every feed that gives the kind. */
  readonly from: readonly string[] | null;
  readonly where: Match;
  readonly window: Window | null;
  readonly measure: Measure;
  /** Separate one-dimensional groupings: `area.<level>`, `department`, `feed` or a text field. Never a cross product. */
  readonly by: readonly string[];
  /** How groups of text fields are called, by the field's value; a value without a title is shown as it is. */
  readonly groupTitles: Readonly<Record<string, Text>>;
  readonly staleAfterSeconds: number;
  /** Hash of the fields that change the meaning. */
  readonly revision: string;
  readonly replacedBy: string | null;
}

/** `<indicator>` or `<indicator>{<group>}`. */
export function seriesId(indicator: string, group: string | null): string {
  return group === null ? indicator : `${indicator}{${group}}`;
}

/** The indicator and group of a series id. */
export function parseSeriesId(series: string): { indicator: string; group: string | null } {
  const brace = series.indexOf("{");
  return brace < 0
    ? { indicator: series, group: null }
    : { indicator: series.slice(0, brace), group: series.slice(brace + 1, -1) };
}
