import type { Match } from "../../../../shared/city.ts";

/** Options of a feed with `spec: "cap"`. The feed's URL is an alert, an Atom or RSS feed, or an EDXL-DE envelope. */
export interface CapOptions {
  /** Of a warning told in several languages, which one to keep: the first that is there. Default `["en", "zh"]`. */
  readonly languages?: readonly string[] | undefined;
  /**
   * Whether what a body does not repeat is over. Default: `full` for feeds and envelopes, `partial` for a bare alert,
   * which says nothing about others; an envelope that is pushed for each piece of news wants `partial`.
   */
  readonly mode?: "full" | "partial" | undefined;
}

/** The `where` of warnings that count: real ones that are not over. Exercises and tests are shown, never counted. */
export const inForce: Match = { status: "Actual", expiresAt: { past: false } };
