/** What one line of a log says about security. */

/** A line that is an event. */
export interface FoundEvent {
  readonly eventType:
    "login-failed" | "login-accepted" | "request-refused" | "request-suspicious" | "server-error";
  /** `answered`: a suspicious request got what it asked for. */
  readonly outcome: "blocked" | "succeeded" | "answered" | "failed";
  /** As it stands in the line, until it is hashed. */
  readonly address: string | null;
  /** Whether the account that was tried exists, where the line tells; its name is never looked at. */
  readonly accountExists: boolean | null;
  /** The line's own time where it is better than that of its head; `undefined`: the head's counts. */
  readonly at?: number | null;
  /** The name of the site, where the line tells. */
  readonly site?: string | null;
}

/** A line that is only counted, and under which code. */
export interface Counted {
  readonly counted: string;
}

export type Finding = FoundEvent | Counted;
