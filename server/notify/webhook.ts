/**
 * Messages to programs, signed as the Standard Webhooks specification says (github.com/standard-webhooks, version 1:
 * `webhook-id`, `webhook-timestamp`, `webhook-signature`), so that a receiver can tell who sent them and that it has had
 * one already.
 */

import { createHmac } from "node:crypto";
import type { Outgoing } from "../core/feeds/feed-entry.ts";
import type { Sent } from "./outbox.ts";
import { isTaken, Poster, reasonIn } from "./poster.ts";

export interface Hook {
  readonly url: string;
  /** `whsec_` and the key in Base64, or a key as it is. */
  readonly secret: () => string;
  /** The idempotency key. */
  readonly key: string;
  readonly body: string;
}

const usualTimeoutMs = 20_000;

export class Webhooks {
  readonly #poster: Poster;

  constructor(outgoing: Outgoing, timeoutMs = usualTimeoutMs) {
    this.#poster = new Poster(outgoing, timeoutMs);
  }

  /** Never rejects. Whatever is answered but 2xx is a failure; redirects are not followed, as the specification says. */
  async send({ url, secret, key, body }: Hook, wallNow: number): Promise<Sent> {
    const timestamp = Math.floor(wallNow / 1000);
    let signature: string;
    try {
      signature = signatureOf(secret(), key, timestamp, body);
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : String(error), isFinal: false };
    }
    const headers = {
      "content-type": "application/json",
      "webhook-id": key,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": signature,
    };
    const posted = await this.#poster.post(url, headers, body);
    if (isTaken(posted)) return { ok: true };
    return { ok: false, error: reasonIn(posted), isFinal: "status" in posted && posted.status === 410 };
  }

  close(): Promise<void> {
    return this.#poster.close();
  }
}

/** `v1,` and the HMAC-SHA256 of id, timestamp and body in Base64. */
export function signatureOf(secret: string, key: string, timestamp: number, body: string): string {
  const bytes = secret.startsWith("whsec_")
    ? Buffer.from(secret.slice("whsec_".length), "base64")
    : Buffer.from(secret);
  return `v1,${createHmac("sha256", bytes).update(`${key}.${timestamp}.${body}`).digest("base64")}`;
}
