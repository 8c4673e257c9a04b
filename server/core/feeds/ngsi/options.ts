/**
 * Options of a feed with `spec: "ngsi"`. Its URL, to be polled or reconciled with, is the root of the broker's API,
 * `https://…/v2` or `https://…/ngsi-ld/v1`; a query that it has is kept (`?idPattern=…`).
 */
export interface NgsiOptions {
  /** NGSI-LD: the user's `@context`, sent as a `Link` so that names come back short (ETSI GS CIM 009 §6.3.5). */
  readonly context?: string | undefined;
  /** How many entities are asked for at once. Default 1,000, the most that Orion gives; a broker may refuse as many. */
  readonly pageSize?: number | undefined;
  /** IANA zone of times that name none. Default UTC, as Orion reads them. */
  readonly zone?: string | undefined;
  /** Values that are older are left out: brokers keep the last word of what died years ago. Default: none are. */
  readonly maxAgeSeconds?: number | undefined;
  /** What is read. Without it every number of every entity is a Sensor, its property the attribute's name. */
  readonly entities?: readonly NgsiEntityRule[] | undefined;
}

/**
 * How the entities of one type become Sensors, one for each property. Types and attributes are named in their short form
 * (`NO2`); the expanded (`https://…/NO2`) and the prefixed one (`env:NO2`) are found too.
 */
export interface NgsiEntityRule {
  readonly type: string;
  /**
   * The attribute that names the measuring point. Default the entity's id, which some models make anew for each
   * reading.
   */
  readonly id?: string | undefined;
  /** Default `name`. */
  readonly name?: string | undefined;
  /** Attributes that hold the time of all values, an instant or a span; the first that is there counts. */
  readonly observedAt?: readonly string[] | undefined;
  /** Default `location`. */
  readonly location?: string | undefined;
  /** A Sensor's `property` → where its value is. */
  readonly properties: Readonly<Record<string, NgsiPropertyRule>>;
}

/** An attribute, or more about it. */
export type NgsiPropertyRule =
  | string
  | {
      /** The first of them that an entity has counts: models spell their attributes differently over time. */
      readonly attribute: string | readonly string[];
      /** The member of a structured value (`instValue` of `{ "instValue": 41, "avgOverTime": 38 }`). */
      readonly member?: string | undefined;
      /** UN/CEFACT code (`GQ` is µg/m³). A value that comes in another unit is left out. */
      readonly unitCode?: string | undefined;
      /** The value is multiplied by this. */
      readonly times?: number | undefined;
    };

export const defaultPageSize = 1_000;
