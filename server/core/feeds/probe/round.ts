/** The body of a round of probes: what the prober writes, and everything that reads it again agrees on. */

import type { Text } from "../../../../shared/city.ts";

/**
 * Why a service counts as unavailable: the name is not found, no connection, no trusted certificate, no answer in time,
 * another status than expected, the expected text is missing, redirects without an end, or no HTTP at all.
 */
export type ProbeReason =
  "dns" | "connection" | "tls" | "timeout" | "status" | "text" | "redirect" | "unreadable";

export interface ProbeResult {
  readonly id: string;
  readonly name: Text;
  /** Without user, password and query. */
  readonly url: string;
  /** When the probe began, ISO 8601 UTC. */
  readonly probedAt: string;
  /** `null`: the probe was not made, because the address is inside and not allowed. That says nothing of the service. */
  readonly isAvailable: boolean | null;
  readonly reason: ProbeReason | "not-allowed" | null;
  /** The reason in a sentence. */
  readonly detail: string | null;
  /** Of the last answer. */
  readonly status: number | null;
  /** From the beginning to the first byte of the answer that counted: name, connection, TLS and redirects included. */
  readonly responseSeconds: number | null;
  /** The first of the seen certificates to run out, ISO 8601 UTC, also when it was not accepted; `null` without TLS. */
  readonly certificateExpiresAt: string | null;
}

export interface ProbeRound {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly results: readonly ProbeResult[];
}
