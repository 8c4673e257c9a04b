import type { Spec } from "./feed.ts";
import type { Notice } from "./notice.ts";

/** What is in one body of a feed; instants as ISO 8601 UTC. */
export interface Inspection {
  readonly file: string;
  readonly spec: Spec;
  readonly version: string | null;
  readonly mode: "full" | "partial";
  /** How many of each kind; for tables of a timetable how many rows of each. */
  readonly entities: Readonly<Record<string, number>>;
  readonly withPosition: number;
  readonly observedFrom: string | null;
  readonly observedTo: string | null;
  readonly headerAt: string | null;
  readonly notices: readonly Notice[];
}
