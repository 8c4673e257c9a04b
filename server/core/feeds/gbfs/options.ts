/** The files of GBFS that give entities, by their newest names. */
export const readFiles = [
  "station_information",
  "station_status",
  "vehicle_status",
  "system_alerts",
] as const;
export type ReadFile = (typeof readFiles)[number];

/** Options of a feed with `spec: "gbfs"`. The feed's URL is its discovery document. */
export interface GbfsOptions {
  /** Which of several languages to read (BCP 47); without it one of the product's, else the first. */
  readonly language?: string | undefined;
  /** Which files to ask for; default all that are read. */
  readonly files?: readonly ReadFile[] | undefined;
}
