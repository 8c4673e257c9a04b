import type { Kind } from "../../../../shared/kinds.ts";

/** Options of a feed with `spec: "wzdx"`. */
export interface WzdxOptions {
  /**
   * What its bodies hold: the standard has a document for work zones and another for field devices. Named, nobody waits
   * here for the other. Default: both.
   */
  readonly gives?: readonly Extract<Kind, "WorkZone" | "FieldDevice">[] | undefined;
}
