/**
 * Messages to programs, signed as the Standard Webhooks specification says (github.com/standard-webhooks, version 1:
 * `webhook-id`, `webhook-timestamp`, `webhook-signature`), so that a receiver can tell who sent them and that it has had
 * one already.
 */

import { createHmac } from "node:crypto";
import { Agent, request } from "undici";
import type { Outgoing } from "../core/feeds/feed-entry.ts";
import { findInsideHost, outsideConnector } from "../outside.ts";
import type { Sent } from "./outbox.ts";

export interface Hook {
  readonly url: string;
  /** `whsec_` and the key in Base64, or a key as it is. */
  readonly secret: () => string;
  /** The idempotency key. */
  readonly key: string;
  readonly body: string;
}

/** How long a receiver may take to be reached, and to answer. */
const usualTimeoutMs = 20_000;

export class Webhooks {
  readonly #agent: Agent;
  readonly #userAgent: string;
  readonly #timeoutMs: number;

  constructor(outgoing: Outgoing, timeoutMs = usualTimeoutMs) {
    this.#userAgent = outgoing.userAgent;
    this.#timeoutMs = timeoutMs;
    this.#agent = new Agent({
      connect: outsideConnector({ outgoing }, { timeout: timeoutMs }),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  }

  /** Never rejects. Whatever is answered but 2xx is a failure; redirects are not followed, as the specification says. */
  async send({ url, secret, key, body }: Hook, wallNow: number): Promise<Sent> {
    try {
      const timestamp = Math.floor(wallNow / 1000);
      const answer = await request(url, {
        method: "POST",
        dispatcher: this.#agent,
        signal: AbortSignal.timeout(this.#timeoutMs),
        headers: {
          "content-type": "application/json",
          "user-agent": this.#userAgent,
          "webhook-id": key,
          "webhook-timestamp": String(timestamp),
          "webhook-signature": signatureOf(secret(), key, timestamp, body),
        },
        body,
      });
      // What it says beyond the status is nothing to us, and may have no end.
      await answer.body.dump({ limit: 4096 }).catch(() => undefined);
      const { statusCode } = answer;
      if (statusCode >= 200 && statusCode < 300) return { ok: true };
      return { ok: false, error: `answered ${statusCode}`, isFinal: statusCode === 410 };
    } catch (error) {
      return { ok: false, error: reasonOf(error), isFinal: false };
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** `v1,` and the HMAC-SHA256 of id, timestamp and body in Base64. */
export function signatureOf(secret: string, key: string, timestamp: number, body: string): string {
  const bytes = secret.startsWith("whsec_")
    ? Buffer.from(secret.slice("whsec_".length), "base64")
    : Buffer.from(secret);
  return `v1,${createHmac("sha256", bytes).update(`${key}.${timestamp}.${body}`).digest("base64")}`;
}

function reasonOf(error: unknown): string {
  const refused = findInsideHost(error);
  if (refused) return refused.message;
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
