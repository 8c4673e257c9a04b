import type { Kind } from "../../../../shared/kinds.ts";

/** Options of a feed with `spec: "gtfs-rt"`. */
export interface GtfsRtOptions {
  /** What the bodies hold, when the publisher has a URL for each: so that nobody waits for the others. Default: all. */
  readonly gives?: readonly Extract<Kind, "VehiclePosition" | "TripUpdate" | "ServiceAlert">[] | undefined;
}
