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
  /**
   * What the date of a feed or envelope says (`updated`, `pubDate`, `dateTimeSent`): when it was made, so that one which
   * is not made anew grows old (default), or when it last changed, as RFC 4287 section 4.2.15 allows: it is then as new
   * as its source's last answer, however long nothing is warned of.
   */
  readonly date?: "made" | "changed" | undefined;
}

/** The `where` of warnings that count: real ones that are not over. Exercises and tests are shown, never counted. */
export const inForce: Match = { status: "Actual", expiresAt: { past: false } };
