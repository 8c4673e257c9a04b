/** Posts to programs outside: bounded in time, of the answer no more than its status, and inside only where the folder says so. */

import { Agent, request } from "undici";
import type { Outgoing } from "../core/feeds/feed-entry.ts";
import { findInsideHost, outsideConnector } from "../outside.ts";

/** The status of an answer, or why there was none. */
export type Posted = { readonly status: number } | { readonly error: string };

export class Poster {
  readonly #agent: Agent;
  readonly #userAgent: string;
  readonly #timeoutMs: number;

  /** `timeoutMs`: how long a receiver may take to be reached, and to answer. */
  constructor(outgoing: Outgoing, timeoutMs: number) {
    this.#userAgent = outgoing.userAgent;
    this.#timeoutMs = timeoutMs;
    this.#agent = new Agent({
      connect: outsideConnector({ outgoing }, { timeout: timeoutMs }),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  }

  /** Never rejects, and follows no redirect. */
  async post(url: string, headers: Readonly<Record<string, string>> = {}, body?: string): Promise<Posted> {
    try {
      const answer = await request(url, {
        method: "POST",
        dispatcher: this.#agent,
        signal: AbortSignal.timeout(this.#timeoutMs),
        headers: { "user-agent": this.#userAgent, ...headers },
        ...(body === undefined ? {} : { body }),
      });
      // What it says beyond the status is nothing to us, and may have no end.
      await answer.body.dump({ limit: 4096 }).catch(() => undefined);
      return { status: answer.statusCode };
    } catch (error) {
      return { error: reasonOf(error) };
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

export function isTaken(posted: Posted): boolean {
  return "status" in posted && posted.status >= 200 && posted.status < 300;
}

/** Why it was not taken. */
export function reasonIn(posted: Posted): string {
  return "status" in posted ? `answered ${posted.status}` : posted.error;
}

function reasonOf(error: unknown): string {
  const refused = findInsideHost(error);
  if (refused) return refused.message;
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
