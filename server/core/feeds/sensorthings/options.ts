/**
 * Options of a feed with `spec: "sensorthings"`. Its URL is the service root, `https://…/v1.1`, or a query of `Things` or
 * `Datastreams` that is asked as it is.
 */
export interface SensorThingsOptions {
  /** Which Datastreams: an OData filter (`ObservedProperty/name eq 'NO2'`). */
  readonly filter?: string | undefined;
  /** `$top`: how many Datastreams are asked for at once; services give fewer if they must. Default 1,000. */
  readonly pageSize?: number | undefined;
  /** Streams whose newest observation is older are left out: services keep those that died years ago. Default: none are. */
  readonly maxAgeSeconds?: number | undefined;
  /** A Sensor's `property` → the streams that measure it. Without it every stream is read, by its property's name. */
  readonly properties?: Readonly<Record<string, SensorThingsProperty>> | undefined;
}

export interface SensorThingsProperty {
  /** The ObservedProperty's `definition` or `name`, or several of them. */
  readonly observedProperty: string | readonly string[];
  /** The `symbol`, `name` or `definition` of its unit. A stream in another unit is left out. */
  readonly unit?: string | undefined;
}
