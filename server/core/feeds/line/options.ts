/** How samples of line protocol become sensors: the options of a feed with `spec: "line"`. */

export interface LineOptions {
  /**
   * Which series are read; of several rules for a series the first counts. Without any every numeric field of every
   * series is a sensor: all its tags name the thing, and the property is `<measurement>.<field>`.
   */
  readonly measurements?: readonly MeasurementRule[] | undefined;
  /** What a timestamp counts when the request does not say. Default `ns`, as InfluxDB has it. */
  readonly precision?: Precision | undefined;
  /** Longitude and latitude of things whose lines tell no place, by what names the thing (`a|b` of several tags). */
  readonly places?: Readonly<Record<string, readonly [number, number]>> | undefined;
}

export interface MeasurementRule {
  readonly measurement: string;
  /** Only series whose tags say so (`"cpu": "cpu-total"`). */
  readonly where?: Readonly<Record<string, string>> | undefined;
  /** The tags that together name the thing. */
  readonly id: readonly string[];
  /** The tag with a name for people; else what names the thing. */
  readonly name?: string | undefined;
  /** Tags or fields with the place in degrees. */
  readonly position?: { readonly lon: string; readonly lat: string } | undefined;
  /** Field → the sensor's property, or how its value is made. */
  readonly fields: Readonly<Record<string, string | FieldRule>>;
}

export interface FieldRule {
  readonly property: string;
  /** The value is `sample × times + plus`, so that it has the unit of its property. */
  readonly times?: number | undefined;
  readonly plus?: number | undefined;
  /** What stands for several samples of one body: default the `newest`. */
  readonly take?: Take | undefined;
}

export const takes = ["newest", "mean", "min", "max", "sum", "count"] as const;
export type Take = (typeof takes)[number];

/** What a timestamp may count. */
export const precisions = ["ns", "us", "ms", "s", "m", "h"] as const;
export type Precision = (typeof precisions)[number];

/** The precision that a request names (InfluxDB 2: `ns us ms s`; 1.x: `n u ms s m h`), `null` for no such word. */
export function findPrecision(word: string): Precision | null {
  const full = word === "n" ? "ns" : word === "u" ? "us" : word;
  return (precisions as readonly string[]).includes(full) ? (full as Precision) : null;
}
