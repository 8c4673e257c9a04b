/**
 * How a push proves itself: by `Authorization: Bearer <token>`, or by `X-Timestamp` (epoch seconds) and
 * `X-Signature: sha256=<hex HMAC-SHA-256 over timestamp + "." + body as sent>`.
 */

import { createHmac } from "node:crypto";
import type { ReceiveTransport, Secret } from "../core/feeds/feed-entry.ts";
import { sameSecret } from "../same-secret.ts";
import { refuse, type Push, type PushAnswer } from "./push.ts";

export interface PushProof {
  /** Why a push need not even be read; `null`: it may still prove itself. Throws `MissingSecret`. */
  refusal(push: Push): PushAnswer | null;
  /** The answer of `receive` when its body, as sent, proves the push. */
  check(push: Push, raw: Uint8Array, receive: () => Promise<PushAnswer>): Promise<PushAnswer>;
}

export function proofOf({ bearer, hmac }: ReceiveTransport, wallNow: () => number): PushProof {
  if (bearer !== null) return byBearer(bearer);
  return hmac === null ? byNothing : new SignedPushes(hmac, wallNow);
}

function byBearer(bearer: Secret): PushProof {
  const refused = refuse(401, "unauthorized", "needs this feed's bearer token");
  return {
    refusal: (push) =>
      sameSecret(push.header("authorization") ?? "", `Bearer ${bearer()}`) ? null : refused,
    check: (_push, _raw, receive) => receive(),
  };
}

const unsigned = refuse(401, "unauthorized", "needs X-Timestamp and X-Signature");
const untimely = refuse(401, "replayed", "X-Timestamp is not within 5 minutes of now");

const byNothing: PushProof = { refusal: () => unsigned, check: () => Promise.resolve(unsigned) };

/** How far a signed timestamp may be from our clock. */
const signedForMs = 300_000;

class SignedPushes implements PushProof {
  readonly #secret: Secret;
  readonly #wallNow: () => number;
  /** Those of the last minutes: a push that comes twice is acknowledged once more, not taken in once more. */
  readonly #answers = new Map<string, { readonly at: number; readonly answer: Promise<PushAnswer> }>();

  constructor(secret: Secret, wallNow: () => number) {
    this.#secret = secret;
    this.#wallNow = wallNow;
  }

  refusal(push: Push): PushAnswer | null {
    if (push.header("x-signature") === undefined) return unsigned;
    return this.#isTimely(push) ? null : untimely;
  }

  async check(push: Push, raw: Uint8Array, receive: () => Promise<PushAnswer>): Promise<PushAnswer> {
    const hmac = createHmac("sha256", this.#secret()).update(`${push.header("x-timestamp") ?? ""}.`);
    const expected = `sha256=${hmac.update(raw).digest("hex")}`;
    if (!sameSecret((push.header("x-signature") ?? "").toLowerCase(), expected))
      return refuse(401, "unauthorized", "X-Signature does not match");
    if (!this.#isTimely(push)) return untimely;
    // The same bytes may be two parts' news in the same second.
    return this.#once(`${push.header("x-part") ?? "body"} ${expected}`, receive);
  }

  /** Whether the signature of its timestamp may still be used. */
  #isTimely(push: Push): boolean {
    const timestamp = push.header("x-timestamp") ?? "";
    return (
      /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * 1_000 - this.#wallNow()) <= signedForMs
    );
  }

  #once(signature: string, receive: () => Promise<PushAnswer>): Promise<PushAnswer> {
    const wall = this.#wallNow();
    for (const [old, { at }] of this.#answers) {
      if (wall - at <= 2 * signedForMs) break;
      this.#answers.delete(old);
    }
    const before = this.#answers.get(signature);
    if (before !== undefined) return before.answer;
    const answer = receive();
    this.#answers.set(signature, { at: wall, answer });
    // What was not accepted may be sent again as it is.
    const forget = (): boolean => this.#answers.delete(signature);
    void answer.then(({ status }) => status === 202 || forget(), forget);
    return answer;
  }
}
